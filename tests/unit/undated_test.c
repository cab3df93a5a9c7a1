/* What has no time yet waits for that of its boot. */
#include "store_rig.h"

#define HOUR_US (INT64_C(3600) * 1000000)
#define ZERO_US INT64_C(1795652430000000) /* 2026-11-26T00:20:30Z */

static const char first_boot[] = "11111111-1111-4111-8111-111111111111";
static const char second_boot[] = "22222222-2222-4222-8222-222222222222";

/* What the encoder was given last, as one line. */
static char told[4096];

static void add_line(const char *line)
{
    size_t used = strlen(told);
    (void)snprintf(told + used, sizeof(told) - used, "%s\n", line);
}

static void tell(const struct gw_record *record)
{
    char line[256] = "";
    const struct gw_time_correction *c = &record->correction;
    const long long time_us = record->kind == GW_RECORD_READING ? record->reading.time_us
                              : record->kind == GW_RECORD_SUMMARY
                                  ? record->summary.start_us
                                  : record->fact.time_us;
    static const char *const names[GW_RECORD_COMMIT + 1] = {
        [GW_RECORD_READING] = "reading",
        [GW_RECORD_SUMMARY] = "summary",
        [GW_RECORD_FACT] = "fact",
    };
    if (record->kind == GW_RECORD_TIME_CORRECTION && c->zero_us == GW_TIME_NONE)
        (void)snprintf(line, sizeof(line), "%.1s not after %+lld", c->boot,
                       (long long)(c->not_after_us - ZERO_US));
    else if (record->kind == GW_RECORD_TIME_CORRECTION)
        (void)snprintf(line, sizeof(line), "%.1s until %lld zero %+lld", c->boot,
                       (long long)c->until_us, (long long)(c->zero_us - ZERO_US));
    else if (record->unknown)
        (void)snprintf(line, sizeof(line), "%s of %.1s %+lld not after %+lld",
                       names[record->kind], record->unknown->boot,
                       time_us - (long long)record->unknown->ahead_us,
                       (long long)(record->unknown->not_after_us - ZERO_US));
    else if (names[record->kind])
        (void)snprintf(line, sizeof(line), "%s %+lld", names[record->kind],
                       time_us - (long long)ZERO_US);
    if (line[0])
        add_line(line);
}

static char *encode(void *ctx, const struct gw_record *record, uint64_t epoch,
                    uint64_t seq, int *ret_priority)
{
    tell(record);
    return rig_encode(ctx, record, epoch, seq, ret_priority);
}

/* Committed by itself, as what waits goes a slice with each commit. */
static void add(struct rig *rig, struct gw_record record)
{
    rig_add(rig, record);
    store_flush(rig->store);
}

static void begin(struct rig *rig)
{
    told[0] = '\0';
    rig->ops.encode = encode;
    rig_open(rig);
    rig_run(rig);
}

static void restart(struct rig *rig)
{
    rig_restart(rig);
    rig_run(rig);
}

static struct gw_record clock_of(const char *boot, int64_t machine_us, int64_t ahead_us,
                                 bool is_known)
{
    struct gw_record record = {
        .kind = GW_RECORD_CLOCK,
        .clock = {.machine_us = machine_us, .ahead_us = ahead_us, .is_known = is_known}};
    (void)snprintf(record.clock.boot, sizeof(record.clock.boot), "%s", boot);
    return record;
}

static struct gw_record summary(int64_t start_us)
{
    static const struct gw_summary_item item = {"co2", 1, 2, 3, NAN, 0.5, 4};
    return (struct gw_record){.kind = GW_RECORD_SUMMARY,
                              .summary = {"b1-203", start_us, HOUR_US / 4, &item, 1}};
}

static struct gw_record fact(int64_t time_us)
{
    static const struct gw_fact_value values[] = {
        {.name = "passed", .value = 1},
        {.name = "device", .value = NAN, .text = "panic"}};
    return (struct gw_record){.kind = GW_RECORD_FACT,
                              .fact = {.kind = "security-test",
                                       .object = "gate-south",
                                       .start_us = time_us - 10,
                                       .end_us = time_us,
                                       .time_us = time_us,
                                       .values = values,
                                       .count = 2,
                                       .completeness = 1}};
}

static struct gw_record telemetry(int64_t time_us)
{
    struct gw_record record = rig_reading(7, 21.5, time_us);
    record.flags = GW_RECORD_LOG | GW_RECORD_TELEMETRY;
    return record;
}

static struct gw_record untimed(uint64_t uid, int64_t mono_us)
{
    struct gw_record record = rig_transition(uid, "TF-01", "panic-gate", GW_TIME_NONE);
    record.transition.time_quality = GW_TIME_UNKNOWN;
    record.transition.mono_us = mono_us;
    return record;
}

/* Its clock stands at 1970 + 5 s when the machine starts, then somebody sets it to 1970 +
 * 60 s, and at last it is right. */
static void what_a_boot_did_not_date_is_dated_when_it_knows(void **state)
{
    struct rig *rig = *state;
    begin(rig);
    add(rig, clock_of(first_boot, 0, 5, false));
    add(rig, telemetry(5 + 100));
    add(rig, summary(5 + 200));
    add(rig, clock_of(first_boot, 250, 60, false));
    add(rig, fact(60 + 300));
    assert_string_equal(told, "");
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM outbox"), 0);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM summaries"), 0);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM readings"), 1);

    add(rig, clock_of(first_boot, 400, ZERO_US, true));
    assert_string_equal(told, "1 until 400 zero +0\nreading +100\nsummary +200\n"
                              "fact +300\n");
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM outbox"), 4);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM undated"), 0);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM clocks"), 0);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM readings"), 1);
    assert_int_equal(rig_number(rig, "SELECT start_us FROM summaries"), ZERO_US + 200);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM fact_values"), 2);
    add(rig, summary(ZERO_US + 500)); /* from here on nothing waits */
    assert_non_null(strstr(told, "summary +500\n"));
}

static void a_restart_within_the_boot_changes_nothing(void **state)
{
    struct rig *rig = *state;
    begin(rig);
    add(rig, clock_of(first_boot, 0, 5, false));
    add(rig, summary(5 + 200));
    restart(rig);
    add(rig, clock_of(first_boot, 1000, 5, false));
    add(rig, summary(5 + 1200));
    restart(rig); /* set while the daemon was down */
    add(rig, clock_of(first_boot, 2000, ZERO_US, true));
    assert_string_equal(told, "1 until 2000 zero +0\nsummary +200\nsummary +1200\n");
}

/* The first ended without knowing, the second learns it: the first was over when the
 * second began. */
static void of_a_boot_that_never_knew_the_bound_is_told(void **state)
{
    struct rig *rig = *state;
    begin(rig);
    add(rig, clock_of(first_boot, 0, 5, false));
    add(rig, untimed(1, 500));
    add(rig, summary(5 + 200));
    restart(rig);
    add(rig, clock_of(second_boot, 0, 7, false));
    add(rig, untimed(2, 500));
    add(rig, fact(7 + 300));
    assert_string_equal(told, "");
    add(rig, clock_of(second_boot, 1000, ZERO_US, true));
    assert_string_equal(told, "1 not after +0\n2 until 1000 zero +0\n"
                              "summary of 1 +200 not after +0\nfact +300\n");
    assert_int_equal(rig_number(rig, "SELECT uid FROM transitions WHERE time_quality = 1"
                                     " AND time_us = 1795652430000500"),
                     2);
    assert_int_equal(rig_number(rig, "SELECT uid FROM transitions WHERE mono_us = -1"),
                     1);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM summaries"), 0);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM outbox"), 6);
}

/* A clock that is lost again, and what is known of before stays. */
static void a_time_that_was_known_is_corrected_no_more(void **state)
{
    struct rig *rig = *state;
    begin(rig);
    add(rig, clock_of(first_boot, 0, 5, false));
    add(rig, untimed(1, 500));
    add(rig, clock_of(first_boot, 1000, ZERO_US, true));
    add(rig, clock_of(first_boot, 2000, 5, false));
    add(rig, untimed(2, 2500));
    add(rig, clock_of(first_boot, 3000, ZERO_US + 9, true));
    assert_string_equal(told, "1 until 1000 zero +0\n1 until 3000 zero +9\n");
    assert_int_equal(rig_number(rig, "SELECT time_us - 1795652430000000 FROM transitions"
                                     " WHERE uid = 1"),
                     500);
    assert_int_equal(rig_number(rig, "SELECT time_us - 1795652430000000 FROM transitions"
                                     " WHERE uid = 2"),
                     2509);
}

static void many_rows_go_in_slices_and_in_their_order(void **state)
{
    enum { ROWS = 1000 };
    struct rig *rig = *state;
    begin(rig);
    add(rig, clock_of(first_boot, 0, 0, false));
    for (int i = 0; i < ROWS; i++)
        rig_add(rig, summary(i));
    store_flush(rig->store);
    add(rig, clock_of(first_boot, ROWS, ZERO_US, true));
    int64_t left = rig_number(rig, "SELECT count(*) FROM undated");
    assert_in_range(left, 1, ROWS - 1); /* not all at once: an alarm would wait */
    for (int i = 0; i < 10; i++)
        add(rig, rig_reading(1, i, ZERO_US + i));
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM undated"), 0);
    assert_int_equal(
        rig_number(rig, "SELECT count(*) FROM (SELECT start_us - lag(start_us) OVER"
                        " (ORDER BY number) AS d FROM summaries) WHERE d = 1"),
        ROWS - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(what_a_boot_did_not_date_is_dated_when_it_knows),
        RIG_TEST(a_restart_within_the_boot_changes_nothing),
        RIG_TEST(of_a_boot_that_never_knew_the_bound_is_told),
        RIG_TEST(a_time_that_was_known_is_corrected_no_more),
        RIG_TEST(many_rows_go_in_slices_and_in_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
