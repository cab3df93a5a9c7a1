"""What an office enters about a day and cannot mean: refused where it stands, in one sentence."""
import re

import pytest

from test_calendar import enter_table, school  # noqa: F401

CHANGES = "登记,日期,班级,节次,对调节次,对调日期,科目\n"
EXAM = "2026-11-26"


@pytest.fixture
def examined(school):  # noqa: F811
    """The school with an examination on Thursday."""
    campus = school.site.config / "campus.yaml"
    campus.write_text(campus.read_text().replace("exams: []", f"exams: [{EXAM}]"))
    school.restart()
    return school


def slips(school, table):  # noqa: F811
    refused = enter_table(school, table, language="zh_CN.UTF-8")
    assert refused.returncode == 1
    return refused.stderr.splitlines()[1:]


@pytest.mark.parametrize("row, place", [
    (f"调课,{EXAM},三年级一班,1,,,体育\n", "2:4: 登记.B2"),
    (f"调课,{EXAM},三年级一班,1,4,,\n", "2:4: 登记.B2"),
    (f"调课,2026-11-23,三年级一班,1,4,{EXAM},\n", "2:25: 登记.F2"),
])
def test_a_lesson_of_a_day_of_examinations_is_not_changed(examined, row, place):
    """The timetable rests then: the class would be looked for on the sports ground."""
    assert slips(examined, CHANGES + row) == [
        f"登记.csv:{place}: {EXAM} 是考试日，课表停用（可写：按课表上课的日子）"]


def test_by_hand_it_is_told_too_and_leave_is_taken(examined):
    refused = examined.ctl("enter", "swap-lesson", f"class=2024-P-01,day={EXAM},lesson=1,subject=体育")
    assert refused.returncode == 1
    assert f"{EXAM} is a day of examinations, its timetable rests (allowed: a day by the timetable)" in refused.stderr
    examined.enter("leave", f"class=2024-P-01,day={EXAM},count=1")
    undone = examined.ctl("enter", "swap-lesson", f"class=2024-P-01,day={EXAM},lesson=1,undo")
    assert undone.stdout.startswith("swap-lesson: entered\n"), undone.stderr


def test_who_will_be_present_is_not_known_before_the_day(school):  # noqa: F811
    assert slips(school, "日期,班级,请假,到校\n2026-11-24,三年级一班,2,45\n2026-11-23,三年级二班,1,44\n") == [
        "登记.csv:2:1: 登记.A2: 2026-11-24 还没到，不能登记到校人数（可写：2026-11-23 或以前）"]
    refused = school.ctl("enter", "attendance", "class=2024-P-01,day=2026-11-24,count=40")
    assert refused.returncode == 1
    assert "2026-11-24 is still to come: nobody knows who is present (allowed: 2026-11-23 or before)" in refused.stderr
    school.enter("leave", "class=2024-P-01,day=2026-11-24,count=2")
    school.enter("attendance", "class=2024-P-01,day=2026-11-20,count=45")


def test_a_class_that_the_spreadsheet_made_a_date_is_told_so(school):  # noqa: F811
    assert slips(school, "日期,班级,请假\n2026-11-23,1月1日,2\n") == [
        "登记.csv:2:12: 登记.B2: “1月1日”被电子表格改成了日期（可写：班级的编号或名称；请把这一列设为“文本”，再重新填写）"]


@pytest.mark.parametrize("lesson", [1, 4, 5])
def test_the_undo_of_one_lesson_takes_back_the_whole_chain(school, lesson):  # noqa: F811
    """As the manual says; and the same exchange again takes back the last step alone."""
    week = school.subjects("2024-P-01")
    school.enter("swap-lesson", "class=2024-P-01,lesson=1,with=4")
    once = school.subjects("2024-P-01")
    school.enter("swap-lesson", "class=2024-P-01,lesson=4,with=5")
    school.enter("swap-lesson", "class=2024-P-01,lesson=4,with=5")
    assert school.subjects("2024-P-01") == once
    school.enter("swap-lesson", "class=2024-P-01,lesson=4,with=5")
    school.enter("swap-lesson", f"class=2024-P-01,lesson={lesson},undo")
    assert school.subjects("2024-P-01") == week


def test_a_lesson_may_be_written_as_people_do(school):  # noqa: F811
    week = school.subjects("2024-P-01")
    school.enter("swap-lesson", "class=2024-P-01,lesson=第一节,with=第4节")
    swapped = school.subjects("2024-P-01")
    assert swapped != week and [s.rstrip("*") for s in (swapped[0], swapped[3])] == [week[3], week[0]]
    refused = school.ctl("enter", "swap-lesson", "class=2024-P-01,lesson=第九十节,with=2")
    assert refused.returncode and "allowed: a whole number 1 .. 16" in refused.stderr


def entered(school, table, language="zh_CN.UTF-8"):  # noqa: F811
    done = enter_table(school, table, language=language)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[1:]


ROOMS = "登记,日期,班级,节次,对调节次,科目,教室\n"


def test_two_classes_in_one_room_are_entered_and_told_once(school):  # noqa: F811
    """They may be taught together; of two rows the second is told."""
    home = next(lesson["place"] for lesson in school.of("2024-P-02")["lessons"] if lesson["subject"] == "chinese")
    says = f"“{home}”这时已有班级“2024-P-02”在上课，第 2 节（一间教室同时只有一个班；合班上课可以不管）"
    one = f"调课,2026-11-23,三年级一班,2,,语文,{home}\n"
    assert entered(school, ROOMS + one) == [f"登记.csv:2:21: 提醒: 登记.D2: {says}"]
    assert entered(school, ROOMS + one + f"调课,2026-11-23,三年级二班,2,,数学,{home}\n") == [
        f"登记.csv:3:21: 提醒: 登记.D3: “{home}”这时已有班级“2024-P-01”在上课，第 2 节（一间教室同时只有一个班；合班上课可以不管）"]
    by_hand = school.ctl("enter", "swap-lesson", f"class=2024-P-01,lesson=2,subject=语文,place={home}")
    assert by_hand.stdout.splitlines() == [
        "swap-lesson: entered",
        f"warning: '{home}' is taught in then by class '2024-P-02' in lesson 2 (wanted: one class in a room at a time, "
        "unless they are taught together)"]


def test_classes_on_the_sports_ground_and_in_their_rooms_are_no_clash(school):  # noqa: F811
    assert entered(school, ROOMS + "调课,2026-11-23,三年级一班,1,,体育,\n调课,2026-11-23,三年级二班,1,,体育,\n"
                   "调课,2026-11-24,三年级一班,1,4,,\n调课,2026-11-24,三年级二班,1,,-,\n") == []


def test_an_exchange_that_brings_a_class_into_a_taken_room_is_told(school):  # noqa: F811
    """Its lesson takes its room along to another time."""
    home = next(lesson["place"] for lesson in school.of("2024-P-02")["lessons"] if lesson["subject"] == "chinese")
    school.enter("swap-lesson", "class=2024-P-02,lesson=1,subject=-")
    assert entered(school, ROOMS + f"调课,2026-11-23,三年级一班,1,,语文,{home}\n") == []
    told = school.ctl("enter", "swap-lesson", "class=2024-P-01,lesson=1,with=2")
    assert f"'{home}' is taught in then by class '2024-P-02' in lesson 2" in told.stdout, told


@pytest.mark.parametrize("table, told", [
    ("日期,班级,请假\n2026-11-23,三年级一班,2\n合计,,2\n", "登记.csv:3:1: 登记.A3: 日期“合计”不对（可写：2026-11-23 这样的日期）"),
    (ROOMS + "调课,2026-11-23,三年级一班,1,,,b1-204\n", "登记.csv:2:25: 登记.G2: 教室要和科目一起写"),
])
def test_a_row_with_one_slip_is_told_once(school, table, told):  # noqa: F811
    assert slips(school, table) == [told]


@pytest.fixture
def confused(school):  # noqa: F811
    """Two classes of one title, and two rooms."""
    for name, old, new in (("timetable.csv", "三年级一班", "2024-P-01"), ("timetable.csv", "三年级二班", "2024-P-02"),
                           ("campus.yaml", "title: 三年级二班", "title: 三年级一班")):
        path = school.site.config / name
        path.write_text(path.read_text().replace(old, new))
    school.restart()
    return school


def test_a_title_that_two_have_is_told_with_their_ids(confused):
    by_hand = confused.ctl("enter", "leave", "class=三年级一班,count=1", language="zh_CN.UTF-8")
    assert by_hand.stderr == "campusctl: 不止一个班叫“三年级一班”，如“2024-P-01”和“2024-P-02”（请写编号）\n"
    assert slips(confused, ROOMS + "调课,2026-11-23,2024-P-01,1,,语文,三年级一班教室\n") == [
        "登记.csv:2:31: 登记.G2: 不止一处叫“三年级一班教室”，如“b1-203”和“b1-204”（请写编号）"]


@pytest.mark.parametrize("fields, english, chinese", [
    ("class=2024-P-01，count=2", "'，' is full-width (allowed: a plain comma, and a plain = )",
     "用了全角“，”（可写：半角的 , 和 = ）"),
    ("class＝2024-P-01,count=2", "'＝' is full-width (allowed: a plain comma, and a plain = )",
     "用了全角“＝”（可写：半角的 , 和 = ）"),
    ("class=2024-P-01 count=2", "'2024-P-01 count=2' has a = in it (allowed: a comma between two)",
     "“2024-P-01 count=2”里又有 =（两项之间用半角逗号分开）"),
    ("class=2024-P-01,count=2,count=3", "'count' is said twice (allowed: once)", "“count”写了两遍（只写一遍）"),
])
def test_fields_that_are_parted_otherwise_are_told_so(school, fields, english, chinese):  # noqa: F811
    """And not that a number is missing, nor is the second one taken."""
    for language, says in (("C.UTF-8", english), ("zh_CN.UTF-8", chinese)):
        refused = school.ctl("enter", "leave", fields, language=language)
        assert (refused.returncode, refused.stderr) == (2, f"campusctl: {says}\n")
    assert school.of("2024-P-01")["leave"] is None


def test_an_entry_that_changes_nothing_is_entered_and_told(school):  # noqa: F811
    """Mostly the date or the lesson is not the one that was meant."""
    monday = "调课,2026-11-23,三年级一班"
    assert entered(school, ROOMS + f"{monday},1,,语文,\n{monday},4,,体育,运动场\n") == [
        "登记.csv:2:24: 提醒: 登记.F2: 班级“2024-P-01”第 1 节本来就是这样，没有改动（请核对日期、节次、科目和教室）",
        "登记.csv:3:24: 提醒: 登记.F3: 班级“2024-P-01”第 4 节本来就是这样，没有改动（请核对日期、节次、科目和教室）"]
    assert entered(school, ROOMS + f"{monday},1,4,,\n") == []
    told = school.ctl("enter", "swap-lesson", "class=2024-P-01,day=2026-11-23,lesson=4,with=1,with_day=2026-11-25")
    assert told.stdout.splitlines() == [
        "swap-lesson: entered",
        "warning: lessons 4 and 1 of class '2024-P-01' are the same subject, nothing changes (wanted: two that differ)"]


def test_what_takes_back_a_change_by_hand_is_no_doubt(school):  # noqa: F811
    for subject in ("数学", "语文"):
        assert entered(school, ROOMS + f"调课,2026-11-23,三年级一班,1,,{subject},\n") == []


@pytest.mark.parametrize("kind, fields", [
    ("leave", "class=2024-P-01,undo"), ("attendance", "class=2024-P-01,undo"),
    ("swap-lesson", "class=2024-P-01,lesson=1,undo"), ("exempt", "reason=rain,undo"),
])
def test_an_undo_of_nothing_is_told_and_stands(school, kind, fields):  # noqa: F811
    assert school.ctl("enter", kind, fields).stdout.splitlines() == [
        f"{kind}: entered",
        "warning: nothing of it is known to be entered (wanted: what is to be taken back, with its day)"]
    more = {"leave": ",count=2", "attendance": ",count=40", "swap-lesson": ",with=4", "exempt": ""}[kind]
    school.enter(kind, fields.removesuffix(",undo") + more)
    assert school.ctl("enter", kind, fields).stdout.splitlines() == [f"{kind}: entered"]


def test_a_lesson_at_the_gate_is_told(school):  # noqa: F811
    assert entered(school, ROOMS + "调课,2026-11-23,三年级一班,1,,体育,gate-south\n") == [
        "登记.csv:2:27: 提醒: 登记.G2: 在“gate-south”（校门）上课（应是上课的地方）"]


COUNTS = "日期,班级,请假,到校\n2026-11-23,三年级二班,1,44\n"


@pytest.mark.parametrize("row, told", [
    ("2026-11-23，三年级一班，2，39\n", "A3: 日期“2026-11-23，三年级一班，2，39”不对（可写：2026-11-23 这样的日期）"),
    ("2026-11-23 三年级一班 2 39\n", "A3: 日期“2026-11-23 三年级一班 2 39”不对（可写：2026-11-23 这样的日期）"),
    ("填表人：王,,,\n", "A3: 日期“填表人：王”不对（可写：2026-11-23 这样的日期）"),
    ("2026-11-23,三年级九班,,\n", "B3: 没有班级“三年级九班”（可写：班级的编号或名称）"),
    ("2026-11-31,三年级一班,,\n", "A3: 日期“2026-11-31”不存在，2026 年 11 月只有 30 天（可写：2026-11-23 这样的日期）"),
])
def test_a_row_without_a_number_is_judged_too(school, row, told):  # noqa: F811
    """The whole of it may stand in one cell."""
    [line] = slips(school, COUNTS + row)
    assert line.split(": ", 1)[1] == "登记." + told
    assert school.of("2024-P-02")["leave"] is None


def test_a_row_of_no_number_may_be_of_any_day_and_takes_nothing_back(school):  # noqa: F811
    assert entered(school, COUNTS + "2026-11-22,三年级一班,,\n,,,\n") == []
    assert slips(school, "日期,班级,请假,撤销\n2026-11-23,三年级一班,,是\n2026-11-23,三年级二班,1,\n") == [
        "登记.csv:2:19: 登记.D2: 看不出要撤销什么（撤销要写在有“登记”一列的表格里）"]


def test_more_present_than_enrolled_is_told_and_stands(school):  # noqa: F811
    says = "到校 46 人，班级“2024-P-02”在籍只有 45 人（请核对；在籍人数变了就改班级表）"
    assert entered(school, "日期,班级,到校\n2026-11-23,三年级一班,45\n2026-11-23,三年级二班,46\n") == [
        f"登记.csv:3:18: 提醒: 登记.C3: {says}"]
    [refused] = slips(school, "日期,班级,请假,到校\n2026-11-23,三年级二班,0,46\n")
    assert "登记.D2: 请假 0 人加到校 46 人" in refused
    told = school.ctl("enter", "attendance", "class=2024-P-02,count=46")
    assert told.stdout.splitlines() == [
        "attendance: entered",
        "warning: 46 present, and class '2024-P-02' has 45 enrolled (wanted: a number that is right, here or in the class)"]
    assert school.of("2024-P-02")["entered"] == 46


def test_a_place_where_nothing_is_taught_is_told(school):  # noqa: F811
    assert entered(school, ROOMS + "调课,2026-11-23,三年级一班,1,,-,b1-204\n") == [
        "登记.csv:2:26: 提醒: 登记.G2: 这一节不上课，却写了教室“b1-204”（应写科目，或不写教室）"]


def test_a_room_without_seats_for_the_class_is_told(school):  # noqa: F811
    """As of a timetable; the class's own room is told by the classes."""
    path = school.site.config / "campus.yaml"
    path.write_text(re.sub(r"(id: b1-20[34],.*)capacity: 50", r"\1capacity: 40", path.read_text()))
    school.restart()
    tuesday = "调课,2026-11-24,三年级一班"
    assert entered(school, ROOMS + f"{tuesday},5,,数学,b1-203\n{tuesday},6,,数学,b1-204\n"
                   "调课,2026-11-24,三年级二班,6,,-,\n") == [
        "登记.csv:3:27: 提醒: 登记.G3: “b1-204”容量 40，而在这里上课的班级“2024-P-01”有 47 人（请换一间，或核对容量）"]


def test_a_subject_of_other_grades_alone_is_told(school):  # noqa: F811
    """What nobody has in the week is for such days."""
    path = school.site.config / "campus.yaml"
    path.write_text(path.read_text().replace("subjects:\n", "subjects:\n  - {id: chess, title: 棋类}\n"))
    school.restart()
    assert entered(school, ROOMS + "调课,2026-11-23,二年级一班,1,,英语,\n调课,2026-11-23,二年级二班,1,,棋类,\n"
                   "调课,2026-11-23,三年级一班,1,,英语,\n") == [
        "登记.csv:2:24: 提醒: 登记.F2: 班级“2025-P-01”所在年级的课表里没有“英语”，别的年级才有（请核对班级和科目）"]


def test_the_same_exemption_twice_is_told(school):  # noqa: F811
    table = "登记,日期,原因,开始,结束\n"
    rain = "免户外,2026-11-23,下雨,9:00,10:00\n"
    assert slips(school, table + rain + "免户外,2026-11-23,污染,9:00,10:00\n" + rain) == [
        "登记.csv:4:16: 登记.C4: 和第 2 行重复（同一次免户外只写一行）"]
    assert entered(school, table + rain + "免户外,2026-11-23,下雨,9:00,11:00\n") == []


@pytest.mark.parametrize("table, told", [
    (ROOMS + ",2026-11-23,三年级一班,1,4,,\n", "A2: 没有填登记什么（可写：请假、到校、调课、免户外）"),
    (ROOMS + "调课,2026-11-23,三年级一班,1,4,数学,\n", "A2: 登记“调课”的对调节次、科目、撤销只能写一样"),
    ("登记,日期,班级,节次,对调节次,结束\n调课,2026-11-23,三年级一班,1,4,王\n", "F2: “结束”和“调课”无关（请留空）"),
    ("日期,班级,请假\n26-11-23,三年级一班,1\n", "A2: 日期“26-11-23”不对（可写：年份写四位，如 2026-11-23）"),
    ("登记,日期,班级,撤销\n请假,2026-11-23,三年级一班,不\n", "D2: “不”不认识（可写：是、否）"),
    ("登记,日期,班级,节次,对调节次,撤销\n调课,2026-11-23,三年级一班,1,1,否\n", "E2: 第 1 节不能和自己对调（可写：另一节，或填对调日期）"),
])
def test_a_slip_is_told_once_and_with_what_is_wanted(school, table, told):  # noqa: F811
    [line] = slips(school, table)
    assert line.split(": ", 1)[1] == "登记." + told


def test_an_open_quote_is_told_alone(school):  # noqa: F811
    assert slips(school, '日期,班级,请假\n2026-11-23,三年级一班,"2\n') == [
        "登记.csv:2:18: 登记: 双引号没有配对（内容里的双引号要写两个）"]


def test_what_may_be_said_by_hand_is_told_in_the_language_of_the_terminal(school):  # noqa: F811
    def said(what, fields):
        refused = school.ctl("enter", what, fields, language="zh_CN.UTF-8")
        assert refused.returncode == 1
        return refused.stderr
    assert said("请假", "班级=三年级一班,人数=2,姓名=王") == (
        "campusctl: 没有“姓名”这一项（可写：班级, 日期, 人数, 节次, 对调节次, 对调日期, 科目, 教室, 原因, 开始, 结束, 撤销）\n")
    assert said("请假", "班级=三年级一班,撤销=不") == "campusctl: 撤销“不”不对（可写：是、否）\n"
    assert said("调课", "班级=三年级一班,节次=1,对调节次=4,撤销=是") == (
        "campusctl: 登记“调课”的对调节次、科目、撤销只能写一样\n")
    school.enter("leave", "class=2024-P-01,count=2,撤销=否")


@pytest.mark.parametrize("fields, hours", [
    ("reason=rain,from=2:00,until=4:00", ("02:00", "04:00")), ("reason=rain,from=22:00,until=23:00", ("22:00", "23:00")),
    ("reason=rain,from=14:00,until=16:00", None), ("reason=rain,from=22:30", ("22:30", "24:00")), ("reason=rain", None),
])
def test_an_exemption_while_the_school_is_closed_is_told(school, fields, hours):  # noqa: F811
    told = school.ctl("enter", "exempt", f"{fields},day=2026-11-24")
    assert told.stdout.splitlines() == ["exempt: entered"] + (
        ["warning: the school is closed from {} to {} (wanted: a time of the school day; two in the afternoon is 14:00)".format(*hours)]
        if hours else [])


def test_a_table_exempts_within_the_day_too(school):  # noqa: F811
    assert entered(school, "登记,日期,原因,开始,结束\n免户外,2026-11-24,下雨,2:00,4:00\n") == [
        "登记.csv:2:19: 提醒: 登记.D2: 02:00 到 04:00 已经放学（应写上学的时间；下午两点写 14:00）"]


def test_an_exchange_that_comes_twice_is_told(school):  # noqa: F811
    """A table that comes twice is as once."""
    school.enter("swap-lesson", "class=2024-P-01,lesson=1,with=4")
    for fields in ("class=2024-P-01,lesson=1,with=4", "class=2024-P-01,lesson=4,with=1"):
        twice = school.ctl("enter", "swap-lesson", fields)
        assert twice.stdout.splitlines() == [
            "swap-lesson: entered",
            "warning: lessons {1} and {3} of class '2024-P-01' were exchanged already and are now as before (wanted: once; enter it "
            "again if they are to be exchanged)".replace("{1}", fields[23]).replace("{3}", fields[-1])]
        school.enter("swap-lesson", "class=2024-P-01,lesson=1,with=4")
    chinese = school.ctl("enter", "swap-lesson", "class=2024-P-01,lesson=1,with=4", language="zh_CN.UTF-8")
    assert "第 1 节和第 4 节（班级“2024-P-01”）以前已经对调，现在又换回去了（只登记一次" in chinese.stdout
    for _ in range(2):
        assert entered(school, CHANGES + "调课,2026-11-23,三年级一班,1,4,,\n") == []


def test_a_subject_whose_lessons_have_a_room_is_told_without(school):  # noqa: F811
    week = school.site.config / "timetable.csv"
    week.write_text(week.read_text().replace("信息科技", "信息科技@b1-203"))
    school.restart()
    assert entered(school, ROOMS + "调课,2026-11-23,三年级二班,1,,信息科技,\n") == [
        "登记.csv:2:24: 提醒: 登记.F2: 课表里“信息科技”的课都写了教室，如“b1-203”，而这一节没有写（应写教室；就在本班教室上可以不管）"]
    assert not [line for line in entered(school, ROOMS + "调课,2026-11-23,三年级二班,1,,信息科技,b1-204\n") if "都写了教室" in line]
    told = school.ctl("enter", "swap-lesson", "class=2024-P-02,lesson=1,subject=it")
    assert ("warning: lessons of 'it' have a room in the timetable, such as 'b1-203', and this one none (wanted: its place; leave it "
            "where it is in the class's own room)") in told.stdout


ALL = ["二年级一班", "二年级二班", "三年级一班", "三年级二班", "四年级一班", "四年级二班"]


def day_of(numbers="1,35", heading="日期,班级,请假,到校\n", **rows):
    """A table of all classes; @rows: what stands instead in a class's row, by its number."""
    return heading + "".join(rows.get(f"r{i}", f"2026-11-23,{name},{numbers}") + "\n" for i, name in enumerate(ALL))


def test_headings_of_leave_and_attendance_that_are_exchanged_are_told_once(school):  # noqa: F811
    assert entered(school, day_of(heading="日期,班级,到校,请假\n")) == [
        "登记.csv:1:10: 提醒: 登记.D1: 6 行（共 6 行）请假的比到校的多（请核对，“请假”和“到校”的表头是不是写反了？）"]
    assert entered(school, day_of()) == []


@pytest.mark.parametrize("row, says", [
    ("2026-11-23,三年级一班,40,1", ":18: 提醒: 登记.C4: 请假 40 人、到校 1 人，班级“2024-P-01”（请核对，是不是写反了？）"),
    ("2026-11-23,三年级一班,1,4", ":20: 提醒: 登记.D4: 请假 1 人加到校 4 人，不到班级“2024-P-01”在籍 47 人的一半（请核对，是不是少写了数字？）"),
    ("2026-11-23,三年级一班,20,20", None),
    ("2026-11-20,三年级一班,1,40", ":1: 提醒: 登记.A4: 只有这一行是另一天，别的行都是 2026-11-23（请核对日期）"),
    ("2026-11-20,三年级二班,1,40", None),
    ("2026-11-23,三年级一班,,", None),
])
def test_a_row_of_other_numbers_or_another_day_is_told(school, row, says):  # noqa: F811
    assert entered(school, day_of(r2=row)) == ([f"登记.csv:4{says}"] if says else [])


def test_counts_are_told_in_english(school):  # noqa: F811
    lines = entered(school, day_of(r0="2026-11-23,二年级一班,30,1", r1="2026-11-20,二年级二班,1,4"), language="C.UTF-8")
    assert [line.split(" warning: ")[1] for line in lines] == [
        "登记.C2: 30 on leave and 1 present of class '2025-P-01' (wanted: are the two exchanged?)",
        "登记.A3: this row alone is of another day, all others of 2026-11-23 (wanted: is the day right?)",
        "登记.D3: 1 on leave and 4 present are not half of class '2025-P-02', which has 42 (wanted: is a digit missing?)"]
    assert "in 6 of 6 rows most of the class is on leave (wanted: are the headings of leave and attendance exchanged?)" in entered(
        school, day_of(heading="日期,班级,到校,请假\n"), language="C.UTF-8")[0]


@pytest.mark.parametrize("count, entered_count", [("２", 2), ("１２", 12), ("2", 2), ("1 2", None)])
def test_a_number_may_be_written_full_width_by_hand_too(school, count, entered_count):  # noqa: F811
    done = school.ctl("enter", "leave", f"class=2024-P-01,count={count}")
    assert (done.returncode == 0) == (entered_count is not None), done.stderr
    assert school.of("2024-P-01")["leave"] == entered_count


@pytest.mark.parametrize("language, says", [
    ("C.UTF-8", "campusctl: a blank parts two items (allowed: a comma): campusctl enter"),
    ("zh_CN.UTF-8", "campusctl: 两项之间是空格（应写半角逗号）：campusctl enter"),
])
def test_fields_that_a_blank_parts_are_told_so(school, language, says):  # noqa: F811
    refused = school.ctl("enter", "leave", "class=2024-P-01", "count=2", language=language)
    assert refused.returncode == 2 and refused.stderr.startswith(says)


def test_a_room_behind_the_subject_is_told_where_it_goes(school):  # noqa: F811
    """As a timetable writes it."""
    row = "调课,2026-11-23,三年级一班,1,,信息科技@b1-204,\n"
    assert slips(school, ROOMS + row) == [
        "登记.csv:2:24: 登记.F2: “信息科技@b1-204”里带了教室（只写科目，教室写在“教室”一项里）"]
    refused = school.ctl("enter", "swap-lesson", "class=2024-P-01,lesson=1,subject=it@b1-204")
    assert "'it@b1-204' has its room in it (allowed: the subject alone, and the room under place)\n" in refused.stderr
