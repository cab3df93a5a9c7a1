/* alarm_latency PORT COUNT - publish → answer in microseconds, COUNT times each:
 * the broker's own round trip, and the gateway's alarm at a local subscriber.
 *
 * The alarm rule of the bench site asserts at "1" and clears at "0", without holds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_mqtt.h"

enum { ANSWER_US = 5000000 };

struct probe {
    const char *awaited; /* topic */
    const char *state;   /* text that the payload must hold, NULL = any */
    int64_t arrived_us;
    int subscribed;
};

static void on_message(struct mosquitto *m, void *ctx,
                       const struct mosquitto_message *msg)
{
    (void)m;
    struct probe *probe = ctx;
    if (!probe->awaited || strcmp(msg->topic, probe->awaited) != 0 || msg->retain)
        return;
    if (!probe->state || (msg->payload && strstr(msg->payload, probe->state)))
        probe->arrived_us = bench_now_us();
}

static void on_subscribe(struct mosquitto *m, void *ctx, int id, int n,
                         const int *granted)
{
    (void)m;
    (void)id;
    (void)n;
    (void)granted;
    struct probe *probe = ctx;
    probe->subscribed++;
}

/* Publishes and waits; -1 when no answer came in time. */
static int64_t ask(struct mosquitto *m, struct probe *probe, const char *topic,
                   const char *payload)
{
    probe->arrived_us = 0;
    const int64_t sent_us = bench_now_us();
    (void)mosquitto_publish(m, NULL, topic, (int)strlen(payload), payload, 1, false);
    while (probe->arrived_us == 0) {
        if (bench_turn(m, 100, true) != MOSQ_ERR_SUCCESS
            || bench_now_us() - sent_us > ANSWER_US)
            return -1;
    }
    return probe->arrived_us - sent_us;
}

static void pause_turns(struct mosquitto *m, int64_t until_us)
{
    while (bench_now_us() < until_us)
        if (bench_turn(m, 2, true) != MOSQ_ERR_SUCCESS)
            return;
}

static int by_size(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a;
    const int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void report(const char *name, int64_t *values, int count)
{
    qsort(values, (size_t)count, sizeof(*values), by_size);
    printf("\"%s\":{\"p50\":%lld,\"p99\":%lld,\"max\":%lld}", name,
           (long long)values[count / 2], (long long)values[count * 99 / 100],
           (long long)values[count - 1]);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: alarm_latency PORT COUNT\n");
        return EXIT_FAILURE;
    }
    const int count = (int)strtol(argv[2], NULL, 10);
    int64_t *trips = calloc((size_t)count, sizeof(*trips));
    int64_t *alarms = calloc((size_t)count, sizeof(*alarms));
    struct probe probe = {0};
    struct mosquitto *m =
        bench_connect("bench-latency", (int)strtol(argv[1], NULL, 10), true, false);
    mosquitto_user_data_set(m, &probe);
    mosquitto_message_callback_set(m, on_message);
    mosquitto_subscribe_callback_set(m, on_subscribe);
    (void)mosquitto_subscribe(m, NULL, "trip", 1);
    (void)mosquitto_subscribe(m, NULL, "school/alarm/BENCH-01/#", 1);
    while (probe.subscribed < 2)
        if (bench_turn(m, 100, true) != MOSQ_ERR_SUCCESS)
            return EXIT_FAILURE;

    for (int i = 0; i < count; i++) {
        probe.awaited = "trip";
        probe.state = NULL;
        trips[i] = ask(m, &probe, "trip", "x");
        probe.awaited = "school/alarm/BENCH-01/button-1";
        probe.state = "\"unacknowledged\"";
        alarms[i] = ask(m, &probe, "security/button-1", "1");
        probe.state = "\"returned\"";
        if (trips[i] < 0 || alarms[i] < 0
            || ask(m, &probe, "security/button-1", "0") < 0) {
            fprintf(stderr, "bench: no answer within %d s\n", ANSWER_US / 1000000);
            return EXIT_FAILURE;
        }
        pause_turns(m, bench_now_us() + 3000);
    }
    printf("{");
    report("trip_us", trips, count);
    printf(",");
    report("alarm_us", alarms, count);
    printf("}\n");
    mosquitto_destroy(m);
    free(trips);
    free(alarms);
    return EXIT_SUCCESS;
}
