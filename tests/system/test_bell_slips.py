"""Slips in bells, limits and the rest of campus.yaml; each told once, where it is."""
import pytest

from test_calendar_slips import CAMPUS
from test_check_slips import check, judged
from test_school_slips import NINE

ROWS = [line for line in CAMPUS[CAMPUS.index("\nbells:"):CAMPUS.index("  junior:", CAMPUS.index("\nbells:"))].splitlines()
        if "phase:" in line]
LINE = CAMPUS[:CAMPUS.index(ROWS[0])].count("\n") + 1


def told_of(build, tmp_path, *edits, files=None):
    """The lines about the school's own files of campus.yaml after (right, wrong) edits, each made once."""
    text = CAMPUS
    for right, wrong in edits:
        assert right in text
        text = text.replace(right, wrong, 1)
    _, said = check(build, tmp_path, {**NINE, "campus.yaml": text, **(files or {})}, "zh_CN.UTF-8")
    return [line for line in judged(said, ("campus.yaml", *(name for name in NINE if name.endswith(".csv"))))
            if "说明" not in line]


def row(number, **change):
    """An edit of a row of bells.primary."""
    phase, start, end = (word.split(",")[0].strip(' "}') for word in ROWS[number].split(": ")[1:])
    new = {"phase": phase, "start": start, "end": end} | change
    return ROWS[number], f'    - {{phase: {new["phase"]}, start: "{new["start"]}", end: "{new["end"]}"}}'


@pytest.mark.parametrize("number, change, line, says", [
    (0, {"end": "12:00"}, 0, "这一段 12:00 才结束，而下面一段 09:15 就开始了（请核对这一段"),
    (0, {"start": "20:20", "end": "21:00"}, 0, "这一段 21:00 才结束，而下面一段 09:15 就开始了"),
    (5, {"end": "22:30"}, 5, "这一段 22:30 才结束，而下面一段 14:30 就开始了"),
    (6, {"end": "16:10"}, 6, "这一段 16:10 才结束，而下面一段 15:25 就开始了"),
    (6, {"start": "12:30", "end": "13:10"}, 6, "上面一段 14:30 才结束"),
    (0, {"end": "09:20"}, 1, "上面一段 09:20 才结束"),
    (1, {"start": "01:15", "end": "01:55"}, 1, "上面一段 09:00 才结束"),
    (0, {"end": "08:10"}, 0, "结束不晚于开始"),
    (1, {"start": "09:00", "end": "09:40"}, 1, "提醒: bells.primary: 第 2 节课紧接着上一节，中间没有课间"),
    (8, {"phase": "after_school", "end": "23:40"}, 8, "提醒: bells.primary: 有一段 23:40 才结束，晚于这个学段的熄灯时间 lights_out 21:20"),
])
def test_a_bell_is_told_once_at_its_row(build, tmp_path, number, change, line, says):
    edits = [row(number, **change)]
    if number == 8:  # nothing rings behind it
        edits += [(each + "\n", "") for each in ROWS[9:]]
    lines = told_of(build, tmp_path, *edits)
    assert len(lines) == 1 and lines[0].startswith(f"campus.yaml:{LINE + line}:") and says in lines[0], lines


@pytest.mark.parametrize("phase", ["recess", "lunch", "long_recess"])
@pytest.mark.parametrize("number", [0, 1, 3, 7])
def test_a_lesson_that_is_called_a_break_is_told_at_its_bell_too(build, tmp_path, phase, number):
    if number == 3:  # behind a long recess
        number = next(i for i, text in enumerate(ROWS) if "long_recess" in text) + 1
    lines = told_of(build, tmp_path, row(number, phase=phase))
    found = [line for line in lines if line.startswith(f"campus.yaml:{LINE + number}:15: ")]
    assert len(found) == 1 and "和一节课一样长" in found[0] and "如果是上课，应写 phase: lesson" in found[0], lines
    assert len(lines) == 2 and "作息里没有第 6 节" in lines[1], lines


def test_a_break_before_the_first_lesson_is_one(build, tmp_path):
    assert not told_of(build, tmp_path, (ROWS[0], '    - {phase: recess, start: "07:40", end: "08:20"}\n' + ROWS[0]))


def test_lights_that_go_out_in_the_morning_are_told(build, tmp_path):
    lines = told_of(build, tmp_path, ('lights_out: "21:20"', 'lights_out: "09:20"'))
    assert len(lines) == 1 and "有一段 09:55 才结束，晚于这个学段的熄灯时间 lights_out 09:20" in lines[0], lines
    assert lines[0].startswith(f"campus.yaml:{CAMPUS[:CAMPUS.index('lights_out')].count(chr(10)) + 1}:"), lines


@pytest.mark.parametrize("has_season", [False, True])
def test_bells_of_a_stage_that_are_missing_are_told_once(build, tmp_path, has_season):
    bells = CAMPUS.index("\nbells:")
    junior = CAMPUS.index("  junior:", bells)
    rows = CAMPUS[junior:].split("\n")[1:]
    count = next(i for i, text in enumerate(rows) if "phase:" not in text)
    part = "\n".join(["  junior:", *rows[:count]]) + "\n"
    season = "seasons:\n  - id: summer\n    dates: 05-01..09-30\n    bells:\n" + "".join(
        f"    {text}\n" for text in part.splitlines())
    lines = told_of(build, tmp_path, (part, ""), *([("calendar:\n", season + "calendar:\n")] if has_season else []))
    assert len(lines) == 1, lines
    assert ("这个学段在一年的其余日子没有作息表" if has_season else "学段 junior 没有作息") in lines[0], lines


@pytest.mark.parametrize("right, wrong, says", [
    ("primary: {limit: 45", "primary: {limit: 4", "stages.primary: 班额 4，而 18 个班里有 18 个班超过它的两倍，如“2026-P-01”有"),
    ("junior:  {limit: 50", "junior:  {limit: 5", "stages.junior: 班额 5，而 6 个班里有 6 个班超过它的两倍"),
])
def test_a_limit_of_a_stage_that_is_wrong_is_told_there(build, tmp_path, right, wrong, says):
    lines = told_of(build, tmp_path, (right, wrong))
    limit = CAMPUS[:CAMPUS.index(right)].count("\n") + 1
    found = [line for line in lines if "超过它的两倍" in line]
    assert len(found) == 1 and found[0].startswith(f"campus.yaml:{limit}:20: 提醒: ") and says in found[0], lines
    assert not [line for line in lines if "请核对班额和人数" in line], lines


def test_a_class_far_over_its_limit_is_told_at_its_number(build, tmp_path):
    head, first, *rest = NINE["classes.csv"].splitlines()
    *cells, _ = first.split(",")
    table = "\n".join([head, ",".join([*cells, "199"]), *rest]) + "\n"
    lines = told_of(build, tmp_path, files={"classes.csv": table})
    column = len(",".join(cells)) + 2
    assert [line for line in lines if line.startswith(f"classes.csv:2:{column}: 提醒: classes.2026-P-01: 班额 45，而班级")], lines


@pytest.mark.parametrize("right, wrong, says", [
    ("nine_year: true", "nine_year: 是", "“是”既不是 true 也不是 false"),
    ("calendar:\n", "seasons:\n  - {id: summer, dates: 05-01..05-01, bells: {}}\ncalendar:\n", "“05-01..05-01”只有一天"),
    ("\nsubjects:\n", "\nsubjects:\n  - {id: reading, title: 阅读, place: canteen}\n", "提醒: subjects.reading: 在“canteen”（食堂）上课"),
])
def test_another_slip_is_told_once(build, tmp_path, right, wrong, says):
    lines = told_of(build, tmp_path, (right, wrong))
    assert len(lines) == 1 and lines[0].startswith("campus.yaml:") and says in lines[0], lines
