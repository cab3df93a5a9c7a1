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


@pytest.mark.parametrize("phase", ["after_school", "evening_study", "closed"])
def test_a_lesson_that_is_called_another_phase_is_named_where_its_number_is_missing(build, tmp_path, phase):
    lines = told_of(build, tmp_path, row(0, phase=phase))
    assert len(lines) == 1 and lines[0].startswith("timetable.csv:2:") and lines[0].endswith(
        "作息里没有第 6 节：班级“2026-P-01”一天最多 5 节（bells.primary；"
        f"campus.yaml:{LINE}:15 的 {phase} 和一节课一样长，是不是应写 lesson？）"), lines
    text = CAMPUS.replace(*row(0, phase=phase), 1)
    _, said = check(build, tmp_path / "english", {**NINE, "campus.yaml": text})
    assert [line for line in judged(said, ("timetable.csv",)) if line.endswith(
        f"(allowed: 1 .. 5, the lessons of bells.primary; is the {phase} at campus.yaml:{LINE}:15 one, as long as it is?)")], said


@pytest.mark.parametrize("season, says", [
    (0, "一天最多 6 节（bells.primary，见 campus.yaml:{}:15）"), (1, "在 autumn 这段日子一天最多 5 节（bells.primary；")])
def test_a_season_is_accused_of_a_missing_lesson_where_it_has_fewer(build, tmp_path, season, says):
    """And not where the ordinary bells lack it as well."""
    rows = "".join(f"    {text}\n" for text in (ROWS[:7] + ROWS[9:] if season else ROWS)).replace('"14:30"', '"14:20"')
    autumn = f"seasons:\n  - id: autumn\n    dates: 09-01..10-31\n    bells:\n      primary:\n{rows}calendar:\n"
    head, first, *rest = NINE["timetable.csv"].splitlines()
    cells = first.split(",")
    cells[7] = "语文"
    lines = [line for line in told_of(build, tmp_path, ("calendar:\n", autumn), files={
        "timetable.csv": "\n".join([head, ",".join(cells), *rest]) + "\n"}) if "作息里没有第 7 节" in line]
    assert len(lines) == 1 and says.format(LINE + 7) in lines[0], lines


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


@pytest.mark.parametrize("limit, says", [(35, "stages.primary: 班额 35，而 18 个班都超过它（请核对这个学段的班额）"), (42, None)])
def test_a_limit_that_all_classes_are_above_is_told(build, tmp_path, limit, says):
    lines = told_of(build, tmp_path, ("primary: {limit: 45", f"primary: {{limit: {limit}"))
    assert len(lines) == (says is not None) and all(f":20: 提醒: {says}" in line for line in lines), lines


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


@pytest.mark.parametrize("number, change, line, says", [
    (0, {"end": "09:10"}, 0, "第 1 节课有 50 分钟，别的课是 40 分钟，后面的课间也差这么多（请核对下课时间，是不是 09:00？）"),
    (4, {"end": "11:55"}, 4, "第 4 节课有 30 分钟，别的课是 40 分钟，后面的课间也差这么多（请核对下课时间，是不是 12:05？）"),
    (4, {"start": "11:15"}, 4, "第 4 节课有 50 分钟，别的课是 40 分钟，前面的课间也差这么多（请核对上课时间，是不是 11:25？）"),
    (2, {"end": "10:00"}, 2, "课间旁边的 10:00 到 10:30 没有写，照这样算放学"),
    (2, {"start": "10:05"}, 2, "课间旁边的 09:55 到 10:05 没有写，照这样算放学"),
    (5, {"start": "13:05"}, 5, "12:05 到 13:05 之间什么也没写，空了 60 分钟（是不是少写了一节课、课间或午休"),
    (2, {"phase": "recess"}, 3, "第 3 节课前的课间有 35 分钟，别的课间是 15 分钟，而这一天没有大课间"),
    (9, {"end": "16:40"}, 9, "课后服务 16:40 结束，早于本学段的 service_end_from 17:30（不应更早）"),
    (9, {"end": "19:40"}, 9, "课后服务 19:40 结束，晚于本学段的 service_end_until 18:00（不应更晚）"),
    (9, {"phase": "evening_study"}, -1, "这里没有 after_school，而本学段的 service_end_from 是 17:30"),
])
def test_a_day_with_a_hole_or_an_odd_phase_is_told_there(build, tmp_path, number, change, line, says):
    lines = told_of(build, tmp_path, row(number, **change))
    assert len(lines) == 1 and lines[0].startswith(f"campus.yaml:{LINE + line}:") and f": 提醒: bells.primary: {says}" in lines[0], lines


@pytest.mark.parametrize("number, change, says", [
    (0, {"start": "08:25"}, "第 1 节课有 35 分钟，别的课都是 40 分钟（请核对上下课时间，是不是 08:20？"),
    (0, {"start": "08:30"}, "第 1 节课有 30 分钟"),
    (7, {"end": "16:00"}, "第 6 节课有 35 分钟，别的课是 40 分钟，后面的课间也差这么多"),
    (5, {"start": "12:10"}, "午休旁边的 12:05 到 12:10 没有写，照这样算放学"),
    (5, {"end": "13:30"}, "午休旁边的 13:30 到 14:30 没有写，照这样算放学"),
    (5, {"end": "14:25"}, "午休旁边的 14:25 到 14:30 没有写，照这样算放学"),
    (5, {"end": "13:20"}, None),  # they go home
])
def test_a_bell_at_the_edge_of_the_day_or_of_lunch_is_told(build, tmp_path, number, change, says):
    lines = told_of(build, tmp_path, row(number, **change))
    assert len(lines) == (says is not None), lines
    assert all(line.startswith(f"campus.yaml:{LINE + number}:") and f": 提醒: bells.primary: {says}" in line for line in lines), lines


@pytest.mark.parametrize("right, wrong, says", [
    ('end: "16:45"', 'end: "16:35"', "第 7 节课有 35 分钟，别的课都是 45 分钟（请核对上下课时间，是不是 16:45？本来就这样可以不管）"),
    ('end: "16:45"', 'end: "16:50"', "第 7 节课有 50 分钟，别的课都是 45 分钟"),
    ('start: "16:50"', 'start: "17:50"', "16:45 到 17:50 之间什么也没写，空了 65 分钟"),
])
def test_a_bell_at_the_end_of_the_lessons_is_told(build, tmp_path, right, wrong, says):
    lines = told_of(build, tmp_path, (right, wrong))
    line = CAMPUS[:CAMPUS.index(right)].count("\n") + 1
    assert len(lines) == 1 and lines[0].startswith(f"campus.yaml:{line}:") and f": 提醒: bells.junior: {says}" in lines[0], lines


BETWEEN = "在第 {} 节和第 {} 节课之间（应写课间 recess、大课间 long_recess 或午休 lunch）"


@pytest.mark.parametrize("number, change, says", [
    *((2, {"phase": phase}, f"{phase}（09:55 到 10:30）" + BETWEEN.format(2, 3))
      for phase in ("boarding_night", "after_school", "evening_study", "lunch", "closed")),
    *((5, {"phase": phase}, f"{phase}（12:05 到 14:30）" + BETWEEN.format(4, 5))
      for phase in ("boarding_night", "after_school", "evening_study")),
    (5, {"phase": "closed"}, None),  # they go home
])
def test_a_phase_that_no_school_has_between_lessons_is_told(build, tmp_path, number, change, says):
    lines = told_of(build, tmp_path, row(number, **change))
    assert lines == ([f"campus.yaml:{LINE + number}:15: 提醒: bells.primary: {says}"] if says else []), lines


@pytest.mark.parametrize("added, says", [
    ('lunch, start: "19:00", end: "20:30"', "午休 lunch 写在晚上 19:00 到 20:30（应写那时是什么，如晚自习 evening_study；晚餐不用写）"),
    ('evening_study, start: "19:00", end: "20:30"', None),
])
def test_lunch_in_the_evening_is_told(build, tmp_path, added, says):
    lines = told_of(build, tmp_path, (ROWS[9], f"{ROWS[9]}\n    - {{phase: {added}}}"))
    assert lines == ([f"campus.yaml:{LINE + 10}:15: 提醒: bells.primary: {says}"] if says else []), lines


@pytest.mark.parametrize("rows, says", [
    (['lunch, start: "12:05", end: "12:45"', 'after_school, start: "12:45", end: "14:30"'], None),  # looked after at midday
    (['lunch, start: "12:05", end: "12:50"', 'closed, start: "12:50", end: "14:30"'], None),
])
def test_midday_may_have_parts(build, tmp_path, rows, says):
    lines = told_of(build, tmp_path, (ROWS[5], "\n".join(f"    - {{phase: {each}}}" for each in rows)))
    assert lines == ([says] if says else []), lines


def test_a_second_lunch_is_told_and_lessons_in_the_evening_are_not(build, tmp_path):
    second = told_of(build, tmp_path, (ROWS[3], '    - {phase: lesson, start: "10:30", end: "11:10"}\n'
                                                '    - {phase: lunch, start: "11:10", end: "11:25"}'))
    assert second == [f"campus.yaml:{LINE + 4}:15: 提醒: bells.primary: 午休 lunch（11:10 到 11:25），而 12:05 到 14:30 已有午休"
                      "（一天只写一个；课间写 recess，大课间写 long_recess）"], second
    late = '    - {phase: evening_study, start: "18:10", end: "19:00"}\n    - {phase: lesson, start: "19:00", end: "19:40"}'
    assert not [line for line in told_of(build, tmp_path / "late", (ROWS[9], f"{ROWS[9]}\n{late}")) if "之间" in line]


def test_phases_that_are_impossible_are_told_in_english(build, tmp_path):
    text = CAMPUS.replace(ROWS[2], row(2, phase="closed")[1], 1).replace(
        ROWS[9], ROWS[9] + '\n    - {phase: lunch, start: "19:00", end: "20:30"}', 1)
    _, said = check(build, tmp_path, {**NINE, "campus.yaml": text})
    assert [line.split(" warning: ")[1] for line in judged(said, ("campus.yaml",)) if "note" not in line] == [
        "bells.primary: closed from 09:55 to 10:30 is between lessons 2 and 3 (wanted: recess, long_recess or lunch)",
        "bells.primary: lunch from 19:00 to 20:30, in the evening (wanted: what is then, such as evening_study; nothing for a meal)"]


@pytest.mark.parametrize("end, is_told", [("06:30", False), ("08:30", True), ("18:30", True)])
def test_a_night_that_ends_when_school_has_begun_is_told(build, tmp_path, end, is_told):
    night = f'\n    - {{phase: boarding_night, start: "22:00", end: "{end}"}}'
    lines = told_of(build, tmp_path, (ROWS[9], ROWS[9] + night))
    assert [f": 提醒: bells.primary: boarding_night 到第二天 {end} 才结束，而第一段 08:20 就开始了" in line for line in lines] == [True] * is_told


def test_the_edges_are_told_in_english(build, tmp_path):
    text = CAMPUS.replace(ROWS[0], row(0, start="08:25")[1], 1).replace(ROWS[5], row(5, start="12:10")[1], 1)
    _, said = check(build, tmp_path, {**NINE, "campus.yaml": text})
    assert [line.split(" warning: ")[1] for line in judged(said, ("campus.yaml",)) if "note" not in line] == [
        "bells.primary: lesson 1 lasts 35 minutes, all others 40 (wanted: its bells; is 08:20 meant? Leave it where it is)",
        "bells.primary: between lunch and the lesson the school is closed from 12:05 to 12:10 (wanted: bells that follow on one "
        "another)"]


def test_service_that_may_end_before_the_lessons_is_told_at_the_stage(build, tmp_path):
    right = 'lights_out: "22:00", service_end_from: "17:30"'
    lines = told_of(build, tmp_path, (right, right.replace("17:30", "07:30")))
    line = CAMPUS[:CAMPUS.index(right)].count("\n") + 1
    assert len(lines) == 1 and lines[0].startswith(f"campus.yaml:{line}:"), lines
    assert ": 提醒: bells.junior: service_end_from 是 07:30，而最后一节课 16:45 才下课" in lines[0], lines


@pytest.mark.parametrize("number, line, says", [
    (2, 2, "第 3 节课前的课间有 35 分钟"), (5, 5, "12:05 到 14:30 之间什么也没写，空了 145 分钟"),
    (9, -1, "这里没有 after_school"), (3, 3, "10:30 到 11:25 之间什么也没写，空了 55 分钟"),
])
def test_a_phase_that_is_missing_is_told_where_it_is(build, tmp_path, number, line, says):
    lines = told_of(build, tmp_path, (ROWS[number] + "\n", ""))
    found = [text for text in lines if text.startswith(f"campus.yaml:{LINE + line}:") and f": 提醒: bells.primary: {says}" in text]
    assert len(found) == 1 and len(lines) <= 2, lines


@pytest.mark.parametrize("minutes, is_told", [(5, True), (10, False), (20, False)])
def test_one_recess_far_shorter_than_the_others_is_told(build, tmp_path, minutes, is_told):
    """The lessons are as long as ever."""
    end = 11 * 60 + 10 + minutes + 40
    clock = f"{end // 60}:{end % 60:02}"
    lines = told_of(build, tmp_path, row(4, start=f"11:{10 + minutes}", end=clock), row(5, start=clock))
    assert [f"第 4 节课前的课间有 {minutes} 分钟，别的课间是 15 分钟" in line for line in lines] == [True] * is_told, lines


def test_a_recess_longer_than_a_lesson_is_told(build, tmp_path):
    long = f"{ROWS[6]}\n" + '    - {phase: recess, start: "15:10", end: "16:10"}'
    lines = told_of(build, tmp_path, (ROWS[6], long), row(7, start="16:10", end="16:50"), row(8, start="16:50", end="17:00"),
                    row(9, start="17:00"))
    assert len(lines) == 1 and lines[0].startswith(f"campus.yaml:{LINE + 7}:44: 提醒: bells.primary: 这个课间有 60 分钟，而一节课是 40 分钟"), lines


PRIMARY = "".join(f"    {text}\n" for text in ROWS)
BELLS = CAMPUS[CAMPUS.index("\nbells:"):CAMPUS.index("\n# Parts of the year")]
JUNIOR = "".join(f"    {text}\n" for text in BELLS[BELLS.index("  junior:"):].splitlines() if "phase:" in text)
LATER = PRIMARY.replace('"14:30"', '"14:50"').replace('"15:10"', '"15:30"').replace('"15:25"', '"15:45"').replace(
    '"16:05"', '"16:25"').replace('"16:20"', '"16:40"')
JUNIOR_LATER = JUNIOR.replace('end: "18:00"', 'end: "17:50"')


def season(primary, junior, dates="05-01..09-30", name="summer"):
    return (f"  - id: {name}\n    dates: {dates}\n    bells:\n" + (f"      primary:\n{primary}" if primary else "")
            + (f"      junior:\n{junior}" if junior else ""))


def seasons_told(build, tmp_path, *seasons):
    return [line.split(": ", 2)[2] for line in told_of(build, tmp_path, ("calendar:\n", "seasons:\n" + "".join(seasons) + "calendar:\n"))
            if not line.startswith("timetable.csv")]


@pytest.mark.parametrize("primary, junior, path, copied", [
    (PRIMARY, JUNIOR_LATER, "summer.bells.primary", "bells.primary"),
    (LATER, JUNIOR, "summer.bells.junior", "bells.junior"),
    (LATER, LATER, "summer.bells.junior", "seasons.summer.bells.primary"),
    (LATER, PRIMARY, "summer.bells.junior", "bells.primary"),
])
def test_bells_of_a_season_that_are_copied_are_told(build, tmp_path, primary, junior, path, copied):
    assert seasons_told(build, tmp_path, season(primary, junior)) == [
        f"seasons.{path}: 这套作息和 {copied} 完全一样（应写这个季节的；和平时一样的学段不用写；是不是复制后没有改？）"]


def test_bells_of_two_seasons_that_are_the_same_are_told(build, tmp_path):
    lines = seasons_told(build, tmp_path, season(LATER, ""), season(LATER, "", "10-01..11-30", "autumn"))
    assert len(lines) == 1 and "seasons.autumn.bells.primary: 这套作息和 seasons.summer.bells.primary 完全一样" in lines[0], lines


def test_a_season_of_its_own_is_silent_and_judged_as_other_bells(build, tmp_path):
    assert not seasons_told(build, tmp_path, season(LATER, JUNIOR_LATER))
    late = seasons_told(build, tmp_path / "late", season(LATER.replace('"17:40"', '"19:40"'), ""))
    assert len(late) == 1 and "课后服务 19:40 结束，晚于本学段的 service_end_until 18:00" in late[0], late


@pytest.mark.parametrize("dates, says", [
    ("09-30..05-01", "这一段从 09-30 跨过新年到 05-01（先写开始的一天，是不是 05-01..09-30？）"),
    ("05-01..04-30", "“05-01..04-30”是全年，平时的作息永远用不上"),
    ("10-01..04-30", None), ("07-15..08-20", None),  # of the term that is not written yet
])
def test_days_of_a_season_that_are_turned_round_are_told(build, tmp_path, dates, says):
    lines = seasons_told(build, tmp_path, season(LATER, "", dates))
    assert len(lines) == (says is not None) and all(says in line for line in lines), lines


@pytest.mark.parametrize("dates, is_told", [("07-15..08-20", True), ("01-23..02-21", True), ("07-09..08-20", False)])
def test_a_season_without_a_day_of_the_terms_is_told(build, tmp_path, dates, is_told):
    terms = "terms: [2026-09-01..2027-01-22, 2027-02-22..2027-07-09]"
    lines = [line for line in told_of(build, tmp_path, ("terms: [2026-09-01..2027-01-22]", terms),
                                      ("calendar:\n", "seasons:\n" + season(LATER, "", dates) + "calendar:\n")) if "seasons" in line]
    assert [f"{dates.replace('..', ' 到 ')} 没有一天在学期内，这套作息用不上" in line for line in lines] == [True] * is_told, lines


def test_a_season_named_twice_is_told(build, tmp_path):
    lines = seasons_told(build, tmp_path, season(LATER, ""), season(PRIMARY, "", "10-01..11-30"))
    assert len(lines) == 1 and lines[0].startswith("“summer”已是 campus.yaml:"), lines


@pytest.mark.parametrize("right, wrong, column, says", [
    ("senior:  {limit: 50", "senior:  {limit: 4", 20, "stages.senior: 班额 4，不到更低的学段 junior 的 50 的一半"),
    ("primary: {limit: 45", "primary: {limit: 54", 20, "stages.primary: 班额 54，比更高的学段 junior 的 50 还大"),
    ('first_lesson: "08:20"', 'first_lesson: "02:08"', 38, "stages.primary: first_lesson 是 02:08，比更高的学段 junior 的 08:00 还早"),
    ('first_lesson: "08:20"', 'first_lesson: "20:20"', 38, "bells.primary: first_lesson 是 20:20，而第 2 节课 09:15 就开始了"),
    ('lights_out: "21:20"', 'lights_out: "22:20"', 59, "stages.primary: lights_out 是 22:20，比更高的学段 junior 的 22:00 还晚"),
    ('lights_out: "21:20"', 'lights_out: "12:20"', 59, "bells.primary: 有一段 15:10 才结束，晚于这个学段的熄灯时间 lights_out 12:20"),
    ('lights_out: "21:20"', 'lights_out: "17:20"', 59, "bells.primary: 有一段 17:40 才结束，晚于这个学段的熄灯时间 lights_out 17:20"),
])
def test_a_figure_of_a_stage_that_others_contradict_is_told_at_it(build, tmp_path, right, wrong, column, says):
    lines = told_of(build, tmp_path, (right, wrong))
    line = CAMPUS[:CAMPUS.index(right)].count("\n") + 1
    assert len(lines) == 1 and lines[0].startswith(f"campus.yaml:{line}:{column}: 提醒: {says}"), lines


@pytest.mark.parametrize("wrong, says", [
    ("pressure: 1013", "pressure 是 1013 hPa，而海拔 1650 米处约是 830"), ("pressure: 835", None),
    ("enrolled: 101", "enrolled 是 101，而各班合起来有 1021 人"), ("enrolled: 1021", None), ("enrolled: 1300", None),
    ("enrolled: 1201", "enrolled 是 1201，而各班合起来有 1021 人，有两位数字写反了"), ("enrolled: 1031", None),
    ("enrolled: 10210", "enrolled 是 10210，而各班合起来有 1021 人，像是多写了一位数字"), ("enrolled: 5210", None),
    ("enrolled: 10121", "enrolled 是 10121，而各班合起来有 1021 人，像是多写了一位数字"),
])
def test_a_figure_of_the_school_that_others_contradict_is_told(build, tmp_path, wrong, says):
    lines = told_of(build, tmp_path, ("altitude: 1650", f"altitude: 1650, {wrong}"))
    assert len(lines) == (says is not None) and all(f": 提醒: school: {says}" in line for line in lines), lines


@pytest.mark.parametrize("has_junior", [True, False])
def test_a_nine_year_school_without_its_figures_is_told(build, tmp_path, has_junior):
    """Section school is not there at all."""
    school = next(line for line in CAMPUS.splitlines() if line.startswith("school:")) + "\n"
    table = NINE["classes.csv"] if has_junior else "".join(
        line for line in NINE["classes.csv"].splitlines(True) if "-J-" not in line)
    lines = [line for line in told_of(build, tmp_path, (school, ""), files={"classes.csv": table}) if "nine_year" in line]
    assert lines == ["campus.yaml:6:1: 提醒: school: nine_year 是 false，却既有小学班又有初中班（九年一贯制学校应写 nine_year: true，"
                     "它的限额不同）"] * has_junior, lines


def test_service_that_may_end_when_it_may_not_is_told(build, tmp_path):
    lines = told_of(build, tmp_path, ('service_end_from: "17:30"', 'service_end_from: "18:30"'))
    assert [line for line in lines if "stages.primary: service_end_from 18:30 晚于 service_end_until 18:00（不能更晚）" in line], lines


def test_figures_are_told_in_english(build, tmp_path):
    text = CAMPUS.replace("altitude: 1650", "altitude: 1650, enrolled: 1201").replace("primary: {limit: 45", "primary: {limit: 35")
    _, said = check(build, tmp_path, {**NINE, "campus.yaml": text})
    more = CAMPUS.replace("altitude: 1650", "altitude: 1650, enrolled: 10210")
    _, further = check(build, tmp_path / "more", {**NINE, "campus.yaml": more})
    assert judged(further, ("campus.yaml",))[0].endswith(
        "warning: school: enrolled 10210, and the classes have 1021 pupils together: a digit more (wanted: the right number; without it "
        "those of the classes count; leave it where it is meant)")
    assert [line.split(" warning: ")[1] for line in judged(said, ("campus.yaml",)) if "note" not in line] == [
        "school: enrolled 1201, and the classes have 1021 pupils together: two digits are exchanged (wanted: the right number; "
        "without it those of the classes count)",
        "stages.primary: limit 35, and all 18 classes have more enrolled (wanted: pupils that a class may have)"]


def test_the_same_is_said_in_english(build, tmp_path):
    text = CAMPUS.replace(ROWS[9], row(9, end="16:40")[1], 1)
    code, said = check(build, tmp_path, {**NINE, "campus.yaml": text})
    assert code == 0 and [line for line in judged(said, ("campus.yaml",)) if "note" not in line] == [
        f"campus.yaml:{LINE + 9}:50: warning: bells.primary: after-school service ends at 16:40, before service_end_from of the "
        "stage, 17:30 (wanted: not earlier)"]


@pytest.mark.parametrize("language, says", [
    ("C.UTF-8", "campus.yaml:{0}:30: bells.primary[0].start: '“08:20”' is not a time of day: it has a full-width '“', '\"' is meant "
     "(allowed: a time of day"),
    ("zh_CN.UTF-8", "campus.yaml:{0}:30: bells.primary[0].start: ““08:20””不是时刻：里面有全角的““”，应是“\"”（可写：时刻"),
])
def test_the_quotes_of_a_chinese_keyboard_are_named(build, tmp_path, language, says):
    text = CAMPUS.replace(ROWS[0], ROWS[0].replace('"08:20"', "“08:20”"), 1)
    _, said = check(build, tmp_path, {**NINE, "campus.yaml": text}, language)
    lines = judged(said, ("campus.yaml",))
    assert lines[0].startswith(says.format(LINE)), lines


@pytest.mark.parametrize("language, says", [
    ("C.UTF-8", "warning: stages.junior: first_lesson 08:30 is after that of primary, 08:20, and lessons begin before it (wanted: not "
     "after them)"),
    ("zh_CN.UTF-8", "提醒: stages.junior: first_lesson 是 08:30，比更低的学段 primary 的 08:20 还晚，而第一节课更早就开始了（不应比第一节课晚）"),
])
def test_a_first_lesson_that_the_bells_contradict_accuses_no_other_stage(build, tmp_path, language, says):
    right = 'junior:  {limit: 50, first_lesson: "08:00"'
    assert right in CAMPUS
    _, said = check(build, tmp_path, {**NINE, "campus.yaml": CAMPUS.replace(right, right.replace("08:00", "08:30"))}, language)
    lines = judged(said, ("campus.yaml",))
    line = CAMPUS[:CAMPUS.index(right)].count("\n") + 1
    assert f"campus.yaml:{line}:38: {says}" in lines and not [text for text in lines if "stages.primary" in text], lines
