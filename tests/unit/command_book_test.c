/* Each order once, whatever its turn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "uplink/command_book.h"

static struct county_order order_of(unsigned char key, uint64_t seq)
{
    return (struct county_order){.key = {key}, .seq = seq, .expires_us = 1000 + key};
}

static enum order_refusal look(const struct command_book *book, unsigned char key,
                               uint64_t seq)
{
    const struct county_order order = order_of(key, seq);
    struct gw_error err = {0};
    enum order_refusal why = command_book_look(book, &order, &err);
    assert_true((why == ORDER_OBEYED) == (err.text[0] == '\0'));
    return why;
}

static void note(struct command_book *book, unsigned char key, uint64_t seq)
{
    const struct county_order order = order_of(key, seq);
    assert_non_null(command_book_note(book, &order));
}

static void an_order_is_new_once(void **state)
{
    (void)state;
    struct command_book book = {0};
    assert_int_equal(look(&book, 1, 5), ORDER_OBEYED);
    note(&book, 1, 5);
    assert_int_equal(look(&book, 1, 5), ORDER_SEEN_BEFORE);
    assert_int_equal(look(&book, 1, 6), ORDER_OBEYED);
    assert_int_equal(look(&book, 1, 4), ORDER_OBEYED);
    note(&book, 1, 4);
    assert_int_equal(look(&book, 1, 4), ORDER_SEEN_BEFORE);
    assert_int_equal(look(&book, 1, 3), ORDER_OBEYED);
}

static void keys_have_windows_of_their_own(void **state)
{
    (void)state;
    struct command_book book = {0};
    note(&book, 1, 500);
    assert_int_equal(look(&book, 2, 1), ORDER_OBEYED);
    note(&book, 2, 1);
    assert_int_equal(look(&book, 2, 1), ORDER_SEEN_BEFORE);
    assert_int_equal(look(&book, 1, 500), ORDER_SEEN_BEFORE);
}

static void what_lies_64_behind_may_come_and_no_more(void **state)
{
    (void)state;
    struct command_book book = {0};
    note(&book, 1, 100);
    assert_int_equal(look(&book, 1, 36), ORDER_OBEYED);
    assert_int_equal(look(&book, 1, 35), ORDER_TOO_OLD);
    note(&book, 1, 36);
    assert_int_equal(look(&book, 1, 36), ORDER_SEEN_BEFORE);
    note(&book, 1, 164);
    assert_int_equal(look(&book, 1, 100), ORDER_SEEN_BEFORE);
    assert_int_equal(look(&book, 1, 101), ORDER_OBEYED);
    note(&book, 1, UINT64_C(1) << 52);
    assert_int_equal(look(&book, 1, 164), ORDER_TOO_OLD);
    assert_int_equal(look(&book, 1, (UINT64_C(1) << 52) - 64), ORDER_OBEYED);
}

/* Against a list of all that came, in every order that a seed gives. */
static void the_window_agrees_with_a_list(void **state)
{
    (void)state;
    enum { SEQS = 400 };
    for (unsigned seed = 1; seed <= 20; seed++) {
        struct command_book book = {0};
        bool has_come[SEQS] = {false};
        unsigned highest = 0;
        srand(seed);
        for (int i = 0; i < 2000; i++) {
            unsigned seq = 1 + (unsigned)rand() % 90 + (unsigned)i / 8;
            enum order_refusal why = ORDER_OBEYED;
            if (seq + 64 < highest)
                why = ORDER_TOO_OLD;
            else if (has_come[seq])
                why = ORDER_SEEN_BEFORE;
            assert_int_equal(look(&book, 1, seq), why);
            if (why != ORDER_OBEYED)
                continue;
            note(&book, 1, seq);
            has_come[seq] = true;
            highest = seq > highest ? seq : highest;
        }
    }
}

static void it_comes_back_as_it_was_kept(void **state)
{
    (void)state;
    struct command_book book = {0};
    struct command_book again = {0};
    char key[COMMAND_BOOK_KEY_MAX];
    note(&book, 1, 90);
    const struct county_order order = order_of(1, 88);
    const struct gw_state kept =
        command_page_state(command_book_note(&book, &order), key);
    assert_true(command_book_restore(&again, &kept));
    assert_int_equal(look(&again, 1, 90), ORDER_SEEN_BEFORE);
    assert_int_equal(look(&again, 1, 88), ORDER_SEEN_BEFORE);
    assert_int_equal(look(&again, 1, 89), ORDER_OBEYED);
    struct gw_state other = kept;
    other.owner = "clock";
    assert_false(command_book_restore(&again, &other));
    other = kept;
    other.size--;
    assert_false(command_book_restore(&again, &other));
}

static void of_too_many_keys_the_first_that_ended_goes(void **state)
{
    (void)state;
    struct command_book book = {0};
    for (unsigned key = 0; key <= COMMAND_BOOK_PAGES; key++)
        note(&book, (unsigned char)key, 7);
    assert_int_equal(look(&book, 0, 7), ORDER_OBEYED);
    assert_int_equal(look(&book, 1, 7), ORDER_SEEN_BEFORE);
    assert_int_equal(look(&book, COMMAND_BOOK_PAGES, 7), ORDER_SEEN_BEFORE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_is_new_once),
        cmocka_unit_test(keys_have_windows_of_their_own),
        cmocka_unit_test(what_lies_64_behind_may_come_and_no_more),
        cmocka_unit_test(the_window_agrees_with_a_list),
        cmocka_unit_test(it_comes_back_as_it_was_kept),
        cmocka_unit_test(of_too_many_keys_the_first_that_ended_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
