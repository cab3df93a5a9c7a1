"""After-school service and stairs: the afternoons of tests/replay/afternoon.md, each with
its transitions as worked out by hand."""
import datetime
import json
import random
import sys

import pytest

from conftest import ROOT
from test_replay import replay, transitions

sys.path.insert(0, str(ROOT / "tests/replay"))

from mutate import Mutation, copy_of, options_of, put, set_option  # noqa: E402

CAMPUS = ROOT / "tests/replay/afternoon"
MONDAY, TUESDAY, WEDNESDAY, SATURDAY = "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-28"
ROOMS = ("b1-201", "b1-202", "b1-203")
RAISED, RETURNED = ("normal", "unacknowledged"), ("unacknowledged", "returned")


def stamp(day, clock):
    return f"{day}T{clock}+08:00"


def lines_of(steps, day=MONDAY, end="18:40:00", bad=()):
    """Doors tell their totals each half minute past and at each step; @steps by room:
    [(clock, people in it)].  @bad: (room, from when on) its counter fails."""
    def seconds(clock):
        hour, minute, second = (int(part) for part in clock.split(":"))
        return 3600 * hour + 60 * minute + second

    times = {seconds("16:00:30") + 60 * i for i in range(200)}
    times |= {seconds(clock) for room in steps.values() for clock, _ in room}
    lines, came, went, inside = [], {}, {}, {}
    for time in sorted(t for t in times if t < seconds(end)):
        clock = str(datetime.timedelta(seconds=time)).rjust(8, "0")
        for room in ROOMS:
            people = ([n for at, n in steps.get(room, []) if seconds(at) <= time] or [0])[-1]
            change = people - inside.get(room, 0)
            inside[room] = people
            came[room] = came.get(room, 65530) + max(change, 0)
            went[room] = went.get(room, 100) + max(-change, 0)
            is_bad = any(room == other and time >= seconds(since) for other, since in bad)
            for metric, total in (("people_in", came[room]), ("people_out", went[room])):
                line = {"t": stamp(day, clock), "point": f"{room}/{metric}", "v": total % 65536}
                lines.append({**line, "q": "bad"} if is_bad else line)
        for metric in ("people_in", "people_out"):
            lines.append({"t": stamp(day, clock), "point": f"b1-stairs/{metric}", "v": 0})
    return [*lines, {"t": stamp(day, end), "do": "end"}]


def stairs(passes, end):
    """@passes: (second after 09:00, people who went up until then)."""
    lines = [{"t": stamp(MONDAY, "09:00:00"), "point": f"b1-stairs/{metric}", "v": 0}
             for metric in ("people_in", "people_out")]
    total = 0
    for second, people in passes:
        total += people
        clock = str(datetime.timedelta(hours=9, seconds=second)).rjust(8, "0")
        lines.append({"t": stamp(MONDAY, clock), "point": "b1-stairs/people_in", "v": total})
    return [*lines, {"t": stamp(MONDAY, end), "do": "end"}]


def row(clock, rule, thing, step, day=MONDAY):
    return (stamp(day, clock), rule, thing, *step)


FULL = [("16:05:00", 40)]
AFTERNOONS = {
    "17:30:00 is legal": (
        lines_of({"b1-201": [*FULL, ("17:30:00", 4), ("17:50:00", 0)],
                  "b1-202": [("16:40:00", 20), ("17:30:00", 2), ("17:50:00", 0)]}),
        []),
    "17:29:59 belongs to 17:29": (
        lines_of({"b1-201": [*FULL, ("17:29:59", 4), ("17:50:00", 0)],
                  "b1-202": [("16:40:00", 20), ("17:29:59", 2), ("17:50:00", 0)]}),
        [row("17:39:00", "AS-01", "school", RAISED)]),
    "seven of sixty are still a service": (
        lines_of({"b1-201": [*FULL, ("17:29:00", 5), ("17:35:00", 0)],
                  "b1-202": [("16:40:00", 20), ("17:29:00", 2)]}),
        []),
    "who comes back within ten minutes continues it": (
        lines_of({"b1-201": [*FULL, ("17:20:00", 0), ("17:29:30", 20), ("17:31:00", 0)]}), []),
    "who comes back later does not": (
        lines_of({"b1-201": [*FULL, ("17:20:00", 0), ("17:30:00", 20), ("17:31:00", 0)]}),
        [row("17:30:00", "AS-01", "school", RAISED)]),
    "dismissed before 16:30 and never back": (
        lines_of({"b1-201": [*FULL, ("16:29:00", 0)]}), []),
    "dismissed at 16:30, before there was a service": (
        lines_of({"b1-201": [*FULL, ("16:30:00", 0)]}), []),
    "nine are no service": (
        lines_of({"b1-201": [("16:05:00", 9), ("17:00:00", 0)]}), []),
    "ten are one": (
        lines_of({"b1-201": [("16:05:00", 10), ("17:00:00", 0)]}),
        [row("17:10:00", "AS-01", "school", RAISED)]),
    "over at 16:30 itself": (
        lines_of({"b1-201": [*FULL, ("16:31:00", 0)]}),
        [row("16:41:00", "AS-01", "school", RAISED)]),
    "evening study is no service": (
        lines_of({"b1-201": [*FULL, ("17:30:00", 0)], "b1-203": [("17:00:00", 30)]}), []),
    "five at 18:05": (
        lines_of({"b1-201": [*FULL, ("17:50:00", 5), ("18:07:20", 3), ("18:10:20", 2)]}),
        [row("18:05:00", "AS-02", "school", RAISED),
         row("18:10:20", "AS-02", "school", RETURNED)]),
    "the fifth leaves before 18:05": (
        lines_of({"b1-201": [*FULL, ("17:50:00", 5), ("18:04:59", 4)]}), []),
    "four may stay": (
        lines_of({"b1-201": [*FULL, ("17:50:00", 4)]}), []),
    # The service begins at 16:20; of the 40 nobody passes the door from then on, and the other room's leave.
    "a counter that stands still since the last lesson": (
        lines_of({"b1-201": FULL, "b1-202": [("16:40:00", 20), ("17:40:00", 0)]}), []),
    "a counter that stood still until 16:19:59": (
        lines_of({"b1-201": [*FULL, ("16:19:59", 41)], "b1-202": [("16:40:00", 20), ("17:40:00", 0)]}), []),
    "a class that stays, of whom one came at 16:20": (
        lines_of({"b1-201": [*FULL, ("16:20:00", 41)], "b1-202": [("16:40:00", 20), ("17:40:00", 0)]}),
        [row("18:05:00", "AS-02", "school", RAISED)]),
    "a bell too late is no overrun": (
        lines_of({"b1-201": [*FULL, ("18:00:01", 0)]}), []),
    "a holiday": (
        lines_of({"b1-201": [*FULL, ("17:00:00", 0)]}, WEDNESDAY), []),
    "a Saturday made up": (
        lines_of({"b1-201": [*FULL, ("17:29:59", 0)]}, SATURDAY),
        [row("17:39:00", "AS-01", "school", RAISED, SATURDAY)]),
    "crowded for 20 s": (
        stairs([(s, 3) for s in range(1, 41)], "09:02:30"),
        [row("09:00:29", "CR-01", "b1-stairs", RAISED),
         row("09:01:45", "CR-01", "b1-stairs", RETURNED)]),
    "crowded for 19 s": (stairs([(s, 3) for s in range(1, 27)], "09:02:30"), []),
    "dense but not above 1.2": (stairs([(5 * i, 12) for i in range(1, 30)], "09:03:00"), []),
}


def told(build, folder, lines, path):
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    done = replay(build, folder, path)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", AFTERNOONS)
def test_an_afternoon_gives_exactly_its_transitions(build, tmp_path, name):
    lines, expected = AFTERNOONS[name]
    assert transitions(told(build, CAMPUS, lines, tmp_path / "lines.jsonl")) == expected


def lasting(lines, day, clock):
    """@lines, until a later end."""
    return [*lines[:-1], {"t": stamp(day, clock), "do": "end"}]


EARLY = lasting(AFTERNOONS["17:29:59 belongs to 17:29"][0], TUESDAY, "00:05:00")
EARLY_ENDS = [("2026-11-23T17:39:00+08:00", *RAISED), ("2026-11-24T00:01:00+08:00", *RETURNED)]


def early(build, folder, lines, path):
    """What AS-01 says; the counters are silent at night, which is SY-01's."""
    return [(t, before, after) for t, rule, _, before, after
            in transitions(told(build, folder, lines, path)) if rule == "AS-01"]


def test_an_early_end_is_over_with_its_day(build, tmp_path):
    assert early(build, CAMPUS, EARLY, tmp_path / "lines.jsonl") == EARLY_ENDS


@pytest.mark.parametrize("clock", ["2026-11-23T17:45:30.5", "2026-11-23T23:59:59.5",
                                   "2026-11-24T00:00:30.5", "2026-11-24T00:01:30.5"])
def test_a_restart_ends_no_early_end_before_its_day(build, tmp_path, clock):
    lines = sorted([*EARLY, {"t": f"{clock}+08:00", "do": "restart"}], key=lambda line: line["t"])
    assert early(build, CAMPUS, lines, tmp_path / "lines.jsonl") == EARLY_ENDS


def test_an_early_end_that_outlasts_its_day_is_noticed(build, tmp_path):
    folder = put(Mutation("after-school.yaml", "AS-01", " or ended is null", ""),
                 copy_of(CAMPUS, tmp_path / "campus"))
    assert early(build, folder, EARLY, tmp_path / "lines.jsonl") != EARLY_ENDS


@pytest.mark.parametrize("name, end, peak", [
    ("17:30:00 is legal", 17 * 60 + 30, 60), ("17:29:59 belongs to 17:29", 17 * 60 + 29, 60),
    ("who comes back within ten minutes continues it", 17 * 60 + 31, 40)])
def test_the_end_is_a_fact_with_its_completeness(build, tmp_path, name, end, peak):
    out = told(build, CAMPUS, AFTERNOONS[name][0], tmp_path / "lines.jsonl")
    facts = [json.loads(line) for line in out.splitlines() if '"service-end"' in line]
    assert [(f["end_min"], f["peak"], f["completeness"]) for f in facts] == [(end, peak, 1)]


def ends(build, folder, lines, path):
    """(when it was told, end_min, peak, completeness) of the fact."""
    out = told(build, folder, lines, path)
    facts = [json.loads(line) for line in out.splitlines() if '"service-end"' in line]
    return [(f["t"][11:19], f["end_min"], f["peak"], f["completeness"]) for f in facts]


@pytest.mark.parametrize("clock, end, at", [("18:02:00", 1082, "18:12:00"), ("18:20:00", 1100, "18:30:00"),
                                            ("19:10:00", 1150, "19:20:00")])
def test_a_late_end_is_waited_for(build, tmp_path, clock, end, at):
    lines = lines_of({"b1-201": [*FULL, ("17:00:00", 41), (clock, 0)], "b1-202": [("16:40:00", 20), ("17:40:00", 0)]},
                     end="19:20:30")
    assert ends(build, CAMPUS, lines, tmp_path / "lines.jsonl") == [(at, end, 61, 1)]


def test_a_counter_that_stands_still_is_not_waited_for(build, tmp_path):
    lines = lines_of({"b1-201": FULL, "b1-202": [("16:40:00", 20), ("17:40:00", 0)]})
    assert ends(build, CAMPUS, lines, tmp_path / "lines.jsonl") == [("18:15:00", None, 60, 1)]


def two_stages(folder):
    """The second class is of the junior stage: a lesson until 16:50, and its service begins at 17:00."""
    copy_of(CAMPUS, folder)
    path = folder / "campus.yaml"
    text = path.read_text().replace("primary: {limit: 45}", "primary: {limit: 45}\n  junior: {limit: 50}")
    text = text.replace("{id: 2024-P-02, stage: primary", "{id: 2024-P-02, stage: junior")
    path.write_text(text.replace("calendar:", """  junior:
    - {phase: lesson, start: "08:20", end: "09:00"}
    - {phase: lesson, start: "16:10", end: "16:50"}
    - {phase: after_school, start: "17:00", end: "18:00"}
calendar:"""))
    return folder


@pytest.mark.parametrize("steps, rows, fact", [
    # The lesson's 45 are none of the service, which 16 of the other class have until 17:36.
    ({"b1-201": [("16:05:00", 16), ("17:36:00", 0)], "b1-202": [("16:05:00", 45), ("16:52:00", 0)]},
     [], ("17:46:00", 1056, 16, 1)),
    # The first class goes before the second one's begins: that one is waited for.
    ({"b1-201": [("16:05:00", 16), ("16:45:00", 0)], "b1-202": [("16:05:00", 45), ("17:30:00", 0)]},
     [], ("17:40:00", 1050, 45, 1)),
    ({"b1-201": [("16:05:00", 16), ("16:45:00", 0)], "b1-202": [("16:05:00", 45), ("16:52:00", 0)]},
     [row("17:06:00", "AS-01", "school", RAISED)], ("17:06:00", 1005, 16, 1)),
])
def test_a_class_counts_from_its_own_service_on(build, tmp_path, steps, rows, fact):
    folder, lines = two_stages(tmp_path / "campus"), lines_of(steps)
    assert transitions(told(build, folder, lines, tmp_path / "lines.jsonl")) == rows
    assert ends(build, folder, lines, tmp_path / "lines.jsonl") == [fact]


def test_a_counter_that_fails_is_not_an_empty_room(build, tmp_path):
    lines = lines_of({"b1-201": [*FULL, ("17:00:00", 0)]}, bad=[("b1-202", "16:45:00")])
    rows = transitions(told(build, CAMPUS, lines, tmp_path / "lines.jsonl"))
    assert [r[1] for r in rows] == ["SY-01"]


def test_an_afternoon_that_nobody_could_see_is_told_as_that(build, tmp_path):
    unseen = lines_of({}, bad=[("b1-201", "16:01:00"), ("b1-202", "16:01:00")])
    (at, end, peak, completeness), = ends(build, CAMPUS, unseen, tmp_path / "unseen.jsonl")
    assert (at, end, peak, completeness) == ("18:15:00", None, 0, 0)
    assert ends(build, CAMPUS, lines_of({}), tmp_path / "empty.jsonl") == [], "nobody came: no service"


CUT = ["17:29:59 belongs to 17:29", "who comes back within ten minutes continues it",
       "who comes back later does not", "five at 18:05", "the fifth leaves before 18:05",
       "a counter that stood still until 16:19:59", "a class that stays, of whom one came at 16:20"]


def cuts(count):
    """Pseudo-random seconds of the afternoon, with a fraction at which nothing else is."""
    chance = random.Random(20261123)
    for _ in range(count):
        time = datetime.timedelta(seconds=chance.randrange(16 * 3600 + 600, 18 * 3600 + 1200))
        yield f"{time}.{chance.randrange(1, 1000):03}"


@pytest.mark.parametrize("what", ["restart", "kill"])
@pytest.mark.parametrize("name", CUT)
@pytest.mark.parametrize("clock", sorted(cuts(24)))
def test_a_restart_changes_nothing(build, tmp_path, name, clock, what):
    lines, expected = AFTERNOONS[name]
    cut = {"t": stamp(MONDAY, clock), "do": what}
    lines = sorted([*lines, cut], key=lambda line: line["t"])
    out = told(build, CAMPUS, lines, tmp_path / "lines.jsonl")
    assert transitions(out) == expected


def crowds(build, lines, path):
    """What CR-01 says; the doors of other rooms are silent."""
    return [step for step in transitions(told(build, CAMPUS, sorted(lines, key=lambda line: line["t"]), path))
            if step[1] == "CR-01"]


CROWDS = ["crowded for 20 s", "crowded for 19 s", "dense but not above 1.2"]


@pytest.mark.parametrize("what", ["restart", "kill"])
@pytest.mark.parametrize("name", CROWDS)
def test_a_cut_anywhere_in_a_crowd_changes_nothing(build, tmp_path, name, what):
    lines, expected = AFTERNOONS[name]
    chance = random.Random(name)
    for _ in range(20):
        clock = f"09:{chance.randrange(2):02}:{chance.randrange(60):02}.{chance.randrange(1, 1000):03}"
        cut = {"t": stamp(MONDAY, clock), "do": what}
        assert crowds(build, [*lines, cut], tmp_path / "lines.jsonl") == expected, clock


# Twelve persons a minute over 2 m are no crowd; all of a morning within ten minutes would be one.
@pytest.mark.parametrize("what", ["restart", "kill"])
def test_a_morning_on_the_stairs_is_no_crowd_after_a_kill(build, tmp_path, what):
    steps = [("people_in", 12), ("people_out", 0)]
    lines = [{"t": stamp(MONDAY, f"{7 + m // 60:02}:{m % 60:02}:00"), "point": f"b1-stairs/{way}", "v": people * m}
             for m in range(300) for way, people in steps]
    cuts = [{"t": stamp(MONDAY, "07:10:30"), "do": "restart"}, {"t": stamp(MONDAY, "11:00:30"), "do": what}]
    lines += [*cuts, {"t": stamp(MONDAY, "12:00:00"), "do": "end"}]
    assert crowds(build, lines, tmp_path / "lines.jsonl") == []


# A counter that reports each minute, after quiet ones: 160 in the first minute are 1.33 a metre and second.
@pytest.mark.parametrize("what", ["restart", "kill"])
@pytest.mark.parametrize("cut", ["09:20:30", "09:29:30", "09:30:01", "09:30:19"])
def test_the_first_people_after_quiet_minutes_are_a_crowd_also_after_a_kill(build, tmp_path, cut, what):
    lines = [{"t": stamp(MONDAY, f"09:{m:02}:00"), "point": f"b1-stairs/{way}",
              "v": 160 * max(0, min(m - 29, 2)) if way == "people_in" else 0}
             for m in range(35) for way in ("people_in", "people_out")]
    lines += [{"t": stamp(MONDAY, cut), "do": what}, {"t": stamp(MONDAY, "09:35:00"), "do": "end"}]
    assert crowds(build, lines, tmp_path / "lines.jsonl") == [
        row("09:30:20", "CR-01", "b1-stairs", RAISED), row("09:33:00", "CR-01", "b1-stairs", RETURNED)]


RULES = [
    Mutation("after-school.yaml", "AS-01", "not_before: 1050", "not_before: 1049"),
    Mutation("after-school.yaml", "AS-01", "not_before: 1050", "not_before: 1051"),
    Mutation("after-school.yaml", "AS-01", "ended < not_before", "ended <= not_before"),
    Mutation("after-school.yaml", "AS-02", "many: 5", "many: 4"),
    Mutation("after-school.yaml", "AS-02", "many: 5", "many: 6"),
    Mutation("after-school.yaml", "AS-02", "people >= many", "people > many"),
    Mutation("after-school.yaml", "AS-02", "few: 3", "few: 2"),
    Mutation("after-school.yaml", "AS-02", "few: 3", "few: 4"),
    Mutation("after-school.yaml", "AS-02", "for: 5min", "for: 299s"),
    Mutation("after-school.yaml", "AS-02", "for: 5min", "for: 301s"),
    Mutation("class-size.yaml", "CR-01", "crowded: 1.2", "crowded: 1.19"),
    Mutation("class-size.yaml", "CR-01", "crowded: 1.2", "crowded: 1.36"),
    Mutation("class-size.yaml", "CR-01", "flow > crowded", "flow >= crowded"),
    Mutation("class-size.yaml", "CR-01", "again: 0.8", "again: 0.7"),
    Mutation("class-size.yaml", "CR-01", "again: 0.8", "again: 0.95"),
    Mutation("class-size.yaml", "CR-01", "for: 20s", "for: 19s"),
    Mutation("class-size.yaml", "CR-01", "for: 20s", "for: 21s"),
    Mutation("class-size.yaml", "CR-01", "clear_for: 60s", "clear_for: 59s"),
    Mutation("class-size.yaml", "CR-01", "clear_for: 60s", "clear_for: 61s"),
]
# By one unit, or by the next that tells whole persons apart; service_return is longer than service_empty, so
# that only more than that is seen.
OPTIONS = options_of(
    "occupancy",
    ("service_from", "16:29", "dismissed at 16:30, before there was a service"),
    ("service_from", "16:31", "over at 16:30 itself"),
    ("service_until", "17:59", "five at 18:05"), ("service_until", "18:01", "five at 18:05"),
    ("service_peak", 9, "nine are no service"), ("service_peak", 11, "ten are one"),
    ("service_share", "9%", "17:29:59 belongs to 17:29"),
    ("service_share", "12%", "seven of sixty are still a service"),
    ("service_empty", "11min", "over at 16:30 itself"),
    ("service_return", "9min", "over at 16:30 itself"), ("service_return", "11min", "who comes back later does not"),
    ("service_tag", "boarders", "over at 16:30 itself"), ("evening_tag", "other", "evening study is no service"),
    ("stair_window", "9s", "crowded for 20 s"), ("stair_window", "11s", "crowded for 20 s"),
    ("stair_width", {"b1-stairs": 1.9}, "crowded for 19 s"),
    ("stair_width", {"b1-stairs": 2.3}, "crowded for 20 s"))


def is_noticed(build, folder, tmp_path):
    return any(transitions(told(build, folder, lines, tmp_path / "lines.jsonl")) != expected
               for lines, expected in AFTERNOONS.values())


@pytest.mark.parametrize("mutation", RULES, ids=str)
def test_a_changed_figure_of_a_rule_is_noticed(build, tmp_path, mutation):
    folder = put(mutation, copy_of(CAMPUS, tmp_path / "campus"))
    assert is_noticed(build, folder, tmp_path)


@pytest.mark.parametrize("option", OPTIONS, ids=str)
def test_a_changed_option_is_noticed(build, tmp_path, option):
    folder = set_option(option, copy_of(CAMPUS, tmp_path / "campus"))
    lines, expected = AFTERNOONS[option.story]
    assert transitions(told(build, folder, lines, tmp_path / "lines.jsonl")) != expected


def test_as_shipped_nothing_is_noticed_wherever_it_lies(build, tmp_path):
    assert not is_noticed(build, copy_of(CAMPUS, tmp_path / "campus"), tmp_path)
