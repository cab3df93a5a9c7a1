#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/worker.h"
#include "operation.h"

static const char panic[] = "TF-01@panic-gate";

/* desk - what main did and at which mark of the disk it stands. */
struct desk {
    struct operations *operations;
    unsigned served;
    uint64_t mark;
    const char *says; /* of what it did */
};

/* giver - what one was told. */
struct giver {
    unsigned told;
    struct outcome outcome;
};

static void told(void *ctx, struct outcome *outcome)
{
    struct giver *giver = ctx;
    giver->told++;
    giver->outcome = *outcome;
}

/* Refuses every alarm but one, with a sentence; commands are questions, answered with
 * their name; the rest is at the desk's mark. */
static void serve(void *ctx, const struct operation *operation, struct outcome *ret,
                  uint64_t *ret_mark)
{
    struct desk *desk = ctx;
    desk->served++;
    if (operation->kind == OPERATION_COMMAND) {
        ret->answer = strdup(operation->command.name);
        return;
    }
    if (operation->kind == OPERATION_ALARM && strcmp(operation->alarm.id, panic) != 0) {
        ret->result = gw_fail(&ret->err, -ENOENT, "no alarm '%s'", operation->alarm.id);
        return;
    }
    ret->keeping = OUTCOME_UNKEPT;
    if (desk->says)
        (void)gw_fail(&ret->err, 0, "%s", desk->says);
    *ret_mark = desk->mark;
}

static int open_desk(void **state)
{
    struct desk *desk = calloc(1, sizeof(*desk));
    assert_non_null(desk);
    const struct operations_ops ops = {desk, serve};
    assert_int_equal(operations_new(&ops, &desk->operations), 0);
    *state = desk;
    return 0;
}

static int close_desk(void **state)
{
    struct desk *desk = *state;
    operations_end(desk->operations);
    operations_free(desk->operations);
    free(desk);
    return 0;
}

static int give(struct desk *desk, const char *alarm, struct giver *giver)
{
    struct operation operation = {.to = {giver, told}};
    (void)strcpy(operation.alarm.id, alarm);
    return operations_give(desk->operations, &operation, NULL);
}

static struct operation of_a_list(size_t count, struct giver *giver)
{
    struct campus_entry_list *list =
        calloc(1, sizeof(*list) + count * sizeof(list->items[0]));
    assert_non_null(list);
    list->count = count;
    return (struct operation){
        .kind = OPERATION_LIST, .to = {giver, told}, .list = {.list = list}};
}

static void an_order_is_told_when_the_disk_has_it(void **state)
{
    struct desk *desk = *state;
    struct giver giver = {0};
    desk->mark = 5;
    assert_int_equal(give(desk, panic, &giver), 0);
    operations_serve(desk->operations);
    operations_settle(desk->operations, 4, "");
    assert_int_equal(desk->served, 1);
    assert_int_equal(giver.told, 0);

    operations_settle(desk->operations, 5, "");
    operations_settle(desk->operations, 6, "");
    assert_int_equal(giver.told, 1);
    assert_int_equal(giver.outcome.keeping, OUTCOME_KEPT);
}

static void orders_of_one_commit_are_told_with_it(void **state)
{
    struct desk *desk = *state;
    struct giver givers[3] = {0};
    for (size_t i = 0; i < 3; i++) {
        desk->mark = i < 2 ? 7 : 8;
        assert_int_equal(give(desk, panic, &givers[i]), 0);
        operations_serve(desk->operations);
    }
    operations_settle(desk->operations, 7, "");
    assert_int_equal(givers[0].told, 1);
    assert_int_equal(givers[1].told, 1);
    assert_int_equal(givers[2].told, 0);
    operations_end(desk->operations);
    assert_int_equal(givers[2].told, 1);
}

static void a_disk_that_fails_is_told_at_once_with_the_reason(void **state)
{
    struct desk *desk = *state;
    struct giver giver = {0};
    desk->mark = 5;
    assert_int_equal(give(desk, panic, &giver), 0);
    operations_serve(desk->operations);
    operations_settle(desk->operations, 4, "the disk is full");
    assert_int_equal(giver.told, 1);
    assert_int_equal(giver.outcome.result, 0);
    assert_int_equal(giver.outcome.keeping, OUTCOME_UNKEPT);
    assert_string_equal(giver.outcome.err.text, "the disk is full");
}

static void what_main_says_of_an_order_stands_behind_the_reason(void **state)
{
    struct desk *desk = *state;
    struct giver giver = {0};
    desk->mark = 5;
    desk->says = "it will be lost";
    assert_int_equal(give(desk, panic, &giver), 0);
    operations_serve(desk->operations);
    operations_settle(desk->operations, 4, "there is no store");
    assert_string_equal(giver.outcome.err.text, "there is no store; it will be lost");
}

static void a_refusal_carries_its_sentence_and_waits_for_no_disk(void **state)
{
    struct desk *desk = *state;
    struct giver giver = {0};
    assert_int_equal(give(desk, "XX-99@nowhere", &giver), 0);
    operations_serve(desk->operations);
    assert_int_equal(giver.told, 1);
    assert_int_equal(giver.outcome.result, -ENOENT);
    assert_string_equal(giver.outcome.err.text, "no alarm 'XX-99@nowhere'");
}

static void a_question_is_answered_with_its_text_and_waits_for_no_disk(void **state)
{
    struct desk *desk = *state;
    struct giver giver = {0};
    const struct operation question = {
        .kind = OPERATION_COMMAND, .to = {&giver, told}, .command = {.name = "sheet"}};
    assert_int_equal(operations_give(desk->operations, &question, NULL), 0);
    operations_serve(desk->operations);
    assert_int_equal(giver.told, 1);
    assert_int_equal(giver.outcome.keeping, OUTCOME_NOTHING);
    assert_string_equal(giver.outcome.answer, "sheet");
    free(giver.outcome.answer);
}

/* Whoever frees a list, it is freed once: a sanitizer sees it. */
static void a_list_is_served_and_freed(void **state)
{
    struct desk *desk = *state;
    struct giver giver = {0};
    struct operation list = of_a_list(3, &giver);
    assert_int_equal(operations_give(desk->operations, &list, NULL), 0);
    operations_serve(desk->operations);
    list = of_a_list(2, &giver);
    assert_int_equal(operations_give(desk->operations, &list, NULL), 0);
    operations_end(desk->operations);
    list = of_a_list(1, &giver);
    assert_int_equal(operations_give(desk->operations, &list, NULL), -ESHUTDOWN);
    assert_int_equal(desk->served, 1);
    assert_int_equal(giver.told, 2);
}

static void the_end_tells_those_who_wait_and_refuses_the_next(void **state)
{
    struct desk *desk = *state;
    struct giver done = {0};
    struct giver waiting = {0};
    desk->mark = 1;
    assert_int_equal(give(desk, panic, &done), 0);
    operations_serve(desk->operations);
    assert_int_equal(give(desk, panic, &waiting), 0);

    operations_end(desk->operations);
    assert_int_equal(done.told, 1);
    assert_int_equal(done.outcome.result, 0);
    assert_int_equal(done.outcome.keeping, OUTCOME_UNKEPT);
    assert_int_equal(waiting.told, 1);
    assert_int_equal(waiting.outcome.result, -ESHUTDOWN);
    assert_int_equal(give(desk, panic, &waiting), -ESHUTDOWN);
    operations_begin(desk->operations);
    assert_int_equal(give(desk, panic, &waiting), 0);
    operations_end(desk->operations);
}

static void one_too_many_is_refused_until_one_was_told(void **state)
{
    struct desk *desk = *state;
    struct giver giver = {0};
    desk->mark = 1;
    for (size_t i = 0; i < OPERATION_MAX; i++)
        assert_int_equal(give(desk, panic, &giver), 0);
    operations_serve(desk->operations);
    assert_int_equal(give(desk, panic, &giver), -EAGAIN);
    operations_settle(desk->operations, 1, "");
    assert_int_equal(giver.told, OPERATION_MAX);
    assert_int_equal(give(desk, panic, &giver), 0);
    operations_end(desk->operations);
}

static void what_main_comes_to_too_late_is_not_done(void **state)
{
    struct desk *desk = *state;
    struct giver giver = {0};
    clock_set(1000000, 0);
    assert_int_equal(give(desk, panic, &giver), 0);
    clock_set(1000000 + 2000001, 0);
    operations_serve(desk->operations);
    clock_release();
    assert_int_equal(desk->served, 0);
    assert_int_equal(giver.outcome.result, -ETIMEDOUT);
}

/* --- the disk settles on one thread while main serves on another ---------------------
 */

enum { RACES = 20000 };

static void count(void *ctx, struct outcome *outcome)
{
    assert_int_equal(outcome->keeping, OUTCOME_KEPT);
    ++*(atomic_uint *)ctx;
}

static void settle_always(struct worker *w, void *ctx)
{
    struct desk *desk = ctx;
    while (!worker_should_stop(w))
        operations_settle(desk->operations, UINT64_MAX, "");
}

static void each_is_told_once_whoever_settles(void **state)
{
    struct desk *desk = *state;
    struct worker *worker;
    atomic_uint counted = 0;
    const struct operation entry = {.kind = OPERATION_ENTRY, .to = {&counted, count}};
    assert_int_equal(worker_start("disk", 0, settle_always, desk, &worker), 0);
    for (unsigned i = 0; i < RACES; i++) {
        while (operations_give(desk->operations, &entry, NULL) < 0)
            operations_settle(desk->operations, UINT64_MAX, "");
        operations_serve(desk->operations);
    }
    worker_stop(worker);
    worker = worker_join(worker);
    operations_settle(desk->operations, UINT64_MAX, "");
    assert_int_equal(desk->served, RACES);
    assert_int_equal(counted, RACES);
}

#define DESK(test) cmocka_unit_test_setup_teardown(test, open_desk, close_desk)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK(an_order_is_told_when_the_disk_has_it),
        DESK(orders_of_one_commit_are_told_with_it),
        DESK(a_disk_that_fails_is_told_at_once_with_the_reason),
        DESK(what_main_says_of_an_order_stands_behind_the_reason),
        DESK(a_refusal_carries_its_sentence_and_waits_for_no_disk),
        DESK(a_question_is_answered_with_its_text_and_waits_for_no_disk),
        DESK(a_list_is_served_and_freed),
        DESK(the_end_tells_those_who_wait_and_refuses_the_next),
        DESK(one_too_many_is_refused_until_one_was_told),
        DESK(what_main_comes_to_too_late_is_not_done),
        DESK(each_is_told_once_whoever_settles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
