"""Class size, attendance, timetable, recess, exercise: the school days of
tests/replay/lessons.md, each with what must come of it as worked out by hand."""
import datetime
import json
import random
import sys

import pytest

from conftest import ROOT
from test_replay import replay

sys.path.insert(0, str(ROOT / "tests/replay"))

from mutate import Mutation, copy_of, options_of, put, set_option  # noqa: E402

CAMPUS = ROOT / "tests/replay/lessons"
MONDAY = datetime.date(2026, 11, 23)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = (
    MONDAY + datetime.timedelta(days=n) for n in range(1, 6))
RAISED, RETURNED = ("normal", "unacknowledged"), ("unacknowledged", "returned")
P1, P2, J1 = "2024-P-01", "2024-P-02", "2026-J-01"
ROOM_OF = {P1: "b1-101", P2: "b1-102", J1: "b2-101"}
STAFF = 1


def seconds(clock):
    hour, minute, second = (int(part) for part in (clock + ":00").split(":")[:3])
    return 3600 * hour + 60 * minute + second


def stamp(day, clock):
    return f"{day}T{clock}+08:00"


def full(people, recess=0, long_recess=0):
    """An ordinary day of a class: in its room but for recess, PE and, of the first, art."""
    return [("08:05", people), ("09:00", recess), ("09:14", people), ("09:55", long_recess),
            ("10:25", 0), ("14:28", people), ("15:10", 0)]


def art(people):
    return [("11:18", people), ("12:00", 0)]


def second_of_maths(people):
    """The fourth lesson in the room, for the classes that have no art."""
    return [("11:18", people), ("12:00", 0)]


def merged(*steps):
    return sorted((step for part in steps for step in part), key=lambda step: seconds(step[0]))


DAY = {"b1-101": full(46), "art-room": art(46),
       "b1-102": merged(full(21), second_of_maths(21)),
       "b2-101": merged(full(51), second_of_maths(51))}


def lines_of(days, bad=()):
    """@days: (date, {room: steps} instead of DAY's).  Doors tell their totals each half
    minute past and at each step.  @bad: (room, from, until) its counter fails."""
    lines, came, went, inside = [], {}, {}, {}
    for day, other in days:
        steps = {**DAY, **other}
        times = {seconds("07:30:30") + 60 * i for i in range(480)}
        times |= {seconds(clock) for room in steps.values() for clock, _ in room}
        for time in sorted(times):
            clock = str(datetime.timedelta(seconds=time)).rjust(8, "0")
            for room, known in steps.items():
                people = ([n for at, n in known if seconds(at) <= time] or [0])[-1]
                change = people - inside.get(room, 0)
                inside[room] = people
                came[room] = came.get(room, 0) + max(change, 0)
                went[room] = went.get(room, 0) + max(-change, 0)
                is_bad = any(room == other and seconds(since) <= time < seconds(until)
                             for other, since, until in bad)
                for metric, total in (("people_in", came[room]), ("people_out", went[room])):
                    line = {"t": stamp(day, clock), "point": f"{room}/{metric}", "v": total}
                    lines.append({**line, "q": "bad"} if is_bad else line)
    return [*lines, {"t": stamp(days[-1][0], "18:40:00"), "do": "end"}]


def told(text):
    """(t, rule, object, from, to) of alarms, (t, rule, object, "fact") of INF rules.
    Every evening the counters fall silent: SY-01 is no matter of this table."""
    rows = []
    for line in text.splitlines():
        row = json.loads(line)
        if row.get("rule", "").startswith("SY-01"):
            continue
        if "from" in row:
            rows.append((row["t"], row["rule"], row["object"], row["from"], row["to"]))
        elif row.get("rule"):
            rows.append((row["t"], row["rule"], row["object"], "fact"))
    return rows


def row(day, clock, rule, thing, step=("fact",)):
    return (stamp(day, clock), rule, thing, *step)


def room_of(people_or_steps, room="b1-101"):
    steps = people_or_steps if isinstance(people_or_steps, list) else full(people_or_steps)
    return {room: steps}


def week(other, count, first=MONDAY):
    days = [d for d in (first + datetime.timedelta(days=n) for n in range(7)) if d != WEDNESDAY]
    return [(day, other) for day in days[:count]]


def absent(people, room="b1-101", day=MONDAY):
    return lines_of([(day, room_of(people, room))])


def lasting(lines, day, clock):
    """@lines, until a later end."""
    return [*lines[:-1], {"t": stamp(day, clock), "do": "end"}]


PE_SHORT = [("08:05", 46), ("09:00", 0), ("09:14", 46), ("09:55", 0), ("14:28", 46), ("15:10", 0)]


def pe(*steps):
    return {"b1-101": merged(PE_SHORT, steps)}


DAYS = {
    "an ordinary day": (lines_of([(MONDAY, {})]), []),
    # Limit 45, tolerance 3: 49 pupils and a teacher on the third of three days.
    "49 pupils on three days": (
        lines_of(week({"b1-101": full(50), "art-room": art(50)}, 3)),
        [row(THURSDAY, "18:30:00", "CS-02", P1, RAISED)]),
    "48 pupils on three days": (
        lines_of(week({"b1-101": full(49), "art-room": art(49)}, 3)), []),
    "49 pupils on two days": (
        lines_of(week({"b1-101": full(50), "art-room": art(50)}, 2)), []),
    "54 pupils of the nine-year school's juniors": (
        lines_of(week({"b2-101": merged(full(55), second_of_maths(55))}, 3)),
        [row(THURSDAY, "18:30:00", "CS-02", J1, RAISED)]),
    "53 pupils there": (
        lines_of(week({"b2-101": merged(full(54), second_of_maths(54))}, 3)), []),
    # Limit 20: a twentieth is 1, and two are the least.
    "23 pupils of a class for 20": (
        lines_of(week({"b1-102": merged(full(24), second_of_maths(24))}, 3)),
        [row(THURSDAY, "18:30:00", "CS-02", P2, RAISED)]),
    "22 pupils there": (
        lines_of(week({"b1-102": merged(full(23), second_of_maths(23))}, 3)), []),
    # A tenth of 45 is 4.5; of 20 it is 2, and 3 are the least.
    "five of 45 are missing": (
        absent(41), [row(MONDAY, "09:10:00", "AT-01", P1, RAISED)]),
    "four of 45 are missing": (absent(42), []),
    "three of 20 are missing": (
        absent(merged(full(18), second_of_maths(18)), "b1-102"),
        [row(MONDAY, "09:10:00", "AT-01", P2, RAISED)]),
    "two of 20 are missing": (absent(merged(full(19), second_of_maths(19)), "b1-102"), []),
    "five are missing on a Saturday made up": (
        absent(41, day=SATURDAY), [row(SATURDAY, "09:10:00", "AT-01", P1, RAISED)]),
    "an absence ends with its day, told by the first minute of the next": (
        lasting(absent(41), TUESDAY, "00:05:00"),
        [row(MONDAY, "09:10:00", "AT-01", P1, RAISED),
         row(TUESDAY, "00:01:00", "AT-01", P1, RETURNED)]),
    "five are missing on a holiday": (absent(41, day=WEDNESDAY), []),
    # 45 are present: 27 in the room for 18 of the 30 minutes from 10:30 on.
    "PE in the classroom for 18 minutes": (
        lines_of([(MONDAY, pe(("10:30", 27), ("10:48", 0)))]),
        [row(MONDAY, "11:00:00", "TT-01", P1)]),
    "PE in the classroom for 17 minutes": (
        lines_of([(MONDAY, pe(("10:30", 27), ("10:47", 0)))]), []),
    "26 of them in the classroom": (
        lines_of([(MONDAY, pe(("10:30", 26), ("11:05", 0)))]), []),
    # Nine in the art room are a fifth of 45.
    "art in the classroom": (
        lines_of([(MONDAY, {"b1-101": merged(full(46), art(46)), "art-room": art(8)})]),
        [row(MONDAY, "11:55:00", "TT-02", P1)]),
    "nine in the art room": (
        lines_of([(MONDAY, {"b1-101": merged(full(46), art(46)), "art-room": art(9)})]), []),
    # One of two recesses (after PE nobody is in the room): 15 of 21 stay, 15 of 20 do not.
    "a quarter is let out": (
        lines_of([(MONDAY, {"b1-102": merged(full(20, recess=15), second_of_maths(20))})]),
        [row(MONDAY, "18:30:00", "TT-03", P2)]),
    "three tenths are let out": (
        lines_of([(MONDAY, {"b1-102": merged(full(20, recess=14), second_of_maths(20))})]), []),
    # The long recess is 30 minutes out, and PE 24 or 25 before ten come back.
    "54 minutes of exercise on two days": (
        lines_of(week(pe(("10:49", 10), ("11:05", 0)), 2)),
        [row(TUESDAY, "18:30:00", "EX-01", P1)]),
    "55 minutes on two days": (lines_of(week(pe(("10:50", 10), ("11:05", 0)), 2)), []),
    # 41 of the 70 minutes on Monday are no day that accuses.
    "54 minutes on one day, and a gateway that began in the long recess of the other": (
        [line for line in lines_of(week(pe(("10:49", 10), ("11:05", 0)), 2))
         if line["t"] >= stamp(MONDAY, "10:24:00")], []),
    "54 minutes on one day": (lines_of(week(pe(("10:49", 10), ("11:05", 0)), 1)), []),
    "nine back in the room are as good as none": (
        lines_of(week(pe(("10:25", 9), ("11:05", 0)), 2)), []),
    # Half of 20 at 08:00, beside their teacher.
    "ten of 20 sit there at eight on three days": (
        lines_of(week({"b1-102": merged([("07:50", 11)], full(21), second_of_maths(21))}, 3)),
        [row(THURSDAY, "18:30:00", "SL-01", P2)]),
    "nine of 20 sit there at eight": (
        lines_of(week({"b1-102": merged([("07:50", 10)], full(21), second_of_maths(21))}, 3)), []),
    "ten come at eight": (
        lines_of(week({"b1-102": merged([("08:00", 11)], full(21), second_of_maths(21))}, 3)), []),
    "juniors sit there at eight, which is their time": (
        lines_of(week({"b2-101": merged([("07:41", 40)], full(51), second_of_maths(51))}, 3)), []),
    "juniors sit there at 07:40": (
        lines_of(week({"b2-101": merged([("07:39", 40)], full(51), second_of_maths(51))}, 3)),
        [row(THURSDAY, "18:30:00", "SL-01", J1)]),
    # The middle of the first lesson is 08:25 to 08:55: 24 of 30 minutes are enough.
    "a counter that fails for six minutes": (
        lines_of([(MONDAY, room_of(41))], bad=[("b1-101", "08:29", "08:35")]),
        [row(MONDAY, "09:10:00", "AT-01", P1, RAISED)]),
    "a counter that fails for seven": (
        lines_of([(MONDAY, room_of(41))], bad=[("b1-101", "08:29", "08:36")]), []),
}


def entered(lines, *entries):
    """@lines, and what people enter: (clock, what)."""
    said = [{"t": stamp(MONDAY, clock), **what} for clock, what in entries]
    return sorted([*lines, *said], key=lambda line: line["t"])


def exempt(start, end):
    return {"do": "exempt", "reason": "rain", "from": start, "until": end}


DAYS.update({
    "one of the five is on leave": (
        entered(absent(41), ("08:50:00", {"do": "leave", "class": P1, "count": 1})), []),
    "leave that is declared at ten": (
        entered(absent(41), ("10:00:00", {"do": "leave", "class": P1, "count": 1})),
        [row(MONDAY, "09:10:00", "AT-01", P1, RAISED),
         row(MONDAY, "10:01:00", "AT-01", P1, RETURNED)]),
    # Tolerance 3 as for the class size.
    "attendance that is four off": (
        entered(lines_of([(MONDAY, {})]),
                ("08:30:00", {"do": "attendance", "class": P1, "count": 41})),
        [row(MONDAY, "10:00:00", "AT-02", P1)]),
    "attendance that is three off": (
        entered(lines_of([(MONDAY, {})]),
                ("08:30:00", {"do": "attendance", "class": P1, "count": 42})), []),
    "attendance that is three off in a class for 20": (
        entered(lines_of([(MONDAY, {})]),
                ("08:30:00", {"do": "attendance", "class": P2, "count": 17})),
        [row(MONDAY, "10:00:00", "AT-02", P2)]),
    "attendance that is two off there": (
        entered(lines_of([(MONDAY, {})]),
                ("08:30:00", {"do": "attendance", "class": P2, "count": 18})), []),
    "attendance that is one off in a class of juniors": (
        entered(lines_of([(MONDAY, {})]),
                ("08:30:00", {"do": "attendance", "class": J1, "count": 51})), []),
    "PE in the classroom in rain": (
        entered(lines_of([(MONDAY, pe(("10:30", 27), ("10:48", 0)))]),
                ("10:20:00", exempt("10:20", "11:10"))), []),
    "PE in the classroom for a shower in its middle": (
        entered(lines_of([(MONDAY, pe(("10:30", 27), ("10:48", 0)))]),
                ("10:33:00", exempt("10:33", "10:53"))), []),
    "PE in the classroom after a shower": (
        entered(lines_of([(MONDAY, pe(("10:30", 27), ("10:48", 0)))]),
                ("10:05:00", exempt("10:05", "10:25"))),
        [row(MONDAY, "11:00:00", "TT-01", P1)]),
    "PE that changed places with mathematics": (
        entered(lines_of([(MONDAY, {"b1-101": [("08:05", 46), ("09:00", 0), ("09:55", 0),
                                               ("10:24", 46), ("11:05", 0), ("14:28", 46),
                                               ("15:10", 0)]})]),
                ("07:40:00", {"do": "swap-lesson", "class": P1, "lesson": 2, "with": 3})), []),
    "a recess in rain": (
        entered(lines_of([(MONDAY, {"b1-102": merged(full(20, recess=15),
                                                     second_of_maths(20))})]),
                ("08:50:00", exempt("08:55", "09:20"))), []),
    "little exercise on two days, one of rain": (
        entered(lines_of(week(pe(("10:49", 10), ("11:05", 0)), 2)),
                ("10:20:00", exempt("10:20", "11:10"))), []),
})


def run(build, folder, lines, path):
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    done = replay(build, folder, path)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", DAYS)
def test_a_day_gives_exactly_what_was_worked_out(build, tmp_path, name):
    lines, expected = DAYS[name]
    assert told(run(build, CAMPUS, lines, tmp_path / "lines.jsonl")) == expected


def facts(text, kind):
    return [fact for fact in map(json.loads, text.splitlines()) if fact.get("fact") == kind]


def test_months_without_a_line_pass_as_months_do(build, tmp_path):
    """From a Thursday's only line to a day in March: every school day in between has its evening, and the
    counters that fell silent are missed on the first one."""
    lines = [{"t": stamp(THURSDAY, "08:00:00"), "point": "b1-101/people_in", "v": 0},
             {"t": stamp(datetime.date(2027, 3, 5), "20:00:00"), "do": "end"}]
    out = run(build, CAMPUS, lines, tmp_path / "lines.jsonl")
    days = [THURSDAY + datetime.timedelta(days=n) for n in range(100)]
    evenings = [f["t"] for f in facts(out, "class-size-day") if f["object"] == P1]
    assert evenings == [stamp(day, "18:15:00") for day in days if day.weekday() < 5 or day == SATURDAY]
    silent = [row["t"] for row in map(json.loads, out.splitlines()) if row.get("rule", "").startswith("SY-01")]
    assert silent and max(silent) < stamp(FRIDAY, "00:00")


def test_the_evening_tells_the_day_with_its_completeness(build, tmp_path):
    out = run(build, CAMPUS, DAYS["an ordinary day"][0], tmp_path / "lines.jsonl")
    size = {f["object"]: (f["class_size"], f["lessons"], f["completeness"])
            for f in facts(out, "class-size-day")}
    assert size == {P1: (45, 3, 1), P2: (20, 4, 1), J1: (50, 4, 1)}
    assert [(f["classes"], f["enrolled"], f["absent"]) for f in facts(out, "attendance-day")] == [
        (3, 115, 0)]
    assert {f["object"]: f["exercise_min"] for f in facts(out, "exercise-day")} == {
        P1: 70, P2: 70, J1: 70}
    assert [(f["object"], f["used"], f["scheduled"]) for f in facts(out, "room-use-day")] == [
        ("art-room", 1, 1)]


def test_a_week_is_told_by_subject(build, tmp_path):
    lines = lines_of([(MONDAY, {}), (MONDAY + datetime.timedelta(days=7), {})])
    out = run(build, CAMPUS, lines, tmp_path / "lines.jsonl")
    counts = {f["subject"]: (f["held"], f["suspect"], f["undetermined"])
              for f in facts(out, "timetable-week")}
    # Five days of school with the Saturday and without the holiday; after Monday nobody
    # counts any more.
    assert counts == {"chinese": (0, 0, 30), "math": (0, 0, 25), "pe": (3, 0, 12),
                      "art": (1, 0, 4)}
    assert {f["t"] for f in facts(out, "timetable-week")} == {"2026-11-30T00:00:00+08:00"}


SIZES = [(2000, False, False, []), (2001, False, False, ["SC-01"]), (2001, True, False, []),
         (2500, True, False, []), (2501, True, False, ["SC-01"]), (2000, False, True, []),
         (2001, False, True, ["SC-01-new"]), (2500, True, True, []),
         (2501, True, True, ["SC-01-new"])]


@pytest.mark.parametrize("enrolled, is_nine_year, is_new, expected", SIZES)
def test_school_size_binds_only_what_is_newly_built(build, tmp_path, enrolled, is_nine_year,
                                                    is_new, expected):
    folder = copy_of(CAMPUS, tmp_path / "campus")
    path = folder / "campus.yaml"
    figures = (f"school: {{nine_year: {str(is_nine_year).lower()}, enrolled: {enrolled}, "
               f"built_after_policy: {str(is_new).lower()}}}")
    path.write_text(path.read_text().replace("school: {nine_year: true}", figures))
    lines = [{"t": stamp("2026-11-30", "12:00:00"), "point": "art-room/people_in", "v": 0},
             {"t": stamp("2026-12-01", "09:00:00"), "do": "end"}]
    rows = told(run(build, folder, lines, tmp_path / "lines.jsonl"))
    assert [(r[0][:16], r[1]) for r in rows] == [
        ("2026-12-01T08:00" if rule == "SC-01" else "2026-11-30T12:00", rule)
        for rule in expected]


def backwards(line):
    return {**line, "v": 100000 - line["v"]}


def swapped(line):
    side = {"in": "out", "out": "in"}
    name, way = line["point"].rsplit("_", 1)
    return {**line, "point": f"{name}_{side[way]}"}


@pytest.mark.parametrize("change", [backwards, swapped])
def test_a_counter_that_is_wrong_makes_no_false_alarm(build, tmp_path, change):
    lines = [change(line) if line.get("point", "").startswith("b1-101/") else line
             for line in lines_of([(MONDAY, {}), (TUESDAY, {})])]
    assert told(run(build, CAMPUS, lines, tmp_path / "lines.jsonl")) == []


def test_hours_without_a_bell_end_no_absence(build, tmp_path):
    folder = copy_of(CAMPUS, tmp_path / "campus")
    path = folder / "campus.yaml"
    lunch = '    - {phase: lunch, start: "12:00", end: "14:30"}\n'
    assert path.read_text().count(lunch) == 2
    path.write_text(path.read_text().replace(lunch, ""))
    lines, expected = DAYS["five of 45 are missing"]
    assert told(run(build, folder, lines, tmp_path / "lines.jsonl")) == expected


@pytest.mark.parametrize("target, is_short", [
    ("58min", False), ("59min", False), ("60min", True), ("61min", True), ("120min", True)])
def test_exercise_is_short_of_the_schools_own_target(build, tmp_path, target, is_short):
    folder = copy_of(CAMPUS, tmp_path / "campus")
    path = folder / "campus.yaml"
    path.write_text(path.read_text().replace("nine_year: true",
                                             f"nine_year: true, exercise_target: {target}"))
    lines, expected = DAYS["54 minutes of exercise on two days"]
    rows = told(run(build, folder, lines, tmp_path / "lines.jsonl"))
    assert [r for r in rows if r[2] == P1] == (expected if is_short else [])


CUT = ["five of 45 are missing", "PE in the classroom for 18 minutes",
       "PE in the classroom for 17 minutes", "art in the classroom", "a quarter is let out",
       "three tenths are let out", "a counter that fails for six minutes",
       "a counter that fails for seven", "an ordinary day"]


def cuts(count):
    chance = random.Random(20261123)
    for _ in range(count):
        time = datetime.timedelta(seconds=chance.randrange(8 * 3600, 12 * 3600 + 1200))
        yield f"{time}.{chance.randrange(1, 1000):03}".rjust(12, "0")


@pytest.mark.parametrize("what", ["restart", "kill"])
@pytest.mark.parametrize("clock", sorted(cuts(20)))
def test_a_restart_changes_nothing(build, tmp_path, clock, what):
    for name in CUT:
        lines, _ = DAYS[name]
        cut = {"t": stamp(MONDAY, clock), "do": what}
        path = tmp_path / "lines.jsonl"
        whole = run(build, CAMPUS, lines, path)
        broken = run(build, CAMPUS, sorted([*lines, cut], key=lambda line: line["t"]), path)
        assert broken == whole


def at(clock):
    """A minute sooner and later."""
    hour, minute = (int(part) for part in clock.split(":"))
    return [(f"school_day {clock}", f"school_day {time // 60:02}:{time % 60:02}")
            for time in (60 * hour + minute - 1, 60 * hour + minute + 1)]


RULES = [
    *[Mutation("class-size.yaml", "CS-02", *change) for change in (
        ("least: 2", "least: 1"), ("least: 2", "least: 3"), ("share: 0.05", "share: 0.04"),
        ("share: 0.05", "share: 0.07"), ("0.4999", "0.2"),
        ("size > limit", "size >= limit"), ("days: 3 of 5", "days: 2 of 5"), *at("18:30"))],
    *[Mutation("attendance.yaml", "AT-01", *change) for change in (
        ("least: 3", "least: 2"), ("least: 3", "least: 4"), ("share: 0.1", "share: 0.08"),
        ("share: 0.1", "share: 0.12"), ("absent >= max", "absent > max"),
        (" or absent is null", ""))],
    *[Mutation("timetable.yaml", "TT-03", *change) for change in (
        ("few: 0.3", "few: 0.31"), ("few: 0.3", "few: 0.25"), *at("18:30"))],
    *[Mutation("timetable.yaml", "EX-01", *change) for change in (
        ("minutes < target", "minutes <= target"), ("margin: 5", "margin: 4"),
        ("days: 2 of 5", "days: 1 of 5"), ("days: 2 of 5", "days: 3 of 5"), *at("18:30"))],
    *[Mutation("sleep.yaml", "SL-01", *change) for change in (
        ("half: 0.5", "half: 0.45"), ("half: 0.5", "half: 0.51"),
        ("seated >= half", "seated > half"), ("days: 3 of 5", "days: 2 of 5"), *at("18:30"))],
    *[Mutation("attendance.yaml", "AT-02", *change) for change in (
        ("least: 2", "least: 1"), ("least: 2", "least: 3"), ("share: 0.05", "share: 0.04"),
        ("share: 0.05", "share: 0.07"), ("0.4999", "0.2"), ("mismatch > max", "mismatch >= max"),
        *at("10:00"))],
    Mutation("timetable.yaml", "TT-01", "verdict = 3", "verdict = 1"),
    Mutation("timetable.yaml", "TT-02", "verdict = 3", "verdict = 1"),
]
# By one unit, or by the next that tells whole persons or minutes apart.
OPTIONS = options_of(
    "occupancy",
    ("stayed_people", "57%", "26 of them in the classroom"),
    ("stayed_people", "61%", "PE in the classroom for 18 minutes"),
    ("stayed_share", "56%", "PE in the classroom for 17 minutes"),
    ("stayed_share", "61%", "PE in the classroom for 18 minutes"),
    ("away_people", "19%", "nine back in the room are as good as none"), ("away_people", "21%", "nine in the art room"),
    ("attendance_after", "9min", "five of 45 are missing"), ("attendance_after", "11min", "five of 45 are missing"),
    ("recess_share", "51%", "a quarter is let out"),
    ("early_by", "19min", "ten come at eight"), ("early_by", "21min", "juniors sit there at 07:40"),
    ("valid", "76%", "a counter that fails for seven"), ("valid", "81%", "a counter that fails for six minutes"),
    ("slice_start", "4min", "PE in the classroom for 18 minutes"),
    ("slice_start", "6min", "PE in the classroom for 18 minutes"),
    ("slice_end", "4min", "PE in the classroom for 18 minutes"),
    ("slice_end", "6min", "PE in the classroom for 18 minutes"))


def days_of(rule):
    """All of them, those in which @rule says something first."""
    return sorted(DAYS.values(), key=lambda day: not any(step[1] == rule for step in day[1]))


@pytest.mark.parametrize("mutation", RULES, ids=str)
def test_a_changed_figure_of_a_rule_is_noticed(build, tmp_path, mutation):
    folder = put(mutation, copy_of(CAMPUS, tmp_path / "campus"))
    assert any(told(run(build, folder, lines, tmp_path / "lines.jsonl")) != expected
               for lines, expected in days_of(mutation.rule))


@pytest.mark.parametrize("option", OPTIONS, ids=str)
def test_a_changed_option_is_noticed(build, tmp_path, option):
    folder = set_option(option, copy_of(CAMPUS, tmp_path / "campus"))
    lines, expected = DAYS[option.story]
    assert told(run(build, folder, lines, tmp_path / "lines.jsonl")) != expected
