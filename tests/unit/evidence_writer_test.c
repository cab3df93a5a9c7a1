/* Which facts stand in which file, over months, restarts and commits that fail. */
#include "store_rig.h"

#include "base/evidence.h"

enum { NOVEMBER = 2026 * 12 + 10, FILES_MAX = 8 };

/* sealed - what the store wanted a file of. */
struct sealed {
    int32_t month;
    size_t count;
    size_t late_count;
    char first_late[EVIDENCE_KEY_MAX];
    int32_t previous; /* 0 = none */
    unsigned char previous_digest;
};

/* One test at a time: the store's thread writes, the test reads after a flush. */
static struct sealed sealed[FILES_MAX];
static atomic_int sealed_count;
static atomic_bool has_key;

static char *encode(void *ctx, const struct gw_record *record, uint64_t epoch,
                    uint64_t seq, int *ret_priority)
{
    char *body = NULL;
    (void)ctx;
    *ret_priority = 1;
    if (asprintf(&body,
                 "{\"epoch\": \"%llu\", \"seq\": %llu, \"data\": {\"key\": \"%s\","
                 " \"revision\": %u, \"completeness\": 1, \"end\": \"%s\"}}",
                 (unsigned long long)epoch, (unsigned long long)seq, record->fact.object,
                 record->fact.revision, record->fact.kind)
        < 0)
        return NULL;
    return body;
}

static char *seal(void *ctx, const struct evidence_month *month, uint64_t epoch,
                  uint64_t seq, struct evidence_file *ret)
{
    (void)ctx, (void)epoch, (void)seq;
    if (!has_key || sealed_count == FILES_MAX)
        return NULL;
    struct sealed *s = &sealed[sealed_count++];
    *s = (struct sealed){.month = month->month,
                         .count = month->count,
                         .late_count = month->late_count,
                         .previous = month->previous ? month->previous->month : 0};
    if (month->previous)
        s->previous_digest = month->previous->digest[0];
    if (month->late_count > 0)
        (void)snprintf(s->first_late, sizeof(s->first_late), "%s", month->late[0].key);
    memset(ret->digest, sealed_count, sizeof(ret->digest));
    return strdup("{}");
}

static int set_up(void **state)
{
    if (rig_setup(state) < 0)
        return -1;
    struct rig *rig = *state;
    rig->ops.encode = encode;
    rig->ops.seal = seal;
    sealed_count = 0;
    has_key = true;
    rig_open(rig);
    rig_run(rig);
    return 0;
}

static void tell(struct rig *rig, const char *key, uint32_t revision, const char *end)
{
    rig_add(rig, (struct gw_record){.kind = GW_RECORD_FACT,
                                    .fact = {.kind = end,
                                             .object = key,
                                             .period = GW_PERIOD_DAY,
                                             .revision = revision}});
}

static void end_month(struct rig *rig, int32_t month)
{
    rig_add(rig, (struct gw_record){.kind = GW_RECORD_MONTH_END,
                                    .month_end = {.month = month}});
    store_flush(rig->store);
}

static int64_t waiting(struct rig *rig)
{
    return rig_number(rig, "SELECT count(*) FROM evidence_facts");
}

static void a_month_has_one_file_of_all_its_facts(void **state)
{
    struct rig *rig = *state;
    tell(rig, "daily/1", 1, "2026-11-02T00:00:00+08:00");
    tell(rig, "daily/1", 2, "2026-11-02T00:00:00+08:00");
    end_month(rig, NOVEMBER);
    assert_int_equal(sealed_count, 0);
    tell(rig, "monthly", 1, "2026-12-01T00:00:00+08:00");
    tell(rig, "daily/2", 1, "2026-12-02T00:00:00+08:00");
    for (int i = 0; i < 3; i++)
        end_month(rig, NOVEMBER + 1);
    assert_int_equal(sealed_count, 1);
    assert_int_equal(sealed[0].month, NOVEMBER);
    assert_int_equal(sealed[0].count, 3);
    assert_int_equal(sealed[0].previous, 0);
    assert_int_equal(waiting(rig), 1);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM outbox WHERE kind = 3"), 1);
}

static void a_restart_makes_no_second_file_and_keeps_the_chain(void **state)
{
    struct rig *rig = *state;
    tell(rig, "a", 1, "2026-11-02T00:00:00+08:00");
    end_month(rig, NOVEMBER + 1);
    rig_restart(rig);
    rig_run(rig);
    end_month(rig, NOVEMBER + 1);
    assert_int_equal(sealed_count, 1);
    tell(rig, "b", 1, "2026-12-02T00:00:00+08:00");
    end_month(rig, NOVEMBER + 2);
    assert_int_equal(sealed_count, 2);
    assert_int_equal(sealed[1].previous, NOVEMBER);
    assert_int_equal(sealed[1].previous_digest, 1);
}

static void a_late_revision_stands_in_the_next_file_once(void **state)
{
    struct rig *rig = *state;
    tell(rig, "a", 1, "2026-11-02T00:00:00+08:00");
    end_month(rig, NOVEMBER + 1);
    tell(rig, "a", 2, "2026-11-02T00:00:00+08:00");
    end_month(rig, NOVEMBER + 1);
    assert_int_equal(sealed_count, 1);
    tell(rig, "b", 1, "2026-12-02T00:00:00+08:00");
    end_month(rig, NOVEMBER + 2);
    assert_int_equal(sealed[1].late_count, 1);
    assert_string_equal(sealed[1].first_late, "a");
    tell(rig, "c", 1, "2027-01-03T00:00:00+08:00");
    end_month(rig, NOVEMBER + 3);
    assert_int_equal(sealed[2].late_count, 0);
    assert_int_equal(waiting(rig), 0);
}

/* A year away: what was told before is made up for; months of silence have no file. */
static void months_are_made_up_for_in_their_order(void **state)
{
    struct rig *rig = *state;
    tell(rig, "c", 1, "2027-10-02T00:00:00+08:00");
    tell(rig, "b", 1, "2026-12-02T00:00:00+08:00");
    tell(rig, "a", 1, "2026-11-02T00:00:00+08:00");
    end_month(rig, NOVEMBER + 12);
    assert_int_equal(sealed_count, 3);
    assert_int_equal(sealed[0].month, NOVEMBER);
    assert_int_equal(sealed[1].month, NOVEMBER + 1);
    assert_int_equal(sealed[2].month, NOVEMBER + 11);
    assert_int_equal(sealed[2].previous, NOVEMBER + 1);
}

static void without_a_key_it_waits(void **state)
{
    struct rig *rig = *state;
    has_key = false;
    tell(rig, "a", 1, "2026-11-02T00:00:00+08:00");
    end_month(rig, NOVEMBER + 1);
    assert_int_equal(sealed_count, 0);
    assert_int_equal(waiting(rig), 1);
    has_key = true;
    end_month(rig, NOVEMBER + 1);
    assert_int_equal(sealed_count, 1);
    assert_int_equal(waiting(rig), 0);
}

static void evidence_of_a_moment_is_in_no_file(void **state)
{
    struct rig *rig = *state;
    rig_add(rig, (struct gw_record){.kind = GW_RECORD_FACT,
                                    .fact = {.kind = "2026-11-02T00:00:00+08:00",
                                             .object = "lesson",
                                             .revision = 1}});
    store_flush(rig->store);
    assert_int_equal(waiting(rig), 0);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM outbox"), 1);
}

/* The second row of the same seq is refused: what the commit did before is undone. */
static void a_commit_that_fails_leaves_no_file(void **state)
{
    struct rig *rig = *state;
    tell(rig, "a", 1, "2026-11-02T00:00:00+08:00");
    store_flush(rig->store);
    (void)rig_number(rig, "CREATE TRIGGER full BEFORE UPDATE ON progress BEGIN"
                          " SELECT raise(ABORT, 'no'); END");
    end_month(rig, NOVEMBER + 1);
    assert_true(sealed_count >= 1);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM evidence_files"), 0);
    assert_int_equal(waiting(rig), 1);
    (void)rig_number(rig, "DROP TRIGGER full");
    for (int i = 0; i < 5000 && waiting(rig) > 0; i++)
        (void)poll(NULL, 0, 1);
    assert_int_equal(waiting(rig), 0);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM outbox WHERE kind = 3"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, rig_teardown)
        TEST(a_month_has_one_file_of_all_its_facts),
        TEST(a_restart_makes_no_second_file_and_keeps_the_chain),
        TEST(a_late_revision_stands_in_the_next_file_once),
        TEST(months_are_made_up_for_in_their_order),
        TEST(without_a_key_it_waits),
        TEST(evidence_of_a_moment_is_in_no_file),
        TEST(a_commit_that_fails_leaves_no_file),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
