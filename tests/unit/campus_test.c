#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "config_fixture.h"

static const char school[] =
    "timezone: Asia/Shanghai\n"
    "stages: {primary: {limit: 45}, junior: {limit: 50}}\n"
    "places:\n"
    "  - {id: b1-203, kind: classroom, title: 教室, class: 2024-P-01, tags: [north]}\n"
    "  - {id: b2-101, kind: classroom, title: 教室, class: 2024-J-01}\n"
    "  - {id: gate, kind: gate, title: {zh: 门, en: Gate}}\n"
    "  - {id: lab, kind: laboratory, title: 实验室, stage: junior}\n"
    "classes:\n"
    "  - {id: 2024-P-01, stage: primary, enrolled: 47}\n"
    "  - {id: 2024-J-01, stage: junior, enrolled: 50, staff: 2, limit: 55}\n"
    "bells:\n"
    "  primary:\n"
    "    - {phase: lesson, start: \"08:25\", end: \"09:05\"}\n"
    "    - {phase: lesson, start: \"09:20\", end: \"10:00\"}\n"
    "    - {phase: long_recess, start: \"10:00\", end: \"10:30\"}\n"
    "    - {phase: lesson, start: \"10:30\", end: \"11:10\"}\n"
    "    - {phase: lunch, start: \"11:10\", end: \"14:20\"}\n"
    "    - {phase: lesson, start: \"14:20\", end: \"15:00\"}\n"
    "    - {phase: after_school, start: \"15:30\", end: \"17:40\"}\n"
    "  junior:\n"
    "    - {phase: lesson, start: \"08:00\", end: \"08:45\"}\n"
    "    - {phase: boarding_night, start: \"22:00\", end: \"06:30\"}\n"
    "calendar:\n"
    "  holidays: [2026-10-01..2026-10-07, 2027-01-16..2027-02-28]\n"
    "  make_up: [2026-10-10, 2026-12-12..2026-12-13]\n"
    "  exams: [2026-11-24, 2026-12-10..2026-12-12]\n";

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    if (!f)
        return -1;
    fixture_open(f);
    fixture_put(f, "campus.yaml", school);
    fixture_put(f, "devices.d/b1.yaml", "buses:\ndevices:\n");
    fixture_load(f);
    assert_int_equal(config_faults_errors(f->faults), 0);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture_close(*state);
    free(*state);
    return 0;
}

static const struct gw_campus *campus(void **state)
{
    return ((struct fixture *)*state)->campus;
}

static int64_t at(const char *text)
{
    int64_t us = 0;
    assert_int_equal(clock_parse(text, &us), 0);
    return us;
}

static void assert_phase(const struct gw_campus *c, const char *object, const char *time,
                         enum gw_phase_kind kind, const char *start, const char *end)
{
    struct gw_phase phase = gw_campus_phase(c, object, at(time));
    assert_string_equal(gw_phase_name(phase.kind), gw_phase_name(kind));
    assert_int_equal(phase.start_us, at(start));
    assert_int_equal(phase.end_us, at(end));
}

static void a_lesson_begins_with_its_second(void **state)
{
    const struct gw_campus *c = campus(state);
    assert_phase(c, NULL, "2026-11-25T08:24:59+08:00", GW_PHASE_CLOSED,
                 "2026-11-24T17:40:00+08:00", "2026-11-25T08:25:00+08:00");
    assert_phase(c, NULL, "2026-11-25T08:25:00+08:00", GW_PHASE_LESSON,
                 "2026-11-25T08:25:00+08:00", "2026-11-25T09:05:00+08:00");
    assert_phase(c, NULL, "2026-11-25T09:04:59.999+08:00", GW_PHASE_LESSON,
                 "2026-11-25T08:25:00+08:00", "2026-11-25T09:05:00+08:00");
}

static void a_gap_between_lessons_is_recess_and_any_other_is_closed(void **state)
{
    const struct gw_campus *c = campus(state);
    assert_phase(c, NULL, "2026-11-25T09:10:00+08:00", GW_PHASE_RECESS,
                 "2026-11-25T09:05:00+08:00", "2026-11-25T09:20:00+08:00");
    assert_phase(c, NULL, "2026-11-25T10:29:59+08:00", GW_PHASE_LONG_RECESS,
                 "2026-11-25T10:00:00+08:00", "2026-11-25T10:30:00+08:00");
    assert_phase(c, NULL, "2026-11-25T15:10:00+08:00", GW_PHASE_CLOSED,
                 "2026-11-25T15:00:00+08:00", "2026-11-25T15:30:00+08:00");
    assert_phase(c, NULL, "2026-11-25T17:30:00+08:00", GW_PHASE_AFTER_SCHOOL,
                 "2026-11-25T15:30:00+08:00", "2026-11-25T17:40:00+08:00");
}

static void lessons_are_numbered_through_the_day(void **state)
{
    const struct gw_campus *c = campus(state);
    assert_int_equal(gw_campus_phase(c, NULL, at("2026-11-25T08:30:00+08:00")).lesson, 1);
    assert_int_equal(gw_campus_phase(c, NULL, at("2026-11-25T10:30:00+08:00")).lesson, 3);
    assert_int_equal(gw_campus_phase(c, NULL, at("2026-11-25T14:59:00+08:00")).lesson, 4);
    assert_int_equal(gw_campus_phase(c, NULL, at("2026-11-25T12:00:00+08:00")).lesson, 0);
}

static void midnight_is_no_change_of_a_closed_school(void **state)
{
    const struct gw_campus *c = campus(state);
    assert_phase(c, NULL, "2026-11-25T23:59:59+08:00", GW_PHASE_CLOSED,
                 "2026-11-25T17:40:00+08:00", "2026-11-26T08:25:00+08:00");
    assert_phase(c, NULL, "2026-11-26T00:00:00+08:00", GW_PHASE_CLOSED,
                 "2026-11-25T17:40:00+08:00", "2026-11-26T08:25:00+08:00");
    /* over a weekend, Friday to Monday */
    assert_phase(c, NULL, "2026-11-28T10:00:00+08:00", GW_PHASE_CLOSED,
                 "2026-11-27T17:40:00+08:00", "2026-11-30T08:25:00+08:00");
}

static void a_make_up_saturday_has_lessons(void **state)
{
    const struct gw_campus *c = campus(state);
    assert_int_equal(gw_campus_day(c, at("2026-10-10T10:40:00+08:00")), GW_DAY_MAKE_UP);
    assert_phase(c, NULL, "2026-10-10T08:25:00+08:00", GW_PHASE_LESSON,
                 "2026-10-10T08:25:00+08:00", "2026-10-10T09:05:00+08:00");
    assert_int_equal(gw_campus_day(c, at("2026-10-17T10:40:00+08:00")), GW_DAY_WEEKEND);
    assert_phase(c, NULL, "2026-10-17T08:25:00+08:00", GW_PHASE_CLOSED,
                 "2026-10-16T17:40:00+08:00", "2026-10-19T08:25:00+08:00");
}

/* Lessons from 08:25, after-school service to 17:40; juniors' only lesson from 08:00 to
 * 08:45, and a night at school. */
static void pupils_come_to_the_first_lesson_and_go_after_the_last_one(void **state)
{
    static const struct {
        const char *object;
        const char *time;
        bool is_rush;
    } cases[] = {
        {NULL, "2026-11-25T08:04:59+08:00", false},
        {NULL, "2026-11-25T08:05:00+08:00", true},
        {NULL, "2026-11-25T08:24:59+08:00", true},
        {NULL, "2026-11-25T08:25:00+08:00", false},
        {NULL, "2026-11-25T15:10:00+08:00", false},
        {NULL, "2026-11-25T17:39:59+08:00", false},
        {NULL, "2026-11-25T17:40:00+08:00", true},
        {NULL, "2026-11-25T18:09:59+08:00", true},
        {NULL, "2026-11-25T18:10:00+08:00", false},
        {NULL, "2026-11-28T08:05:00+08:00", false}, /* a Saturday */
        {"b2-101", "2026-11-25T07:40:00+08:00", true},
        {"b2-101", "2026-11-25T08:45:00+08:00", true},
        {"b2-101", "2026-11-25T21:59:00+08:00", false},
        {"b2-101", "2026-11-26T06:29:00+08:00", false},
    };
    const int64_t minute_us = 60000000;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (gw_campus_rush(campus(state), cases[i].object, at(cases[i].time),
                           20 * minute_us, 30 * minute_us)
            != cases[i].is_rush)
            fail_msg("%s", cases[i].time);
}

static void a_holiday_is_one_phase_from_its_first_midnight_to_its_last(void **state)
{
    const struct gw_campus *c = campus(state);
    assert_int_equal(gw_campus_day(c, at("2026-10-01T00:00:00+08:00")), GW_DAY_HOLIDAY);
    assert_int_equal(gw_campus_day(c, at("2026-10-07T23:59:59+08:00")), GW_DAY_HOLIDAY);
    assert_int_equal(gw_campus_day(c, at("2026-10-08T00:00:00+08:00")), GW_DAY_SCHOOL);
    assert_phase(c, NULL, "2026-10-03T08:25:00+08:00", GW_PHASE_HOLIDAY,
                 "2026-10-01T00:00:00+08:00", "2026-10-08T00:00:00+08:00");
    assert_phase(c, NULL, "2026-09-30T23:00:00+08:00", GW_PHASE_CLOSED,
                 "2026-09-30T17:40:00+08:00", "2026-10-01T00:00:00+08:00");
}

static void a_winter_holiday_of_44_days_is_one_phase(void **state)
{
    const struct gw_campus *c = campus(state);
    assert_phase(c, NULL, "2027-02-10T12:00:00+08:00", GW_PHASE_HOLIDAY,
                 "2027-01-16T00:00:00+08:00", "2027-03-01T00:00:00+08:00");
    /* Friday's night of the boarders reaches into its first day */
    assert_phase(c, "b2-101", "2027-01-16T06:00:00+08:00", GW_PHASE_BOARDING_NIGHT,
                 "2027-01-15T22:00:00+08:00", "2027-01-16T06:30:00+08:00");
    assert_phase(c, "b2-101", "2027-02-28T23:59:59+08:00", GW_PHASE_HOLIDAY,
                 "2027-01-16T06:30:00+08:00", "2027-03-01T00:00:00+08:00");
}

static void an_examination_day_has_its_bells(void **state)
{
    const struct gw_campus *c = campus(state);
    assert_int_equal(gw_campus_day(c, at("2026-11-24T10:00:00+08:00")), GW_DAY_EXAM);
    assert_int_equal(gw_campus_phase(c, NULL, at("2026-11-24T08:30:00+08:00")).kind,
                     GW_PHASE_LESSON);
}

static void an_examination_on_a_make_up_day_has_its_bells(void **state)
{
    const struct gw_campus *c = campus(state);
    assert_int_equal(gw_campus_day(c, at("2026-12-11T10:00:00+08:00")), GW_DAY_EXAM);
    assert_int_equal(gw_campus_day(c, at("2026-12-12T10:00:00+08:00")), GW_DAY_EXAM);
    assert_int_equal(gw_campus_phase(c, NULL, at("2026-12-12T08:30:00+08:00")).kind,
                     GW_PHASE_LESSON);
    assert_int_equal(gw_campus_day(c, at("2026-12-13T10:00:00+08:00")), GW_DAY_MAKE_UP);
    assert_int_equal(gw_campus_day(c, at("2026-12-19T10:00:00+08:00")), GW_DAY_WEEKEND);
}

static void a_boarding_night_goes_on_into_the_next_day(void **state)
{
    const struct gw_campus *c = campus(state);
    assert_phase(c, "b2-101", "2026-11-26T03:00:00+08:00", GW_PHASE_BOARDING_NIGHT,
                 "2026-11-25T22:00:00+08:00", "2026-11-26T06:30:00+08:00");
    assert_phase(c, "b2-101", "2026-11-26T06:30:00+08:00", GW_PHASE_CLOSED,
                 "2026-11-26T06:30:00+08:00", "2026-11-26T08:00:00+08:00");
    /* Friday's night ends on Saturday; no night follows it */
    assert_phase(c, "b2-101", "2026-11-28T06:00:00+08:00", GW_PHASE_BOARDING_NIGHT,
                 "2026-11-27T22:00:00+08:00", "2026-11-28T06:30:00+08:00");
    assert_phase(c, "b2-101", "2026-11-28T23:00:00+08:00", GW_PHASE_CLOSED,
                 "2026-11-28T06:30:00+08:00", "2026-11-30T08:00:00+08:00");
}

static void a_place_follows_its_classs_stage_and_others_the_schools(void **state)
{
    const struct gw_campus *c = campus(state);
    int64_t t = at("2026-11-25T08:10:00+08:00");
    assert_int_equal(gw_campus_phase(c, "b2-101", t).kind, GW_PHASE_LESSON);
    assert_int_equal(gw_campus_phase(c, "2024-J-01", t).kind, GW_PHASE_LESSON);
    assert_int_equal(gw_campus_phase(c, "b1-203", t).kind, GW_PHASE_CLOSED);
    assert_int_equal(gw_campus_phase(c, "gate", t).kind, GW_PHASE_CLOSED);
    assert_int_equal(gw_campus_phase(c, "lab", t).kind, GW_PHASE_LESSON);
    assert_int_equal(gw_campus_phase(c, "no-such-object", t).kind, GW_PHASE_CLOSED);
    assert_int_equal(gw_campus_stages(c), 1u << GW_PRIMARY | 1u << GW_JUNIOR);
    assert_int_equal(gw_campus_stage_phase(c, GW_JUNIOR, t).kind, GW_PHASE_LESSON);
}

static void the_next_change_is_the_earliest_of_all_stages(void **state)
{
    const struct gw_campus *c = campus(state);
    assert_int_equal(campus_next_change(c, at("2026-11-25T07:00:00+08:00")),
                     at("2026-11-25T08:00:00+08:00"));
    assert_int_equal(campus_next_change(c, at("2026-11-25T08:00:00+08:00")),
                     at("2026-11-25T08:25:00+08:00"));
    assert_int_equal(campus_next_change(c, at("2026-11-25T17:40:00+08:00")),
                     at("2026-11-25T22:00:00+08:00"));
}

static void phases_follow_each_other_without_a_gap(void **state)
{
    const struct gw_campus *c = campus(state);
    int64_t t = at("2026-09-25T00:00:00+08:00");
    int64_t end = at("2026-10-25T00:00:00+08:00");
    struct gw_phase before = gw_campus_phase(c, NULL, t - 1);
    while (t < end) {
        struct gw_phase phase = gw_campus_phase(c, NULL, t);
        assert_true(phase.start_us <= t && t < phase.end_us);
        assert_true(phase.start_us == before.end_us || phase.start_us == before.start_us);
        before = phase;
        t = phase.end_us;
    }
}

static void classes_take_the_stages_limit_and_know_their_room(void **state)
{
    const struct gw_campus *c = campus(state);
    const struct gw_class *primary = gw_campus_class(c, "2024-P-01");
    const struct gw_class *junior = gw_campus_class(c, "2024-J-01");
    size_t count = 0;

    assert_int_equal(primary->limit, 45);
    assert_int_equal(primary->staff, 1);
    assert_string_equal(primary->place_id, "b1-203");
    assert_int_equal(junior->limit, 55);
    assert_int_equal(junior->staff, 2);
    assert_string_equal(gw_stage_name(junior->stage), "junior");
    assert_ptr_equal(gw_campus_classes(c, &count), primary);
    assert_int_equal(count, 2);
    assert_null(gw_campus_class(c, "b1-203"));
}

static void places_stand_in_the_order_of_the_file(void **state)
{
    const struct gw_campus *c = campus(state);
    size_t count = 0;
    const struct gw_place *places = gw_campus_places(c, &count);

    assert_int_equal(count, 4);
    assert_string_equal(places[0].tags.items[0], "north");
    assert_string_equal(places[2].title.en, "Gate");
    assert_ptr_equal(gw_campus_place(c, "b2-101"), &places[1]);
    assert_null(gw_campus_place(c, "2024-P-01"));
}

static void local_time_and_midnight_are_the_schools(void **state)
{
    const struct gw_campus *c = campus(state);
    struct gw_local local = gw_campus_local(c, at("2026-11-22T16:20:30Z"));

    assert_int_equal(local.year, 2026);
    assert_int_equal(local.month, 11);
    assert_int_equal(local.day, 23);
    assert_int_equal(local.weekday, 1);
    assert_int_equal(local.hour, 0);
    assert_int_equal(local.minute, 20);
    assert_int_equal(local.second, 30);
    assert_int_equal(gw_campus_midnight(c, at("2026-11-22T16:20:30Z")),
                     at("2026-11-23T00:00:00+08:00"));
    assert_int_equal(campus_offset_s(c, 0), 8 * 3600);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lesson_begins_with_its_second),
        cmocka_unit_test(a_gap_between_lessons_is_recess_and_any_other_is_closed),
        cmocka_unit_test(lessons_are_numbered_through_the_day),
        cmocka_unit_test(midnight_is_no_change_of_a_closed_school),
        cmocka_unit_test(a_make_up_saturday_has_lessons),
        cmocka_unit_test(pupils_come_to_the_first_lesson_and_go_after_the_last_one),
        cmocka_unit_test(a_holiday_is_one_phase_from_its_first_midnight_to_its_last),
        cmocka_unit_test(a_winter_holiday_of_44_days_is_one_phase),
        cmocka_unit_test(an_examination_day_has_its_bells),
        cmocka_unit_test(an_examination_on_a_make_up_day_has_its_bells),
        cmocka_unit_test(a_boarding_night_goes_on_into_the_next_day),
        cmocka_unit_test(a_place_follows_its_classs_stage_and_others_the_schools),
        cmocka_unit_test(the_next_change_is_the_earliest_of_all_stages),
        cmocka_unit_test(phases_follow_each_other_without_a_gap),
        cmocka_unit_test(classes_take_the_stages_limit_and_know_their_room),
        cmocka_unit_test(places_stand_in_the_order_of_the_file),
        cmocka_unit_test(local_time_and_midnight_are_the_schools),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
