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


@pytest.mark.parametrize("wrong, place, says", [
    ("2026-09-31～2027-01-22", 11, "没有“2026-09-31”这一天"), ("2026-09-01至2027-02-29", 11, "没有“2027-02-29”这一天"),
    ("2027-01-22至2026-09-01", 11, "2027-01-22 比 2026-09-01 晚（先写早的一天：2026-09-01..2027-01-22）"),
    ("2026-09-01-2027-01-22", 11, "“2026-09-01-2027-01-22”不是日期"),
])
def test_a_span_of_another_sign_is_told_as_others_are(build, tmp_path, wrong, place, says):
    code, lines = said_of(build, tmp_path, wrong)
    assert code == 1 and len(lines) == 1 and lines[0].startswith(f"campus.yaml:{LINE + 1}:{place}: ") and says in lines[0], lines


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
