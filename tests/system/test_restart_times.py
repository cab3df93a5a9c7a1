"""Moments, days, expected events and severities over nine days: as written by hand, and the
same wherever a restart or a reload cuts in.  Only what falls due while points have yet to
report after a start is told later, by three minutes at most."""
import datetime
import json
import random
import shutil

import pytest

from conftest import ROOT
from test_replay import replay

SEED = 20261201
CUTS = 24
LATE = datetime.timedelta(minutes=3)
EVERY = datetime.timedelta(minutes=2)
MONDAY = datetime.datetime.fromisoformat("2026-11-23T00:00:00+08:00")

RULES = """\
rules:
  - {id: R-AT, title: at, each: {kind: classroom}, inputs: {occ: occupancy}, when: occ > 45,
     clear: occ <= 43, at: "10:00", severity: P3}
  - {id: R-DAYS, title: days, each: {kind: classroom}, inputs: {occ: occupancy}, when: occ > 45,
     clear: occ <= 43, at: "10:00", days: 3 of 5, clear_days: 2 of 2, severity: P3}
  - {id: R-LONG, title: long, each: {kind: classroom}, inputs: {occ: occupancy}, when: occ > 45,
     for: 30min, days: 2 of 3, severity: P3}
  - {id: R-NEXT, title: next, each: {places: [yard]}, severity: P3,
     expect: {event: checkpoint, within: 5h}}
  - {id: R-NINE, title: nine, each: {places: [yard]}, severity: P3,
     expect: {event: checkpoint, times: 9}}
  - {id: R-ORDER, title: order, each: {places: [yard]}, severity: P3,
     expect: {event: checkpoint, order: [north, east, south]}}
  - {id: R-GATE, title: gate, each: {kind: gatehouse}, inputs: {present: guard_present},
     when: not present, for: 5min, clear_for: 1min,
     severity: {default: P3, P2: {during: [arrival]}}}
"""
CAMPUS = """\
timezone: Asia/Shanghai
places:
  - {id: b1-203, kind: classroom, title: 教室}
  - {id: yard, kind: yard, title: 院子}
  - {id: gatehouse, kind: gatehouse, title: 门卫室}
bells: {primary: [{phase: lesson, start: "08:20", end: "11:00"}]}
"""
DEVICES = """\
buses: [{name: broker, driver: mqtt, broker: "mqtt://127.0.0.1:1883"}]
devices:
  - {name: room, bus: broker, topic: a, place: b1-203, supervision: 1h,
     points: [{metric: occupancy, path: a}]}
  - {name: rounds, bus: broker, topic: b, place: yard, supervision: 1d,
     points: [{metric: checkpoint, name: north, path: a}, {metric: checkpoint, name: east, path: b},
       {metric: checkpoint, name: south, path: c}]}
  - {name: post, bus: broker, topic: c, place: gatehouse, supervision: 1h,
     points: [{metric: guard_present, path: a}]}
"""
# By day, 0 = Monday: people from 9:30 to 10:30, else nobody.
PEOPLE = [46, 46, 44, 46, 44, 0, 0, 43, 43]
ROUND = [(1, "south"), (5, "north"), (6, "east"), (7, "south"), (8, "north"), (9, "east"),
         (13, "south"), (17, "north"), (21, "east")]
LEFT_OUT = (2, 13)  # Wednesday
ABSENT = (1, "07:00", "07:56")  # Tuesday

# Written by hand: day, time, rule, from, to.
EXPECTED = [
    (0, "10:00", "R-AT", "normal", "unacknowledged"),
    (1, "07:05", "R-GATE", "normal", "unacknowledged"),
    (1, "07:40", "R-GATE", "unacknowledged", "unacknowledged"),  # arrival: P2
    (1, "07:57", "R-GATE", "unacknowledged", "returned"),
    (1, "10:00", "R-LONG", "normal", "unacknowledged"),  # the second day of 30 minutes
    (2, "14:00", "R-NEXT", "normal", "unacknowledged"),  # five hours after 9:00
    (2, "17:00", "R-NEXT", "unacknowledged", "returned"),
    (2, "17:00", "R-ORDER", "normal", "unacknowledged"),  # north, not south
    (2, "21:00", "R-ORDER", "unacknowledged", "returned"),
    (3, "00:00", "R-NINE", "normal", "unacknowledged"),  # eight on Wednesday
    (3, "10:00", "R-DAYS", "normal", "unacknowledged"),  # Monday, Tuesday, Thursday
    (3, "21:00", "R-NINE", "unacknowledged", "returned"),
    (5, "00:00", "R-LONG", "unacknowledged", "returned"),  # Wednesday and Friday were not
    (5, "10:00", "R-AT", "unacknowledged", "returned"),  # also on a Saturday
    (8, "10:00", "R-DAYS", "unacknowledged", "returned"),  # Monday and Tuesday in a row
]


def clock(day, text):
    hour, minute = map(int, text.split(":"))
    return MONDAY + datetime.timedelta(days=day, hours=hour, minutes=minute)


def readings():
    """(time, line) of nine days, from Monday 7:30."""
    end = clock(9, "06:00")
    moment = clock(0, "07:30")
    while moment < end:
        day = (moment - MONDAY).days
        is_busy = clock(day, "09:30") <= moment < clock(day, "10:30")
        yield moment, {"point": "b1-203/occupancy",
                       "v": PEOPLE[day] if is_busy and day < len(PEOPLE) else 0}
        is_away = clock(ABSENT[0], ABSENT[1]) <= moment < clock(ABSENT[0], ABSENT[2])
        yield moment, {"point": "gatehouse/guard_present", "v": 0 if is_away else 1}
        moment += EVERY
    for day in range(10):
        for hour, name in ROUND:
            moment = clock(day, f"{hour}:00")
            if clock(0, "07:30") < moment < end and (day, hour) != LEFT_OUT:
                yield moment, {"point": f"yard/checkpoint.{name}", "v": 1}
    yield end, {"do": "end"}


LINES = sorted(readings(), key=lambda row: row[0])


def cuts():
    """Half of them anywhere, half shortly before or after something is due."""
    chance = random.Random(SEED)
    span_s = int((LINES[-1][0] - LINES[0][0]).total_seconds())
    for _ in range(CUTS // 2):
        yield LINES[0][0] + datetime.timedelta(seconds=chance.randrange(1, span_s), milliseconds=1)
        day, text, *_ = chance.choice(EXPECTED)
        yield clock(day, text) + datetime.timedelta(seconds=chance.randrange(-240, 240),
                                                    milliseconds=1)


@pytest.fixture(scope="module")
def campus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("times") / "config"
    (folder / "rules").mkdir(parents=True)
    (folder / "devices.d").mkdir()
    shutil.copy(ROOT / "etc/metrics.yaml", folder)
    shutil.copy(ROOT / "tests/replay/campus/gateway.yaml", folder)
    (folder / "campus.yaml").write_text(CAMPUS)
    (folder / "rules/times.yaml").write_text(RULES)
    (folder / "devices.d/times.yaml").write_text(DEVICES)
    return folder


def told(build, campus, lines, path):
    """(time, rule, from, to) of every transition."""
    path.write_text("".join(json.dumps({"t": moment.isoformat(), **line}) + "\n"
                            for moment, line in lines))
    done = replay(build, campus, path)
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return [(datetime.datetime.fromisoformat(row["t"]), row["rule"], row["from"], row["to"])
            for row in rows if "from" in row]


def expected():
    return [(clock(day, text), *rest) for day, text, *rest in EXPECTED]


def test_nine_days_are_as_written(build, campus, tmp_path):
    assert told(build, campus, LINES, tmp_path / "days.jsonl") == expected()


@pytest.mark.parametrize("what", ["restart", "reload"])
@pytest.mark.parametrize("moment", sorted(cuts()), ids=lambda m: m.strftime("%a-%H:%M:%S"))
def test_a_cut_changes_nothing(build, campus, tmp_path, moment, what):
    lines = sorted([*LINES, (moment, {"do": what})], key=lambda row: row[0])
    found = told(build, campus, lines, tmp_path / "cut.jsonl")
    assert sorted(row[1:] for row in found) == sorted(row[1:] for row in expected())
    for row in found:
        due = min((want[0] for want in expected() if want[1:] == row[1:]),
                  key=lambda want: abs(want - row[0]))
        late = row[0] - due
        is_settling = what == "restart" and moment <= row[0] <= moment + 2 * LATE
        assert late == datetime.timedelta(0) or (is_settling and datetime.timedelta(0) < late <= LATE)
