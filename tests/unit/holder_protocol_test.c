#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gpio/holder_protocol.h"

static const struct holder_message examples[] = {
    {.kind = HOLDER_CLAIM,
     .line = 63,
     .is_active_low = true,
     .sequence = 1,
     .max_on_ms = HOLDER_MAX_ON_MS,
     .chip = "pinctrl-bcm2711",
     .name = "GPIO27"},
    {.kind = HOLDER_CLAIM, .is_safe_on = true, .sequence = 2, .chip = "c", .name = "门"},
    {.kind = HOLDER_SET, .line = 3, .is_on = true, .sequence = UINT32_MAX},
    {.kind = HOLDER_BEAT, .sequence = 4},
    {.kind = HOLDER_LEAVE, .sequence = 5},
    {.kind = HOLDER_STATE, .cause = HOLDER_MAX_ON, .line = 1, .is_on = true},
    {.kind = HOLDER_REFUSED, .line = 2, .sequence = 6, .text = "line 'x' is taken"},
    {.kind = HOLDER_REFUSED, .line = 2, .text = "line 'x' is lost"},
};

enum { EXAMPLES = sizeof(examples) / sizeof(examples[0]) };

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < EXAMPLES; i++) {
        uint8_t bytes[HOLDER_BYTES];
        struct holder_message m;
        holder_message_write(&examples[i], bytes);
        assert_int_equal(holder_message_read(bytes, sizeof(bytes), &m), 0);
        assert_int_equal(m.kind, examples[i].kind);
        assert_int_equal(m.cause, examples[i].cause);
        assert_int_equal(m.line, examples[i].line);
        assert_int_equal(m.is_on, examples[i].is_on);
        assert_int_equal(m.is_active_low, examples[i].is_active_low);
        assert_int_equal(m.is_safe_on, examples[i].is_safe_on);
        assert_int_equal(m.sequence, examples[i].sequence);
        assert_int_equal(m.max_on_ms, examples[i].max_on_ms);
        assert_string_equal(m.chip, examples[i].chip);
        assert_string_equal(m.name, examples[i].name);
        assert_string_equal(m.text, examples[i].text);
    }
}

static void another_length_is_refused(void **state)
{
    (void)state;
    uint8_t bytes[HOLDER_BYTES + 1] = {0};
    struct holder_message m;
    holder_message_write(&examples[0], bytes);
    for (size_t size = 0; size < HOLDER_BYTES; size++)
        assert_int_equal(holder_message_read(bytes, size, &m), -EBADMSG);
    assert_int_equal(holder_message_read(bytes, HOLDER_BYTES + 1, &m), -EBADMSG);
}

/* A byte of @example set to @value must be refused. */
static void assert_refused(size_t example, size_t at, uint8_t value)
{
    uint8_t bytes[HOLDER_BYTES];
    struct holder_message m;
    holder_message_write(&examples[example], bytes);
    bytes[at] = value;
    assert_int_equal(holder_message_read(bytes, sizeof(bytes), &m), -EBADMSG);
}

static void what_a_kind_does_not_use_is_zero(void **state)
{
    (void)state;
    assert_refused(0, 0, 'X'); /* magic */
    assert_refused(0, 4, 0);   /* kind */
    assert_refused(0, 4, 7);
    assert_refused(0, 5, 1); /* a claim says no level */
    assert_refused(2, 5, 8); /* an unknown flag */
    assert_refused(2, 6, 1); /* only a state has a cause */
    assert_refused(5, 6, HOLDER_CAUSES);
    assert_refused(2, 7, 1);
    assert_refused(2, 8, HOLDER_LINES_MAX);
    assert_refused(3, 8, 1); /* a beat is of no line */
    assert_refused(2, 10, 1);
    assert_refused(3, 12, 0);    /* only news has no sequence */
    assert_refused(0, 19, 0xff); /* longer than a day */
    assert_refused(2, 16, 1);    /* only a claim has an end */
    assert_refused(0, 20, 0);    /* no chip */
    assert_refused(0, 21, '\n');
    assert_refused(0, 51, 'x'); /* the chip's name has no end */
    assert_refused(2, 52, 'x'); /* a name outside a claim */
    assert_refused(6, 84, 0x7f);
    assert_refused(6, 243, 'x');
}

/* Whatever is read is written as the same bytes: nothing hides between the fields. */
static void noise_is_refused_or_is_what_it_says(void **state)
{
    (void)state;
    srandom(3);
    size_t taken = 0;
    for (int run = 0; run < 200000; run++) {
        uint8_t bytes[HOLDER_BYTES];
        uint8_t again[HOLDER_BYTES];
        struct holder_message m;
        holder_message_write(&examples[(size_t)random() % EXAMPLES], bytes);
        for (long n = random() % 3; n >= 0; n--)
            bytes[random() % (random() % 2 ? HOLDER_BYTES : 24)] = (uint8_t)random();
        if (holder_message_read(bytes, sizeof(bytes), &m) < 0)
            continue;
        taken++;
        holder_message_write(&m, again);
        assert_memory_equal(bytes, again, sizeof(bytes));
    }
    assert_true(taken > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(another_length_is_refused),
        cmocka_unit_test(what_a_kind_does_not_use_is_zero),
        cmocka_unit_test(noise_is_refused_or_is_what_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
