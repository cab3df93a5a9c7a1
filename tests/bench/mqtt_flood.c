/* mqtt_flood PORT COUNT RATE TOPICS - publishes COUNT messages, QoS 1, round robin over
 * bench/p<n>/temperature, at RATE a second (0 = as fast as the broker takes them with 200
 * in flight).  Prints what was acknowledged and how long it took. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_mqtt.h"

enum { WINDOW = 200 };

static int acknowledged;

static void on_publish(struct mosquitto *m, void *ctx, int id)
{
    (void)m;
    (void)ctx;
    (void)id;
    acknowledged++;
}

static void publish(struct mosquitto *m, int number, int topics)
{
    char topic[64];
    char payload[64];
    (void)snprintf(topic, sizeof(topic), "bench/p%d/temperature", number % topics + 1);
    int size = snprintf(payload, sizeof(payload), "{\"v\":%d.%d,\"n\":%d}",
                        15 + number % 10, number % 10, number);
    (void)mosquitto_publish(m, NULL, topic, size, payload, 1, false);
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: mqtt_flood PORT COUNT RATE TOPICS\n");
        return EXIT_FAILURE;
    }
    const int port = (int)strtol(argv[1], NULL, 10);
    const int count = (int)strtol(argv[2], NULL, 10);
    const double rate = strtod(argv[3], NULL);
    const int topics = (int)strtol(argv[4], NULL, 10);
    struct mosquitto *m = bench_connect("bench-flood", port, true, false);
    mosquitto_publish_callback_set(m, on_publish);

    const int64_t began_us = bench_now_us();
    int sent = 0;
    while (acknowledged < count) {
        int64_t elapsed_us = bench_now_us() - began_us;
        int due = rate > 0 ? (int)((double)elapsed_us * rate / 1e6) : count;
        if (due > count)
            due = count;
        while (sent < due && sent - acknowledged < WINDOW)
            publish(m, sent++, topics);
        if (bench_turn(m, rate > 0 ? 1 : 100, true) != MOSQ_ERR_SUCCESS)
            return EXIT_FAILURE;
    }
    printf("{\"acknowledged\":%d,\"seconds\":%.6f}\n", acknowledged,
           (double)(bench_now_us() - began_us) / 1e6);
    mosquitto_destroy(m);
    return EXIT_SUCCESS;
}
