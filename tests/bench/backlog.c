/* backlog FILE DAYS POINTS ROOMS - a new database at FILE whose outbox holds what a
 * school made in the last DAYS: a row of telemetry a point and minute, a summary a room
 * and quarter of an hour, as the gateway's own encoder and store write them.  Prints how
 * many rows there are. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/store.h"
#include "uplink/county.h"

enum {
    MINUTE_S = 60,
    QUARTER_S = 900,
    FLUSH_ROWS = 5000,
    METRICS = 6,
};

struct backlog {
    struct store *store;
    struct county_encoder *encoder;
    uint32_t *points;
    size_t point_count;
    size_t room_count;
    uint64_t rows;
};

static void die(const char *what, const char *why)
{
    (void)fprintf(stderr, "backlog: %s: %s\n", what, why);
    exit(1);
}

/* Between 18 and 24, over the day and from point to point. */
static double reading_of(size_t point, int64_t time_us)
{
    double day = (double)(time_us / 1000000 % 86400) / 86400;
    return round(10 * (21 + 3 * sin(6.2831853 * day + (double)point))) / 10;
}

static void keep(struct backlog *b, const struct gw_record *record)
{
    store_add(b->store, record);
    (void)store_seal(b->store, clock_machine_us());
    if (++b->rows % FLUSH_ROWS == 0)
        store_flush(b->store);
}

static void add_readings(struct backlog *b, int64_t time_us)
{
    for (size_t i = 0; i < b->point_count; i++)
        keep(b, &(struct gw_record){
                    .kind = GW_RECORD_READING,
                    .flags = GW_RECORD_TELEMETRY,
                    .reading = {.point = b->points[i],
                                .quality = GW_GOOD,
                                .value = reading_of(i, time_us),
                                .time_us = time_us,
                                .source_us = GW_TIME_NONE},
                });
}

static void add_summaries(struct backlog *b, int64_t time_us)
{
    static const char *const metrics[METRICS] = {
        "temperature", "humidity", "co2", "pm25", "desk_lux", "people",
    };
    for (size_t room = 0; room < b->room_count; room++) {
        struct gw_summary_item items[METRICS];
        for (size_t i = 0; i < METRICS; i++) {
            double value = reading_of(room + i, time_us);
            items[i] = (struct gw_summary_item){.min = value - 1,
                                                .mean = value,
                                                .max = value + 1,
                                                .last = value,
                                                .valid = 1,
                                                .count = 180};
            (void)snprintf(items[i].metric, sizeof(items[i].metric), "%s", metrics[i]);
        }
        struct gw_record record = {
            .kind = GW_RECORD_SUMMARY,
            .summary = {.start_us = time_us - QUARTER_S * INT64_C(1000000),
                        .period_us = QUARTER_S * INT64_C(1000000),
                        .items = items,
                        .count = METRICS},
        };
        (void)snprintf(record.summary.object, sizeof(record.summary.object), "p%zu",
                       room + 1);
        keep(b, &record);
    }
}

static void name_points(struct backlog *b)
{
    struct gw_error err;
    b->points = calloc(b->point_count, sizeof(*b->points));
    if (!b->points)
        die("points", "out of memory");
    for (size_t i = 0; i < b->point_count; i++) {
        char name[64];
        (void)snprintf(name, sizeof(name), "p%zu/temperature", i + 1);
        if (store_point_id(b->store, name, &b->points[i], &err) < 0)
            die(name, err.text);
        if (county_encoder_point(b->encoder, b->points[i], name, "°C") < 0)
            die(name, "no point for the encoder");
    }
}

/* What main() was given: a number from @min on. */
static size_t number(const char *text, long min)
{
    char *end;
    long value = strtol(text, &end, 10);
    if (end == text || *end != '\0' || value < min)
        die(text, "not a number, or too small");
    return (size_t)value;
}

int main(int argc, char *argv[])
{
    if (argc != 5)
        die("usage", "backlog FILE DAYS POINTS ROOMS");
    struct county_config school = {
        .gateway = "gw-bench", .school = "2153012345", .division = "530502"};
    struct store_config config = {
        .path = argv[1],
        .commit_interval_us = 10000000,
        .commit_rows = FLUSH_ROWS,
        .keep = {.log_us = INT64_C(3) * 86400 * 1000000},
    };
    struct backlog b = {.point_count = number(argv[3], 1),
                        .room_count = number(argv[4], 0)};
    const int64_t end_us = clock_school_us() / 60000000 * 60000000;
    const int64_t days = (int64_t)number(argv[2], 1);
    struct gw_error err;
    if (store_open(&config, &b.store, &err) != 0)
        die(argv[1], err.text);
    if (county_encoder_new(&school, NULL, NULL, &b.encoder) < 0)
        die("encoder", "out of memory");
    name_points(&b);
    struct store_ops ops = {.ctx = b.encoder,
                            .encode = county_encode,
                            .encode_dropped = county_encode_dropped};
    if (store_run(b.store, &ops, &err) < 0)
        die(argv[1], err.text);
    for (int64_t t = end_us - days * INT64_C(86400000000); t < end_us;
         t += MINUTE_S * INT64_C(1000000)) {
        add_readings(&b, t);
        if (t / 1000000 % QUARTER_S == 0)
            add_summaries(&b, t);
    }
    store_flush(b.store);
    struct store_status status;
    store_status(b.store, &status);
    b.store = store_close(b.store);
    county_encoder_free(b.encoder);
    free(b.points);
    if (status.outbox_total != b.rows)
        die(argv[1], "not every row is in the outbox");
    (void)printf("{\"rows\":%llu,\"bytes\":%llu}\n", (unsigned long long)b.rows,
                 (unsigned long long)status.file_bytes);
    return 0;
}
