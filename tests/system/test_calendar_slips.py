"""Slips in the days of campus.yaml: terms, holidays, make-up days, examinations; each told once, where it is."""
import pytest

from test_check_slips import check, judged
from test_school_slips import NINE

CAMPUS = NINE["campus.yaml"]
TERMS = "2026-09-01..2027-01-22, 2027-02-22..2027-07-09"
NATIONAL = "2026-10-01..2026-10-07"
YEAR = """\
calendar:
  terms: [{terms}]
  holidays:
    - 2026-09-25..2026-09-27
    - {national}
    - 2027-01-01..2027-01-03
    - 2027-04-03..2027-04-05
    - 2027-05-01..2027-05-05
    - 2027-06-09
  make_up:
    - 2026-09-20: thursday
    - 2026-10-10: 周五
    - 2027-05-08: 周二
  exams:
    - 2026-11-12..2026-11-13
    - 2027-01-18..2027-01-19
"""
LINE = CAMPUS[:CAMPUS.index("calendar:\n")].count("\n") + 1


def said_of(build, tmp_path, terms=TERMS, national=NATIONAL):
    """(code, lines of campus.yaml) of a calendar with these terms and this holiday."""
    text = CAMPUS[:CAMPUS.index("calendar:\n")] + YEAR.format(terms=terms, national=national)
    code, said = check(build, tmp_path, {**NINE, "campus.yaml": text}, "zh_CN.UTF-8")
    lines = judged(said, ("campus.yaml", "timetable.csv"))
    return code, [line for line in lines if "说明" not in line]  # by the clock


@pytest.mark.parametrize("terms", [TERMS, TERMS.replace("..", "~"), TERMS.replace("..", "～"), TERMS.replace("..", "至"),
                                   TERMS.replace("..", " .. ")])
def test_a_whole_year_is_silent_whatever_sign_is_between_its_days(build, tmp_path, terms):
    assert said_of(build, tmp_path, terms, NATIONAL.replace("..", "～")) == (0, [])


@pytest.mark.parametrize("year", [2025, 2027, 2028, 2062])
def test_a_holiday_of_a_wrong_year_is_told(build, tmp_path, year):
    code, lines = said_of(build, tmp_path, national=NATIONAL.replace("2026", str(year)))
    assert (code, lines) == (0, [f"campus.yaml:{LINE + 4}:7: 提醒: calendar.holidays: {year}-10-01 不在学期内，2026-10-01 "
                                 "才在（是不是年份写错了？）"])


@pytest.mark.parametrize("terms, column, says", [
    ("2062-09-01..2063-01-22", 11, "校历里的 11 个日子没有一个在学期内，如 2026-09-20"),
    ("2027-09-01..2028-01-22", 11, "校历里的 11 个日子没有一个在学期内，如 2026-09-20"),
    ("2026-09-01..2027-01-22, 2028-02-22..2028-07-09", 35, "这个学期在上一个学期结束 395 天后才开始"),
    ("2026-11-30..2027-01-22", 11, "补课日、考试共有 5 处，其中 4 处不在学期内，如 "),
    ("2026-09-01..2026-09-01", 11, "这个学期有 1 天"),
    ("2026-09-01", 11, "这个学期有 1 天"),
    ("2026-01-09..2027-01-22", 11, "这个学期有 379 天"),
    ("2026-09-01..2027-01-22, 2026-02-22..2026-07-09", 35, "这个学期比上面一个还早"),
])
def test_a_term_of_a_wrong_year_is_told_alone(build, tmp_path, terms, column, says):
    code, lines = said_of(build, tmp_path, terms)
    assert code == 0 and len(lines) == 1, lines
    assert lines[0].startswith(f"campus.yaml:{LINE + 1}:{column}: 提醒: calendar.terms: {says}"), lines


@pytest.mark.parametrize("wrong, place, says", [
    ("2026-09-31～2027-01-22", 11, "没有“2026-09-31”这一天"), ("2026-09-01至2027-02-29", 11, "没有“2027-02-29”这一天"),
    ("2027-01-22至2026-09-01", 11, "2027-01-22 比 2026-09-01 晚（先写早的一天：2026-09-01..2027-01-22）"),
    ("2026-09-01-2027-01-22", 11, "“2026-09-01-2027-01-22”不是日期"),
])
def test_a_span_of_another_sign_is_told_as_others_are(build, tmp_path, wrong, place, says):
    code, lines = said_of(build, tmp_path, wrong)
    assert code == 1 and len(lines) == 1 and lines[0].startswith(f"campus.yaml:{LINE + 1}:{place}: ") and says in lines[0], lines


@pytest.mark.parametrize("terms, told", [("", 1), ("2026-09-01", 0)])
def test_without_terms_odd_weeks_are_told_once(build, tmp_path, terms, told):
    """And not at all where the list of terms is told itself."""
    text = CAMPUS[:CAMPUS.index("calendar:\n")] + "calendar:\n  terms: " + (terms or "[]") + "\n"
    week = NINE["timetable.csv"].splitlines()
    week[1:] = [row.replace("语文", "语文/数学") for row in week[1:]]
    code, said = check(build, tmp_path, {**NINE, "campus.yaml": text, "timetable.csv": "\n".join(week) + "\n"}, "zh_CN.UTF-8")
    lines = judged(said, ("timetable.csv",))
    assert code == 1 and len(lines) == told, said
    assert all("分不出单双周" in line for line in lines)
    assert len(judged(said, ("campus.yaml",))) == 1 - told, said


SUMMER = """\
seasons:
  - id: summer
    dates: {dates}
    bells:
      primary:
        - {{phase: lesson, start: "08:20", end: "09:00"}}
"""


@pytest.mark.parametrize("dates, told", [
    ("05-01~05-03", 0), ("05-01～05-03", 0), ("05-01 至 05-03", 0), ("05-01-05-03", 1), ("05-01~05-03~05-04", 1), ("05-01", 1)])
def test_a_season_may_have_another_sign_between_its_days(build, tmp_path, dates, told):
    text = CAMPUS + SUMMER.format(dates=dates)
    _, said = check(build, tmp_path, {"campus.yaml": text}, "zh_CN.UTF-8")
    lines = judged(said, ("campus.yaml",))
    assert len([line for line in lines if f"“{dates}”不是一段日期（可写：05-01..09-30）" in line]) == told, said


LAW = "  public_holidays: [01-01, 05-01, 05-02, 10-01, 10-02, 10-03]\n"


def law_of(build, tmp_path, old="", new="", law=LAW):
    year = YEAR.format(terms=TERMS, national=NATIONAL)
    assert old in year
    text = CAMPUS[:CAMPUS.index("calendar:\n")] + year.replace(old, new).replace("calendar:\n", "calendar:\n" + law)
    code, said = check(build, tmp_path, {**NINE, "campus.yaml": text}, "zh_CN.UTF-8")
    return code, [line for line in judged(said, ("campus.yaml", "timetable.csv")) if "说明" not in line]


@pytest.mark.parametrize("left_out, first, count", [
    (f"    - {NATIONAL}\n", "2026-10-01", 2),  # the third is a Saturday
    ("    - 2027-01-01..2027-01-03\n", "2027-01-01", 1),
    ("..2026-10-07", "2026-10-02", 1),
])
def test_a_public_holiday_that_was_left_out_is_told_once(build, tmp_path, left_out, first, count):
    code, lines = law_of(build, tmp_path, left_out)
    assert (code, lines) == (0, [
        f"campus.yaml:{LINE + 3}:3: 提醒: calendar.holidays: {first} 是法定节假日，照这样那天要上学；这样的一共 {count} 天"
        "（应写在 holidays 里）"])


def test_a_public_holiday_that_is_no_day_is_told(build, tmp_path):
    code, lines = law_of(build, tmp_path, law=LAW.replace("10-03", "13-03"))
    assert (code, lines) == (1, [f"campus.yaml:{LINE + 1}:56: calendar.public_holidays: “13-03”不是月和日（可写：10-01 这样的日子）"])


@pytest.mark.parametrize("wrong, says", [
    ("01-01, 10-01]", "这里要写一列日期，放在方括号里：[01-01, 10-01]"), ("01-01, 10-01", "这里要写一列日期，放在方括号里：[01-01, 10-01]"),
    ("1月1日", "“1月1日”不是月和日（可写：10-01 这样的日子）"), ("01-01", None)])
def test_public_holidays_that_are_no_list_are_told_where_they_stand(build, tmp_path, wrong, says):
    code, lines = law_of(build, tmp_path, law=f"  public_holidays: {wrong}\n")
    assert (code, lines) == ((1, [f"campus.yaml:{LINE + 1}:20: calendar.public_holidays: {says}"]) if says else (0, []))


@pytest.mark.parametrize("text", ["", "# 待写\n", "{}\n"])
def test_an_empty_file_beside_tables_is_told_alone(build, tmp_path, text):
    for language, says in (("zh_CN.UTF-8", "这里什么也没写（应写 stages、places、subjects、bells、calendar，旁边的表格要用）"),
                           ("C.UTF-8", "nothing stands here (allowed: stages, places, subjects, bells and calendar of the school, which the "
                            "tables beside it need)")):
        code, said = check(build, tmp_path / language, {**NINE, "campus.yaml": text}, language)
        assert code == 1 and judged(said, ("campus.yaml", "classes", "rooms", "timetable")) == [f"campus.yaml:1:1: {says}"], said


def test_a_school_without_subjects_is_told_where_they_stand(build, tmp_path):
    text = CAMPUS[:CAMPUS.index("subjects:\n")] + CAMPUS[CAMPUS.index("\nbells:"):]
    _, said = check(build, tmp_path, {**NINE, "campus.yaml": text}, "zh_CN.UTF-8")
    lines = judged(said, ("timetable.csv",))
    assert lines and all("可写：campus.yaml 的 subjects 里的科目；" in line for line in lines if "没有科目" in line), said


def test_a_calendar_with_its_public_holidays_is_silent(build, tmp_path):
    assert law_of(build, tmp_path) == (0, [])


WEEKS = "  weeks: 39\n"


@pytest.mark.parametrize("term, days", [
    ("2026-08-01..2027-01-22", 175), ("2026-10-01..2027-01-22", 114), ("2026-09-01..2026-12-22", 113),
    ("2026-09-01..2026-10-01", 31), ("2026-09-01..2027-02-20", 173),
])
def test_a_term_that_is_a_month_off_is_told_alone(build, tmp_path, term, days):
    code, lines = law_of(build, tmp_path, "2026-09-01..2027-01-22", term, LAW + WEEKS)
    assert (code, lines) == (0, [f"campus.yaml:{LINE + 3}:11: 提醒: calendar.terms: 这个学期有 {days} 天，而一学年是 39 周"
                                 "（一个学期应约是一半；是不是月份写错了？）"])


@pytest.mark.parametrize("term", ["2026-09-01..2027-01-15", "2026-08-31..2027-02-01", "2026-09-01..2027-01-30"])
def test_a_term_that_is_days_longer_or_shorter_is_silent(build, tmp_path, term):
    last = "    - 2027-01-18..2027-01-19\n"
    year = YEAR.format(terms=TERMS, national=NATIONAL).replace("2026-09-01..2027-01-22", term).replace(last, "")
    text = CAMPUS[:CAMPUS.index("calendar:\n")] + year + WEEKS
    code, said = check(build, tmp_path, {**NINE, "campus.yaml": text}, "zh_CN.UTF-8")
    assert code == 0 and not [line for line in judged(said, ("campus.yaml",)) if "说明" not in line], said


@pytest.mark.parametrize("days, says", [
    ("2026-11-08", "2026-11-08 是周日，本来就不上学"), ("2026-11-07..2026-11-08", "2026-11-07 是周六，本来就不上学"),
    ("2027-07-20", "2027-07-20 在假期里，本来就不上学"), ("2026-08-25..2026-08-27", "2026-08-25 在假期里，本来就不上学"),
    ("2027-02-05..2027-02-12", None),  # the Spring Festival of the notice
    ("2027-07-10..2027-08-31", None), ("2026-11-06..2026-11-08", None),
])
def test_a_day_off_that_is_free_anyway_is_told(build, tmp_path, days, says):
    code, lines = law_of(build, tmp_path, "    - 2027-06-09\n", f"    - 2027-06-09\n    - {days}\n")
    assert code == 0 and lines == ([f"campus.yaml:{LINE + 10}:7: 提醒: calendar.holidays: {says}"
                                    + ("（应写学期里的日子；是不是月份写错了？）" if "假期" in says else "（放假应写本来上学的日子，请核对日期）")]
                                   if says else [])


def test_a_public_holiday_on_a_saturday_is_silent(build, tmp_path):
    """2027-05-01 is one; the days behind it are told where they are left out."""
    code, lines = law_of(build, tmp_path, "2027-05-01..2027-05-05", "2027-05-01", LAW.replace("05-02, ", ""))
    assert (code, lines) == (0, [])


@pytest.mark.parametrize("old, new, line, says", [
    ("2026-09-25..2026-09-27", "2027-09-25..2026-09-27", 3, "calendar.holidays: “2027-09-25..2026-09-27”：2027-09-25 比 2026-09-27 晚"
     "（先写早的一天；是不是年份写错了，2026 写成了 2027，或 2027 写成了 2026？）"),
    ("2026-11-12..2026-11-13", "2026-11-12..2025-11-13", 14, "calendar.exams: “2026-11-12..2025-11-13”：2026-11-12 比 2025-11-13 晚"
     "（先写早的一天；是不是年份写错了，2025 写成了 2026，或 2026 写成了 2025？）"),
    ("2026-09-01..2027-01-22", "2027-09-01..2027-01-22", 1, "calendar.terms: “2027-09-01..2027-01-22”：2027-09-01 比 2027-01-22 晚"
     "（先写早的一天；是不是年份写错了，2026 写成了 2027，或 2028 写成了 2027？）"),
    ("2026-09-25..2026-09-27", "2026-09-27..2026-09-25", 3, "calendar.holidays: “2026-09-27..2026-09-25”：2026-09-27 比 2026-09-25 晚"
     "（先写早的一天：2026-09-25..2026-09-27）"),
    ("2027-04-03..2027-04-05", "2062-04-03..2027-04-05", 6, "calendar.holidays: “2062-04-03..2027-04-05”：2062-04-03 比 2027-04-05 晚"
     "（先写早的一天；是不是年份写错了？）"),
    ("2027-06-09", "2027-6-9", 8, "calendar.holidays: “2027-6-9”不是日期（是不是 2027-06-09？月和日各写两位，中间用“-”）"),
    ("2027-06-09", "2027/6/9", 8, "calendar.holidays: “2027/6/9”不是日期（是不是 2027-06-09？"),
    ("2026-11-12..2026-11-13", "2025-11-12..2026-11-13", 14, "calendar: 一共 367 天，其中 2026-09-25 在 campus.yaml:"),
])
def test_a_span_of_two_years_is_told_with_both_that_may_be_meant(build, tmp_path, old, new, line, says):
    code, lines = law_of(build, tmp_path, old, new, "")
    assert code == 1 and len(lines) == 1 and lines[0].startswith(f"campus.yaml:{LINE + line}:"), lines
    assert f": {says}" in lines[0], lines


@pytest.mark.parametrize("days, says", [
    ("2027-03-03..2027-04-05", "占了学期里的 34 天（只写放假的日子；是不是月份写错了？）"), ("2027-03-27..2027-04-11", None),
])
def test_a_holiday_of_weeks_within_a_term_is_told(build, tmp_path, days, says):
    code, lines = law_of(build, tmp_path, "2027-04-03..2027-04-05", days)
    assert code == 0 and [line.split(": ", 3)[3] for line in lines] == ([says] if says else []), lines


@pytest.mark.parametrize("weeks, says", [
    (20, "calendar.weeks: 写的是 20 周，而 2 个学期共 282 天，每个约 20 周（应写一学年、两个学期的周数）"), (39, None), (40, None)])
def test_weeks_that_no_term_fits_are_told_at_them(build, tmp_path, weeks, says):
    code, lines = law_of(build, tmp_path, law=LAW + f"  weeks: {weeks}\n")
    assert code == 0 and lines == ([f"campus.yaml:{LINE + 2}:10: 提醒: {says}"] if says else []), lines


SATURDAY = "2026-10-10 是周六，照这样那天要上学（考试写上学的日子，跨周末的分两段写；补课日考试，make_up 里也要写这一天）"


@pytest.mark.parametrize("exam, made_up, line, says", [
    ("2026-10-10", True, 0, None), ("2026-10-08..2026-10-10", True, 0, None), ("2026-10-09", True, 0, None),
    ("2026-10-10", False, 13, f"提醒: calendar.exams: {SATURDAY}"),
    ("2026-10-10..2026-10-11", True, 14, f"提醒: calendar.exams: {SATURDAY.replace('2026-10-10 是周六', '2026-10-11 是周日')}"),
    ("2026-10-07..2026-10-08", True, 14, "calendar: 2026-10-07 这一天在 campus.yaml:{}:7 也写了（一天只能写在一处，只写一次）"),
])
def test_an_examination_may_be_on_a_make_up_day(build, tmp_path, exam, made_up, line, says):
    """And on no other day of a weekend, nor on a holiday."""
    day = "    - 2026-10-10: 周五\n"
    year = YEAR.format(terms=TERMS, national=NATIONAL).replace("2026-11-12..2026-11-13", exam).replace(day, day if made_up else "")
    text = CAMPUS[:CAMPUS.index("calendar:\n")] + year
    _, said = check(build, tmp_path, {**NINE, "campus.yaml": text}, "zh_CN.UTF-8")
    lines = [text for text in judged(said, ("campus.yaml", "timetable.csv")) if "说明" not in text]
    says = says and says.format(LINE + 4)
    assert lines == ([f"campus.yaml:{LINE + line}:7: {says}"] if says else []), lines


def test_the_calendar_is_told_in_english(build, tmp_path):
    year = YEAR.format(terms=TERMS, national="2027-10-01..2026-10-07")
    text = CAMPUS[:CAMPUS.index("calendar:\n")]
    _, said = check(build, tmp_path, {**NINE, "campus.yaml": text + year})
    assert judged(said, ("campus.yaml",))[0] == (
        f"campus.yaml:{LINE + 4}:7: calendar.holidays: '2027-10-01..2026-10-07': 2027-10-01 is after 2026-10-07 (allowed: the earlier "
        "day first; is a year wrong, and 2026 meant for 2027 or 2027 for 2026?)")
    year = YEAR.format(terms=TERMS, national=NATIONAL).replace("2027-04-03", "2027-03-03") + "  weeks: 20\n"
    _, said = check(build, tmp_path / "weeks", {**NINE, "campus.yaml": text + year})
    assert [line.split(" warning: ")[1] for line in judged(said, ("campus.yaml",)) if "note" not in line] == [
        "calendar.holidays: takes 34 days out of a term (wanted: the days off; is the month right?)",
        "calendar.weeks: 20 weeks, and the 2 terms last 282 days, each about 20 weeks (wanted: those of a school year, of two terms)"]
