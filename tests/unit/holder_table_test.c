#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "gpio/holder_table.h"
#include "gpio_fake_lines.h"

static const int64_t second = 1000000;

enum { ANNE = 0, BERT = 1, SIREN = 1, RELEASE = 2 };

static struct holder_table table;
static struct held_line *line;

static struct holder_message claim_of(unsigned wire, uint32_t max_on_ms)
{
    struct holder_message m = {.kind = HOLDER_CLAIM,
                               .line = (uint16_t)wire,
                               .is_safe_on = wire == RELEASE,
                               .max_on_ms = max_on_ms,
                               .chip = "chip"};
    (void)snprintf(m.name, sizeof(m.name), "WIRE%u", wire);
    return m;
}

static int claim(int client, unsigned wire, uint32_t max_on_ms, int64_t now_us)
{
    struct gw_error err = {0};
    const struct holder_message m = claim_of(wire, max_on_ms);
    return table_claim(&table, client, &m, now_us, &line, &err);
}

static int set(int client, unsigned wire, bool is_on, int64_t now_us)
{
    struct gw_error err = {0};
    return table_set(&table, client, (uint16_t)wire, is_on, now_us, &line, &err);
}

static int setup(void **state)
{
    (void)state;
    fake_reset();
    table = (struct holder_table){0};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    table_close(&table);
    assert_int_equal(lines_open, 0);
    return 0;
}

static void a_new_line_begins_in_its_safe_state(void **state)
{
    (void)state;
    assert_int_equal(claim(ANNE, SIREN, 0, 0), 0);
    assert_false(wires[SIREN].level);
    assert_int_equal(claim(ANNE, RELEASE, 0, 0), 0);
    assert_true(wires[RELEASE].level);
    assert_int_equal(line->cause, HOLDER_SAFE);
}

static void silence_makes_lines_safe_once(void **state)
{
    (void)state;
    (void)claim(ANNE, SIREN, 0, 0);
    (void)set(ANNE, SIREN, true, second);
    table_heard(&table, ANNE, second);
    assert_null(table_time(&table, 6 * second - 1));
    assert_true(wires[SIREN].level);
    assert_int_equal(table_due(&table), 6 * second);
    assert_ptr_equal(table_time(&table, 6 * second), line);
    assert_false(wires[SIREN].level);
    assert_null(table_time(&table, 100 * second));
    assert_int_equal(table_due(&table), 101 * second); /* to look at its chip */
}

static void a_client_that_is_heard_again_can_fall_silent_again(void **state)
{
    (void)state;
    (void)claim(ANNE, SIREN, 0, 0);
    (void)table_time(&table, 5 * second);
    table_heard(&table, ANNE, 6 * second);
    (void)set(ANNE, SIREN, true, 6 * second);
    assert_non_null(table_time(&table, 11 * second));
    assert_false(wires[SIREN].level);
}

static void a_lost_client_finds_its_line_as_it_was(void **state)
{
    (void)state;
    (void)claim(ANNE, SIREN, 0, 0);
    (void)set(ANNE, SIREN, true, 0);
    table_lost(&table, ANNE);
    assert_true(wires[SIREN].level);
    assert_int_equal(claim(BERT, SIREN, 0, 2 * second), 0);
    assert_true(line->is_on);
    assert_int_equal(line->cause, HOLDER_ASKED);
    assert_null(table_time(&table, 6 * second));
    assert_int_equal(lines_open, 1);
}

static void a_lost_client_that_stays_away_leaves_a_safe_line_that_is_held(void **state)
{
    (void)state;
    (void)claim(ANNE, RELEASE, 0, 0);
    (void)set(ANNE, RELEASE, false, 0);
    table_lost(&table, ANNE);
    assert_non_null(table_time(&table, 5 * second));
    assert_true(wires[RELEASE].level);
    assert_int_equal(lines_open, 1);
}

static void a_client_that_leaves_makes_its_own_lines_safe_at_once(void **state)
{
    (void)state;
    (void)claim(ANNE, SIREN, 0, 0);
    (void)claim(BERT, 3, 0, 0);
    (void)set(ANNE, SIREN, true, 0);
    (void)set(BERT, 3, true, 0);
    table_leave(&table, ANNE, second);
    assert_false(wires[SIREN].level);
    assert_true(wires[3].level);
}

static void the_longest_time_begins_with_on_and_not_with_its_repetition(void **state)
{
    (void)state;
    (void)claim(ANNE, SIREN, 2000, 0);
    (void)set(ANNE, SIREN, true, second);
    (void)set(ANNE, SIREN, true, 2 * second);
    assert_null(table_time(&table, 3 * second - 1));
    assert_non_null(table_time(&table, 3 * second));
    assert_false(wires[SIREN].level);
    assert_int_equal(line->cause, HOLDER_MAX_ON);
}

static void a_longest_time_that_is_over_begins_anew_only_after_off(void **state)
{
    (void)state;
    (void)claim(ANNE, SIREN, 2000, 0);
    (void)set(ANNE, SIREN, true, 0);
    assert_non_null(table_time(&table, 2 * second));
    assert_int_equal(set(ANNE, SIREN, true, 3 * second), -EPERM);
    table_lost(&table, ANNE); /* nor after a crash, whose silence made it safe */
    assert_non_null(table_time(&table, 9 * second));
    (void)claim(ANNE, SIREN, 2000, 10 * second);
    assert_int_equal(set(ANNE, SIREN, true, 10 * second), -EPERM);
    assert_false(wires[SIREN].level);
    assert_int_equal(set(ANNE, SIREN, false, 11 * second), 0);
    assert_int_equal(set(ANNE, SIREN, true, 12 * second), 0);
    assert_int_equal(line->until_us, 14 * second);
}

static void a_new_claim_does_not_lengthen_the_time(void **state)
{
    (void)state;
    (void)claim(ANNE, SIREN, 4000, 0);
    (void)set(ANNE, SIREN, true, 0);
    table_lost(&table, ANNE);
    (void)claim(ANNE, SIREN, 4000, 3 * second);
    assert_int_equal(line->until_us, 4 * second);
    table_lost(&table, ANNE);
    for (uint32_t other_ms = 0; other_ms <= 9000; other_ms += 9000) {
        (void)claim(ANNE, SIREN, other_ms, 3 * second);
        assert_int_equal(line->until_us, 4 * second);
    }
    (void)claim(ANNE, SIREN, 500, 3 * second);
    assert_int_equal(line->until_us, 3 * second + 500000);
    (void)set(ANNE, SIREN, false, 3 * second);
    (void)claim(ANNE, SIREN, 9000, 3 * second);
    (void)set(ANNE, SIREN, true, 3 * second);
    assert_int_equal(line->until_us, 12 * second);
}

static void the_line_of_a_live_client_is_its_own(void **state)
{
    (void)state;
    (void)claim(ANNE, SIREN, 0, 0);
    assert_int_equal(claim(BERT, SIREN, 0, 0), -EBUSY);
    assert_int_equal(set(BERT, SIREN, true, 0), -ENOENT);
    assert_false(wires[SIREN].level);
}

static void a_line_that_is_turned_round_is_made_safe(void **state)
{
    (void)state;
    struct gw_error err = {0};
    struct holder_message m = claim_of(SIREN, 0);
    (void)claim(ANNE, SIREN, 0, 0);
    (void)set(ANNE, SIREN, true, 0);
    m.is_active_low = true;
    assert_int_equal(table_claim(&table, ANNE, &m, 0, &line, &err), 0);
    assert_false(line->is_on);
    assert_true(wires[SIREN].level);
}

static void a_line_that_cannot_be_turned_round_stays_as_it_was(void **state)
{
    (void)state;
    struct gw_error err = {0};
    struct holder_message m = claim_of(SIREN, 0);
    (void)claim(ANNE, SIREN, 0, 0);
    (void)set(ANNE, SIREN, true, 0);
    table_lost(&table, ANNE);
    m.is_active_low = true;
    wire_fault = -EIO;
    assert_int_equal(table_claim(&table, BERT, &m, 0, &line, &err), -EIO);
    assert_non_null(strstr(err.text, "WIRE1"));
    assert_true(line->is_on);
    assert_false(line->is_active_low);
    assert_int_equal(line->client, TABLE_NOBODY);
    wire_fault = 0;
    assert_non_null(table_time(&table, 5 * second));
    assert_false(wires[SIREN].level);
}

static void on_as_a_safe_state_has_no_end(void **state)
{
    (void)state;
    assert_int_equal(claim(ANNE, RELEASE, 1000, 0), -EINVAL);
    assert_int_equal(lines_open, 0);
}

static void a_chip_that_refuses_is_asked_again(void **state)
{
    (void)state;
    (void)claim(ANNE, SIREN, 1000, 0);
    (void)set(ANNE, SIREN, true, 0);
    wire_fault = -EIO;
    assert_ptr_equal(table_time(&table, second), line);
    assert_null(line->request);
    assert_int_equal(table_due(&table), 2 * second);
    wire_fault = 0;
    assert_ptr_equal(table_time(&table, 2 * second), line);
    assert_non_null(line->request);
    assert_int_equal(line->cause, HOLDER_MAX_ON);
    assert_false(wires[SIREN].level);
}

/* The siren of ANNE is on, and its chip is pulled out. */
static void lose_siren(void)
{
    (void)claim(ANNE, SIREN, 0, 0);
    (void)set(ANNE, SIREN, true, 0);
    has_chip = false;
    assert_ptr_equal(table_time(&table, second), line);
    assert_null(line->request);
    wires[SIREN].level = false; /* as one without power */
}

static void a_line_whose_chip_is_gone_takes_nothing(void **state)
{
    (void)state;
    lose_siren();
    assert_non_null(strstr(line->fault, "WIRE1"));
    assert_int_equal(set(ANNE, SIREN, false, second), -ENODEV);
    assert_int_equal(claim(ANNE, SIREN, 0, second), -ENODEV);
    assert_int_equal(lines_open, 0);
    assert_null(table_time(&table, second)); /* told once */
}

static void a_chip_that_returns_finds_its_line_as_asked_for(void **state)
{
    (void)state;
    lose_siren();
    has_chip = true;
    table_heard(&table, ANNE, 2 * second);
    assert_ptr_equal(table_time(&table, 2 * second), line);
    assert_non_null(line->request);
    assert_true(wires[SIREN].level);
    assert_int_equal(claim(ANNE, SIREN, 0, 2 * second), 0);
    assert_true(line->is_on);
    assert_int_equal(line->cause, HOLDER_ASKED);
}

static void a_chip_that_returns_to_silence_finds_its_line_safe(void **state)
{
    (void)state;
    lose_siren();
    table_lost(&table, ANNE);
    assert_null(table_time(&table, 5 * second));
    has_chip = true;
    assert_ptr_equal(table_time(&table, 100 * second), line);
    assert_non_null(line->request);
    assert_false(wires[SIREN].level);
    assert_int_equal(line->cause, HOLDER_SAFE);
}

static void a_chip_that_stays_away_is_tried_less_often(void **state)
{
    (void)state;
    lose_siren();
    int64_t due_us = 2 * second;
    for (int64_t pause_us = 2 * second; pause_us <= 8 * second; pause_us *= 2) {
        table_heard(&table, ANNE, due_us);
        assert_null(table_time(&table, due_us));
        due_us += pause_us;
        assert_int_equal(line->look_us, due_us);
    }
    (void)table_time(&table, due_us);
    assert_int_equal(line->look_us, due_us + 8 * second);
}

static void a_chip_that_takes_no_level_is_lost_at_once(void **state)
{
    (void)state;
    (void)claim(ANNE, SIREN, 0, 0);
    wire_fault = -EREMOTEIO; /* an expander that does not answer on its bus */
    assert_int_equal(set(ANNE, SIREN, true, 0), -EREMOTEIO);
    assert_false(line->is_on); /* what is refused is not wanted */
    assert_ptr_equal(table_time(&table, 0), line);
    assert_null(line->request);
}

static void there_is_an_end_to_the_lines(void **state)
{
    (void)state;
    struct holder_message m = claim_of(SIREN, 0);
    struct gw_error err = {0};
    for (int i = 0; i < TABLE_LINES_MAX; i++) {
        (void)snprintf(m.chip, sizeof(m.chip), "chip-%d", i);
        assert_int_equal(table_claim(&table, ANNE, &m, 0, &line, &err), 0);
    }
    (void)snprintf(m.chip, sizeof(m.chip), "one-more");
    assert_int_equal(table_claim(&table, ANNE, &m, 0, &line, &err), -ENOSPC);
    assert_non_null(strstr(err.text, "at most"));
}

#define TABLE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TABLE_TEST(a_new_line_begins_in_its_safe_state),
        TABLE_TEST(silence_makes_lines_safe_once),
        TABLE_TEST(a_client_that_is_heard_again_can_fall_silent_again),
        TABLE_TEST(a_lost_client_finds_its_line_as_it_was),
        TABLE_TEST(a_lost_client_that_stays_away_leaves_a_safe_line_that_is_held),
        TABLE_TEST(a_client_that_leaves_makes_its_own_lines_safe_at_once),
        TABLE_TEST(the_longest_time_begins_with_on_and_not_with_its_repetition),
        TABLE_TEST(a_longest_time_that_is_over_begins_anew_only_after_off),
        TABLE_TEST(a_new_claim_does_not_lengthen_the_time),
        TABLE_TEST(the_line_of_a_live_client_is_its_own),
        TABLE_TEST(a_line_that_is_turned_round_is_made_safe),
        TABLE_TEST(a_line_that_cannot_be_turned_round_stays_as_it_was),
        TABLE_TEST(on_as_a_safe_state_has_no_end),
        TABLE_TEST(a_chip_that_refuses_is_asked_again),
        TABLE_TEST(a_line_whose_chip_is_gone_takes_nothing),
        TABLE_TEST(a_chip_that_returns_finds_its_line_as_asked_for),
        TABLE_TEST(a_chip_that_returns_to_silence_finds_its_line_safe),
        TABLE_TEST(a_chip_that_stays_away_is_tried_less_often),
        TABLE_TEST(a_chip_that_takes_no_level_is_lost_at_once),
        TABLE_TEST(there_is_an_end_to_the_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
