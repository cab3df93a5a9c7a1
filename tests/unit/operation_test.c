#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/worker.h"
#include "operation.h"

struct caller {
    struct operations *operations;
    struct operation operation;
    char *answer;
    struct gw_error err;
    int result;
};

static void call(struct worker *w, void *ctx)
{
    (void)w;
    struct caller *caller = ctx;
    caller->result = operations_call(caller->operations, &caller->operation,
                                     &caller->answer, &caller->err);
}

/* Refuses every alarm but one, with a sentence; commands are answered with their name. */
static int serve(void *ctx, const struct operation *operation, char **ret_answer,
                 struct gw_error *err)
{
    unsigned *served = ctx;
    ++*served;
    if (operation->kind == OPERATION_COMMAND) {
        *ret_answer = strdup(operation->command.name);
        return 0;
    }
    if (strcmp(operation->alarm.id, "TF-01@panic-gate") == 0)
        return 0;
    return gw_fail(err, -ENOENT, "no alarm '%s'", operation->alarm.id);
}

static void wait_until_one_calls(struct operations *o)
{
    struct pollfd fd = {.fd = operations_fd(o), .events = POLLIN};
    assert_int_equal(poll(&fd, 1, 5000), 1);
}

static void the_caller_gets_mains_answer(void **state)
{
    (void)state;
    struct caller caller = {
        .operation = {.alarm = {.id = "TF-01@panic-gate", .event = ALARM_ACKNOWLEDGE}}};
    struct worker *worker;
    unsigned served = 0;
    assert_int_equal(operations_new(&caller.operations), 0);
    assert_int_equal(worker_start("caller", 0, call, &caller, &worker), 0);

    wait_until_one_calls(caller.operations);
    operations_serve(caller.operations, serve, &served);

    worker = worker_join(worker);
    assert_int_equal(served, 1);
    assert_int_equal(caller.result, 0);
    caller.operations = operations_free(caller.operations);
}

static void a_refusal_carries_its_sentence(void **state)
{
    (void)state;
    struct caller caller = {.operation = {.alarm = {.id = "XX-99@nowhere"}}};
    struct worker *worker;
    unsigned served = 0;
    assert_int_equal(operations_new(&caller.operations), 0);
    assert_int_equal(worker_start("caller", 0, call, &caller, &worker), 0);

    wait_until_one_calls(caller.operations);
    operations_serve(caller.operations, serve, &served);

    worker = worker_join(worker);
    assert_int_equal(caller.result, -ENOENT);
    assert_string_equal(caller.err.text, "no alarm 'XX-99@nowhere'");
    caller.operations = operations_free(caller.operations);
}

static void the_end_answers_those_who_wait_and_refuses_the_next(void **state)
{
    (void)state;
    struct caller caller = {.operation = {.alarm = {.id = "TF-01@panic-gate"}}};
    struct worker *worker;
    assert_int_equal(operations_new(&caller.operations), 0);
    assert_int_equal(worker_start("caller", 0, call, &caller, &worker), 0);

    wait_until_one_calls(caller.operations);
    operations_end(caller.operations);

    worker = worker_join(worker);
    assert_int_equal(caller.result, -ESHUTDOWN);
    assert_int_equal(operations_call(caller.operations, &caller.operation, NULL, NULL),
                     -ESHUTDOWN);
    caller.operations = operations_free(caller.operations);
}

static void a_command_is_answered_with_its_text(void **state)
{
    (void)state;
    struct caller caller = {
        .operation = {.kind = OPERATION_COMMAND, .command = {.name = "sheet"}}};
    struct worker *worker;
    unsigned served = 0;
    assert_int_equal(operations_new(&caller.operations), 0);
    assert_int_equal(worker_start("caller", 0, call, &caller, &worker), 0);

    wait_until_one_calls(caller.operations);
    operations_serve(caller.operations, serve, &served);

    worker = worker_join(worker);
    assert_int_equal(caller.result, 0);
    assert_string_equal(caller.answer, "sheet");
    free(caller.answer);
    caller.operations = operations_free(caller.operations);
}

/* serve_list - takes a list that has an entry. */
static int serve_list(void *ctx, const struct operation *operation, char **ret_answer,
                      struct gw_error *err)
{
    size_t *seen = ctx;
    assert_int_equal(operation->kind, OPERATION_LIST);
    *seen = operation->list.list->count;
    *ret_answer = strdup("[]");
    return *ret_answer ? 0 : gw_fail(err, -ENOMEM, "out of memory");
}

static struct operation of_a_list(size_t count)
{
    struct campus_entry_list *list =
        calloc(1, sizeof(*list) + count * sizeof(list->items[0]));
    assert_non_null(list);
    list->count = count;
    return (struct operation){.kind = OPERATION_LIST, .list = {.list = list}};
}

/* Whoever frees a list, it is freed once: a sanitizer sees it. */
static void a_list_is_served_and_freed(void **state)
{
    struct caller caller = {.operation = of_a_list(3)};
    struct worker *worker;
    size_t seen = 0;
    (void)state;
    assert_int_equal(operations_new(&caller.operations), 0);
    assert_int_equal(worker_start("caller", 0, call, &caller, &worker), 0);
    wait_until_one_calls(caller.operations);
    operations_serve(caller.operations, serve_list, &seen);
    worker = worker_join(worker);
    assert_int_equal(caller.result, 0);
    assert_int_equal(seen, 3);
    free(caller.answer);
    operations_end(caller.operations);
    caller.operation = of_a_list(1);
    assert_int_equal(operations_call(caller.operations, &caller.operation, NULL, NULL),
                     -ESHUTDOWN);
    operations_free(caller.operations);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_caller_gets_mains_answer),
        cmocka_unit_test(a_refusal_carries_its_sentence),
        cmocka_unit_test(a_command_is_answered_with_its_text),
        cmocka_unit_test(a_list_is_served_and_freed),
        cmocka_unit_test(the_end_answers_those_who_wait_and_refuses_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
