/* lessons_test.c - the week's table, and what a day changes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>

#include <cmocka.h>

#include "base/clock.h"
#include "campus/entry.h"
#include "config_fixture.h"

static const char school[] =
    "timezone: Asia/Shanghai\n"
    "school: {nine_year: true, altitude: 1650, exercise_target: 120min}\n"
    "stages:\n"
    "  primary: {limit: 45, first_lesson: \"08:20\", lights_out: \"21:20\"}\n"
    "  junior: {limit: 50}\n"
    "places:\n"
    "  - {id: b1-203, kind: classroom, title: 教室, class: 2024-P-01}\n"
    "  - {id: b1-204, kind: classroom, title: 教室, class: 2024-P-02}\n"
    "  - {id: b2-101, kind: classroom, title: 教室, class: 2024-J-01}\n"
    "  - {id: music-room, kind: special_room, title: 音乐教室}\n"
    "  - {id: ground, kind: sports_ground, title: 运动场}\n"
    "classes:\n"
    "  - {id: 2024-P-01, title: 三年级(1)班, stage: primary, enrolled: 45}\n"
    "  - {id: 2024-P-02, title: 三年级(2)班, stage: primary, enrolled: 44}\n"
    "  - {id: 2024-J-01, title: 七年级(1)班, stage: junior, enrolled: 50}\n"
    "subjects:\n"
    "  - {id: chinese, title: {zh: 语文, en: Chinese}, also: [语]}\n"
    "  - {id: math, title: 数学}\n"
    "  - {id: pe, title: 体育, kind: outdoor, place: ground}\n"
    "  - {id: music, title: 音乐, kind: special, place: music-room}\n"
    "bells:\n"
    "  primary:\n"
    "    - {phase: lesson, start: \"08:20\", end: \"09:00\"}\n"
    "    - {phase: lesson, start: \"09:15\", end: \"09:55\"}\n"
    "    - {phase: lesson, start: \"10:30\", end: \"11:10\"}\n"
    "  junior:\n"
    "    - {phase: lesson, start: \"08:00\", end: \"08:40\"}\n"
    "seasons:\n"
    "  - id: summer\n"
    "    dates: 05-01..09-30\n"
    "    bells:\n"
    "      primary:\n"
    "        - {phase: lesson, start: \"08:30\", end: \"09:10\"}\n"
    "        - {phase: lesson, start: \"09:25\", end: \"10:05\"}\n"
    "        - {phase: lesson, start: \"10:40\", end: \"11:20\"}\n"
    "calendar:\n"
    "  terms: [2026-09-01..2027-01-15, 2027-03-01..2027-07-09]\n"
    "  holidays: [2026-10-01..2026-10-07]\n"
    "  make_up: [2026-10-10: 周五, 2026-10-17]\n"
    "  exams: [2026-11-24]\n";

static const char sheet[] = "班级,周一1,周一2,周一3,周二1,周五1,周五2\n"
                            "三年级（1）班,语文,体育,音乐,数学,数学/语,-\n"
                            "2024-P-02,数学,数学@music-room,体育,语文,语文,数学\n";

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    if (!f)
        return -1;
    fixture_open(f);
    fixture_put(f, "campus.yaml", school);
    fixture_put(f, "timetable.csv", sheet);
    fixture_put(f, "devices.d/b1.yaml", "buses:\ndevices:\n");
    fixture_load(f);
    config_faults_print(f->faults, stderr);
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

/* what_is - the subjects of @class_id on the day of @time, "chinese pe music". */
static const char *what_is(const struct gw_campus *c, const char *class_id,
                           const char *time)
{
    static char text[200];
    struct gw_lesson lessons[8];
    size_t count = gw_campus_lessons(c, class_id, at(time), lessons, 8);
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%u %s%s",
                                 i > 0 ? ", " : "", (unsigned)lessons[i].number,
                                 lessons[i].subject ? lessons[i].subject : "?",
                                 lessons[i].is_changed ? "*" : "");
    return text;
}

static int enter(const struct gw_campus *c, const char *text, const char *time,
                 struct gw_error *err)
{
    struct campus_entry entry;
    struct entry_days days;
    json_t *object = json_loads(text, 0, NULL);
    assert_non_null(object);
    int r = entry_read(object, NULL, &entry, err);
    if (r == 0)
        r = campus_enter(c, &entry, at(time), &days, err);
    json_decref(object);
    return r;
}

static void done(const struct gw_campus *c, const char *text, const char *time)
{
    struct gw_error err = {0};
    int r = enter(c, text, time, &err);
    if (r < 0)
        print_error("%s: %s\n", text, err.text);
    assert_int_equal(r, 0);
}

static void refused(const struct gw_campus *c, const char *text, const char *says)
{
    struct gw_error err = {0};
    assert_true(enter(c, text, "2026-11-23T08:30:00+08:00", &err) < 0);
    if (!strstr(err.text, says))
        print_error("%s: %s\n", text, err.text);
    assert_non_null(strstr(err.text, says));
}

static void a_day_has_the_lessons_of_its_weekday(void **state)
{
    const struct gw_campus *c = campus(state);
    assert_string_equal(what_is(c, "2024-P-01", "2026-11-23T12:00:00+08:00"),
                        "1 chinese, 2 pe, 3 music");
    assert_string_equal(what_is(c, "2024-P-01", "2026-11-17T12:00:00+08:00"), "1 math");
    assert_string_equal(what_is(c, "2024-P-01", "2026-11-18T12:00:00+08:00"), "");
    assert_string_equal(what_is(c, "2024-P-01", "2026-11-22T12:00:00+08:00"), "");
    assert_string_equal(what_is(c, "no-such", "2026-11-23T12:00:00+08:00"), "");
}

static void a_lesson_tells_where_it_is_and_what_kind(void **state)
{
    const struct gw_campus *c = campus(state);
    struct gw_lesson lesson;
    assert_true(
        gw_campus_lesson(c, "2024-P-01", at("2026-11-23T09:15:00+08:00"), &lesson));
    assert_string_equal(lesson.subject, "pe");
    assert_int_equal(lesson.subject_kind, GW_SUBJECT_OUTDOOR);
    assert_string_equal(lesson.place_id, "ground");
    assert_int_equal(lesson.end_us, at("2026-11-23T09:55:00+08:00"));
    assert_false(
        gw_campus_lesson(c, "2024-P-01", at("2026-11-23T09:55:00+08:00"), &lesson));
    assert_true(
        gw_campus_lesson(c, "2024-P-01", at("2026-11-23T08:20:00+08:00"), &lesson));
    assert_string_equal(lesson.place_id, "b1-203");
}

static void a_room_knows_its_guests(void **state)
{
    const struct gw_campus *c = campus(state);
    struct gw_lesson lesson;
    assert_true(
        gw_campus_taught(c, "music-room", at("2026-11-23T09:20:00+08:00"), &lesson));
    assert_string_equal(lesson.class_id, "2024-P-02");
    assert_string_equal(lesson.subject, "math");
    assert_false(gw_campus_taught(c, "b1-204", at("2026-11-23T09:20:00+08:00"), &lesson));
    assert_true(gw_campus_taught(c, "b1-203", at("2026-11-23T08:20:00+08:00"), &lesson));
    assert_string_equal(lesson.class_id, "2024-P-01");
}

static void a_class_without_a_timetable_is_in_its_own_room(void **state)
{
    const struct gw_campus *c = campus(state);
    struct gw_lesson lesson;
    assert_true(
        gw_campus_lesson(c, "2024-J-01", at("2026-11-23T08:10:00+08:00"), &lesson));
    assert_null(lesson.subject);
    assert_string_equal(lesson.place_id, "b2-101");
}

static void odd_and_even_weeks_are_counted_from_the_terms_first(void **state)
{
    const struct gw_campus *c = campus(state);
    /* the term begins on a Tuesday: 2026-09-04 is in week 1, 2026-09-11 in week 2 */
    assert_string_equal(what_is(c, "2024-P-01", "2026-09-04T12:00:00+08:00"), "1 math");
    assert_string_equal(what_is(c, "2024-P-01", "2026-09-11T12:00:00+08:00"),
                        "1 chinese");
}

static void a_make_up_day_is_taught_as_the_weekday_it_stands_for(void **state)
{
    const struct gw_campus *c = campus(state);
    /* Saturday of week 6, an even one, as a Friday; the next one says no weekday */
    assert_string_equal(what_is(c, "2024-P-02", "2026-10-10T12:00:00+08:00"),
                        "1 chinese, 2 math");
    assert_string_equal(what_is(c, "2024-P-02", "2026-10-17T12:00:00+08:00"), "");
    assert_int_equal(gw_campus_day(c, at("2026-10-17T12:00:00+08:00")), GW_DAY_MAKE_UP);
    assert_int_equal(
        gw_campus_phase(c, "2024-P-02", at("2026-10-17T08:30:00+08:00")).kind,
        GW_PHASE_LESSON);
}

static void on_a_day_of_examinations_nothing_is_known_to_be_taught(void **state)
{
    assert_string_equal(what_is(campus(state), "2024-P-01", "2026-11-24T12:00:00+08:00"),
                        "");
}

static void outside_of_the_terms_is_one_holiday(void **state)
{
    const struct gw_campus *c = campus(state);
    struct gw_phase phase =
        gw_campus_phase(c, "2024-P-01", at("2027-02-03T10:00:00+08:00"));
    assert_int_equal(gw_campus_day(c, at("2027-02-03T10:00:00+08:00")), GW_DAY_HOLIDAY);
    assert_int_equal(phase.kind, GW_PHASE_HOLIDAY);
    assert_int_equal(phase.start_us, at("2027-01-16T00:00:00+08:00"));
    assert_int_equal(phase.end_us, at("2027-03-01T00:00:00+08:00"));
    assert_int_equal(gw_campus_day(c, at("2027-08-02T10:00:00+08:00")), GW_DAY_HOLIDAY);
    assert_int_equal(gw_campus_day(c, at("2027-07-09T10:00:00+08:00")), GW_DAY_SCHOOL);
}

static void a_season_has_its_own_bells(void **state)
{
    const struct gw_campus *c = campus(state);
    struct gw_lesson lessons[4];
    assert_int_equal(
        gw_campus_lessons(c, "2024-P-01", at("2026-09-28T12:00:00+08:00"), lessons, 4),
        3);
    assert_int_equal(lessons[0].start_us, at("2026-09-28T08:30:00+08:00"));
    assert_int_equal(
        gw_campus_lessons(c, "2024-P-01", at("2026-10-12T12:00:00+08:00"), lessons, 4),
        3);
    assert_int_equal(lessons[0].start_us, at("2026-10-12T08:20:00+08:00"));
    /* the junior stage keeps its bells */
    assert_int_equal(
        gw_campus_phase(c, "2024-J-01", at("2026-09-28T08:10:00+08:00")).kind,
        GW_PHASE_LESSON);
}

static void the_phases_of_a_day_cover_it(void **state)
{
    const struct gw_campus *c = campus(state);
    struct gw_phase phases[12];
    int64_t noon_us = at("2026-11-23T12:00:00+08:00");
    size_t count = gw_campus_phases(c, "2024-P-01", noon_us, phases, 12);
    assert_int_equal(count, 7); /* closed, 3 lessons, 2 recesses, closed */
    assert_true(phases[0].start_us <= gw_campus_midnight(c, noon_us));
    for (size_t i = 1; i < count; i++)
        assert_int_equal(phases[i].start_us, phases[i - 1].end_us);
    assert_true(phases[count - 1].end_us >= at("2026-11-24T00:00:00+08:00"));
    assert_int_equal(gw_campus_phases(c, "2024-P-01", noon_us, phases, 2), 7);
}

static void the_schools_figures_are_told(void **state)
{
    const struct gw_school *s = gw_campus_school(campus(state));
    assert_true(s->is_nine_year);
    assert_int_equal(s->enrolled, 139);
    assert_int_equal(s->exercise_min, 120);
    assert_int_equal(s->first_lesson_s[GW_PRIMARY], 8 * 3600 + 20 * 60);
    assert_int_equal(s->lights_out_s[GW_JUNIOR], -1);
    assert_true(s->pressure_hpa > 829 && s->pressure_hpa < 832);
}

static void two_lessons_are_swapped_and_swapped_back(void **state)
{
    const struct gw_campus *c = campus(state);
    static const char swap[] =
        "{\"do\":\"swap-lesson\",\"class\":\"三年级(1)班\",\"lesson\":1,\"with\":3}";
    done(c, swap, "2026-11-23T07:00:00+08:00");
    assert_string_equal(what_is(c, "2024-P-01", "2026-11-23T12:00:00+08:00"),
                        "1 music*, 2 pe, 3 chinese*");
    struct gw_lesson lesson;
    assert_true(
        gw_campus_taught(c, "music-room", at("2026-11-23T08:30:00+08:00"), &lesson));
    assert_string_equal(lesson.class_id, "2024-P-01");
    done(c, swap, "2026-11-23T07:00:00+08:00");
    assert_string_equal(what_is(c, "2024-P-01", "2026-11-23T12:00:00+08:00"),
                        "1 chinese, 2 pe, 3 music");
}

static void lessons_that_were_exchanged_on_and_on_are_taken_back_together(void **state)
{
    const struct gw_campus *c = campus(state);
    static const char now[] = "2026-11-23T07:00:00+08:00";
    static const char monday[] = "2026-11-23T12:00:00+08:00";
    static const char tuesday[] = "2026-12-01T12:00:00+08:00";
    assert_string_equal(what_is(c, "2024-P-01", tuesday), "1 math");
    done(c,
         "{\"do\":\"swap-lesson\",\"class\":\"2024-P-01\",\"lesson\":1,\"with\":1,"
         "\"with_day\":\"2026-12-01\"}",
         now);
    done(c, "{\"do\":\"swap-lesson\",\"class\":\"2024-P-01\",\"lesson\":1,\"with\":3}",
         now);
    assert_string_equal(what_is(c, "2024-P-01", monday), "1 music*, 2 pe, 3 math*");
    assert_string_equal(what_is(c, "2024-P-01", tuesday), "1 chinese*");
    done(c,
         "{\"do\":\"swap-lesson\",\"class\":\"2024-P-01\",\"day\":\"2026-12-01\","
         "\"lesson\":1,\"undo\":true}",
         now);
    assert_string_equal(what_is(c, "2024-P-01", monday), "1 chinese, 2 pe, 3 music");
    assert_string_equal(what_is(c, "2024-P-01", tuesday), "1 math");
}

static void a_lesson_is_given_to_another_subject_and_taken_back(void **state)
{
    const struct gw_campus *c = campus(state);
    done(c,
         "{\"do\":\"swap-lesson\",\"class\":\"2024-P-01\",\"day\":\"2026-11-30\","
         "\"lesson\":2,\"subject\":\"数学\",\"place\":\"b1-204\"}",
         "2026-11-23T07:00:00+08:00");
    struct gw_lesson lesson;
    assert_true(gw_campus_taught(c, "b1-204", at("2026-11-30T09:20:00+08:00"), &lesson));
    assert_string_equal(lesson.subject, "math");
    assert_true(lesson.is_changed);
    done(c,
         "{\"do\":\"swap-lesson\",\"class\":\"2024-P-01\",\"day\":\"2026-11-30\","
         "\"lesson\":2,\"undo\":true}",
         "2026-11-23T07:00:00+08:00");
    assert_string_equal(what_is(c, "2024-P-01", "2026-11-30T12:00:00+08:00"),
                        "1 chinese, 2 pe, 3 music");
}

static void leave_and_attendance_are_numbers_of_a_day(void **state)
{
    const struct gw_campus *c = campus(state);
    static const char now[] = "2026-11-23T08:40:00+08:00";
    assert_true(isnan(gw_campus_class_day(c, "2024-P-01", at(now)).leave));
    done(c, "{\"do\":\"leave\",\"class\":\"2024-P-01\",\"count\":2}", now);
    done(c, "{\"do\":\"attendance\",\"class\":\"2024-P-01\",\"count\":43}", now);
    struct gw_class_day day = gw_campus_class_day(c, "2024-P-01", at(now));
    assert_true(day.leave == 2 && day.entered == 43);
    assert_true(isnan(
        gw_campus_class_day(c, "2024-P-01", at("2026-11-25T08:40:00+08:00")).leave));
    done(c, "{\"do\":\"leave\",\"class\":\"2024-P-01\",\"undo\":true}", now);
    day = gw_campus_class_day(c, "2024-P-01", at(now));
    assert_true(isnan(day.leave) && day.entered == 43);
}

static void rain_exempts_from_then_until_it_ends(void **state)
{
    const struct gw_campus *c = campus(state);
    done(c, "{\"do\":\"exempt\",\"reason\":\"rain\"}", "2026-11-23T09:50:00+08:00");
    done(c, "{\"do\":\"exempt\",\"reason\":\"pollution\",\"from\":\"10:00\"}",
         "2026-11-23T09:50:00+08:00");
    assert_int_equal(gw_campus_exempt(c, at("2026-11-23T09:49:59+08:00")), 0);
    assert_int_equal(gw_campus_exempt(c, at("2026-11-23T09:50:00+08:00")),
                     GW_EXEMPT_RAIN);
    assert_int_equal(gw_campus_exempt(c, at("2026-11-23T10:00:00+08:00")),
                     GW_EXEMPT_RAIN | GW_EXEMPT_POLLUTION);
    done(c, "{\"do\":\"exempt\",\"reason\":\"rain\",\"undo\":true}",
         "2026-11-23T11:00:00+08:00");
    assert_int_equal(gw_campus_exempt(c, at("2026-11-23T10:59:59+08:00")),
                     GW_EXEMPT_RAIN | GW_EXEMPT_POLLUTION);
    assert_int_equal(gw_campus_exempt(c, at("2026-11-23T11:00:00+08:00")),
                     GW_EXEMPT_POLLUTION);
    assert_int_equal(gw_campus_exempt(c, at("2026-11-24T00:00:00+08:00")), 0);
}

/* What is measured, and what people say against it, come back as they were. */
static void people_refuse_what_is_measured(void **state)
{
    const struct gw_campus *c = campus(state);
    struct day_book *book = campus_book(c);
    int64_t day = at("2026-11-23T00:00:00Z") / INT64_C(86400000000);
    const struct day_exemption rain = {GW_EXEMPT_RAIN, 36000, 86400, "OD-01@ground"};
    const struct day_exemption later = {GW_EXEMPT_RAIN, 43200, 86400, "OD-01@ground"};
    int r = 0;
    assert_int_equal(day_book_measured(book, day, &rain), 1);
    assert_int_equal(day_book_measured(book, day, &later), 0); /* it runs */
    done(c, "{\"do\":\"exempt\",\"reason\":\"rain\",\"undo\":true}",
         "2026-11-23T11:00:00+08:00");
    assert_int_equal(day_book_measured(book, day, &later), 0); /* refused */
    assert_int_equal(day_book_exempt(book, day, 39599), GW_EXEMPT_RAIN);
    assert_int_equal(day_book_exempt(book, day, 39600), 0);
    char *kept = day_book_text(book, day, &r);
    assert_int_equal(r, 0);
    assert_non_null(strstr(kept, "exempt 1 36000 39600 OD-01@ground\n"));
    assert_non_null(strstr(kept, "refuse 1 39600 86400\n"));
    assert_int_equal(day_book_restore(book, day, kept, strlen(kept)), 0);
    assert_int_equal(day_book_measured(book, day, &later), 0);
    free(kept);
    done(c, "{\"do\":\"exempt\",\"reason\":\"rain\"}", "2026-11-23T12:00:00+08:00");
    assert_int_equal(day_book_exempt(book, day, 43200), GW_EXEMPT_RAIN);
}

static void an_entry_that_cannot_be_says_what_can(void **state)
{
    const struct gw_campus *c = campus(state);
    refused(c, "{\"do\":\"leave\",\"class\":\"2024-P-01\",\"count\":46}", "0 .. 45");
    refused(c, "{\"do\":\"leave\",\"class\":\"2024-P-01\",\"count\":1.5}",
            "whole number");
    refused(c, "{\"do\":\"leave\",\"class\":\"nobody\",\"count\":1}",
            "no class 'nobody'");
    refused(c, "{\"do\":\"leave\",\"class\":\"2024-P-01\"}", "count is missing");
    refused(c, "{\"do\":\"leave\",\"class\":\"2024-P-01\",\"name\":\"张三\",\"count\":1}",
            "'name' does not belong");
    refused(c, "{\"do\":\"swap-lesson\",\"class\":\"2024-P-01\",\"lesson\":4,\"with\":1}",
            "1 .. 3");
    refused(c, "{\"do\":\"swap-lesson\",\"class\":\"2024-J-01\",\"lesson\":1,\"with\":1}",
            "needs a timetable");
    refused(c,
            "{\"do\":\"attendance\",\"class\":\"2024-P-01\",\"day\":\"2026-11-22\","
            "\"count\":3}",
            "no school day");
    refused(c,
            "{\"do\":\"attendance\",\"class\":\"2024-P-01\",\"day\":\"2026-09-01\","
            "\"count\":3}",
            "too far");
    refused(c, "{\"do\":\"exempt\",\"reason\":\"snow\"}", "rain, pollution");
}

static void an_exchange_of_nothing_is_refused(void **state)
{
    const struct gw_campus *c = campus(state);
    refused(c, "{\"do\":\"swap-lesson\",\"class\":\"2024-P-01\",\"lesson\":1,\"with\":1}",
            "lesson 1 would be exchanged with itself (allowed: another lesson, or "
            "with_day)");
    refused(c,
            "{\"do\":\"swap-lesson\",\"class\":\"2024-P-01\",\"day\":\"2026-11-25\","
            "\"lesson\":1,\"with\":2}",
            "is taught nothing in lesson 1 and nothing in what it is exchanged with");
}

static void a_kept_day_comes_back_as_it_was(void **state)
{
    const struct gw_campus *c = campus(state);
    int64_t day = at("2026-11-23T00:00:00Z") / INT64_C(86400000000);
    int r = 0;
    struct day_book *other = NULL;
    done(c, "{\"do\":\"leave\",\"class\":\"2024-P-01\",\"count\":2}",
         "2026-11-23T08:40:00+08:00");
    done(c,
         "{\"do\":\"swap-lesson\",\"class\":\"2024-P-01\",\"lesson\":2,"
         "\"subject\":\"-\"}",
         "2026-11-23T08:40:00+08:00");
    done(c, "{\"do\":\"exempt\",\"reason\":\"rain\",\"until\":\"12:00\"}",
         "2026-11-23T08:40:00+08:00");
    char *kept = day_book_text(campus_book(c), day, &r);
    assert_int_equal(r, 0);
    assert_string_equal(kept, "1\nclass 2024-P-01 2 -1\nlesson 2024-P-01 2 - -\n"
                              "exempt 1 31200 43200\n");
    assert_int_equal(day_book_new(&other), 0);
    assert_int_equal(day_book_restore(other, day, kept, strlen(kept)), 0);
    char *again = day_book_text(other, day, &r);
    assert_string_equal(again, kept);
    static const char bad[] = "1\nclass 2024-P-01 2 -1\nclass 2024-P-02 x 1\n";
    assert_int_equal(day_book_restore(other, day + 1, bad, sizeof(bad) - 1), -EINVAL);
    assert_null(day_book_text(other, day + 1, &r)); /* nothing of it was taken */
    free(kept);
    free(again);
    other = day_book_free(other);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_day_has_the_lessons_of_its_weekday),
        TEST(a_lesson_tells_where_it_is_and_what_kind),
        TEST(a_room_knows_its_guests),
        TEST(a_class_without_a_timetable_is_in_its_own_room),
        TEST(odd_and_even_weeks_are_counted_from_the_terms_first),
        TEST(a_make_up_day_is_taught_as_the_weekday_it_stands_for),
        TEST(on_a_day_of_examinations_nothing_is_known_to_be_taught),
        TEST(outside_of_the_terms_is_one_holiday),
        TEST(a_season_has_its_own_bells),
        TEST(the_phases_of_a_day_cover_it),
        TEST(the_schools_figures_are_told),
        TEST(two_lessons_are_swapped_and_swapped_back),
        TEST(lessons_that_were_exchanged_on_and_on_are_taken_back_together),
        TEST(an_exchange_of_nothing_is_refused),
        TEST(a_lesson_is_given_to_another_subject_and_taken_back),
        TEST(leave_and_attendance_are_numbers_of_a_day),
        TEST(rain_exempts_from_then_until_it_ends),
        TEST(people_refuse_what_is_measured),
        TEST(an_entry_that_cannot_be_says_what_can),
        TEST(a_kept_day_comes_back_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
