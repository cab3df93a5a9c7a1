/* timetable_test.c - both forms of the table, and every slip with its cell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "config_fixture.h"

static const char school[] =
    "timezone: Asia/Shanghai\n"
    "stages: {primary: {limit: 45}}\n"
    "places:\n"
    "  - {id: b1-203, kind: classroom, title: 教室, class: 2024-P-01}\n"
    "  - {id: b1-204, kind: classroom, title: 教室, class: 2024-P-02}\n"
    "  - {id: music-room, kind: special_room, title: 音乐教室}\n"
    "  - {id: ground, kind: sports_ground, title: 运动场}\n"
    "classes:\n"
    "  - {id: 2024-P-01, title: 三年级一班, stage: primary, enrolled: 45}\n"
    "  - {id: 2024-P-02, title: 三年级二班, stage: primary, enrolled: 44}\n"
    "subjects:\n"
    "  - {id: chinese, title: 语文}\n"
    "  - {id: pe, title: 体育, kind: outdoor, place: ground}\n"
    "  - {id: music, title: 音乐, kind: special, place: music-room}\n"
    "bells:\n"
    "  primary:\n"
    "    - {phase: lesson, start: \"08:20\", end: \"09:00\"}\n"
    "    - {phase: lesson, start: \"09:15\", end: \"09:55\"}\n"
    "    - {phase: lesson, start: \"10:30\", end: \"11:10\"}\n";

struct table {
    struct fixture f;
    char *faults;
};

static struct table load(const char *csv)
{
    struct table t = {0};
    fixture_open(&t.f);
    fixture_put(&t.f, "campus.yaml", school);
    fixture_put(&t.f, "timetable.csv", csv);
    fixture_put(&t.f, "devices.d/b1.yaml", "buses:\ndevices:\n");
    fixture_load(&t.f);
    t.faults = fixture_faults(&t.f);
    return t;
}

static void done(struct table *t)
{
    free(t->faults);
    fixture_close(&t->f);
}

static void told(const char *csv, const char *says)
{
    struct table t = load(csv);
    if (strcmp(t.faults, says) != 0)
        print_error("table:\n%s\ntold:\n%s\nwanted:\n%s\n", csv, t.faults, says);
    assert_string_equal(t.faults, says);
    done(&t);
}

static const char *monday(const struct table *t, const char *class_id, char ret[80])
{
    struct gw_lesson lessons[4];
    int64_t us = 0;
    assert_int_equal(clock_parse("2026-11-23T12:00:00+08:00", &us), 0);
    size_t count = gw_campus_lessons(t->f.campus, class_id, us, lessons, 4);
    ret[0] = '\0';
    for (size_t i = 0; i < count; i++)
        (void)snprintf(ret + strlen(ret), 80 - strlen(ret), "%u:%s@%s ",
                       (unsigned)lessons[i].number, lessons[i].subject,
                       lessons[i].place_id);
    return ret;
}

static void the_forms_of_a_table_say_the_same(void **state)
{
    (void)state;
    static const char *const forms[] = {
        "班级,周一1,周一2,周一3\n三年级一班,语文,体育,音乐\n2024-P-02,音乐,语文,体育\n",
        "class;Mon 1;Mon 2;Mon "
        "3\n2024-p-01;Chinese;pe;music\n三年级二班;音乐;语文;体育\n",
        "班级,星期一,,\n,第1节,第2节,第三节\n三年级一班,语文,体育,音乐\n"
        "三年级二班,音乐,语文,体育\n",
        "班级,星期,节次,科目\n三年级一班,周一,1,语文\n三年级一班,周一,2,体育\n"
        "三年级一班,1,3,音乐\n三年级二班,星期一,第1节,音乐\n三年级二班,monday,2,语文\n"
        "三年级二班,周一,3,体育\n"};
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        char text[80];
        struct table t = load(forms[i]);
        if (i != 1)
            assert_string_equal(t.faults, "");
        if (i != 1) {
            assert_string_equal(monday(&t, "2024-P-01", text),
                                "1:chinese@b1-203 2:pe@ground 3:music@music-room ");
            assert_string_equal(monday(&t, "2024-P-02", text),
                                "1:music@music-room 2:chinese@b1-204 3:pe@ground ");
        } else {
            assert_string_equal(monday(&t, "2024-P-02", text),
                                "1:music@music-room 2:chinese@b1-204 3:pe@ground ");
        }
        done(&t);
    }
}

static void what_stands_under_no_lesson_is_told_once_a_column(void **state)
{
    (void)state;
    told("班级,周一1,周一1节课后\n三年级一班,语文,体育\n",
         "timetable.csv:1:8: timetable.C1: '周一1节课后' is no lesson of a weekday "
         "(allowed: "
         "周一1 or Mon 1; or two rows, the weekdays and below them 1 .. 16)\n");
    told("班级,周一1\n三年级一班,语文,体育\n",
         "timetable.csv:2:10: timetable.C2: no lesson stands above this cell (allowed: a "
         "heading)\n");
    told(
        "班级,班主任,周一,\n,,1,2\n三年级一班,某某,语文,体育\n2024-P-02,某某,语文,体育\n",
        "timetable.csv:1:4: timetable.B1: '班主任' is no lesson of a weekday (allowed: "
        "周一1 or Mon 1; or two rows, the weekdays and below them 1 .. 16)\n");
    told("班级,,周一,\n,,1,2\n三年级一班,某某,语文,体育\n2024-P-02,某某,语文,体育\n",
         "timetable.csv:3:7: timetable.B3: no lesson stands above this cell (allowed: a "
         "heading)\n");
}

static void a_slip_is_told_with_line_column_and_cell(void **state)
{
    (void)state;
    told("班级,周一1,周一2\n三年级一班,语文,体操@教室\n三年级三班,语文,语文\n2024-P-02,"
         "语文,"
         "体育@操场\n",
         "timetable.csv:2:10: timetable.C2: unknown subject '体操' (allowed: 语文, 体育, "
         "音乐; no names of teachers; - = nothing is taught)\n"
         "timetable.csv:2:10: timetable.C2: several places are called '教室', such as "
         "'b1-203' and 'b1-204' (allowed: the id)\n"
         "timetable.csv:3:1: timetable.A3: unknown class '三年级三班' (allowed: id of a "
         "class, or a title of one only)\n"
         "timetable.csv:4:14: timetable.C4: unknown place '操场' (allowed: id of a "
         "place, or "
         "a title of one only)\n");
    told("班级,周一1\n三年级三班,语文\n2024-P-02,语文\n",
         "timetable.csv:2:1: timetable.A2: unknown class '三年级三班' (did you mean "
         "'三年级一班' of campus.yaml:9:28?)\n");
    told("班级,周一1\n三年级一班,语文\n三年级一班,语文\n2024-P-02,语文/体育\n",
         "timetable.csv:3:1: timetable.A3: class '2024-P-01' has row 2 above (allowed: "
         "one "
         "a class)\n"
         "timetable.csv:4:11: timetable.B4: odd and even weeks are not known (allowed: "
         "where campus.yaml has calendar.terms)\n");
    told("班级,语文\n",
         "timetable.csv:1:4: timetable.B1: '语文' is no lesson of a weekday "
         "(allowed: 周一1 or Mon 1; or two rows, the weekdays and below them "
         "1 .. 16)\n");
    told("",
         "timetable.csv:1:1: timetable: the table is empty (allowed: a heading and a row "
         "a class; or no such file)\n");
    told("班级,星期,科目\n",
         "timetable.csv:1:1: timetable.A1: no column is headed 节次 or "
         "lesson (allowed: 班级, 星期, 节次, 科目, 教室, 单双周)\n");
    told("班级,星期,节次,科目,单双周\n三年级一班,周八,0,语文,\n三年级一班,周一,1,,\n"
         "三年级一班,周一,1,语文,三\n三年级一班,周二,1,语文,\n三年级一班,周二,1,体育,\n",
         "timetable.csv:2:7: timetable.B2: '周八' is no weekday (allowed: 周一 .. 周日, "
         "monday .. sunday, 1 .. 7)\n"
         "timetable.csv:2:10: timetable.C2: '0' is no lesson (allowed: 1 .. 16)\n"
         "timetable.csv:3:12: timetable.D3: no subject stands here (allowed: a subject; "
         "- = "
         "nothing is taught)\n"
         "timetable.csv:4:15: timetable.E4: '三' are no weeks (allowed: 单, 双, 每周; "
         "odd, "
         "even, every)\n"
         "timetable.csv:6:12: timetable.D6: class '2024-P-01' has this lesson also at "
         "timetable.csv:5:12 (allowed: a lesson once)\n");
}

static void what_the_whole_table_shows_is_told(void **state)
{
    (void)state;
    told(
        "班级,周一1,周一2,周一3,周一4\n三年级一班,音乐,,语文,语文\n三年级二班,音乐,-,"
        "语文,\n",
        "timetable.csv:2:10: warning: timetable.C2: class '2024-P-01' has nothing in "
        "lesson 2 on Monday, and a lesson behind it (wanted: a subject; - = nothing is "
        "taught)\n"
        "timetable.csv:2:14: timetable.E2: lesson 4 of class '2024-P-01' has no bell "
        "(allowed: 1 .. 3, the lessons of bells.primary, see campus.yaml:19:15)\n"
        "timetable.csv:3:7: warning: timetable.B3: 'music-room' is taught in then by "
        "class "
        "'2024-P-01' at timetable.csv:2:7 (wanted: one class in a room at a time, unless "
        "they are taught together)\n");
    told("班级,周一1\n三年级一班,语文\n",
         "timetable.csv:1:1: warning: timetable: class '2024-P-02' has no timetable "
         "(wanted: "
         "a row; without one every lesson is taken to be in its own room)\n");
}

static void a_row_without_a_lesson_is_told(void **state)
{
    (void)state;
    told("班级,周一1,周一2\n三年级一班,语文,语文\n三年级二班,,\n",
         "timetable.csv:3:1: warning: timetable.A3: class '2024-P-02' has a row without "
         "a lesson (wanted: subjects; as it stands it has none all week)\n");
    told("班级,周一1,周一2\n三年级一班,语文,语文\n三年级二班\n",
         "timetable.csv:3:1: warning: timetable.A3: class '2024-P-02' has a row without "
         "a lesson (wanted: subjects; as it stands it has none all week)\n");
    told("班级,周一1,周一2\n三年级一班,语文,语文\n三年级二班,-,\n", "");
}

/* Primary and junior ring at other times: lesson 2 of the one is in lessons 1 and 2 of
 * the other. */
static void a_room_of_two_stages_is_told_by_their_bells(void **state)
{
    static const char two_stages[] =
        "stages: {primary: {limit: 45}, junior: {limit: 50}}\n"
        "places:\n"
        "  - {id: music-room, kind: special_room, title: 音乐教室}\n"
        "classes:\n"
        "  - {id: p, title: 小学班, stage: primary, enrolled: 45}\n"
        "  - {id: j, title: 初中班, stage: junior, enrolled: 44}\n"
        "subjects:\n"
        "  - {id: chinese, title: 语文}\n"
        "  - {id: music, title: 音乐, kind: special, place: music-room}\n"
        "bells:\n"
        "  primary:\n"
        "    - {phase: lesson, start: \"08:20\", end: \"09:00\"}\n"
        "    - {phase: lesson, start: \"09:15\", end: \"09:55\"}\n"
        "  junior:\n"
        "    - {phase: lesson, start: \"08:00\", end: \"08:45\"}\n"
        "    - {phase: lesson, start: \"09:00\", end: \"09:45\"}\n";
    static const struct {
        const char *csv;
        bool is_told;
    } cases[] = {{"班级,周一1,周一2\n小学班,语文,音乐\n初中班,音乐,语文\n", false},
                 {"班级,周一1,周一2\n小学班,音乐,语文\n初中班,音乐,语文\n", true},
                 {"班级,周一1,周一2\n小学班,语文,音乐\n初中班,语文,音乐\n", true},
                 {"班级,周一1,周一2\n小学班,音乐,语文\n初中班,语文,音乐\n", false}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct table t = {0};
        fixture_open(&t.f);
        fixture_put(&t.f, "campus.yaml", two_stages);
        fixture_put(&t.f, "timetable.csv", cases[i].csv);
        fixture_put(&t.f, "devices.d/b1.yaml", "buses:\ndevices:\n");
        fixture_load(&t.f);
        t.faults = fixture_faults(&t.f);
        bool is_told = strstr(t.faults, "'music-room' is taught in then by class 'p'");
        assert_int_equal(is_told, cases[i].is_told);
        done(&t);
    }
}

/* The catalogue says which kinds of places take several classes, and a school may add. */
static void a_kind_that_is_shared_takes_two_classes(void **state)
{
    static const char both[] = "班级,周一1\n三年级一班,音乐\n三年级二班,音乐\n";
    struct table t = {0};
    (void)state;
    fixture_open(&t.f);
    fixture_put(&t.f, "campus.yaml", school);
    fixture_put(&t.f, "timetable.csv", both);
    fixture_put(&t.f, "metrics.d/ours.yaml",
                "kinds: {special_room: {title: 专用教室, shared: true}}\n");
    fixture_put(&t.f, "devices.d/b1.yaml", "buses:\ndevices:\n");
    fixture_load(&t.f);
    t.faults = fixture_faults(&t.f);
    assert_string_equal(t.faults, "");
    done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_forms_of_a_table_say_the_same),
        cmocka_unit_test(what_stands_under_no_lesson_is_told_once_a_column),
        cmocka_unit_test(a_slip_is_told_with_line_column_and_cell),
        cmocka_unit_test(what_the_whole_table_shows_is_told),
        cmocka_unit_test(a_row_without_a_lesson_is_told),
        cmocka_unit_test(a_room_of_two_stages_is_told_by_their_bells),
        cmocka_unit_test(a_kind_that_is_shared_takes_two_classes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
