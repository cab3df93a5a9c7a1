"""The day as campusctl shows it, and what is entered about it: over restart and reload."""
import json
import os
import shutil
import subprocess

import pytest

from conftest import ROOT
from http_rig import UnixConnection

MONDAY = ("--school-time", "2026-11-23T08:30:00+08:00")


class School:
    """The shipped school with its timetable, on a Monday morning."""

    def __init__(self, site):
        self.site = site
        site.shipped("metrics.yaml")
        shutil.copy(ROOT / "etc/campus.yaml", site.config / "campus.yaml")
        shutil.copy(ROOT / "etc/timetable.example.csv", site.config / "timetable.csv")
        site.gateway_yaml()
        self.gateway = site.gateway(arguments=MONDAY)

    def restart(self):
        self.gateway.stop()
        self.gateway = self.site.gateway(arguments=MONDAY)

    def ctl(self, *words, language="C.UTF-8"):
        return subprocess.run(
            [self.site.build / "campusctl", "--socket", self.site.folder / "api.sock", *words],
            capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": language})

    def post_table(self, text, accept):
        """(status, document) of a table that is sent in the language @accept."""
        connection = UnixConnection(self.site.folder / "api.sock", 60)
        headers = {"Content-Type": "text/csv"} | ({"Accept-Language": accept} if accept else {})
        connection.request("POST", "/api/v1/calendar/table", text.encode(), headers)
        answer = connection.getresponse()
        document = json.loads(answer.read())
        connection.close()
        return answer.status, document

    def enter(self, what, fields):
        done = self.ctl("enter", what, fields)
        assert (done.returncode, done.stdout) == (0, f"{what}: entered\n"), done.stderr

    def day(self, *day):
        return json.loads(self.ctl("--json", "calendar", *day).stdout)

    def of(self, class_id, *day):
        return next(row for row in self.day(*day)["classes"] if row["id"] == class_id)

    def subjects(self, class_id, *day):
        return [lesson["subject"] + ("*" if lesson["changed"] else "")
                for lesson in self.of(class_id, *day)["lessons"]]


@pytest.fixture
def school(site):
    return School(site)


def test_a_day_is_shown_as_the_gateway_sees_it(school):
    day = school.day()
    assert (day["day"], day["weekday"], day["kind"]) == ("2026-11-23", 1, "school")
    phases = day["phases"]["primary"]
    assert phases[0]["start"] == "00:00" and phases[-1]["end"] == "24:00"
    assert [a["end"] for a in phases[:-1]] == [b["start"] for b in phases[1:]]
    assert [p["lesson"] for p in phases if p["phase"] == "lesson"] == [1, 2, 3, 4, 5, 6]
    assert len(day["classes"]) == 6
    pe = school.of("2025-P-01")["lessons"][2]
    assert (pe["subject"], pe["kind"], pe["place"], pe["start"]) == (
        "pe", "outdoor", "sports-ground", "10:30")
    assert school.day("2026-10-10")["kind"] == "make_up"
    assert school.subjects("2025-P-01", "2026-10-10") == school.subjects(
        "2025-P-01", "2026-11-27"), "as a Friday"
    assert school.day("2026-10-03")["kind"] == "holiday"
    shown = school.ctl("calendar", language="zh_CN.UTF-8")
    assert "三年级一班" in shown.stdout and "体育@sports-ground" in shown.stdout
    refused = school.ctl("calendar", "tomorrow")
    assert refused.returncode == 1 and "no date such as" in refused.stderr


def test_what_is_entered_is_there_after_a_restart_and_a_reload(school):
    before = school.subjects("2024-P-01")
    school.enter("leave", "class=三年级一班,count=2")
    school.enter("attendance", "class=2024-P-01,count=45")
    school.enter("swap-lesson", "class=2024-P-01,lesson=1,with=4")
    school.enter("swap-lesson", "class=2024-P-02,day=2026-11-30,lesson=1,subject=数学")
    school.enter("exempt", "reason=rain,from=10:00,until=12:00")
    after = before[:]
    after[0], after[3] = before[3] + "*", before[0] + "*"

    def check():
        row = school.of("2024-P-01")
        assert (row["leave"], row["entered"]) == (2, 45)
        assert school.subjects("2024-P-01") == after
        assert school.subjects("2024-P-02", "2026-11-30")[0] == "math*"
        assert school.day()["exemptions"] == [
            {"reason": "rain", "from": "10:00", "until": "12:00"}]

    check()
    school.restart()
    check()
    campus = school.site.config / "campus.yaml"
    campus.write_text(campus.read_text().replace("enrolled: 39", "enrolled: 40"))
    table = school.site.config / "timetable.csv"
    table.write_text(table.read_text().replace("班队", "班会"))
    done = school.ctl("reload", "--yes")
    assert done.returncode == 0, done.stderr
    assert "timetable" in done.stdout
    check()
    school.enter("swap-lesson", "class=2024-P-01,lesson=1,undo")
    assert "warning: nothing of it is known" in school.ctl("enter", "swap-lesson", "class=2024-P-01,lesson=4,undo").stdout
    school.restart()
    assert school.subjects("2024-P-01") == before


def test_the_office_reads_a_day_and_enters_in_chinese(school):
    zh = {"language": "zh_CN.UTF-8"}
    for what, fields in (("请假", "班级=三年级一班,人数=2"), ("exempt", "原因=下雨,开始=10:00,结束=12:00"),
                         ("leave", "class=2024-P-02,count=1")):
        done = school.ctl("enter", what, fields, **zh)
        assert done.returncode == 0 and "已登记" in done.stdout, done.stderr
    shown = school.ctl("calendar", **zh).stdout
    assert shown.startswith("2026-11-23 周一  上学"), shown
    assert "小学：\n" in shown and "  上课 1\n" in shown and "大课间" in shown
    assert "免户外：下雨 10:00-12:00\n" in shown
    assert [line.split()[:3] for line in shown.splitlines() if "三年级一班" in line] == [["三年级一班", "2", "-"]]
    for words, said in ((("enter", "leave"), "campusctl: 词不够：campusctl enter WHAT KEY=VALUE,… "),
                        (("enter", "leave", "班级=三年级一班,人数=2,姓名=甲"), "campusctl: 没有“姓名”这一项（可写：班级, 日期, "),
                        (("enter", "leave", "class=2024-P-01,班级=2024-P-02,人数=2"), "campusctl: “班级”写了两遍（只写一遍）")):
        refused = school.ctl(*words, **zh)
        assert refused.returncode != 0 and refused.stderr.startswith(said), refused.stderr


def test_a_wrong_entry_says_what_is_allowed_and_changes_nothing(school):
    for what, fields, says in (
            ("leave", "class=2024-P-01,count=48", "0 .. 47"),
            ("leave", "class=nobody,count=1", "no class 'nobody'"),
            ("swap-lesson", "class=2024-P-01,lesson=7,with=1", "1 .. 6"),
            ("attendance", "class=2024-P-01,day=2026-11-22,count=1", "no school day"),
            ("exempt", "reason=snow", "rain, pollution"),
            ("leave", "class=2024-P-01,count=1,name=张三", "name")):
        refused = school.ctl("enter", what, fields)
        assert refused.returncode == 1 and says in refused.stderr, refused.stderr
    row = school.of("2024-P-01")
    assert (row["leave"], row["entered"]) == (None, None)


def test_a_reload_with_a_slip_in_the_table_changes_nothing(school):
    table = school.site.config / "timetable.csv"
    before = school.subjects("2024-P-01")
    table.write_text(table.read_text().replace("英语", "鹰语", 1))
    refused = school.ctl("reload", "--yes")
    assert refused.returncode == 1
    assert "timetable.csv:4:" in refused.stderr + refused.stdout
    assert school.subjects("2024-P-01") == before


DAY_TABLE = ("日期,班级,请假,到校\n"
             "2026/11/23,三年级一班,2,45\n"
             "2026年11月20日,2024-P-02,,４４\n"
             "2026-11-24,四年级一班,0,\n")
ENTRY_TABLE = ("登记,日期,班级,节次,对调节次,科目,原因,开始,结束\n"
               "调课,2026-11-23,三年级一班,1,4,,,,\n"
               "调课,2026-11-23,三年级一班,4,5,,,,\n"
               "调课,2026-11-24,三年级二班,2,,体育,,,\n"
               "免户外,2026-11-23,,,,,下雨,9:00,10:30:00\n"
               "免户外,2026-11-23,,,,,下雨,14:00,15:00\n")


def exemptions(school):
    return sorted(school.day()["exemptions"], key=lambda row: row["from"])


def enter_table(school, text, encoding="utf-8", language="C.UTF-8"):
    table = school.site.folder / "登记.csv"
    table.write_bytes(text.encode(encoding))
    return school.ctl("enter", "--csv", table, language=language)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_table_of_leave_and_attendance_is_entered(school, encoding):
    done = enter_table(school, DAY_TABLE, encoding)
    assert (done.returncode, done.stdout) == (0, "entered 3 rows (4 entries)\n"), done.stderr
    row = school.of("2024-P-01")
    assert (row["leave"], row["entered"]) == (2, 45)
    row = school.of("2024-P-02", "2026-11-20")
    assert (row["leave"], row["entered"]) == (None, 44)
    row = school.of("2023-P-01", "2026-11-24")
    assert (row["leave"], row["entered"]) == (0, None)


def test_a_table_sent_twice_is_as_sent_once_and_survives_a_restart(school):
    week = school.subjects("2024-P-01")
    assert enter_table(school, ENTRY_TABLE).returncode == 0
    once = (school.subjects("2024-P-01"), school.subjects("2024-P-02", "2026-11-24"),
            exemptions(school))
    wanted = week[:]
    wanted[0], wanted[3], wanted[4] = week[3] + "*", week[4] + "*", week[0] + "*"
    assert once[0] == wanted and once[1][1] == "pe*"
    assert once[2] == [{"reason": "rain", "from": "09:00", "until": "10:30"},
                       {"reason": "rain", "from": "14:00", "until": "15:00"}]
    for again in (lambda: enter_table(school, ENTRY_TABLE), school.restart):
        again()
        assert once == (school.subjects("2024-P-01"), school.subjects("2024-P-02", "2026-11-24"),
                        exemptions(school))


SLIPS = ("日期,班级,请假,到校\n"
         "2026-11-23,三年级一班,2,45\n"
         "11-23,三年级九班,两人,\n"
         ",三年级一班,1,\n"
         "2026-11-22,三年级二班,1,张老师\n"
         "2026-11-23,三年级二班,46,201\n"
         "2028-11-23,三年级二班,1,\n"
         "2026-11-24,,1,\n"
         "2026-11-20,三年级二班,5,41\n"
         "2026-11-20,2024-P-02,1,\n")
# Of each slip its cell, and what is said of it: of form, of what the school knows, of two cells.
SAID = [
    ("3:1", "A3", "day: '11-23' (allowed: a day such as 2026-11-23)",
     "日期“11-23”不对（可写：2026-11-23 这样的日期）"),
    ("3:7", "B3", "there is no class '三年级九班' (allowed: id or title of a class)",
     "没有班级“三年级九班”（可写：班级的编号或名称）"),
    ("3:13", "C3", "'两人' is not a whole number (allowed: 0 .. 200, the number alone)",
     "“两人”不是整数（可写：0 到 200，只写数字，不带单位）"),
    ("4:1", "A4", "no day stands here (allowed: a day such as 2026-11-23)",
     "没有填日期（可写：2026-11-23 这样的日期）"),
    ("5:1", "A5", "2026-11-22 is no school day but a weekend (allowed: a day with bells)",
     "2026-11-22 是周末（可写：上学的日子；补课日见 campus.yaml 的 calendar.make_up）"),
    ("5:20", "D5", "'张老师' is not a whole number (allowed: 0 .. 200, the number alone)",
     "“张老师”不是整数（可写：0 到 200，只写数字，不带单位）"),
    ("6:18", "C6", "class '2024-P-02' has 45 enrolled (allowed: 0 .. 45)",
     "班级“2024-P-02”在籍 45 人（可写：0 到 45）"),
    ("6:21", "D6", "'201' is out of range (allowed: 0 .. 200)", "“201”超出范围（可写：0 到 200）"),
    ("7:1", "A7", "day 2028-11-23 is too far away (allowed: 62 days back, 400 ahead)",
     "2028-11-23 太远了（可写：62 天以前到 400 天以后）"),
    ("8:12", "B8", "no class stands here (allowed: id or title of a class)", "没有填班级（可写：班级的编号或名称）"),
    ("10:12", "B10", "is entered in row 9 already (allowed: each class and day, or lesson, once)",
     "和第 9 行重复（同一天同一个班、同一节课只能写一行）"),
]


@pytest.mark.parametrize("language", ["C.UTF-8", "zh_CN.UTF-8"])
def test_a_table_with_slips_is_refused_as_a_whole_and_all_are_told_at_once(school, language):
    refused = enter_table(school, SLIPS, language=language)
    assert refused.returncode == 1 and refused.stdout == ""
    head, *lines = refused.stderr.splitlines()
    is_chinese = language.startswith("zh")
    assert head == ("campusctl: 表格有错，一条也没有登记" if is_chinese else
                    "campusctl: Unprocessable Content: the table is refused, nothing of it was taken")
    assert lines == [f"登记.csv:{place}: 登记.{cell}: {chinese if is_chinese else english}"
                     for place, cell, english, chinese in SAID]
    row = school.of("2024-P-01")
    assert (row["leave"], row["entered"]) == (None, None), "nothing was taken"


@pytest.mark.parametrize("written, english, chinese", [
    ("2026/13/24", "day: '2026/13/24' is no day, there is no month 13 (allowed: a day such as 2026-11-23)",
     "日期“2026/13/24”不存在，没有 13 月（可写：2026-11-23 这样的日期）"),
    ("2026年11月31日", "day: '2026年11月31日' is no day, 2026-11 has 30 days (allowed: a day such as 2026-11-23)",
     "日期“2026年11月31日”不存在，2026 年 11 月只有 30 天（可写：2026-11-23 这样的日期）"),
    ("2027-2-29", "day: '2027-2-29' is no day, 2027-02 has 28 days (allowed: a day such as 2026-11-23)",
     "日期“2027-2-29”不存在，2027 年 2 月只有 28 天（可写：2026-11-23 这样的日期）"),
])
def test_a_day_that_is_none_is_told_back_as_written_and_why(school, written, english, chinese):
    table = f"日期,班级,请假\n{written},三年级一班,2\n"
    for language, said in (("C.UTF-8", english), ("zh_CN.UTF-8", chinese)):
        refused = enter_table(school, table, language=language)
        assert refused.returncode == 1
        assert refused.stderr.splitlines()[1:] == [f"登记.csv:2:1: 登记.A2: {said}"]


@pytest.mark.parametrize("fields, said", [
    ("count=2,day=2026-11-31", "day: '2026-11-31' is no day, 2026-11 has 30 days (allowed: a day such as 2026-11-23)"),
    ("count=2,day=tomorrow", "day: 'tomorrow' (allowed: a day such as 2026-11-23)"),
    ("day=2026-11-23", "count is missing (allowed: a whole number 0 .. 200, or undo)"),
    ("count=2,undo=true", "leave has both count and undo (allowed: one of them)"),
    ("count=x", "count: 'x' (allowed: a whole number 0 .. 200)"),
    ("count=-1", "count: '-1' (allowed: a whole number 0 .. 200)"),
    ("count=2.5", "count: '2.5' (allowed: a whole number 0 .. 200)"),
])
def test_an_entry_by_hand_is_told_what_is_wrong_with_it(school, fields, said):
    refused = school.ctl("enter", "leave", f"class=三年级一班,{fields}")
    assert refused.returncode == 1
    assert refused.stderr.rstrip("\n").endswith(f": {said}"), refused.stderr


def test_days_and_times_may_be_written_as_people_do(school):
    for number, day in enumerate(("2026/11/24", "2026年11月24日", "2026-11-24", "２０２６-11-24", " 2026/11/24",
                                 "2026.11.24", "20261124", "2026/11/24 0:00", "2026-11-24 00:00:00")):
        school.enter("leave", f"class=三年级一班,count={number},day={day}")
        assert school.of("2024-P-01", day)["leave"] == number == school.of("2024-P-01", "2026-11-24")["leave"]
    school.enter("exempt", "reason=rain,from=9:00,until=10:05:00")
    assert school.day()["exemptions"] == [{"reason": "rain", "from": "09:00", "until": "10:05"}]
    for wrong in ("9", "9:60", "+9:00", "9:00:30", "24:01", "9.00"):
        refused = school.ctl("enter", "exempt", f"reason=rain,from=8:00,until={wrong}")
        assert refused.returncode == 1 and f"until: '{wrong}'" in refused.stderr, refused.stderr


def test_the_words_of_the_tables_are_taken_by_hand(school):
    def said(what, fields):
        return school.ctl("enter", what, fields, language="zh_CN.UTF-8")
    assert said("考勤", "班级=三年级一班,人数=45").returncode == 0
    assert said("换课", "班级=三年级一班,节次=1,对调节次=4").returncode == 0
    assert said("免户外", "原因=雨,开始=9:00").returncode == 0
    assert school.of("2024-P-01")["entered"] == 45 and school.day()["exemptions"][0]["reason"] == "rain"
    for what, fields in (("到校", "班级=三年级一班,撤销=是"), ("调课", "班级=三年级一班,节次=1,撤销=是"), ("免户外", "原因=雨,撤销=是")):
        undone = said(what, fields)
        assert undone.returncode == 0, undone.stderr
    assert school.of("2024-P-01")["entered"] is None and not any("*" in s for s in school.subjects("2024-P-01"))
    for what, fields, named in (("放假", "班级=三年级一班", "放假"), ("免户外", "原因=台风", "台风"), ("到校", "班级=三年级一班,撤销=也许", "也许")):
        refused = said(what, fields)
        assert refused.returncode == 1 and named in refused.stderr


def test_leave_and_presence_together_are_no_more_than_the_class(school):
    """Of 47: 2 and 45 are all; 3 and 45 are refused, in a table, and by hand in either order."""
    over = enter_table(school, "日期,班级,请假,到校\n2026-11-23,三年级一班,3,45\n", language="zh_CN.UTF-8")
    assert over.returncode == 1
    assert over.stderr.splitlines()[1:] == [
        "登记.csv:2:20: 登记.D2: 请假 3 人加到校 45 人，超过班级“2024-P-01”在籍的 47 人（合起来可写：0 到 47）"]
    assert enter_table(school, "日期,班级,请假,到校\n2026-11-23,三年级一班,5,42\n").returncode == 0
    assert enter_table(school, "日期,班级,请假,到校\n2026-11-23,三年级一班,2,45\n").returncode == 0, \
        "what was entered before does not count"
    by_hand = school.ctl("enter", "leave", "class=三年级一班,count=3,day=2026-11-23")
    assert by_hand.returncode == 1
    assert "leave 3 and present 45 are more than class '2024-P-01' has enrolled, 47" in by_hand.stderr
    assert school.ctl("enter", "attendance", "class=三年级一班,count=44,day=2026-11-23").returncode == 0
    assert school.ctl("enter", "leave", "class=三年级一班,count=3,day=2026-11-23").returncode == 0
    row = school.of("2024-P-01")
    assert (row["leave"], row["entered"]) == (3, 44)


def test_the_page_of_a_person_is_told_in_the_language_it_asks_for(school):
    """Accept-Language decides, without one the language of the system."""
    for accept, says in (("zh-CN,zh;q=0.9,en;q=0.8", "“两人”不是整数"), ("en-GB,zh;q=0.5", "'两人' is not a whole number"),
                         ("en;q=0.3, zh-TW;q=0.7", "“两人”不是整数"), (None, "'两人' is not a whole number")):
        status, answer = school.post_table("日期,班级,请假\n2026-11-23,三年级一班,两人\n", accept)
        assert status == 422 and says in answer["faults"][0], (accept, answer)


def test_a_heading_that_is_none_of_a_table_of_entries_is_told(school):
    for heading in ("日期,班级,学生姓名,请假\n", "日期,班级\n"):
        refused = enter_table(school, heading + "2026-11-23,三年级一班,1\n")
        assert refused.returncode == 1 and "登记.csv:1:" in refused.stderr
    assert "no names of people" in enter_table(school, "日期,班级,姓名,请假\n").stderr
    row = school.of("2024-P-01")
    assert (row["leave"], row["entered"]) == (None, None), "nothing was taken"


@pytest.mark.parametrize("day", ["########", "#N/A", "#ref!", "#SPILL!"])
def test_a_day_that_the_spreadsheet_could_not_show_is_no_remark(school, day):
    """Else the row would be left out, and nobody told."""
    refused = enter_table(school, f"日期,班级,请假\n# 一班,,\n{day},三年级一班,2\n2026-11-23,三年级二班,1\n")
    assert refused.returncode == 1
    assert [line.split(": ")[1:3] for line in refused.stderr.splitlines()[1:]] == [["登记.A3", "day"]], refused.stderr


def test_a_later_table_leaves_no_half_of_an_exchange(school):
    """Of a lesson that was given to another day: it is there again."""
    days = {day: school.subjects("2024-P-01", day) for day in ("2026-11-23", "2026-11-24")}
    head = "登记,日期,班级,节次,对调节次,对调日期\n"
    assert enter_table(school, head + "调课,2026-11-23,三年级一班,1,3,2026-11-24\n").returncode == 0
    assert school.subjects("2024-P-01", "2026-11-24")[2] == days["2026-11-23"][0] + "*"
    school.restart()
    assert enter_table(school, head + "调课,2026-11-23,三年级一班,4,5,\n").returncode == 0
    school.restart()
    assert school.subjects("2024-P-01", "2026-11-24") == days["2026-11-24"]
    assert school.subjects("2024-P-01", "2026-11-23")[:3] == days["2026-11-23"][:3]


@pytest.mark.parametrize("mirror", ["2026-11-23,三年级一班,4,1,", "2026-11-23,2024-P-01,4,1,2026-11-23"])
def test_an_exchange_that_is_written_from_both_sides_is_told(school, mirror):
    """The second one would take the first one back, and nobody would be told."""
    refused = enter_table(school, "登记,日期,班级,节次,对调节次,对调日期\n"
                                  f"调课,2026-11-23,三年级一班,1,4,\n调课,{mirror}\n", language="zh_CN.UTF-8")
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[1:] == [
        "登记.csv:3:15: 登记.C3: 和第 2 行重复（同一天同一个班、同一节课只能写一行）"]


def test_the_answer_says_how_many_rows_were_entered(school):
    """A row without a number says nothing, and is not counted."""
    table = "日期,班级,请假,到校\n2026-11-23,三年级一班,2,45\n2026-11-23,三年级二班,,\n2026-11-23,四年级一班,1,\n"
    assert enter_table(school, table).stdout == "entered 2 rows (3 entries)\n"
    assert enter_table(school, table, language="zh_CN.UTF-8").stdout == "已登记 2 行（3 条）\n"


def test_the_slips_of_every_kind_of_entry_have_their_cell(school):
    refused = enter_table(school, "登记,日期,班级,节次,对调节次,科目,教室,原因,开始,结束\n"
                                  "迟到,2026-11-23,三年级一班,,,,,,,\n"
                                  "调课,2026-11-23,三年级一班,1,17,,,,,\n"
                                  "调课,2026-11-23,三年级一班,1,4,数学,,,,\n"
                                  "调课,2026-11-23,三年级一班,,,数学,,,,\n"
                                  "免户外,2026-11-23,,,,,,大风,,\n"
                                  "免户外,2026-11-23,,,,,,下雨,25:00,\n"
                                  "请假,2026-11-23,三年级一班,,,,,,,\n")
    cells = [line.split(": ")[1] for line in refused.stderr.splitlines()[1:]]
    assert cells == ["登记.A2", "登记.E3", "登记.A4", "登记.D5", "登记.H6", "登记.I7", "登记.A8"], refused.stderr
    refused = enter_table(school, "登记,日期,班级,节次,对调节次,科目,教室\n"
                                  "调课,2026-11-23,三年级一班,7,1,,\n"
                                  "调课,2026-11-23,三年级一班,1,8,,\n"
                                  "调课,2026-11-23,三年级一班,1,,体操,\n"
                                  "调课,2026-11-23,三年级一班,2,,数学,琴房\n")
    cells = [line.split(": ")[1] for line in refused.stderr.splitlines()[1:]]
    assert cells == ["登记.D2", "登记.E3", "登记.F4", "登记.G5"], refused.stderr


def test_a_table_that_cannot_be_read_is_told(school):
    missing = school.ctl("enter", "--csv", school.site.folder / "none.csv")
    assert missing.returncode == 1 and "No such file" in missing.stderr
    wrong = school.ctl("calendar", "--csv", "x.csv")
    assert wrong.returncode == 2 and "--csv does not belong to" in wrong.stderr
    wrong = school.ctl("enter", "leave", "count=1", "--csv", "x.csv")
    assert wrong.returncode == 2
    long = enter_table(school, "日期,班级,请假\n" + "2026-11-23,三年级一班,1\n" * 301)
    assert long.returncode == 1 and "登记.csv:302:1" in long.stderr


def test_the_check_tells_what_is_to_be_mended(school):
    told = school.ctl("calendar", "--check")
    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    assert lines[0].startswith("note: no sensor in the room of 2025-P-01, 2025-P-02, 2024-P-01")
    assert lines[1].startswith("school: 6 classes (primary 6), 6 with a room")
    assert lines[2] == "timetable: 6 classes, 180 lessons a week"
    assert len(lines) == 3, "the shipped school has nothing to mend"

    campus = school.site.config / "campus.yaml"
    plain = campus.read_text()
    table = school.site.config / "timetable.csv"
    table.write_text(table.read_text().replace("三年级一班,语文,英语", "三年级一班,,英语"))
    for term, says in (("2026-09-01..2026-12-20", "ends on 2026-12-20"),
                       ("2026-09-01..2026-11-20", "ended on 2026-11-20"),
                       ("2026-09-01..2026-12-21", None)):
        campus.write_text(plain.replace("calendar:\n", f"calendar:\n  terms: [{term}]\n", 1))
        assert school.ctl("reload", "--yes").returncode == 0
        lines = school.ctl("calendar", "--check").stdout.splitlines()
        assert any("timetable.csv:4:" in line and "nothing in lesson 1 on Monday" in line for line in lines)
        ends = [line for line in lines if "calendar.terms" in line and "weeks" not in line]  # they are short ones
        assert [says in line for line in ends] == ([True] if says else []), lines
    wrong = school.ctl("calendar", "2026-11-23", "--check")
    assert wrong.returncode == 2
