#include "plugin_rig.h"

static void assert_says(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is not in '%s'", part, text);
}

static void a_derived_point_joins_the_table(void **state)
{
    probes[0].derives[0] = "people";
    probes[0].derives[1] = "desk_lux.mean";
    assert_string_equal(start_host(*state), "");
    const struct point_entry *entry = point_table_named(points, "probe/desk_lux.mean");
    assert_non_null(entry);
    assert_string_equal(entry->metric->name, "desk_lux");
    assert_string_equal(entry->object, "probe");
    assert_null(entry->device);
    assert_string_equal(plugin_host_owner(((struct stage *)*state)->host, entry->id),
                        "first");
}

static void a_second_source_is_refused(void **state)
{
    probes[0].derives[0] = "people";
    probes[1].derives[0] = "people";
    assert_says(start_host(*state), "plugin 'second': 'probe/people' comes from plugin "
                                    "'first' already (one source a point)");
    assert_int_equal(probes[1].stops, 1);
    assert_int_equal(probes[0].stops, 0);
}

static void deriving_twice_is_refused(void **state)
{
    probes[0].derives[0] = "people";
    probes[0].derives[1] = "people";
    assert_says(start_host(*state), "comes from plugin 'first' already");
}

static void unknown_metrics_are_refused_all_at_once(void **state)
{
    static const char *const derives[] = {"happiness", "people", "luck.more"};
    memcpy(probes[0].derives, derives, sizeof(derives));
    assert_says(start_host(*state), "metrics.yaml lacks: 'happiness' (of "
                                    "probe/happiness), 'luck' (of probe/luck.more)");
}

static void deriving_is_for_the_start_only(void **state)
{
    struct stage *s = *state;
    probes[0].derives_late = true;
    assert_string_equal(start_host(s), "");
    plugin_host_minute(s->host, 60000000);
    assert_int_equal(probes[0].late_error, -EPERM);
    assert_says(probes[0].err.text, "'probe/people' is declared in start() only");
}

static void watching_oneself_is_a_loop(void **state)
{
    probes[0].derives[0] = "people";
    probes[0].watches[0] = "probe/people";
    assert_says(start_host(*state), "plugin 'first': 'probe/people' comes from plugin "
                                    "'first', which depends on this one (no loops)");
}

static void a_loop_over_another_plugin_is_refused(void **state)
{
    struct gw_error err = {0};
    probes[0].derives[0] = "people";
    probes[1].derives[0] = "occupancy";
    probes[1].watches[0] = "probe/people";
    assert_string_equal(start_host(*state), "");
    assert_int_equal(gw_watch(probes[0].host, probes[1].points[0], &err), -ELOOP);
    assert_says(err.text, "comes from plugin 'second', which depends on this one");
}

static void an_unknown_point_cannot_be_watched(void **state)
{
    probes[0].watches[0] = "nowhere/co2";
    assert_says(start_host(*state), "plugin 'first': cannot watch point 9999");
}

static void readings_reach_those_who_watch(void **state)
{
    struct stage *s = *state;
    probes[0].watches[0] = "b1-203/desk_lux";
    probes[0].derives[0] = "people";
    assert_string_equal(start_host(s), "");
    plugin_host_reading(s->host, &(struct gw_reading){.point = 100, .value = 21});
    assert_int_equal(probes[0].readings, 1);
    assert_int_equal(probes[1].readings, 0);
    assert_int_equal(published_count, 1);
    assert_int_equal(published[0].point, probes[0].points[0]);
    assert_int_equal(published[0].flags, GW_DERIVED);
    assert_true(published[0].value == 42);
}

static void a_published_nan_is_bad(void **state)
{
    probes[0].derives[0] = "people";
    assert_string_equal(start_host(*state), "");
    gw_publish(probes[0].host, probes[0].points[0], NAN, GW_GOOD, GW_REASON_NONE, 5);
    gw_publish(probes[0].host, probes[0].points[0], 3, GW_BAD, GW_REASON_DRIFT, 6);
    assert_int_equal(published[0].quality, GW_BAD);
    assert_int_equal(published[0].reason, GW_REASON_INPUT);
    assert_int_equal(published[1].reason, GW_REASON_DRIFT);
    assert_true(isnan(published[1].value));
}

static void nobody_publishes_the_points_of_others(void **state)
{
    probes[0].derives[0] = "people";
    assert_string_equal(start_host(*state), "");
    gw_publish(probes[1].host, probes[0].points[0], 1, GW_GOOD, GW_REASON_NONE, 5);
    gw_publish(probes[1].host, 100, 1, GW_GOOD, GW_REASON_NONE, 5);
    assert_int_equal(published_count, 0);
}

static void options_come_from_the_configuration(void **state)
{
    struct stage *s = *state;
    assert_string_equal(start_host(s), "");
    const struct instance *self = gw_host_options(probes[0].host);
    assert_int_equal(self->limit, 7);
    assert_ptr_equal(gw_host_campus(probes[0].host), s->rig->campus);
}

static void start_with(struct stage *s, const char *section)
{
    char path[96];
    char text[512];
    (void)snprintf(path, sizeof(path), "%s/gateway.yaml", s->folder.path);
    assert_int_equal(unlink(path), 0);
    (void)snprintf(text, sizeof(text),
                   "gateway: {id: gw}\n"
                   "school: {code: \"2153012345\", division: \"530502\", title: x, "
                   "stage: primary}\n%s",
                   section);
    rig_put_file(&s->folder, "gateway.yaml", text);
    rig_free(s->rig);
    s->rig = rig_load(s->folder.path, &rig_modules);
    s->rig->next_id = 200;
}

static void a_plugin_can_be_turned_off(void **state)
{
    start_with(*state,
               "plugins: {first: {enabled: false, limit: 8}, second: {limit: 9}}");
    assert_string_equal(start_host(*state), "");
    assert_int_equal(probes[0].starts, 0);
    const struct instance *self = gw_host_options(probes[1].host);
    assert_int_equal(self->limit, 9);
}

static void wrong_options_and_names_are_faults(void **state)
{
    start_with(*state, "plugins: {first: {limit: 0}, second: {colour: red}, third: {}}");
    const char *faults = start_host(*state);
    assert_says(faults, "plugins.first.limit");
    assert_says(faults, "plugins.second.colour");
    assert_says(faults, "unknown plugin 'third' (first, second)");
    assert_int_equal(probes[0].starts, 0);
}

static void kept_state_comes_back(void **state)
{
    struct stage *s = *state;
    double saved = 0;
    probes[0].watches[0] = "b1-203/desk_lux";
    probes[0].saves = true;
    assert_string_equal(start_host(s), "");
    plugin_host_reading(s->host, &(struct gw_reading){.point = 100, .value = 21});
    assert_int_equal(gw_state_load(probes[0].host, "key", &saved, sizeof(saved)), 8);
    assert_true(saved == 21);
    const struct rig_state *kept = &s->rig->states[0];
    assert_string_equal(kept->owner, "plugin/first");

    assert_int_equal(plugin_host_restore(s->host, "second", "key", "abc", 3), 0);
    assert_int_equal(plugin_host_restore(s->host, "third", "key", "abc", 3), -ENOENT);
    plugin_host_restored(s->host);
    assert_int_equal(probes[1].loaded_size, 3);
    assert_memory_equal(probes[1].loaded, "abc", 3);

    gw_state_save(probes[1].host, "key", NULL, 0);
    assert_int_equal(gw_state_load(probes[1].host, "key", &saved, sizeof(saved)), 0);
}

static void what_is_kept_at_the_end_comes_back(void **state)
{
    struct stage *s = *state;
    char kept[4] = {0};
    assert_string_equal(start_host(s), "");
    plugin_host_keep(s->host);
    assert_int_equal(probes[0].keeps, 1);
    assert_int_equal(probes[1].keeps, 1);
    assert_int_equal(gw_state_load(probes[0].host, "key", kept, sizeof(kept)), 4);
    assert_memory_equal(kept, "kept", 4);
    assert_memory_equal(s->rig->states[0].bytes, "kept", 4);
}

static void a_derived_point_may_follow_another_that_is_there(void **state)
{
    struct stage *s = *state;
    probes[0].derives[0] = "people";
    probes[0].follows = 100;
    assert_string_equal(start_host(s), "");
    assert_int_equal(point_table_named(points, "probe/people")->source, 100);
}

static void a_point_that_is_not_there_cannot_be_followed(void **state)
{
    probes[0].derives[0] = "people";
    probes[0].follows = 4711;
    assert_says(start_host(*state), "'probe/people' cannot follow point 4711");
}

static void a_fact_is_handed_on(void **state)
{
    assert_string_equal(start_host(*state), "");
    gw_fact(probes[0].host, &(struct gw_fact){.kind = "k", .object = "b1-203"});
    assert_int_equal(facts, 1);
}

static void a_points_width_is_told(void **state)
{
    struct gw_point_info found[2];
    assert_string_equal(start_host(*state), "");
    assert_int_equal(gw_points_of(probes[0].host, "b1-203", "desk_lux", found, 2), 1);
    assert_int_equal(found[0].id, 100);
    assert_string_equal(found[0].device, "d");
    assert_int_equal(found[0].width, 0);
    assert_int_equal(gw_points_of(probes[0].host, "b1-204", "desk_lux", found, 2), 0);
    assert_int_equal(gw_points_of(probes[0].host, NULL, "desk_lux", NULL, 0), 1);
}

/* Standard error goes to a file for the while. */
static void a_slow_call_is_named(void **state)
{
    struct stage *s = *state;
    char said[512] = {0};
    probes[0].watches[0] = "b1-203/desk_lux";
    probes[0].is_slow = true;
    assert_string_equal(start_host(s), "");
    FILE *file = tmpfile();
    assert_non_null(file);
    int saved = dup(STDERR_FILENO);
    assert_true(saved >= 0 && dup2(fileno(file), STDERR_FILENO) >= 0);
    clock_set(1000000, 1000000);
    plugin_host_reading(s->host, &(struct gw_reading){.point = 100, .value = 21});
    assert_true(dup2(saved, STDERR_FILENO) >= 0);
    (void)close(saved);
    rewind(file);
    assert_true(fread(said, 1, sizeof(said) - 1, file) > 0);
    (void)fclose(file);
    assert_says(said, "plugin 'first' held everything up for 5.0 ms");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_TEST(a_derived_point_joins_the_table),
        STAGE_TEST(a_second_source_is_refused),
        STAGE_TEST(deriving_twice_is_refused),
        STAGE_TEST(unknown_metrics_are_refused_all_at_once),
        STAGE_TEST(deriving_is_for_the_start_only),
        STAGE_TEST(watching_oneself_is_a_loop),
        STAGE_TEST(a_loop_over_another_plugin_is_refused),
        STAGE_TEST(an_unknown_point_cannot_be_watched),
        STAGE_TEST(readings_reach_those_who_watch),
        STAGE_TEST(a_published_nan_is_bad),
        STAGE_TEST(nobody_publishes_the_points_of_others),
        STAGE_TEST(options_come_from_the_configuration),
        STAGE_TEST(a_plugin_can_be_turned_off),
        STAGE_TEST(wrong_options_and_names_are_faults),
        STAGE_TEST(kept_state_comes_back),
        STAGE_TEST(what_is_kept_at_the_end_comes_back),
        STAGE_TEST(a_derived_point_may_follow_another_that_is_there),
        STAGE_TEST(a_point_that_is_not_there_cannot_be_followed),
        STAGE_TEST(a_fact_is_handed_on),
        STAGE_TEST(a_points_width_is_told),
        STAGE_TEST(a_slow_call_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
