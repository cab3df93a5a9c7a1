/* Broken files beside the new one: how many stay, and a replacement that is cut. */
#include "broken_rig.h"

static void only_the_newest_broken_files_stay(void **state)
{
    struct rig *rig = *state;
    static const char zeros[100];
    char name[512];
    for (int i = 0; i < 6; i++) {
        clock_set(1, INT64_C(1767225600000000) + i * INT64_C(1000000));
        rig_open(rig);
        rig->store = store_close(rig->store);
        write_at(rig->path, zeros, sizeof(zeros), 0);
    }
    rig_open(rig);
    assert_int_equal(count_broken(rig, name, sizeof(name)), 3);
    (void)snprintf(name, sizeof(name), "%s.broken-20260101T000005Z", rig->path);
    assert_int_equal(access(name, F_OK), 0);
}

static void a_replacement_that_was_cut_is_finished(void **state)
{
    struct rig *rig = *state;
    char new_name[128];
    uint32_t id = 0;
    uint32_t again = 0;
    (void)snprintf(new_name, sizeof(new_name), "%s.new", rig->path);
    rig_open(rig);
    assert_int_equal(store_point_id(rig->store, "b1-203/co2", &id, NULL), 0);
    assert_int_equal(store_point_id(rig->store, "b1-203/noise", &id, NULL), 0);
    rig_run(rig);
    rig->store = store_close(rig->store);
    assert_int_equal(rename(rig->path, new_name), 0);
    rig_open(rig);
    assert_int_equal(store_point_id(rig->store, "b1-203/noise", &again, NULL), 0);
    assert_int_equal(again, id);
    rig->store = store_close(rig->store);
    copy_file(rig->path, new_name);
    assert_int_equal(truncate(new_name, 5000), 0);
    rig_open(rig);
    assert_int_equal(access(new_name, F_OK), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(only_the_newest_broken_files_stay),
        RIG_TEST(a_replacement_that_was_cut_is_finished),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
