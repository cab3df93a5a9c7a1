/* roster_test.c - classes.csv and rooms.csv: what they mean, and every slip with its
 * cell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config_fixture.h"

static const char school[] =
    "stages: {primary: {limit: 45}, junior: {limit: 50}}\n"
    "places:\n"
    "  - {id: ground, kind: sports_ground, title: 运动场}\n"
    "  - {id: b1-201, kind: classroom, title: 旧教室}\n"
    "classes:\n"
    "  - {id: 2020-P-01, title: 六年级一班, stage: primary, enrolled: 40}\n"
    "bells:\n"
    "  primary: [{phase: lesson, start: \"08:20\", end: \"09:00\"}]\n"
    "  junior: [{phase: lesson, start: \"08:00\", end: \"08:40\"}]\n"
    "school: {nine_year: true}\n";

static const char rooms[] = "编号,名称,类型,容量,楼栋,楼层\n"
                            "b1-203,三〇三教室,普通教室,50,一号楼,二层\n"
                            "music-1,音乐教室,功能教室,,,\n";

static const char heading[] = "编号,班级,学段,年级,教室,人数\n";

struct roster {
    struct fixture f;
    char *faults;
};

static struct roster load(const char *classes, const char *places)
{
    struct roster r = {0};
    fixture_open(&r.f);
    fixture_put(&r.f, "campus.yaml", school);
    fixture_put(&r.f, "devices.d/b1.yaml", "buses:\ndevices:\n");
    fixture_put(&r.f, "metrics.d/ours.yaml",
                "kinds: {special_room: {title: 专用教室, also: [功能教室]}}\n");
    if (classes)
        fixture_put(&r.f, "classes.csv", classes);
    if (places)
        fixture_put(&r.f, "rooms.csv", places);
    fixture_load(&r.f);
    r.faults = fixture_faults(&r.f);
    return r;
}

static void done(struct roster *r)
{
    free(r->faults);
    fixture_close(&r->f);
}

static void told(const char *classes, const char *places, const char *says)
{
    struct roster r = load(classes, places);
    if (strcmp(r.faults, says) != 0)
        print_error("told:\n%s\nwanted:\n%s\n", r.faults, says);
    assert_string_equal(r.faults, says);
    done(&r);
}

/* told_row - of one row below the usual heading. */
static void told_row(const char *row, const char *says)
{
    char text[512];
    (void)snprintf(text, sizeof(text), "%s%s\n", heading, row);
    told(text, rooms, says);
}

static void rows_are_classes_and_rooms_beside_those_of_campus_yaml(void **state)
{
    (void)state;
    struct roster r = load("编号,班级,年级,教室,学生数（人）,#备注\n"
                           "2024-P-01,三年级一班,三年级,b1-203,４５,新\n"
                           "2026-J-01,七年级一班,初一,旧 教室,48,\n",
                           rooms);
    assert_string_equal(r.faults, "");
    const struct gw_class *first = gw_campus_class(r.f.campus, "2024-P-01");
    const struct gw_class *second = gw_campus_class(r.f.campus, "2026-J-01");
    const struct gw_place *room = gw_campus_place(r.f.campus, "b1-203");
    const struct gw_place *music = gw_campus_place(r.f.campus, "music-1");
    assert_non_null(gw_campus_class(r.f.campus, "2020-P-01"));
    assert_true(first && second && room && music);
    assert_int_equal(first->stage, GW_PRIMARY);
    assert_int_equal(first->enrolled, 45);
    assert_int_equal(first->staff, 1);
    assert_int_equal(first->limit, 45);
    assert_string_equal(first->title.zh, "三年级一班");
    assert_string_equal(first->place_id, "b1-203");
    assert_int_equal(second->stage, GW_JUNIOR);
    assert_string_equal(second->place_id, "b1-201");
    assert_string_equal(room->kind, "classroom");
    assert_int_equal(room->capacity, 50);
    assert_int_equal(room->tags.count, 2);
    assert_string_equal(room->tags.items[0], "一号楼");
    assert_string_equal(room->class_id, "2024-P-01");
    assert_string_equal(music->kind, "special_room");
    assert_int_equal(music->tags.count, 0);
    done(&r);
}

static void stage_and_staff_may_be_said(void **state)
{
    (void)state;
    struct roster r = load("id,class,stage,room,enrolled,staff,limit\n"
                           "a,Class A,junior,music-1,30,2,33\nb,B,小学,,9,,\n",
                           rooms);
    const struct gw_class *a = gw_campus_class(r.f.campus, "a");
    assert_string_equal(r.faults,
                        "classes.csv:3:8: warning: classes.D3: class 'b' has no "
                        "room (wanted: id or title of a place)\n");
    assert_non_null(a);
    assert_int_equal(a->stage, GW_JUNIOR);
    assert_int_equal(a->staff, 2);
    assert_int_equal(a->limit, 33);
    done(&r);
}

static void a_heading_that_does_not_fit_is_told(void **state)
{
    (void)state;
    told("", NULL,
         "classes.csv:1:1: classes: the table is empty (allowed: a row of headings and "
         "rows below it; or no such file)\n");
    told("编号,班级,班主任,人数,人数\n", NULL,
         "classes.csv:1:7: classes.C1: '班主任' heads no column of this table (allowed: "
         "编号, 班级, 学段, 年级, 教室, 人数, 教师数, 班额; no names of people; a column "
         "headed # is not read)\n"
         "classes.csv:1:14: classes.E1: '人数' is the heading of column 4 too (allowed: "
         "once)\n");
    told("某校班级一览,,,\n编号,班级,年级,人数\n", NULL,
         "classes.csv:1:1: classes.A1: no column is headed 编号, 班级, 人数 (allowed: in "
         "the first row, 编号, 班级, 学段, 年级, 教室, 人数, 教师数, 班额; saved as "
         "UTF-8 where it cannot be read)\n");
    told("编号,班级,年级,人数\na,甲,一年级,40,张\n", NULL,
         "classes.csv:2:12: classes.E2: '张' stands under no heading (allowed: below a "
         "heading; a comma inside a cell wants quotes)\n");
}

static void a_slip_of_a_class_is_told_at_its_cell(void **state)
{
    (void)state;
    told_row("三-1,三年级一班,小学,三年级,b1-203,40",
             "classes.csv:2:1: classes.A2: '三-1' is not an id (allowed: A-Z, a-z, 0-9, "
             "'.', '_' and '-', a letter or digit first, at most 63)\n");
    told_row(
        "a,3月1日,小学,三年级,b1-203,40",
        "classes.csv:2:3: classes.B2: '3月1日' is a date that the spreadsheet made of "
        "something else, 1 in this column (allowed: text; make the column a text column "
        "and write it anew)\n");
    told_row(
        "a,,小学,三年级,b1-203,40",
        "classes.csv:2:3: classes.B2: no name stands here (allowed: what people call "
        "it)\n");
    told_row(
        "a,三年级一班,小雪,三年纪,b1-203,40",
        "classes.csv:2:9: classes.C2: '小雪' is no stage (allowed: 小学, 初中, 高中; "
        "primary, junior, senior)\n"
        "classes.csv:2:12: classes.D2: '三年纪' is no grade (allowed: 一年级 .. "
        "九年级, 初一 .. 高三, 1 .. 12)\n");
    told_row("a,三年级一班,,,b1-203,40",
             "classes.csv:2:9: classes.C2: no stage or grade stands here (allowed: 小学, "
             "初中, 高中, or a grade; of merged cells only the first keeps its text)\n");
    told_row("a,七年级一班,小学,七年级,b1-203,40",
             "classes.csv:2:12: classes.D2: '七年级' is not a grade of stage '小学' "
             "(allowed: the same in both)\n");
    told_row("a,三年级一班,小学,四年级,b1-203,40",
             "classes.csv:2:12: classes.D2: '四年级' is not the grade of '三年级一班' "
             "(allowed: the same in both)\n");
    told_row("a,三年级一班,小学,三年级,b1-2O3,40",
             "classes.csv:2:16: classes.E2: unknown room 'b1-2O3' (did you mean "
             "'b1-203'?)\n");
    told_row(
        "a,三年级一班,小学,三年级,操场,40",
        "classes.csv:2:16: classes.E2: unknown room '操场' (allowed: id or title of a "
        "place in rooms.csv or campus.yaml)\n");
    told_row("a,三年级一班,小学,三年级,b1-203,45人",
             "classes.csv:2:23: classes.F2: '45人' is not a whole number (allowed: 0 .. "
             "200, the number alone)\n");
    told_row("a,三年级一班,小学,三年级,b1-203,",
             "classes.csv:2:23: classes.F2: no 人数 stands here (allowed: 0 .. 200)\n");
    told_row("a,三年级一班,小学,三年级,b1-203,450",
             "classes.csv:2:23: classes.F2: '450' is out of range (allowed: 0 .. 200)\n");
}

static void what_can_be_and_hardly_is_so_is_warned_of(void **state)
{
    (void)state;
    told_row(
        "3-1,四年级一班,,四年级,b1-203,40",
        "classes.csv:2:1: warning: classes.A2: '3-1' looks like grade 3, and the row "
        "says grade 4 (wanted: the same, or an id by the year of entry such as "
        "2024-P-01)\n");
    told_row("1-1,七年级一班,,初一,b1-203,40", ""); /* the first year of its stage */
    told_row("2024-J-01,三年级一班,小学,,b1-203,40",
             "classes.csv:2:1: warning: classes.A2: '2024-J-01' has the letter of stage "
             "junior, and the row is of stage primary (wanted: P primary, J junior, S "
             "senior)\n");
    told_row("a,三年级一班（张老师）,小学,,b1-203,40",
             "classes.csv:2:3: warning: classes.B2: '三年级一班（张老师）' seems to name "
             "somebody (wanted: the class alone, no names of people)\n");
    told_row("a,三年级一班 王小芳,小学,,b1-203,40",
             "classes.csv:2:3: warning: classes.B2: '三年级一班 王小芳' seems to name "
             "somebody (wanted: the class alone, no names of people)\n");
    told_row("a,三年级一班（江南校区）,小学,,b1-203,40", "");
    told_row("a,三年级（1）班,小学,三年级,b1-203,40", "");
    told_row(
        "a,三年级一班,小学,三年级,b1-203,0",
        "classes.csv:2:23: warning: classes.F2: class 'a' has no pupils (wanted: how "
        "many there are; a row less where there is no such class)\n");
    told_row("２-P,三年级一班,小学,三年级,b1-203,40",
             "classes.csv:2:1: classes.A2: '２-P' is not an id: it has a full-width '２' "
             "(allowed: '2')\n");
    told_row("三年级一班,a,小学,三年级,b1-203,40",
             "classes.csv:1:1: classes.A1: the columns of ids and names are swapped "
             "(allowed: ids of letters and digits below '编号')\n");
}

static void what_stands_twice_is_told_once(void **state)
{
    (void)state;
    char text[512];
    (void)snprintf(text, sizeof(text),
                   "%s2024-P-01,三年级一班,小学,,b1-203,40\n"
                   "2024-P-02,三年级一班,小学,,music-1,40\n"
                   "2024-P-01,三年级三班,小学,,b1-201,40\n"
                   "2024-P-04,三年级四班,小学,,b1-203,40\n"
                   "2020-P-01,六年级二班,小学,,ground,40\n",
                   heading);
    told(text, rooms,
         "classes.csv:3:11: classes.B3: '三年级一班' stands also in row 2 (allowed: a "
         "name "
         "for one only)\n"
         "classes.csv:4:1: classes.A4: '2024-P-01' stands also in row 2 (allowed: an id "
         "once)\n"
         "classes.csv:5:21: classes.E5: 'b1-203' is the room of class '2024-P-01' by "
         "classes.csv:2:21 (allowed: a class a room)\n"
         "classes.csv:6:1: classes.2020-P-01: '2020-P-01' is taken by the class at "
         "campus.yaml:6:10 (allowed: one name once among places, classes, buses and "
         "devices)\n");
    told(NULL, "编号,名称,类型\nground,操场,运动场\n",
         "rooms.csv:2:1: places.ground: 'ground' is taken by the place at "
         "campus.yaml:3:10 (allowed: one name once among places, classes, buses and "
         "devices)\n");
}

static void a_slip_of_a_room_is_told_at_its_cell(void **state)
{
    (void)state;
    told(
        NULL,
        "编号,名称,类型,容量\n"
        "b1 203,教室,普通教室,50\nb1-204,2/4,普通教師,五十\nb1-205,教室,库房,1.5\n",
        "rooms.csv:2:1: rooms.A2: 'b1 203' is not an id (allowed: A-Z, a-z, 0-9, '.', "
        "'_' and '-', a letter or digit first, at most 63)\n"
        "rooms.csv:3:8: rooms.B3: '2/4' is a date that the spreadsheet made of something "
        "else, 1 in this column (allowed: text; make the column a text column and write "
        "it "
        "anew)\n"
        "rooms.csv:3:12: rooms.C3: '普通教師' is no kind of place (did you mean "
        "'普通教室'?)\n"
        "rooms.csv:3:17: rooms.D3: '五十' is not a whole number (allowed: 0 .. 100000, "
        "the number alone)\n"
        "rooms.csv:4:8: rooms.B4: '教室' stands also in row 2 (allowed: a name for one "
        "only)\n"
        "rooms.csv:4:11: rooms.C4: '库房' is no kind of place (allowed: 普通教室, "
        "专用教室, 运动场)\n"
        "rooms.csv:4:14: rooms.D4: '1.5' is not a whole number (allowed: 0 .. 100000, "
        "the number alone)\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_classes_and_rooms_beside_those_of_campus_yaml),
        cmocka_unit_test(stage_and_staff_may_be_said),
        cmocka_unit_test(a_heading_that_does_not_fit_is_told),
        cmocka_unit_test(a_slip_of_a_class_is_told_at_its_cell),
        cmocka_unit_test(what_can_be_and_hardly_is_so_is_warned_of),
        cmocka_unit_test(what_stands_twice_is_told_once),
        cmocka_unit_test(a_slip_of_a_room_is_told_at_its_cell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
