"""What the county gets of days, weeks and months: the written November of
tests/replay/facts.md byte for byte, groups of few pupils, restarts anywhere."""
import datetime
import json
import random
import shutil
import sys

import pytest

from conftest import ROOT
from test_lessons import (CAMPUS, J1, P1, P2, art, full, lines_of, merged, pe, run,
                          second_of_maths, stamp)

sys.path.insert(0, str(ROOT / "tests/replay/school"))

import month  # noqa: E402

EXPECTED = ROOT / "tests/replay/facts/november.expected"
PERIODS = ("daily", "weekly", "monthly")
RESTARTS = 12
NOVEMBER = [datetime.date(2026, 11, day) for day in
            (2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20, 23, 24, 26, 27, 28, 30)]
END = {"t": "2026-12-01T07:05:00+08:00", "do": "end"}


def juniors(people):
    return {"b2-101": merged(full(people), second_of_maths(people))}


OTHER_DAYS = {
    3: {"b1-101": full(41), "art-room": art(41)},
    10: juniors(55),
    11: juniors(54),
    12: pe(("10:49", 10), ("11:05", 0)),
}
ENTERED = [
    {"t": "2026-11-03T10:00:00+08:00", "do": "leave", "class": P1, "count": 1},
    {"t": "2026-11-04T08:00:00+08:00", "do": "leave", "class": P1, "count": 3, "day": "2026-11-03"},
    {"t": "2026-11-05T07:35:00+08:00", "do": "exempt", "reason": "rain", "from": "08:00",
     "until": "18:00"},
]


def broken(lines, day, room):
    """The counter of @room fails all @day long."""
    return [{**line, "q": "bad"} if line["t"].startswith(day)
            and line.get("point", "").startswith(room + "/") else line for line in lines]


def with_entries(lines, *entries):
    return sorted([*lines, *entries], key=lambda line: line["t"])


def november():
    lines = lines_of([(day, OTHER_DAYS.get(day.day, {})) for day in NOVEMBER])[:-1]
    return with_entries(broken(lines, "2026-11-06", "b1-102"), *ENTERED, END)


def week(other=None):
    """Five days from Monday 2026-11-16 and the Monday after."""
    days = [(datetime.date(2026, 11, 16 + n), (other or {}).get(n, {})) for n in range(5)]
    end = {"t": "2026-11-23T07:05:00+08:00", "do": "end"}
    return [*lines_of(days)[:-1], end]


@pytest.fixture
def campus(tmp_path):
    """The school of tests/replay/lessons.md with the facts as shipped."""
    folder = tmp_path / "campus"
    shutil.copytree(CAMPUS, folder)
    return folder


def enrol(campus, **pupils):
    path = campus / "campus.yaml"
    text = path.read_text()
    for name, count in pupils.items():
        klass, before = {"first": (P1, 45), "second": (P2, 20), "third": (J1, 50)}[name]
        text = text.replace(f"{klass}, stage: {'junior' if klass == J1 else 'primary'}, enrolled: {before}",
                            f"{klass}, stage: {'junior' if klass == J1 else 'primary'}, enrolled: {count}")
    path.write_text(text)


def told(text):
    """The lines that the county gets, as printed."""
    return [line for line in text.splitlines()
            if any(line.find(f'"{period}":') > 0 for period in PERIODS)]


def facts(text, period, fact, **wanted):
    rows = [json.loads(line) for line in told(text)]
    return [row for row in rows if row.get(period) == fact
            and all(row[key] == value for key, value in wanted.items())]


def only(text, period, fact, **wanted):
    rows = facts(text, period, fact, **wanted)
    assert len(rows) == 1, rows
    return rows[0]


def play(build, campus, lines, tmp_path):
    return run(build, campus, lines, tmp_path / "lines.jsonl")


def test_a_written_november_is_told_byte_for_byte(build, campus, tmp_path):
    lines = told(play(build, campus, november(), tmp_path))
    assert lines == EXPECTED.read_text().splitlines()


# What stands in facts.md as worked out by hand: (period, fact, object, start, revision) and
# when it is told, its figures, its completeness, why the rest is missing.
TABLE = {
    ("daily", "attendance", "school", "11-02", 1): (
        "11-02T19:00", {"enrolled": 115, "present": 115, "leave": 0, "absent": 0}, 1, {}),
    ("daily", "attendance", "school", "11-03", 1): (
        "11-03T19:00", {"enrolled": 115, "present": 110, "leave": 1, "absent": 4}, 1, {}),
    ("daily", "attendance", "school", "11-03", 2): (
        "11-04T19:00", {"enrolled": 115, "present": 110, "leave": 3, "absent": 2}, 1, {}),
    ("daily", "attendance", "school", "11-06", 1): (
        "11-06T19:00", {"enrolled": 95, "present": 95, "leave": 0, "absent": 0}, 0.6667,
        {"unknown": 0.3333}),
    ("weekly", "attendance", "school", "11-02", 1): (
        "11-09T06:00", {"enrolled": 555, "present": 550, "leave": 3, "absent": 2}, 0.9333,
        {"unknown": 0.0667}),
    ("weekly", "attendance", "school", "11-23", 1): (
        "11-30T06:00", {"enrolled": 575, "present": 575, "leave": 0, "absent": 0}, 1, {}),
    ("monthly", "attendance", "school", "11-01", 1): (
        "12-01T06:00", {"enrolled": 2395, "present": 2397, "leave": 3, "absent": 2}, 0.9841,
        {"unknown": 0.0159}),
    ("daily", "class-size", "school", "11-10", 1): (
        "11-10T19:00", {"largest": 54, "over_limit": 1}, 1, {}),
    ("daily", "class-size", "school", "11-11", 1): (
        "11-11T19:00", {"largest": 53, "over_limit": 0}, 1, {}),
    ("weekly", "class-size", "school", "11-09", 1): (
        "11-16T06:00", {"largest": 54, "over_limit": 1}, 1, {}),
    ("monthly", "class-sizes", P1, "11-01", 1): (
        "12-01T06:00", {"enrolled": 45, "measured": 45, "days_over": 0}, 1, {}),
    ("monthly", "class-sizes", P2, "11-01", 1): (
        "12-01T06:00", {"enrolled": 20, "measured": 20, "days_over": 0}, 0.9524,
        {"unknown": 0.0476}),
    ("monthly", "class-sizes", J1, "11-01", 1): (
        "12-01T06:00", {"enrolled": 50, "measured": 50, "days_over": 1}, 1, {}),
    ("daily", "exercise", "school", "11-02", 1): (
        "11-02T19:00", {"mean_min": 70, "reached": 3, "short": 0}, 1, {}),
    ("daily", "exercise", "school", "11-12", 1): (
        "11-12T19:00", {"mean_min": 64.6667, "reached": 2, "short": 1}, 1, {}),
    ("weekly", "exercise", "school", "11-02", 1): (
        "11-09T06:00", {"mean_min": 70, "reached": 11, "short": 0}, 0.9167, {"unknown": 0.0833}),
    ("monthly", "exercise", "school", "11-01", 1): (
        "12-01T06:00", {"mean_min": 69.7288, "reached": 58, "short": 1}, 0.9833,
        {"unknown": 0.0167}),
    ("weekly", "timetable", "pe", "11-02", 1): (
        "11-09T06:00", {"held": 14, "suspect": 0, "undetermined": 1}, 0.9333, {"unknown": 0.0667}),
    ("weekly", "timetable", "pe", "11-23", 1): (
        "11-30T06:00", {"held": 15, "suspect": 0, "undetermined": 0}, 1, {}),
    ("monthly", "timetable", "chinese", "11-01", 1): (
        "12-01T06:00", {"held": 0, "suspect": 0, "undetermined": 120}, 0, {"unknown": 1}),
    ("monthly", "special-rooms", "art-room", "11-01", 1): (
        "12-01T06:00", {"used": 21, "known": 21, "scheduled": 21}, 1, {}),
}


@pytest.fixture(scope="module")
def november_text():
    """That it comes out so, byte for byte, is the test above."""
    return EXPECTED.read_text()


@pytest.mark.parametrize("key", TABLE, ids=lambda key: "-".join(map(str, key)))
def test_november_has_the_figures_of_the_table(november_text, key):
    period, fact, thing, start, revision = key
    time, figures, completeness, missing = TABLE[key]
    row = only(november_text, period, fact, object=thing, start=f"2026-{start}", revision=revision)
    assert row == {"t": f"2026-{time}:00+08:00", period: fact, "object": thing,
                   "start": f"2026-{start}", "revision": revision, **figures,
                   "completeness": completeness, "missing": missing}


def test_days_without_school_have_no_figures_of_lessons(november_text):
    days = {day.isoformat() for day in NOVEMBER}
    assert {row["start"] for row in facts(november_text, "daily", "attendance")} == days
    rain = {"2026-11-05"}
    assert {row["start"] for row in facts(november_text, "daily", "exercise")} == days - rain
    assert "2026-11-25" in {row["start"] for row in facts(november_text, "daily", "gateway")}


def test_only_what_changed_is_told_again(november_text):
    again = [json.loads(line) for line in november_text.splitlines()
             if json.loads(line)["revision"] > 1]
    assert [(row.get("daily"), row["start"], row["revision"]) for row in again] == [
        ("attendance", "2026-11-03", 2)]


def leave_of_yesterday(klass, count=1):
    return {"t": stamp(datetime.date(2026, 11, 17), "08:00:00"), "do": "leave", "class": klass,
            "count": count, "day": "2026-11-16"}


@pytest.mark.parametrize("first, listed", [
    (5, {P1, P2, J1}),          # five may stand alone
    (4, {"others", J1}),        # four may not, nor may who would be left over beside them
])
def test_a_class_of_four_stands_behind_another_one(build, campus, tmp_path, first, listed):
    enrol(campus, first=first)
    lines = [*week()[:-1], END]
    out = play(build, campus, lines, tmp_path)
    rows = facts(out, "monthly", "class-sizes")
    assert {row["object"] for row in rows} == listed
    others = [row for row in rows if row["object"] == "others"]
    assert [row["completeness"] for row in others] == [row["completeness"] for row in rows
                                                       if row["object"] == J1][:len(others)]


def test_a_school_of_four_tells_of_nobody(build, campus, tmp_path):
    """And one of five does: the smallest group."""
    texts = {}
    for pupils in (4, 5):
        (tmp_path / str(pupils)).mkdir()
        folder = tmp_path / str(pupils) / "campus"
        shutil.copytree(campus, folder)
        enrol(folder, first=pupils)
        path = folder / "campus.yaml"
        path.write_text("".join(line for line in path.read_text().splitlines(True)
                                if f"id: {P2}" not in line and f"id: {J1}" not in line)
                        .replace(f", class: {P2}", "").replace(f", class: {J1}", ""))
        table = folder / "timetable.csv"
        table.write_text("".join(line for line in table.read_text().splitlines(True)
                                 if P2 not in line and J1 not in line))
        texts[pupils] = play(build, folder, week(), tmp_path)
    nothing = {"enrolled": None, "present": None, "leave": None, "absent": None,
               "completeness": 0, "missing": {"small-group": 1}}
    for row in facts(texts[4], "daily", "attendance") + facts(texts[4], "weekly", "attendance"):
        assert {key: row[key] for key in nothing} == nothing
    assert only(texts[5], "daily", "attendance", start="2026-11-16")["enrolled"] == 5


def test_a_day_on_which_only_four_are_known_is_not_told_and_not_added(build, campus, tmp_path):
    """The week less its other days would be that day."""
    enrol(campus, first=4)
    lines = week()
    for room in ("b1-102", "b2-101"):
        lines = broken(lines, "2026-11-18", room)
    out = play(build, campus, lines, tmp_path)
    day = only(out, "daily", "attendance", start="2026-11-18")
    assert day["present"] is None and day["enrolled"] is None
    assert day["missing"] == {"unknown": 0.6667, "small-group": 0.3333}
    others = [row for row in facts(out, "daily", "attendance") if row["start"] != "2026-11-18"]
    whole = only(out, "weekly", "attendance")
    assert len(others) == 4
    for figure in ("enrolled", "present", "leave", "absent"):
        assert whole[figure] == sum(row[figure] for row in others)


@pytest.mark.parametrize("klass, revisions", [(P1, [1]), (P2, [1]), (J1, [1, 2])])
def test_a_revision_is_not_the_difference_of_one_small_class(build, campus, tmp_path, klass,
                                                            revisions):
    """Leave that is entered the next day changes the total; beside a class of four that
    stays as it was, for the change would be its own."""
    enrol(campus, first=4)
    out = play(build, campus, with_entries(week(), leave_of_yesterday(klass)), tmp_path)
    rows = facts(out, "daily", "attendance", start="2026-11-16")
    assert [row["revision"] for row in rows] == revisions


def test_evidence_of_single_classes_is_not_told(build, campus, tmp_path):
    """The objects that leave: the school, subjects, rooms; classes by the month."""
    rows = [json.loads(line) for line in told(play(build, campus, november(), tmp_path))]
    assert {row["object"] for row in rows if "daily" in row} == {"school"}
    assert {row["object"] for row in rows if "weekly" in row} == {
        "school", "chinese", "math", "pe", "art"}


def test_weeks_of_24_classes_have_as_many_days_as_there_is_school(build, tmp_path):
    """1,072 pupils: five days; six with the Sunday made up; four before the holiday of
    Friday 25; three before the first of October.  September has 18 of its 22 days with
    lessons since the gateway is there."""
    folder = tmp_path / "school"
    shutil.copytree(month.CAMPUS, folder)
    if not (folder / "facts.yaml").exists():
        (folder / "facts.yaml").symlink_to(ROOT / "etc/facts.yaml")
    out = play(build, folder, month.lines_of("month", ()), tmp_path)
    weeks = {row["start"]: (row["enrolled"], row["present"], row["completeness"])
             for row in facts(out, "weekly", "attendance")}
    assert weeks == {f"2026-{day}": (1072 * count, 1072 * count, 1) for day, count in
                     (("09-07", 5), ("09-14", 6), ("09-21", 4), ("09-28", 3))}
    september = only(out, "monthly", "attendance")
    assert (september["enrolled"], september["present"]) == (1072 * 18, 1072 * 18)
    assert september["completeness"] == 0.8182
    assert september["missing"] == {"gateway-off": 0.1818}
    assert len(facts(out, "monthly", "class-sizes")) == 24


def cuts(lines, what, seed):
    """@lines with RESTARTS times @what at random moments."""
    chance = random.Random(seed)
    moments = sorted(chance.choice(lines[:-1])["t"] for _ in range(RESTARTS))
    return with_entries(lines, *({"t": moment, "do": what} for moment in moments))


@pytest.mark.parametrize("what", ["restart", "reload"])
def test_nothing_changes_when_it_is_interrupted_anywhere(build, campus, tmp_path, what):
    """Also at the moments of telling and in between."""
    lines = with_entries(week({2: {"b1-101": full(41)}}), leave_of_yesterday(P1))
    plain = told(play(build, campus, lines, tmp_path))
    assert any('"revision":2' in line for line in plain)
    ends = [{"t": f"2026-11-17T{clock}+08:00", "do": what}
            for clock in ("05:59:59", "06:00:00", "06:59:59", "07:00:00", "07:00:01", "18:15:00",
                          "18:59:59", "19:00:00", "19:00:01", "23:59:59")]
    ends.append({"t": "2026-11-23T06:00:00+08:00", "do": what})
    assert told(play(build, campus, with_entries(lines, *ends), tmp_path)) == plain
    for seed in range(3):
        assert told(play(build, campus, cuts(lines, what, seed), tmp_path)) == plain, seed
