"""Rain and bad air as measured: who is exempt from being out of doors, from when, until when.
The days are those of test_lessons.py, where 27 of 45 spend 18 minutes of PE in the classroom."""
import datetime
import random
import sys

import pytest

from conftest import ROOT
from test_lessons import CAMPUS, MONDAY, P1, TUESDAY, lines_of, pe, row, run, stamp, told

sys.path.insert(0, str(ROOT / "tests/replay"))

from mutate import Mutation, copy_of, put  # noqa: E402

WEATHER = """
buses:
  - {name: weather-broker, driver: mqtt, broker: "mqtt://127.0.0.1"}
devices:
  - {name: station, bus: weather-broker, place: ground, topic: weather, supervision: 15min,
     points: [{metric: rain, path: r}, {metric: aqi, path: a}, {metric: pm25, path: p}]}
"""
IN_THE_CLASSROOM = pe(("10:30", 27), ("10:48", 0))
SUSPECT = row(MONDAY, "11:00:00", "TT-01", P1)
UNDO = {"do": "exempt", "reason": "rain", "undo": True}


def fact(clock, rule, day=MONDAY):
    return row(day, clock, rule, "ground")


def measured(metric, *steps, day=MONDAY, until="18:00"):
    """@steps: (clock, value), told at once and every five minutes of @day until @until."""
    def at(clock):
        hour, minute, second = (int(part) for part in (clock + ":00").split(":")[:3])
        return 3600 * hour + 60 * minute + second

    first = at(steps[0][0])
    times = {at(clock) for clock, _ in steps}
    times |= {t for t in range(300 * (first // 300 + 1), at(until), 300)}
    for time in sorted(times):
        value = [v for clock, v in steps if at(clock) <= time][-1]
        clock = str(datetime.timedelta(seconds=time)).rjust(8, "0")
        yield {"t": stamp(day, clock), "point": f"ground/{metric}", "v": value}


def with_lines(*more, days=((MONDAY, IN_THE_CLASSROOM),)):
    lines = [*lines_of(days), *(line for part in more for line in part)]
    return sorted(lines, key=lambda line: line["t"])


def said(clock, what, day=MONDAY):
    return [{"t": stamp(day, clock), **what}]


TWO_DAYS = ((MONDAY, {}), (TUESDAY, IN_THE_CLASSROOM))
NIGHT = row(TUESDAY, "11:00:00", "TT-01", P1)

DAYS = {
    "dry": (with_lines(measured("rain", ("07:35", 0))), [SUSPECT]),
    "rain for all of PE": (
        with_lines(measured("rain", ("07:35", 0), ("10:20", 1), ("11:30", 0))),
        [fact("10:22:00", "OD-01")]),
    "drops for two minutes": (
        with_lines(measured("rain", ("07:35", 0), ("10:31:00", 1), ("10:33:00", 0))),
        [fact("10:33:00", "OD-01")]),
    "drops for a second less": (
        with_lines(measured("rain", ("07:35", 0), ("10:31:00", 1), ("10:32:59", 0))), [SUSPECT]),
    # The middle of PE is 10:30 to 11:00; its beginning 10:25 counts too.
    "rain until 20 minutes before PE": (
        with_lines(measured("rain", ("07:35", 0), ("09:30", 1), ("10:05:00", 0))),
        [fact("09:32:00", "OD-01"), SUSPECT]),
    "rain until a second later": (
        with_lines(measured("rain", ("07:35", 0), ("09:30", 1), ("10:05:01", 0))),
        [fact("09:32:00", "OD-01")]),
    "index 200": (with_lines(measured("aqi", ("07:35", 200))), [SUSPECT]),
    "index 201": (with_lines(measured("aqi", ("07:35", 201))), [fact("07:35:00", "OD-02")]),
    "index 201, then 151": (
        with_lines(measured("aqi", ("07:35", 201), ("08:00", 151))), [fact("07:35:00", "OD-02")]),
    "index 201, then 150": (
        with_lines(measured("aqi", ("07:35", 201), ("08:00", 150))),
        [fact("07:35:00", "OD-02"), SUSPECT]),
    # Three quarters of the hour are known at 08:20.
    "150 µg/m³": (with_lines(measured("pm25", ("07:35", 150))), [SUSPECT]),
    "151 µg/m³": (with_lines(measured("pm25", ("07:35", 151))), [fact("08:20:00", "OD-03")]),
    "151 µg/m³, told half a minute before, too": (
        with_lines(measured("pm25", ("07:35", 151), ("08:19:30", 152))), [fact("08:20:00", "OD-03")]),
    "151 µg/m³, then 116 for more than an hour": (
        with_lines(measured("pm25", ("07:35", 151), ("08:30", 116))), [fact("08:20:00", "OD-03")]),
    "151 µg/m³, then 115 for more than an hour": (
        with_lines(measured("pm25", ("07:35", 151), ("08:30", 115))),
        [fact("08:20:00", "OD-03"), SUSPECT]),
    # PE begins at 10:25: an hour after 09:25 all of the window is 115.
    "151 µg/m³ until an hour before PE": (
        with_lines(measured("pm25", ("07:35", 151), ("09:25", 115))),
        [fact("08:20:00", "OD-03"), SUSPECT]),
    "151 µg/m³ for a minute more": (
        with_lines(measured("pm25", ("07:35", 151), ("09:26", 115))), [fact("08:20:00", "OD-03")]),
    # By hand wins, until the day is over.
    "rain that somebody does not see": (
        with_lines(measured("rain", ("07:35", 1)), said("10:24:00", UNDO)),
        [fact("07:37:00", "OD-01"), SUSPECT]),
    "rain that somebody does not see from noon on": (
        with_lines(measured("rain", ("07:35", 1)), said("10:24:00", {**UNDO, "from": "12:00"})),
        [fact("07:37:00", "OD-01")]),
    "rain again after somebody saw none": (
        with_lines(measured("rain", ("07:35", 1), ("08:30", 0), ("10:00", 1)), said("08:20:00", UNDO)),
        [fact("07:37:00", "OD-01"), fact("10:02:00", "OD-01"), SUSPECT]),
    "rain that somebody sees, which ends before that of the sensor": (
        with_lines(measured("rain", ("07:35", 1)),
                   said("08:20:00", {"do": "exempt", "reason": "rain", "until": "09:00"})),
        [fact("07:37:00", "OD-01")]),
    "dry, and somebody sees rain": (
        with_lines(measured("rain", ("07:35", 0)),
                   said("10:20:00", {"do": "exempt", "reason": "rain"})), []),
    # Midnight: rain goes on, a refusal and a silent sensor do not.
    "rain through the night": (
        with_lines(measured("rain", ("18:00", 1), until="24:00"),
                   measured("rain", ("00:00", 1), day=TUESDAY), days=TWO_DAYS),
        [fact("18:02:00", "OD-01")]),
    "rain through the night that somebody did not see in the evening": (
        with_lines(measured("rain", ("18:00", 1), until="24:00"), said("19:00:00", UNDO),
                   measured("rain", ("00:00", 1), day=TUESDAY), days=TWO_DAYS),
        [fact("18:02:00", "OD-01")]),
    "rain in the evening, and the sensor falls silent": (
        with_lines(measured("rain", ("18:00", 1), until="20:00"), days=TWO_DAYS),
        [fact("18:02:00", "OD-01"), NIGHT]),
    "rain in the evening, and the sensor is heard again at nine": (
        with_lines(measured("rain", ("18:00", 1), until="20:00"),
                   measured("rain", ("09:00", 1), day=TUESDAY), days=TWO_DAYS),
        [fact("18:02:00", "OD-01")]),
}


@pytest.fixture(scope="module")
def campus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weather") / "lessons"
    copy_of(CAMPUS, folder)
    (folder / "devices.d/weather.yaml").write_text(WEATHER)
    return folder


@pytest.mark.parametrize("name", DAYS)
def test_a_day_gives_exactly_what_was_worked_out(build, campus, tmp_path, name):
    lines, expected = DAYS[name]
    assert told(run(build, campus, lines, tmp_path / "lines.jsonl")) == expected


@pytest.mark.parametrize("name", DAYS)
def test_a_restart_or_reload_anywhere_changes_nothing(build, campus, tmp_path, name):
    lines, expected = DAYS[name]
    rng = random.Random(name)
    for what in ("restart", "reload"):
        cut = rng.randrange(1, len(lines) - 1)
        cut_lines = [*lines[:cut], {"t": lines[cut]["t"], "do": what}, *lines[cut:]]
        assert told(run(build, campus, cut_lines, tmp_path / "cut.jsonl")) == expected, (what, lines[cut]["t"])


MUTATIONS = [Mutation("outdoors.yaml", *change) for change in (
    ("OD-01", "for: 2min", "for: 119s"), ("OD-01", "for: 2min", "for: 121s"),
    ("OD-01", "clear_for: 20min", "clear_for: 1199s"), ("OD-01", "clear_for: 20min", "clear_for: 1201s"),
    ("OD-01", "exempt: rain", "exempt: nothing"), ("OD-01", "exempt: rain", "exempt: pollution"),
    ("OD-02", "most: 200", "most: 199"), ("OD-02", "most: 200", "most: 201"),
    ("OD-02", "aqi > most", "aqi >= most"), ("OD-02", "again: 150", "again: 149"),
    ("OD-02", "again: 150", "again: 151"), ("OD-02", "aqi <= again", "aqi < again"),
    ("OD-02", "exempt: pollution", "exempt: nothing"),
    ("OD-03", "most: 150", "most: 149"), ("OD-03", "most: 150", "most: 151"),
    ("OD-03", "pm25 > most", "pm25 >= most"), ("OD-03", "again: 115", "again: 114"),
    ("OD-03", "again: 115", "again: 116"), ("OD-03", "pm25 <= again", "pm25 < again"),
    ("OD-03", "over: 1h", "over: 59min"), ("OD-03", "over: 1h", "over: 61min"),
    ("OD-03", "valid: 75%", "valid: 74%"), ("OD-03", "valid: 75%", "valid: 76%"),
    ("OD-03", "exempt: pollution", "exempt: nothing"))]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_a_figure_that_is_not_so_is_noticed(build, campus, tmp_path, mutation):
    folder = copy_of(campus, tmp_path / "campus")
    put(mutation, folder)
    for lines, expected in DAYS.values():
        if told(run(build, folder, lines, tmp_path / "lines.jsonl")) != expected:
            return
    pytest.fail(f"no day notices {mutation}")
