"""Light, air, noise and screens: the days and nights of tests/replay/eye, each with what
must come of it as worked out by hand."""
import datetime
import json
import random
import shutil
import subprocess
import sys

import pytest

from conftest import ROOT
from test_replay import replay

sys.path.insert(0, str(ROOT / "tests/replay"))
sys.path.insert(0, str(ROOT / "tests/replay/eye"))

from mutate import Mutation, mutate  # noqa: E402
from lesson_days import DAYS, LESSONS, MONDAY  # noqa: E402
from night_lamps import NIGHTS  # noqa: E402

CAMPUS = ROOT / "tests/replay/eye"
SCENARIOS = {**{f"lesson: {name}": days for name, days in LESSONS.items()},
             **{f"day: {name}": days for name, days in DAYS.items()},
             **{f"night: {name}": (days, steps) for name, (days, steps, _) in NIGHTS.items()}}


def seconds(clock):
    hour, minute, second = (int(part) for part in (clock + ":00").split(":")[:3])
    return 3600 * hour + 60 * minute + second


def stamp(day, time):
    moment = datetime.datetime.combine(day, datetime.time()) + datetime.timedelta(seconds=time)
    return moment.isoformat(timespec="milliseconds" if time % 1 else "seconds") + "+08:00"


def lines_of(days):
    """Every point tells what it is each half minute past and at each step; None is bad."""
    lines = []
    for day, points, end in days:
        for point, steps in points.items():
            first = seconds(steps[0][0])
            times = {t for t in range(first - first % 60 + 30, seconds(end), 60) if t > first}
            times |= {seconds(clock) for clock, _ in steps}
            for time in times:
                value = [v for clock, v in steps if seconds(clock) <= time][-1]
                line = {"t": stamp(day, time), "point": point}
                lines.append({**line, "q": "bad"} if value is None else {**line, "v": value})
    lines.sort(key=lambda line: line["t"])
    day, _, end = days[-1]
    return [*lines, {"t": stamp(day, seconds(end)), "do": "end"}]


def run(build, folder, lines, path):
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    done = replay(build, folder, path)
    assert done.returncode == 0, done.stderr
    return done.stdout


def told(text):
    """(t, rule, object, from, to) of alarms, (t, rule, object, "fact") of INF rules.  In
    the evening sensors fall silent: SY-01 is no matter of these tables."""
    rows = []
    for row in map(json.loads, text.splitlines()):
        if row.get("rule", "SY-01").startswith("SY-01"):
            continue
        step = (row["from"], row["to"]) if "from" in row else ("fact",)
        rows.append((row["t"], row["rule"], row["object"], *step))
    return rows


def steps_of(expected):
    return [(stamp(day, seconds(clock)), rule, thing, *step)
            for day, clock, rule, thing, step in expected]


def facts(text, kind):
    return [row for row in map(json.loads, text.splitlines()) if row.get("fact") == kind]


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_day_gives_exactly_what_was_worked_out(build, tmp_path, name):
    days, expected = SCENARIOS[name]
    assert told(run(build, CAMPUS, lines_of(days), tmp_path / "lines.jsonl")) == steps_of(expected)


@pytest.mark.parametrize("name", NIGHTS)
def test_a_night_gives_exactly_its_tests_and_their_ends(build, tmp_path, name):
    days, _, ends = NIGHTS[name]
    out = run(build, CAMPUS, lines_of(days), tmp_path / "lines.jsonl")
    found = [fact.get("verdict") or fact["reason"] for fact in map(json.loads, out.splitlines())
             if fact.get("fact") in ("lamp-test", "lamp-test-void")]
    assert found == ends


@pytest.mark.parametrize("left_out", [
    ["desk_least"], ["desk_uniformity_least"],
    ["desk_least", "desk_uniformity_least", "board_least", "board_uniformity_least"]], ids="+".join)
def test_what_is_not_judged_here_is_measured_again_after_a_repair(build, tmp_path, left_out):
    folder = copy_of(tmp_path / "campus")
    path = folder / "gateway.yaml"
    path.write_text("".join(line for line in path.read_text().splitlines(keepends=True)
                            if line.split(":")[0].strip() not in left_out))
    days, steps, _ = NIGHTS["lamps that are repaired"]
    assert told(run(build, folder, lines_of(days), tmp_path / "lines.jsonl")) == steps_of(steps)


def test_the_fact_of_a_test_has_its_figures(build, tmp_path):
    days, _, _ = NIGHTS["desks of uniformity 0.70"]
    out = run(build, CAMPUS, lines_of(days), tmp_path / "lines.jsonl")
    fact, = facts(out, "lamp-test")
    assert {key: fact[key] for key in ("t", "object", "dark_lux", "desk_lux", "desk_uniformity",
                                       "board_lux", "board_uniformity", "indicative",
                                       "completeness")} == {
        "t": "2026-11-23T05:50:00+08:00", "object": "b1-101", "dark_lux": 1, "desk_lux": 400,
        "desk_uniformity": 0.7, "board_lux": 600, "board_uniformity": 1, "indicative": 0,
        "completeness": 1}


def test_one_sensor_without_a_record_is_an_indication_of_half(build, tmp_path):
    out = run(build, CAMPUS, lines_of(NIGHTS["one sensor of 300"][0]), tmp_path / "lines.jsonl")
    fact, = facts(out, "lamp-test")
    assert (fact["indicative"], fact["completeness"], fact.get("desk_uniformity")) == (1, 0.5, None)


# The first lesson: 30 minutes of its middle, 08:25 to 08:55.
A_LESSON = [(MONDAY, {
    "b1-101/occupancy": [("08:00", 40), ("09:00", 0)],
    "b1-101/panel_power": [("08:00", 3), ("08:45", 100), ("08:50", 3)],
    **{f"b1-101/desk_lux.{p}": [("08:00", 240), ("08:40", 239)] for p in "abcd"},
    "b1-101/co2": [("08:00", 1500), ("08:31", 1501)],
    "b1-101/temperature": [("08:00", 16), ("08:35", None)],
}, "18:30")]


def test_a_lesson_tells_its_compliant_minutes_and_how_many_are_known(build, tmp_path):
    out = run(build, CAMPUS, lines_of(A_LESSON), tmp_path / "lines.jsonl")
    fact, = facts(out, "lesson-environment")
    names = ("t", "object", "class", "lesson", "minutes", "light_min", "light_known",
             "projecting_min", "co2_min", "co2_known", "temperature_min", "temperature_known",
             "indicative")
    # 300 lx until 08:40 and 298.75 after; five minutes with the panel on ask for none.
    assert {name: fact[name] for name in names} == {
        "t": "2026-11-23T08:55:00+08:00", "object": "b1-101", "class": "2024-P-01", "lesson": 1,
        "minutes": 30, "light_min": 15, "light_known": 25, "projecting_min": 5, "co2_min": 6,
        "co2_known": 30, "temperature_min": 10, "temperature_known": 10, "indicative": 0}
    assert fact["completeness"] == pytest.approx((30 + 30 + 10) / 90)


def test_the_day_tells_the_lessons_of_rooms_and_school(build, tmp_path):
    days = [(MONDAY, {
        "b1-101/occupancy": [("08:00", 40), ("09:00", 0), ("09:10", 40), ("09:55", 0)],
        "b1-101/panel_power": [("08:00", 3)],
        # 24 of 30 minutes are 80 %, 23 are not.
        **{f"b1-101/desk_lux.{p}": [("08:00", 240), ("08:49", 239), ("09:20", 240), ("09:43", 239)]
           for p in "abcd"},
        "b1-102/occupancy": [("08:00", 40), ("09:00", 0)],
        "b1-102/co2": [("08:00", 1000), ("09:10", None)],
    }, "18:30")]
    out = run(build, CAMPUS, lines_of(days), tmp_path / "lines.jsonl")
    found = {fact["object"]: (fact["lessons"], fact["light_judged"], fact["light_compliant"],
                              fact["co2_judged"], fact["co2_compliant"])
             for fact in facts(out, "environment-day")}
    assert found == {"b1-101": (2, 2, 1, 0, 0), "b1-102": (1, 0, 0, 1, 1), "school": (3, 2, 1, 1, 1)}
    assert {fact["t"] for fact in facts(out, "environment-day")} == {"2026-11-23T18:15:00+08:00"}


def test_a_lesson_of_which_too_little_is_known_is_not_judged(build, tmp_path):
    def judged(clock):
        days = [(MONDAY, {"b1-101/occupancy": [("08:00", 40), ("09:00", 0)],
                          "b1-101/temperature": [("08:00", 20), (clock, None)]}, "18:30")]
        out = run(build, CAMPUS, lines_of(days), tmp_path / "lines.jsonl")
        return [f["temperature_judged"] for f in facts(out, "environment-day")
                if f["object"] == "school"]
    assert judged("08:49") == [1]
    assert judged("08:48") == [0]


def test_screens_tell_their_minutes_by_day_and_week(build, tmp_path):
    out = run(build, CAMPUS, lines_of(DAYS["a panel on for 193 minutes of a week"][0]),
              tmp_path / "lines.jsonl")
    days = [(f["on_min"], f["lesson_min"], f["completeness"]) for f in facts(out, "screen-day")]
    assert days == [(48, 160, 1), (48, 160, 1), (48, 160, 1), (49, 160, 1)]
    week, = facts(out, "screen-week")
    assert (week["object"], week["on_min"], week["lesson_min"]) == ("2024-P-01", 193, 640)


def test_the_month_tells_how_many_rooms_passed(build, tmp_path):
    days = [*NIGHTS["desks of 300, board of 500"][0]]
    lines = lines_of(days)[:-1]
    lines.append({"t": "2026-12-01T00:10:00+08:00", "do": "end"})
    out = run(build, CAMPUS, lines, tmp_path / "lines.jsonl")
    fact, = facts(out, "lamp-tests-month")
    assert (fact["month"], fact["rooms"], fact["tested"], fact["passed"], fact["share"]) == (
        202611, 3, 1, 1, 1)
    assert fact["completeness"] == pytest.approx(1 / 3)
    assert fact["t"] == "2026-12-01T00:01:00+08:00"


def test_a_record_older_than_a_year_makes_light_an_indication(build, tmp_path):
    def is_indicative(date):
        folder = copy_of(tmp_path / date)
        path = folder / "gateway.yaml"
        path.write_text(path.read_text().replace("2026-09-01", date))
        out = run(build, folder, lines_of(A_LESSON), tmp_path / "lines.jsonl")
        return facts(out, "lesson-environment")[0]["indicative"]
    assert is_indicative("2025-11-23") == 0
    assert is_indicative("2025-11-22") == 1
    assert is_indicative("2026-11-24") == 1  # tomorrow's


def copy_of(folder):
    shutil.copytree(CAMPUS, folder)
    return folder


CUT = {
    "morning": [(MONDAY, {**A_LESSON[0][1], "b1-102/co2": [("07:00", 1237)],
                          "b1-102/occupancy": [("08:00", 40), ("09:00", 0)],
                          "b1-101/pm25": [("07:00", 51), ("08:10", 60)],
                          "b1-101/noise": [("07:00", 46), ("07:30:10", 40)],
                          "b1-101/window": [("07:00", 0)]}, "18:40")],
    "night": NIGHTS["desks of 299"][0],
    "guard": NIGHTS["a guard leaves in the 15th minute"][0],
    "cleaner": NIGHTS["a cleaner comes while lamps warm up"][0],
    "row": NIGHTS["a row that is brighter later begins anew"][0],
}


def cuts(name, count):
    """Moments with a fraction, at which nothing else is."""
    chance = random.Random(name)
    first, last = {"morning": (7 * 3600 + 60, 9 * 3600 + 900)}.get(name, (5 * 3600 + 600, 6 * 3600))
    return [chance.randrange(first, last) + chance.randrange(1, 1000) / 1000 for _ in range(count)]


@pytest.mark.parametrize("what", ["restart", "reload"])
@pytest.mark.parametrize("name", CUT)
def test_a_restart_or_reload_at_any_moment_changes_not_a_byte(build, tmp_path, name, what):
    lines = lines_of(CUT[name])
    whole = run(build, CAMPUS, lines, tmp_path / "lines.jsonl")
    for moment in cuts(name, 40):
        cut = {"t": stamp(MONDAY, moment), "do": what}
        broken = run(build, CAMPUS, sorted([*lines, cut], key=lambda line: line["t"]),
                     tmp_path / "lines.jsonl")
        assert broken == whole, cut["t"]


def rows_of(text):
    """(when, what), without SY-01: how long a device was silent is kept by a stop alone."""
    rows = [row for row in map(json.loads, text.splitlines()) if not row.get("rule", "").startswith("SY-01")]
    return [(datetime.datetime.fromisoformat(row.pop("t")), row) for row in rows]


@pytest.mark.parametrize("name", CUT)
def test_a_kill_changes_no_figure_and_costs_a_lamp_test_a_minute_at_most(build, tmp_path, name):
    """What the running minute had is lost: of lamps that changed in it a minute is waited for more."""
    lines = lines_of(CUT[name])
    whole = rows_of(run(build, CAMPUS, lines, tmp_path / "lines.jsonl"))
    for moment in cuts(name, 40):
        cut = {"t": stamp(MONDAY, moment), "do": "kill"}
        broken = rows_of(run(build, CAMPUS, sorted([*lines, cut], key=lambda line: line["t"]),
                             tmp_path / "lines.jsonl"))
        assert [row for _, row in broken] == [row for _, row in whole], cut["t"]
        late = {after - before for (before, _), (after, _) in zip(whole, broken)}
        most = datetime.timedelta(minutes=0 if name == "morning" else 1)
        assert all(datetime.timedelta() <= by <= most for by in late), cut["t"]


def at(file, rule, when, *clocks):
    """At another time of the day."""
    day = when.removesuffix(when.split()[-1])
    return [Mutation(file, rule, f"at: {when}", f"at: {day}{clock}") for clock in clocks]


RULES = [
    *[Mutation("eye-health.yaml", "EY-01", *change) for change in (
        ("low: 300", "low: 299"), ("low: 300", "low: 301"), ("enough: 330", "enough: 329"),
        ("enough: 330", "enough: 331"), ("present: 5", "present: 4"), ("present: 5", "present: 6"),
        ("over: 10min", "over: 9min"), ("over: 10min", "over: 11min"),
        ("clear_for: 5min", "clear_for: 4min"), ("clear_for: 5min", "clear_for: 6min"),
        ("indicative: true", "indicative: false"), (" and not projecting", " and projecting < 2"),
        ("valid: 80%", "valid: 79%"), ("valid: 80%", "valid: 81%"))],
    *[Mutation("eye-health.yaml", "EY-02", *change) for change in (
        ("low: 500", "low: 499"), ("low: 500", "low: 501"), ("enough: 550", "enough: 549"),
        ("enough: 550", "enough: 551"), ("present: 5", "present: 4"), ("for: 10min", "for: 9min"),
        ("for: 10min", "for: 11min"), ("clear_for: 5min", "clear_for: 4min"),
        (" and not projecting", " and projecting < 2"), ("during: lesson", "during: lesson_whole"))],
    *[Mutation("eye-health.yaml", "EY-03", *change) for change in (
        ("low: 300", "low: 299"), ("low: 300", "low: 301"), ("uneven: 0.7", "uneven: 0.69"),
        ("uneven: 0.7", "uneven: 0.71"))],
    *[Mutation("eye-health.yaml", "EY-03-board", *change) for change in (
        ("low: 500", "low: 499"), ("low: 500", "low: 501"), ("uneven: 0.8", "uneven: 0.79"),
        ("uneven: 0.8", "uneven: 0.81"))],
    *[Mutation("eye-health.yaml", rule, *change) for rule in ("EY-04", "EY-04-day") for change in (
        ("most: 0.3", "most: 0.29"), ("most: 0.3", "most: 0.31"))],
    *at("eye-health.yaml", "EY-04", "monday 06:00", "05:59", "06:01"),
    *at("eye-health.yaml", "EY-04-day", "school_day 18:30", "18:29", "18:31"),
    *[Mutation("eye-health.yaml", "EY-05", *change) for change in (
        ("bright: 2000", "bright: 1999"), ("bright: 2000", "bright: 2002"),
        ("enough: 1500", "enough: 1499"), ("enough: 1500", "enough: 1501"), (", of: max", ""),
        ("for: 10min", "for: 9min"), ("clear_for: 5min", "clear_for: 4min"),
        ("during: lesson", "during: lesson_whole"))],
    *[Mutation("eye-health.yaml", "EY-06", *change) for change in (
        ("warmest: 3300", "warmest: 3299"), ("warmest: 3300", "warmest: 3301"),
        ("coldest: 5300", "coldest: 5299"), ("coldest: 5300", "coldest: 5301"))],
    *[Mutation("eye-health.yaml", "EY-06-svm", *change) for change in (
        ("most: 1.0", "most: 0.9"), ("most: 1.0", "most: 1.1"))],
    *[Mutation("air.yaml", "AQ-01", *change) for change in (
        ("high: 1500", "high: 1499"), ("high: 1500", "high: 1502"), ("enough: 1200", "enough: 1199"),
        ("enough: 1200", "enough: 1201"), ("present: 5", "present: 4"), ("for: 10min", "for: 9min"),
        ("for: 10min", "for: 11min"), ("clear_for: 5min", "clear_for: 4min"),
        ("co2: co2_comp", "co2: co2"), ("during: lesson", "during: lesson_whole"))],
    *[Mutation("air.yaml", "AQ-02", *change) for change in (
        ("most: 1000", "most: 999"), ("most: 1000", "most: 1001"))],
    *at("air.yaml", "AQ-02", "school_day 18:30", "18:29", "18:31"),
    *[Mutation("air.yaml", "AQ-03", *change) for change in (
        ("most: 50", "most: 49"), ("most: 50", "most: 51"))],
    *at("air.yaml", "AQ-03", "00:30", "00:29", "00:31"),
    *[Mutation("air.yaml", "TH-01", *change) for change in (
        ("cold: 16", "cold: 15.9"), ("cold: 16", "cold: 16.1"), ("warm_again: 17", "warm_again: 16.9"),
        ("warm_again: 17", "warm_again: 17.1"), ("hot: 30,", "hot: 29.9,"), ("hot: 30,", "hot: 30.1,"),
        ("cool_again: 29", "cool_again: 28.9"), ("cool_again: 29", "cool_again: 29.1"),
        ("for: 20min", "for: 19min"), ("for: 20min", "for: 21min"),
        ("during: lesson", "during: lesson_whole"))],
    *[Mutation("air.yaml", "NZ-01", *change) for change in (
        ("most: 45", "most: 44"), ("most: 45", "most: 46"))],
]


def stories_of(rule):
    """All of them, those in which @rule says something first."""
    return sorted(SCENARIOS.values(), key=lambda story: not any(step[2] == rule for step in story[1]))


@pytest.mark.parametrize("mutation", RULES, ids=str)
def test_a_changed_figure_of_a_rule_is_noticed(build, tmp_path, mutation):
    folder = copy_of(tmp_path / "campus")
    rules = folder / "rules" / mutation.file
    rules.write_text(mutate(rules.read_text(), mutation))
    assert any(told(run(build, folder, lines_of(days), tmp_path / "lines.jsonl")) != steps_of(expected)
               for days, expected in stories_of(mutation.rule))


SLIPS = [
    ("calibrations: [{point: b1-101/desk_lux.z, k: 1, date: 2026-09-01, method: m, reference: 300}]",
     "b1-101/desk_lux.z"),
    ("calibrations: [{point: b1-101/desk_lux.a, k: 1, date: 2026-02-30, method: m, reference: 300}]",
     "2026-02-30"),
    ("calibrations: [{point: b1-102/desk_lux, k: 1, date: 2026-09-01, method: m, reference: 300}, "
     "{point: b1-102/desk_lux, k: 2, date: 2026-09-01, method: m, reference: 300}]", "twice"),
    ("co2_sensors: [{device: light-b1-101, compensation: ratio}]", "light-b1-101"),
    ("co2_sensors: [{device: air-b1-101, compensation: some}]", "pct_per_kpa"),
    ("screens: [{place: b1-102, standby: 5, on: 40}]", "panel_power"),
    ("screens: [{place: b1-101, standby: 41, on: 40}]", "at most"),
    ("school_hours: [lessons]", "long_recess"),
]


@pytest.mark.parametrize("option, expected", SLIPS)
def test_a_slip_in_the_configuration_is_named(build, tmp_path, option, expected):
    folder = copy_of(tmp_path / "campus")
    path = folder / "gateway.yaml"
    key = option.split(":")[0]
    lines, skipping = [], False
    for line in path.read_text().splitlines():
        skipping = line.startswith(f"    {key}:") or (skipping and line.startswith("      - "))
        lines += [] if skipping else [line]
    path.write_text("\n".join([*lines, f"    {option}"]) + "\n")
    done = subprocess.run([build / "campus-gatewayd", "--config", folder, "--check"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "gateway.yaml:" in done.stderr and expected in done.stderr
