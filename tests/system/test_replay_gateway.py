"""Devices, lines, disk, clock and uplink: the hours of tests/replay/gateway.md, each with its
transitions as worked out by hand."""
import datetime
import json
import random
import sys

import pytest

from conftest import ROOT
from test_replay import replay, transitions

sys.path.insert(0, str(ROOT / "tests/replay"))

from mutate import copy_of, mutations_of, put  # noqa: E402

CAMPUS = ROOT / "tests/replay/gateway"
RAISED, RETURNED = ("normal", "unacknowledged"), ("unacknowledged", "returned")
WORSE = ("unacknowledged", "unacknowledged")
AIR = [f"air-{n:02}" for n in range(1, 41)]
LINE, METER_LINE = "rs485-1", "rs485-2"
END = "09:00:00"


def seconds(clock):
    hour, minute, second = (int(part) for part in clock.split(":"))
    return 3600 * hour + 60 * minute + second


def clock_of(time):
    return str(datetime.timedelta(seconds=time)).rjust(8, "0")


def stamp(clock):
    return f"2026-11-23T{clock}+08:00"


def point_of(device):
    return "b1/power" if device == "meter" else f"b1/temperature.t{device[-2:]}"


def word_of(device, is_well, clock):
    line = {"t": stamp(clock), "point": point_of(device), "v": 20}
    return line if is_well else {**line, "q": "bad", "reason": "device"}


def lines_of(devices=(), own=(), silent=()):
    """Every device speaks each half minute from 08:00 on, and at each step.
    @devices: (clock, device, whether it is well from then on); @own: (clock, point of the
    gateway, value); @silent: (clock, device that is not heard from then on)."""
    lines = [{"t": stamp(clock), "point": f"gateway/{name}", "v": value}
             for clock, name, value in own]
    for device in [*AIR, "meter"]:
        steps = {seconds(clock): is_well for clock, other, is_well in devices if other == device}
        last = min([seconds(clock) for clock, other in silent if other == device]
                   or [seconds(END)])
        for time in sorted({*range(seconds("08:00:00"), last, 30), *steps}):
            is_well = ([steps[at] for at in sorted(steps) if at <= time] or [True])[-1]
            lines.append(word_of(device, is_well, clock_of(time)))
    return [*sorted(lines, key=lambda line: line["t"]), {"t": stamp(END), "do": "end"}]


def row(clock, rule, thing, step):
    return (stamp(clock), rule, thing, *step)


def one_after_the_other(clock, devices, is_well):
    return [(clock_of(seconds(clock) + n), device, is_well) for n, device in enumerate(devices)]


def flaps(device, *spells):
    """@spells: (clock, seconds) of each time that it is away."""
    return [step for clock, away_s in spells
            for step in ((clock, device, False), (clock_of(seconds(clock) + away_s), device, True))]


# Away for 37 s of each minute, and four times within seven minutes.
FLAPPING = flaps("meter", *((f"08:{minute}:23", 37) for minute in range(10, 30)))
FOUR_TIMES = ["08:10:10", "08:12:10", "08:14:10", "08:16:10"]

CUT_CABLE = one_after_the_other("08:10:01", AIR, False)
BUT_ONE = [device for device in AIR if device != "air-07"]

OF_DEVICES = {
    "one cable is one alarm": (
        lines_of([*CUT_CABLE, *one_after_the_other("08:20:00", AIR, True)]),
        [row("08:11:40", "SY-01-bus", LINE, RAISED),
         row("08:21:00", "SY-01-bus", LINE, RETURNED)]),
    "59 s without a line": (
        lines_of([*CUT_CABLE, *one_after_the_other("08:11:39", AIR, True)]), []),
    "a line that is back for 59 s": (
        lines_of([*CUT_CABLE, ("08:20:00", "air-01", True), ("08:20:59", "air-01", False)]),
        [row("08:11:40", "SY-01-bus", LINE, RAISED)]),
    "one sensor is its own alarm": (
        lines_of([("08:10:00", "air-07", False), ("08:15:00", "air-07", True)]),
        [row("08:11:00", "SY-01", "air-07", RAISED),
         row("08:16:00", "SY-01", "air-07", RETURNED)]),
    "59 s are none": (
        lines_of([("08:10:00", "air-07", False), ("08:10:59", "air-07", True)]), []),
    "well for 59 s is not well": (
        lines_of([("08:10:00", "air-07", False), ("08:15:00", "air-07", True),
                  ("08:15:59", "air-07", False)]),
        [row("08:11:00", "SY-01", "air-07", RAISED)]),
    "a line that one still speaks on": (
        lines_of([("08:10:00", device, False) for device in BUT_ONE]),
        [row("08:11:00", "SY-01", device, RAISED) for device in BUT_ONE]),
    "the only one of its line, silent for three periods": (
        lines_of(silent=[("08:05:30", "meter")]),
        [row("08:09:00", "SY-01-bus", METER_LINE, RAISED)]),
    "who was missed before the cable stays missed": (
        lines_of([("08:10:00", "air-07", False), *one_after_the_other("08:20:00", BUT_ONE, False),
                  *one_after_the_other("08:30:00", BUT_ONE, True), ("08:40:00", "air-07", True)]),
        [row("08:11:00", "SY-01", "air-07", RAISED),
         row("08:21:38", "SY-01-bus", LINE, RAISED),
         row("08:31:00", "SY-01-bus", LINE, RETURNED),
         row("08:41:00", "SY-01", "air-07", RETURNED)]),
    "the cable is mended for all but one": (
        lines_of([*CUT_CABLE, *one_after_the_other("08:30:00", BUT_ONE, True)]),
        [row("08:11:40", "SY-01-bus", LINE, RAISED),
         row("08:31:00", "SY-01", "air-07", RAISED),
         row("08:31:00", "SY-01-bus", LINE, RETURNED)]),
    "a line that comes and goes is one alarm until it is steady": (
        lines_of(FLAPPING),
        [row("08:14:23", "SY-01-bus", METER_LINE, RAISED),
         row("08:40:00", "SY-01-bus", METER_LINE, RETURNED)]),
    "two minutes in four times": (
        lines_of(flaps("meter", *((clock, 30) for clock in FOUR_TIMES))), []),
    "more than two minutes in four times": (
        lines_of(flaps("meter", *((clock, 31) for clock in FOUR_TIMES))),
        [row("08:17:10", "SY-01-bus", METER_LINE, RAISED),
         row("08:26:00", "SY-01-bus", METER_LINE, RETURNED)]),
    "more than two minutes in not quite ten": (
        lines_of(flaps("meter", ("08:10:10", 45), ("08:13:10", 45), ("08:16:10", 20),
                       ("08:19:10", 12))),
        [row("08:20:10", "SY-01-bus", METER_LINE, RAISED),
         row("08:28:00", "SY-01-bus", METER_LINE, RETURNED)]),
    "more than two minutes in more than ten": (
        lines_of(flaps("meter", ("08:10:10", 50), ("08:12:10", 50), ("08:20:10", 49),
                       ("08:22:10", 1))), []),
    "a broker that is restarted three times": (
        lines_of(flaps("meter", ("08:10:10", 30), ("08:11:10", 30), ("08:12:10", 30))), []),
    "a line that comes and goes from the start": (
        lines_of(flaps("meter", ("08:00:10", 50), ("08:01:10", 50), ("08:02:10", 50))),
        [row("08:03:10", "SY-01-bus", METER_LINE, RAISED),
         row("08:13:00", "SY-01-bus", METER_LINE, RETURNED)]),
    "back after long, and away once more": (
        lines_of(flaps("meter", ("08:10:10", 240), ("08:14:40", 10))),
        [row("08:11:10", "SY-01-bus", METER_LINE, RAISED),
         row("08:26:00", "SY-01-bus", METER_LINE, RETURNED)]),
}
# A lesson lasts until 08:30; after it nobody asks for the line.
BY_DAY = {
    "a line that is silent into the night": (
        lines_of(CUT_CABLE),
        [row("08:11:40", "SY-01-bus", LINE, RAISED),
         row("08:30:00", "SY-01-bus", LINE, RETURNED)]),
    "a line whose power is off at night": (
        lines_of(one_after_the_other("08:40:00", AIR, False)), []),
    "a line of another kind is watched at night": (
        lines_of(silent=[("08:40:30", "meter")]),
        [row("08:44:00", "OUR-08", METER_LINE, RAISED)]),
}
OF_ITSELF = {
    "10 % of the disk": (lines_of(own=[("08:00:00", "disk_free", 10)]), []),
    "less of the disk": (
        lines_of(own=[("08:00:00", "disk_free", 50), ("08:10:00", "disk_free", 9.9),
                      ("08:40:00", "disk_free", 11.9), ("08:50:00", "disk_free", 12)]),
        [row("08:25:00", "SY-01-disk", "gateway", RAISED),
         row("08:50:00", "SY-01-disk", "gateway", RETURNED)]),
    "less of the disk for 899 s": (
        lines_of(own=[("08:10:00", "disk_free", 9.9), ("08:24:59", "disk_free", 10)]), []),
    "2 s off": (lines_of(own=[("08:00:00", "clock_error", 2)]), []),
    "more than 2 s off": (
        lines_of(own=[("08:00:00", "clock_error", 0.1), ("08:10:00", "clock_error", 2.1),
                      ("08:40:00", "clock_error", 2)]),
        [row("08:25:00", "SY-01-clock", "gateway", RAISED),
         row("08:40:00", "SY-01-clock", "gateway", RETURNED)]),
    "off for 899 s": (
        lines_of(own=[("08:10:00", "clock_error", 16), ("08:24:59", "clock_error", 0.1)]), []),
    "the county is away": (
        lines_of(own=[("08:00:00", "county_link", 0), ("08:10:00", "county_link", 1),
                      ("08:40:00", "county_link", 0)]),
        [row("08:25:00", "SY-01-uplink", "gateway", RAISED),
         row("08:41:00", "SY-01-uplink", "gateway", RETURNED)]),
    "away for 899 s": (
        lines_of(own=[("08:10:00", "county_link", 1), ("08:24:59", "county_link", 0)]), []),
    "back for 59 s": (
        lines_of(own=[("08:10:00", "county_link", 1), ("08:40:00", "county_link", 0),
                      ("08:40:59", "county_link", 1)]),
        [row("08:25:00", "SY-01-uplink", "gateway", RAISED)]),
    "a twin at the county": (
        lines_of(own=[("08:00:00", "county_id", 0), ("08:10:00", "county_id", 1),
                      ("08:40:00", "county_id", 0)]),
        [row("08:10:00", "SY-01-twin", "gateway", RAISED),
         row("08:40:00", "SY-01-twin", "gateway", RETURNED)]),
    "a database made anew": (
        lines_of(own=[("08:00:00", "store_state", 0), ("08:10:00", "store_state", 1)]),
        [row("08:10:00", "SY-02", "gateway", RAISED)]),
    "a disk that takes nothing": (
        lines_of(own=[("08:00:00", "store_writes", 0), ("08:10:00", "store_writes", 1),
                      ("08:20:00", "store_writes", 0), ("08:20:19", "store_writes", 1),
                      ("08:30:00", "store_writes", 0)]),
        [row("08:10:20", "SY-03", "gateway", RAISED),
         row("08:30:20", "SY-03", "gateway", RETURNED)]),
    "a disk that takes nothing for 19 s": (
        lines_of(own=[("08:10:00", "store_writes", 1), ("08:10:19", "store_writes", 0)]), []),
    "a siren that is not switched": (
        lines_of(own=[("08:00:00", "output_faults", 0), ("08:10:00", "output_faults", 1),
                      ("08:20:00", "output_faults", 0), ("08:20:19", "output_faults", 2),
                      ("08:30:00", "output_faults", 0)]),
        [row("08:10:20", "SY-04", "gateway", RAISED),
         row("08:30:20", "SY-04", "gateway", RETURNED)]),
    "a siren that is switched after 19 s": (
        lines_of(own=[("08:10:00", "output_faults", 1), ("08:10:19", "output_faults", 0)]), []),
    "a certificate that is renewed late": (
        lines_of(own=[("08:00:00", "certificate_days", 30), ("08:10:00", "certificate_days", 29),
                      ("08:20:00", "certificate_days", 7), ("08:30:00", "certificate_days", 6),
                      ("08:40:00", "certificate_days", 364)]),
        [row("08:10:00", "SY-06", "gateway", RAISED), row("08:30:00", "SY-06", "gateway", WORSE),
         row("08:40:00", "SY-06", "gateway", RETURNED)]),
    "an outbox that fills": (
        lines_of(own=[("08:00:00", "outbox_fill", 0), ("08:10:00", "outbox_fill", 79.9),
                      ("08:20:00", "outbox_fill", 80), ("08:30:00", "outbox_fill", 70),
                      ("08:40:00", "outbox_fill", 69.9)]),
        [row("08:20:00", "SY-05", "gateway", RAISED),
         row("08:40:00", "SY-05", "gateway", RETURNED)]),
    "an outbox that is nearly nearly full": (
        lines_of(own=[("08:10:00", "outbox_fill", 79.9)]), []),
    "rows that give way until the county knows": (
        lines_of(own=[("08:00:00", "outbox_dropped", 0), ("08:10:00", "outbox_dropped", 1),
                      ("08:20:00", "outbox_dropped", 500), ("08:30:00", "outbox_dropped", 0)]),
        [row("08:10:00", "SY-05-dropped", "gateway", RAISED),
         row("08:40:00", "SY-05-dropped", "gateway", RETURNED)]),
    "rows that give way again within ten minutes": (
        lines_of(own=[("08:10:00", "outbox_dropped", 1), ("08:30:00", "outbox_dropped", 0),
                      ("08:39:59", "outbox_dropped", 2)]),
        [row("08:10:00", "SY-05-dropped", "gateway", RAISED)]),
}
HOURS = {**OF_DEVICES, **OF_ITSELF}


def told(build, folder, lines, path):
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    done = replay(build, folder, path)
    assert done.returncode == 0, done.stderr
    return sorted(transitions(done.stdout))


@pytest.mark.parametrize("name", HOURS)
def test_an_hour_gives_exactly_its_transitions(build, tmp_path, name):
    lines, expected = HOURS[name]
    assert told(build, CAMPUS, lines, tmp_path / "lines.jsonl") == sorted(expected)


def watched_by_day(folder):
    """The first line is asked for in lessons alone, the other by a rule of the school's."""
    with (copy_of(CAMPUS, folder) / "campus.yaml").open("a") as file:
        file.write('bells:\n  primary: [{phase: lesson, start: "08:00", end: "08:30"}]\n')
    (folder / "rules.d").mkdir()
    (folder / "rules.d/night.yaml").write_text(f"""rules:
  - {{id: SY-01-bus, each: {{buses: {LINE}}}, during: lesson_whole}}
  - id: OUR-08
    title: the other line
    each: {{buses: {METER_LINE}}}
    inputs: {{silent: bus_state}}
    when: silent
    for: 1min
    severity: P3
""")
    return folder


@pytest.mark.parametrize("name", BY_DAY)
def test_a_line_without_power_at_night_is_missed_by_day(build, tmp_path, name):
    lines, expected = BY_DAY[name]
    campus = watched_by_day(tmp_path / "campus")
    assert told(build, campus, lines, tmp_path / "lines.jsonl") == sorted(expected)


def with_restart(lines, clock):
    """As it starts the daemon tells its own points, and asks every device."""
    at = stamp(clock)
    before = [line for line in lines if line["t"] < at]
    last = {line["point"]: line for line in before}
    again = [{**line, "t": at} for line in last.values()]
    return [*before, {"t": at, "do": "restart"}, *again, *lines[len(before):]]


def cuts(count):
    """Pseudo-random moments of the hour, with a fraction at which nothing else is."""
    chance = random.Random(20261123)
    for _ in range(count):
        time = seconds("08:10:00") + chance.randrange(35 * 60)
        yield f"{clock_of(time)}.{chance.randrange(1, 1000):03}"


# In the minute of each hold, and anywhere.
CUTS = ["08:10:20.500", "08:11:00.500", "08:11:39.900", "08:20:30.500", "08:30:00.500",
        "08:30:59.900", *sorted(cuts(12))]


@pytest.mark.parametrize("name", ["one cable is one alarm", "one sensor is its own alarm",
                                  "a line that comes and goes is one alarm until it is steady",
                                  "more than two minutes in four times",
                                  "who was missed before the cable stays missed",
                                  "the cable is mended for all but one", "less of the disk",
                                  "the county is away"])
def test_a_restart_changes_nothing(build, tmp_path, name):
    lines, expected = HOURS[name]
    for clock in CUTS:
        cut = with_restart(lines, clock)
        assert told(build, CAMPUS, cut, tmp_path / "lines.jsonl") == sorted(expected), clock


MUTATIONS = [
    *mutations_of(
        "system.yaml", "SY-01",
        ("failed > 0 and not bus_silent", "failed > 0 or bus_silent"),
        ("failed > 0", "failed > 1"), ("clear: failed = 0", "clear: failed = 1"),
        ("clear: failed = 0", "clear: failed = 0 or bus_silent"),
        ("for: 1min", "for: 59s"), ("for: 1min", "for: 61s"),
        ("clear_for: 1min", "clear_for: 59s"), ("clear_for: 1min", "clear_for: 61s")),
    *mutations_of(
        "system.yaml", "SY-01-bus",
        ("when: silent or", "when: not silent or"),
        ("away > most and", "away < most and"),
        ("away: {duration: bus_state, over: 10min", "away: {duration: bus_state, over: 9min"),
        ("away: {duration: bus_state, over: 10min", "away: {duration: bus_state, over: 11min"),
        ("away: {duration: bus_state, over: 10min, valid: 0%", "away: {duration: bus_state, over: 10min, valid: 80%"),
        ("turns: {changes: bus_state, over: 10min", "turns: {changes: bus_state, over: 9min"),
        ("turns: {changes: bus_state, over: 10min", "turns: {changes: bus_state, over: 11min"),
        ("turns: {changes: bus_state, over: 10min, valid: 0%", "turns: {changes: bus_state, over: 10min, valid: 80%"),
        ("most: 2", "most: 1.9"), ("most: 2", "most: 2.1"),
        ("few: 2", "few: 1"), ("few: 2", "few: 3"),
        ("for: 1min", "for: 59s"), ("for: 1min", "for: 61s"),
        ("clear_for: 1min", "clear_for: 59s"), ("clear_for: 1min", "clear_for: 61s")),
    *mutations_of(
        "system.yaml", "SY-01-disk",
        ("least: 10", "least: 9.9"), ("least: 10", "least: 10.1"),
        ("enough: 12", "enough: 11.9"), ("enough: 12", "enough: 12.1"),
        ("for: 15min", "for: 899s"), ("for: 15min", "for: 901s")),
    *mutations_of(
        "system.yaml", "SY-01-clock",
        ("most: 2", "most: 1.9"), ("most: 2", "most: 2.1"),
        ("for: 15min", "for: 899s"), ("for: 15min", "for: 901s")),
    *mutations_of(
        "system.yaml", "SY-01-uplink",
        ("for: 15min", "for: 899s"), ("for: 15min", "for: 901s"),
        ("clear_for: 1min", "clear_for: 59s"), ("clear_for: 1min", "clear_for: 61s")),
    *mutations_of("system.yaml", "SY-02", ("state > 0", "state > 1"), ("state > 0", "state >= 0")),
    *mutations_of(
        "system.yaml", "SY-03", ("waiting > 0", "waiting > 1"),
        ("for: 20s", "for: 19s"), ("for: 20s", "for: 21s"),
        ("clear_for: 20s", "clear_for: 19s"), ("clear_for: 20s", "clear_for: 21s")),
    *mutations_of(
        "system.yaml", "SY-04", ("failing > 0", "failing > 1"),
        ("for: 20s", "for: 19s"), ("for: 20s", "for: 21s"),
        ("clear_for: 20s", "clear_for: 19s"), ("clear_for: 20s", "clear_for: 21s")),
    *mutations_of(
        "system.yaml", "SY-05", ("fill >= most", "fill > most"),
        ("most: 80", "most: 79.9"), ("most: 80", "most: 80.1"), ("fill < few", "fill <= few"),
        ("few: 70", "few: 69.9"), ("few: 70", "few: 70.1")),
    *mutations_of(
        "system.yaml", "SY-05-dropped", ("dropped > 0", "dropped > 1"),
        ("dropped > 0", "dropped >= 0"),
        ("clear_for: 10min", "clear_for: 599s"), ("clear_for: 10min", "clear_for: 601s")),
    *mutations_of(
        "system.yaml", "SY-06", ("days < soon", "days <= soon"), ("soon: 30", "soon: 29"), ("soon: 30", "soon: 31"),
        ("days < urgent", "days <= urgent"), ("urgent: 7", "urgent: 6"), ("urgent: 7", "urgent: 8")),
]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_a_changed_figure_is_noticed(build, tmp_path, mutation):
    campus = put(mutation, copy_of(CAMPUS, tmp_path / "campus"))
    path = tmp_path / "lines.jsonl"
    hours = OF_DEVICES if mutation.rule in ("SY-01", "SY-01-bus") else OF_ITSELF
    assert any(told(build, campus, lines, path) != sorted(expected)
               for lines, expected in hours.values())
