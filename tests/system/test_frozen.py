"""A counter that freezes, whenever it does, accuses nobody; on the school days of test_lessons.py."""
import datetime
import random

import pytest

from test_lessons import (CAMPUS, J1, MONDAY, P1, P2, TUESDAY, copy_of, facts, full, lines_of, merged, run,
                          second_of_maths, seconds, stamp, told)


def seated(people):
    """Its pupils come one after the other, and its teacher with the first."""
    return [("07:45", 2), ("07:55", 12), ("08:02", people // 2), ("08:10", people - 5), ("08:18", people)]


def came_slowly(steps, people):
    return merged(seated(people), [step for step in steps if step != ("08:05", people)])


SLOW = {"b1-101": came_slowly(full(46), 46),
        "b1-102": merged(came_slowly(full(21), 21), second_of_maths(21)),
        "b2-101": merged(came_slowly(full(51), 51), second_of_maths(51))}


def freeze(lines, room, since, until="2999"):
    """@lines with the totals of @room as they were at @since, until they are right again."""
    result, held = [], {}
    for line in lines:
        point = line.get("point", "")
        is_frozen = point.startswith(f"{room}/") and since <= line["t"] < until
        if not is_frozen:
            held[point] = line.get("v")
        result.append({**line, "v": held.get(point, 0)} if is_frozen else line)
    return result


def freezes(count):
    chance = random.Random(20261126)
    for minute in [*range(0, 480, 480 // count), 70, 130, 139, 150, 172]:
        yield str(datetime.timedelta(seconds=seconds("07:20") + 60 * minute + chance.randrange(60))).rjust(8, "0")


@pytest.mark.parametrize("clock", sorted(freezes(32)))
def test_a_counter_that_freezes_makes_no_false_alarm(build, tmp_path, clock):
    days = lines_of([(MONDAY, SLOW), (TUESDAY, SLOW)])
    for room in ("b1-101", "b1-102", "art-room"):
        lines = freeze(days, room, stamp(MONDAY, clock))
        assert told(run(build, CAMPUS, lines, tmp_path / "lines.jsonl")) == []


@pytest.mark.parametrize("since, until", [
    ("08:04", "09:30"), ("08:14", "11:10"), ("08:40", "09:10"), ("08:40", "10:30"), ("09:06", "10:10"),
    ("09:20", "10:50"), ("09:20", "11:30"), ("09:58", "14:50"), ("11:40", "14:40")])
def test_a_counter_that_froze_for_a_while_makes_no_false_alarm(build, tmp_path, since, until):
    days = lines_of([(MONDAY, SLOW), (TUESDAY, SLOW)])
    for room in ("b1-101", "b1-102"):
        lines = freeze(days, room, stamp(MONDAY, since), stamp(MONDAY, until))
        assert told(run(build, CAMPUS, lines, tmp_path / "lines.jsonl")) == []


def test_lessons_under_a_frozen_counter_are_undetermined(build, tmp_path):
    """From 08:40 on: lesson 1 is known, of PE, art and the recesses nothing is."""
    lines = freeze(lines_of([(MONDAY, SLOW), (MONDAY + datetime.timedelta(days=7), {})]), "b1-101",
                   stamp(MONDAY, "08:40"))
    out = run(build, CAMPUS, lines, tmp_path / "lines.jsonl")
    lessons = [(f["lesson"], f["pupils"], f["completeness"]) for f in facts(out, "lesson")
               if f["object"] == P1 and f["t"].startswith(str(MONDAY))]
    assert lessons == [(1, 45, 1), (2, None, 0), (4, 45, 1), (5, None, 0)]
    counts = {f["subject"]: (f["held"], f["suspect"]) for f in facts(out, "timetable-week")}
    assert counts == {"chinese": (0, 0), "math": (0, 0), "pe": (2, 0), "art": (1, 0)}
    release = {f["object"]: f["release"] for f in facts(out, "recess-day") if f["t"].startswith(str(MONDAY))}
    assert release == {P1: None, P2: 1, J1: 1}


@pytest.mark.parametrize("option, is_seen", [("10min", True), ("15min", True), ("901s", False), ("0s", False)])
def test_from_which_recess_on_a_counter_is_frozen_is_the_schools(build, tmp_path, option, is_seen):
    """The recess at 09:00 has 15 minutes."""
    folder = copy_of(CAMPUS, tmp_path / "campus")
    path = folder / "gateway.yaml"
    path.write_text(path.read_text().replace("occupancy: {}", f"occupancy: {{frozen_recess: {option}}}"))
    lines = freeze(lines_of([(MONDAY, SLOW)]), "b1-101", stamp(MONDAY, "08:40"))
    out = run(build, folder, lines, tmp_path / "lines.jsonl")
    second = next(f for f in facts(out, "lesson") if f["object"] == P1 and f["lesson"] == 2)
    assert second["completeness"] == (0 if is_seen else 1) and second["pupils"] is None


def exercise(build, since, room, path):
    """Minutes and completeness of Monday by class, of a counter that freezes at @since."""
    lines = freeze(lines_of([(MONDAY, SLOW)]), room, stamp(MONDAY, since))
    return {f["object"]: (f["exercise_min"], f["completeness"])
            for f in facts(run(build, CAMPUS, lines, path), "exercise-day")}


@pytest.mark.parametrize("since, room, other", [
    # Empty at 10:00, in the long recess, and for ever after: who came back for PE nobody knows.
    ("10:00", "b1-102", P2), ("10:00", "b1-101", P1),
    # Back at 11:18 and gone at noon, after all that is exercise.
    ("12:10", "b1-102", None)])
def test_an_empty_room_whose_counter_stands_still_is_no_exercise(build, tmp_path, since, room, other):
    known = {P1: (70, 1), P2: (70, 1), J1: (70, 1)}
    found = exercise(build, since, room, tmp_path / "lines.jsonl")
    assert found == {**known, **({other: (None, 0)} if other else {})}


@pytest.mark.parametrize("room, since, pe", [
    ("b1-102", "18:30", 3),
    # Empty at 10:00; PE is from 10:25 to 11:05, and who comes back to the room at 11:18 nobody sees.
    ("b1-102", "10:00", 2),
    ("b1-102", "11:00", 2),
    ("b1-102", "11:30", 3),
    # From PE to art, whose own counter sees it, and not back before 14:28.
    ("b1-101", "10:00", 2),
    ("b1-101", "14:40", 3)])
def test_an_empty_room_counts_as_pe_once_the_class_is_seen_to_come_back(build, tmp_path, room, since, pe):
    lines = lines_of([(MONDAY, SLOW), (MONDAY + datetime.timedelta(days=7), {})])
    lines = freeze(lines, room, stamp(MONDAY, since), stamp(TUESDAY, "00:00"))
    week = {f["subject"]: (f["held"], f["suspect"])
            for f in facts(run(build, CAMPUS, lines, tmp_path / "lines.jsonl"), "timetable-week")}
    assert (week["pe"], week["art"]) == ((pe, 0), (1, 0))


@pytest.mark.parametrize("what", ["restart", "kill", "reload"])
@pytest.mark.parametrize("since, clock", [("18:30", "11:08"), ("18:30", "14:00"), ("10:00", "11:08"), ("11:00", "11:30")])
def test_a_cut_before_the_class_comes_back_changes_no_count(build, tmp_path, since, clock, what):
    lines = lines_of([(MONDAY, SLOW), (MONDAY + datetime.timedelta(days=7), {})])
    lines = freeze(lines, "b1-101", stamp(MONDAY, since), stamp(TUESDAY, "00:00"))
    cut = {"t": stamp(MONDAY, f"{clock}:20"), "do": what}
    whole, broken = (facts(run(build, CAMPUS, played, tmp_path / "lines.jsonl"), "timetable-week") for played in
                     (lines, sorted([*lines, cut], key=lambda line: line["t"])))
    assert whole and broken == whole


@pytest.mark.parametrize("since, art, used", [
    (None, 1, 1),
    # As full as at 09:00, when somebody else was there, while the class has art in its own room.
    ("09:05", 0, None)])
def test_a_special_room_whose_counter_stands_still_is_no_art(build, tmp_path, since, art, used):
    home = {"b1-101": merged(came_slowly(full(46), 46), second_of_maths(46))} if since else {}
    guests = {"art-room": [("09:00", 46), ("09:50", 0), ("11:18", 46), ("12:00", 0)]}
    lines = lines_of([(MONDAY, {**SLOW, **home, **guests}), (MONDAY + datetime.timedelta(days=7), {})])
    if since:
        lines = freeze(lines, "art-room", stamp(MONDAY, since), stamp(TUESDAY, "00:00"))
    out = run(build, CAMPUS, lines, tmp_path / "lines.jsonl")
    week = {f["subject"]: (f["held"], f["suspect"]) for f in facts(out, "timetable-week")}
    [room] = [f for f in facts(out, "room-use-day") if f["t"].startswith(str(MONDAY))]
    [lesson] = [f for f in facts(out, "lesson")
                if f["object"] == P1 and f["lesson"] == 4 and f["t"].startswith(str(MONDAY))]
    assert week["art"] == (art, 0) and lesson["pupils"] == (45 if used else None)
    assert (room["scheduled"], room["known"], room["used"]) == (1, used or 0, used or 0)
