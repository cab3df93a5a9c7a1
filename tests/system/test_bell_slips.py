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
