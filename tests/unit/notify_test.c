#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "broker_fixture.h"
#include "notify/notify.h"

enum { MESSAGES = 64, PAYLOAD_BYTES = 1024, PATIENCE_MS = 30000 };

/* A broker, notify on it, and another program of the school that listens. */
struct school {
    struct broker broker;
    struct notify *notify;
    struct mosquitto *listener;
    bool is_subscribed;
    char topics[MESSAGES][200];
    char payloads[MESSAGES][PAYLOAD_BYTES];
    bool is_retained[MESSAGES];
    size_t count;
    struct alarm_command command;
    atomic_int commands;
};

static void on_message(struct mosquitto *m, void *ctx,
                       const struct mosquitto_message *message)
{
    (void)m;
    struct school *s = ctx;
    if (s->count == MESSAGES)
        return;
    (void)snprintf(s->topics[s->count], sizeof(s->topics[0]), "%s", message->topic);
    (void)snprintf(s->payloads[s->count], sizeof(s->payloads[0]), "%.*s",
                   message->payloadlen, (const char *)message->payload);
    s->is_retained[s->count++] = message->retain;
}

static void on_subscribe(struct mosquitto *m, void *ctx, int mid, int count,
                         const int *granted)
{
    (void)m;
    (void)mid;
    (void)count;
    (void)granted;
    ((struct school *)ctx)->is_subscribed = true;
}

static int take_command(void *ctx, const struct alarm_command *command,
                        struct gw_error *err)
{
    (void)err;
    struct school *s = ctx;
    s->command = *command;
    s->commands++;
    return 0;
}

static void listen_to(struct school *s, const char *filter)
{
    if (s->listener)
        mosquitto_destroy(s->listener);
    s->count = 0;
    s->is_subscribed = false;
    s->listener = mosquitto_new(NULL, true, s);
    mosquitto_message_callback_set(s->listener, on_message);
    mosquitto_subscribe_callback_set(s->listener, on_subscribe);
    assert_int_equal(mosquitto_connect(s->listener, "127.0.0.1", s->broker.port, 60), 0);
    assert_int_equal(mosquitto_subscribe(s->listener, NULL, filter, 1), 0);
    for (int i = 0; i < 100 && !s->is_subscribed; i++)
        assert_int_equal(mosquitto_loop(s->listener, 50, 1), 0);
}

/* The newest payload on @topic that holds @text; fails when none comes. */
static const char *heard(struct school *s, const char *topic, const char *text)
{
    for (int ms = 0; ms < PATIENCE_MS; ms += 20) {
        for (size_t i = s->count; i-- > 0;)
            if (!strcmp(s->topics[i], topic) && strstr(s->payloads[i], text))
                return s->payloads[i];
        assert_int_equal(mosquitto_loop(s->listener, 20, 1), 0);
    }
    fail_msg("nothing with '%s' on '%s'", text, topic);
    return NULL;
}

/* From here on alarms go straight out; before, they wait for the first connection. */
static void wait_until_connected(struct school *s)
{
    struct notify_status status = {0};
    for (int ms = 0; ms < PATIENCE_MS && !status.is_connected; ms += 20) {
        (void)poll(NULL, 0, 20);
        notify_status(s->notify, &status);
    }
    assert_true(status.is_connected);
}

static void start_notify(struct school *s)
{
    const struct notify_config config = {
        .broker = s->broker.url, .prefix = "school", .values = true};
    const struct notify_ops ops = {s, take_command};
    struct gw_error err = {0};
    assert_int_equal(notify_start(&config, "gw-01", &ops, &s->notify, &err), 0);
}

static int open_school(void **state)
{
    struct school *s = calloc(1, sizeof(*s));
    broker_start(&s->broker);
    start_notify(s);
    *state = s;
    return 0;
}

static int close_school(void **state)
{
    struct school *s = *state;
    s->notify = notify_stop(s->notify);
    if (s->listener)
        mosquitto_destroy(s->listener);
    broker_stop(&s->broker);
    free(s);
    return 0;
}

static const struct gw_transition panic = {.uid = 7,
                                           .seq = 1,
                                           .rule = "TF-01",
                                           .object = "panic-gate",
                                           .severity = GW_P1,
                                           .to = GW_ALARM_UNACKNOWLEDGED,
                                           .cause = "rule",
                                           .value = 1,
                                           .time_us = 1795395600LL * 1000000};
static const struct gw_text panic_title = {"紧急求助", "Panic button"};

static void an_alarm_is_a_retained_message(void **state)
{
    struct school *s = *state;
    notify_alarm(s->notify, &panic, &panic_title);
    listen_to(s, "school/alarm/#");
    const char *payload = heard(s, "school/alarm/TF-01/panic-gate", "unacknowledged");
    assert_non_null(strstr(payload, "\"severity\":\"P1\""));
    assert_non_null(strstr(payload, "\"zh\":\"紧急求助\",\"en\":\"Panic button\""));
    assert_non_null(strstr(payload, "\"value\":1"));
    assert_non_null(strstr(payload, "2026-11-23T01:00:00"));
}

static void transitions_are_told_in_order(void **state)
{
    struct school *s = *state;
    wait_until_connected(s);
    listen_to(s, "school/alarm/#");
    struct gw_transition t = panic;
    for (int i = 0; i < 20; i++) {
        t.uid = (uint64_t)(100 + i);
        notify_alarm(s->notify, &t, &panic_title);
    }
    (void)heard(s, "school/alarm/TF-01/panic-gate", "\"uid\":119");
    size_t first = s->count - 20;
    for (size_t i = 0; i < 20; i++) {
        char uid[24];
        (void)snprintf(uid, sizeof(uid), "\"uid\":%zu", 100 + i);
        assert_non_null(strstr(s->payloads[first + i], uid));
    }
}

static void values_carry_their_quality(void **state)
{
    struct school *s = *state;
    const struct point_entry co2 = {.id = 1, .name = "b1-203/co2", .object = "b1-203"};
    struct gw_reading reading = {.point = 1, .value = 640.5, .time_us = 1795395600000000};
    listen_to(s, "school/b1-203/#");
    notify_reading(s->notify, &co2, &reading);
    (void)heard(s, "school/b1-203/co2",
                "{\"v\":640.5,\"q\":\"good\",\"t\":\"2026-11-23T");
    reading.quality = GW_BAD;
    reading.reason = GW_REASON_STALE;
    reading.value = NAN;
    notify_reading(s->notify, &co2, &reading);
    (void)heard(s, "school/b1-203/co2", "{\"v\":null,\"q\":\"bad\",\"reason\":\"stale\"");
}

static void the_gateway_says_that_it_is_there_and_that_it_is_gone(void **state)
{
    struct school *s = *state;
    listen_to(s, "school/gateway");
    (void)heard(s, "school/gateway", "\"state\":\"online\"");
    s->notify = notify_stop(s->notify);
    (void)heard(s, "school/gateway", "\"state\":\"offline\"");
}

static void everything_is_told_again_to_a_broker_that_forgot(void **state)
{
    struct school *s = *state;
    const struct point_entry co2 = {.id = 1, .name = "b1-203/co2", .object = "b1-203"};
    listen_to(s, "school/#");
    notify_alarm(s->notify, &panic, &panic_title);
    (void)heard(s, "school/alarm/TF-01/panic-gate", "unacknowledged");
    broker_stop(&s->broker);
    for (int i = 0; i < 1000; i++) {
        struct gw_reading reading = {.point = 1, .value = i, .time_us = 1};
        notify_reading(s->notify, &co2, &reading);
    }
    struct notify_status status;
    notify_status(s->notify, &status);
    assert_true(status.waiting <= 3); /* newest wins */
    broker_start(&s->broker);
    listen_to(s, "school/#");
    (void)heard(s, "school/alarm/TF-01/panic-gate", "unacknowledged");
    (void)heard(s, "school/b1-203/co2", "\"v\":999");
}

static void a_guards_command_arrives(void **state)
{
    struct school *s = *state;
    static const char text[] =
        "{\"do\":\"shelve\",\"by\":\"门卫\",\"comment\":\"演练\",\"minutes\":10}";
    listen_to(s, "school/gateway");
    (void)heard(s, "school/gateway", "online");
    const char *const payloads[] = {"{", "[]", "{\"do\":\"explode\",\"by\":\"x\"}", text};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(
            mosquitto_publish(s->listener, NULL, "school/cmd/alarm/TF-01/panic-gate",
                              (int)strlen(payloads[i]), payloads[i], 1, false),
            0);
    for (int ms = 0; ms < PATIENCE_MS && !s->commands; ms += 20)
        assert_int_equal(mosquitto_loop(s->listener, 20, 1), 0);
    assert_int_equal(s->commands, 1);
    assert_string_equal(s->command.id, "TF-01@panic-gate");
    assert_int_equal(s->command.event, ALARM_SHELVE);
    assert_string_equal(s->command.actor, "门卫");
    assert_true(s->command.until_us > clock_school_us() + 9 * 60000000LL);
}

static void a_retained_command_is_not_carried_out(void **state)
{
    struct school *s = *state;
    static const char text[] = "{\"do\":\"acknowledge\",\"by\":\"x\"}";
    s->notify = notify_stop(s->notify);
    listen_to(s, "school/#");
    assert_int_equal(mosquitto_publish(s->listener, NULL,
                                       "school/cmd/alarm/TF-01/panic-gate",
                                       sizeof(text) - 1, text, 1, true),
                     0);
    (void)heard(s, "school/cmd/alarm/TF-01/panic-gate", "acknowledge");
    start_notify(s);
    (void)heard(s, "school/gateway", "online");
    notify_alarm(s->notify, &panic, NULL);
    (void)heard(s, "school/alarm/TF-01/panic-gate", "unacknowledged");
    assert_int_equal(s->commands, 0);
}

static void without_a_broker_in_the_configuration_it_is_off(void **state)
{
    (void)state;
    struct notify *n = (struct notify *)1;
    const struct notify_config config = {.prefix = "school"};
    assert_int_equal(notify_start(&config, "gw-01", NULL, &n, NULL), 0);
    assert_null(n);
    notify_alarm(n, &panic, &panic_title);
    assert_null(notify_stop(n));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_alarm_is_a_retained_message, open_school,
                                        close_school),
        cmocka_unit_test_setup_teardown(transitions_are_told_in_order, open_school,
                                        close_school),
        cmocka_unit_test_setup_teardown(values_carry_their_quality, open_school,
                                        close_school),
        cmocka_unit_test_setup_teardown(
            the_gateway_says_that_it_is_there_and_that_it_is_gone, open_school,
            close_school),
        cmocka_unit_test_setup_teardown(everything_is_told_again_to_a_broker_that_forgot,
                                        open_school, close_school),
        cmocka_unit_test_setup_teardown(a_guards_command_arrives, open_school,
                                        close_school),
        cmocka_unit_test_setup_teardown(a_retained_command_is_not_carried_out,
                                        open_school, close_school),
        cmocka_unit_test(without_a_broker_in_the_configuration_it_is_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
