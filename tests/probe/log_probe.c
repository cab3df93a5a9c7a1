/* log_probe - a store alone, driven from outside: for tests/system/test_minutes.py, which
 * kills it.
 *
 *     log_probe DATABASE       commands on standard input, a line each:
 *     t MS                     machine and school time are so many milliseconds
 *     r MS POINT VALUE QUALITY ERA   a reading for the log
 *     c                        commits what was added; prints "c" when it is on the disk
 *     p POINT                  prints the running hour's block: its begin, and in hex
 *     q POINT FROM_MS TO_MS MAX LEVEL   prints a trend: its level, step, rows and values,
 *                              then a line each: begin and aggregate
 * At the end of the input the store is closed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/block.h"
#include "store/store.h"
#include "store/trend.h"

static const int64_t day_us = INT64_C(86400) * 1000000;

/* The next number of a line. */
static int64_t whole(char **at)
{
    return strtoll(*at, at, 10);
}

static void add(struct store *s, char *line)
{
    char *at = line + 1;
    int64_t time_ms = whole(&at);
    uint32_t point = (uint32_t)whole(&at);
    double value = strtod(at, &at);
    unsigned quality = (unsigned)whole(&at);
    uint32_t era = (uint32_t)whole(&at);
    const struct gw_record record = {.kind = GW_RECORD_READING,
                                     .flags = GW_RECORD_LOG | era << GW_RECORD_ERA_SHIFT,
                                     .reading = {.point = point,
                                                 .value = value,
                                                 .quality = (uint8_t)quality,
                                                 .time_us = time_ms * 1000,
                                                 .source_us = GW_TIME_NONE}};
    store_add(s, &record);
}

static void peek(struct store *s, uint32_t point)
{
    struct block block;
    int64_t hour_us = 0;
    if (store_peek(s, point, clock_school_us(), &hour_us, &block)) {
        printf("%" PRId64 " ", hour_us / 1000);
        for (unsigned i = 0; i < block.pen.used; i++)
            printf("%02x", block.bytes[i]);
    }
    putchar('\n');
}

static void print_trend(const struct trend *t)
{
    printf("%s %" PRId64 " %" PRIu64 " %zu\n", trend_level_name(t->level),
           t->step_us / 1000, t->rows, t->count);
    for (size_t i = 0; i < t->count; i++) {
        const struct aggregate *a = &t->values[i].aggregate;
        printf("%" PRId64 " %u %u %u %.17g %.17g %.17g %.17g %.17g\n",
               t->values[i].start_us / 1000, a->count, a->valid_ms, a->active_ms, a->min,
               a->max, a->mean, a->last, a->fall);
    }
}

static void ask(struct store *s, char *line)
{
    char *at = line + 1;
    struct trend_ask asked = {.offset_us = INT64_C(8) * 3600 * 1000000};
    struct block running;
    struct trend trend;
    struct query *q = NULL;
    struct gw_error err = {0};
    asked.point = (uint32_t)whole(&at);
    asked.from_us = whole(&at) * 1000;
    asked.to_us = whole(&at) * 1000;
    asked.max = (size_t)whole(&at);
    asked.level = (enum trend_level)whole(&at);
    if (store_peek(s, asked.point, clock_school_us(), &asked.hour_us, &running))
        asked.running = &running;
    if (query_open(store_path(s), &q, &err) < 0
        || query_trend(q, &asked, &trend, &err) < 0) {
        (void)fprintf(stderr, "log_probe: %s\n", err.text);
        exit(EXIT_FAILURE);
    }
    print_trend(&trend);
    free(trend.values);
    query_close(q);
}

static void obey(struct store *s, char *line)
{
    int64_t now_us = strtoll(line + 1, NULL, 10) * 1000;
    switch (line[0]) {
    case 't':
        clock_set(now_us, now_us);
        break;
    case 'r':
        add(s, line);
        break;
    case 'c':
        store_flush(s);
        printf("c\n");
        break;
    case 'p':
        peek(s, (uint32_t)strtoul(line + 1, NULL, 10));
        break;
    case 'q':
        ask(s, line);
        break;
    default:
        exit(2);
    }
    fflush(stdout);
}

int main(int argc, char **argv)
{
    static const struct store_ops nobody = {0};
    const struct store_config config = {.path = argc > 1 ? argv[1] : "",
                                        .commit_interval_us = 1000000,
                                        .commit_rows = 500,
                                        .keep = {.log_us = 3 * day_us,
                                                 .minutes_us = 30 * day_us,
                                                 .summaries_us = 400 * day_us,
                                                 .days_us = 1096 * day_us},
                                        .utc_offset_s = 8 * 3600};
    struct store *s = NULL;
    struct gw_error err = {0};
    char line[256];
    clock_set(1, 0);
    if (store_open(&config, &s, &err) < 0 || store_run(s, &nobody, &err) < 0) {
        (void)fprintf(stderr, "log_probe: %s\n", err.text);
        return EXIT_FAILURE;
    }
    while (fgets(line, sizeof(line), stdin))
        obey(s, line);
    store_close(s);
    return EXIT_SUCCESS;
}
