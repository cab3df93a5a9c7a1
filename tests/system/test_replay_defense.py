"""The three defenses do exactly what was written by hand, wherever they are cut, and notice every changed figure."""
import json
import random
import sys
from datetime import datetime, timedelta

import pytest

from conftest import ROOT
from test_replay import replay

sys.path.insert(0, str(ROOT / "tests/replay"))
sys.path.insert(0, str(ROOT / "tests/replay/defense"))

from mutate import copy_of, mutations_of, put  # noqa: E402
from table import SCENARIOS  # noqa: E402

CAMPUS = ROOT / "tests/replay/defense/campus"


def moment(text):
    date, _, clock = text.rpartition("T")
    return f"2026-{date or '11-23'}T{clock}+08:00"


def told_as(word):
    if word == "bad":
        return {"q": "bad"}
    return {"v": float(word) if word.replace(".", "").isdigit() else word}


def line_of(text):
    """One line of a scenario as replay reads it."""
    time, what, *words = text.split()
    row = {"t": moment(time)}
    if what != "do":
        return row | {"point": what} | told_as(words[0])
    row["do"], *words = words
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            key, value = ("value" if "target" in row else "target"), word
        row[key] = value
    return row


def lines_of(text):
    return [line_of(line) for line in text.strip().splitlines()]


UNWALKED = """rules: [{id: TF-05, enabled: false}, {id: TF-05-gap, enabled: false}]"""


def campus_for(rows, tmp_path, mutation=None):
    """Where nobody walks, the patrol is not judged."""
    campus = tmp_path / "campus"
    if not campus.exists():
        copy_of(CAMPUS, campus)
        if mutation:
            put(mutation, campus)
    quiet = campus / "rules.d/unwalked.yaml"
    quiet.write_text("rules: []" if any("checkpoint" in row.get("point", "") for row in rows) else UNWALKED)
    return campus


def play(build, tmp_path, rows, mutation=None):
    path = tmp_path / "day.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return replay(build, campus_for(rows, tmp_path, mutation), path)


def played(build, tmp_path, rows):
    done = play(build, tmp_path, rows)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def told(rows):
    """What came out, in the words of the table."""
    result = []
    for row in rows:
        if "rule" not in row:
            continue
        time = row["t"].replace("+08:00", "").removeprefix("2026-")
        step = f"{time.removeprefix('11-23T')} {row['rule']}@{row['object']} {row.get('to', 'fact')}"
        result.append(step + (" test" if row.get("test") else ""))
    return sorted(result)


def expected(text):
    return sorted(line.strip() for line in text.strip().splitlines())


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_gives_exactly_its_steps(build, tmp_path, name):
    before, after = SCENARIOS[name]
    assert told(played(build, tmp_path, lines_of(before))) == expected(after)


# A restart may happen anywhere: in an exit or entry delay, a bypass, a test, a round, a hold.  After it every
# contact reports its level, as drivers see to; what happened once (a key, a checkpoint) is not told again.

EVENTS = ("checkpoint", "button")


def cut(rows, moments, verb="restart"):
    """@rows with a restart, or a reload, at each of @moments."""
    result = []
    latest = {}
    waiting = sorted(moment(at) for at in moments)
    for row in rows:
        while waiting and waiting[0] <= row["t"]:
            at = waiting.pop(0)
            result.append({"t": at, "do": verb})
            if verb != "reload":
                result += [known | {"t": at} for known in latest.values()]
        if "point" in row and not row["point"].endswith(EVENTS):
            latest[row["point"]] = row
        result.append(row)
    return result


def moments_of(rows, name, seed):
    """Two moments between lines, chosen by chance."""
    rng = random.Random(f"{name}/{seed}")
    gaps = [i for i in range(len(rows) - 1) if rows[i]["t"][:19] < rows[i + 1]["t"][:19]]
    return [between(rows[gap]["t"], rows[gap + 1]["t"], rng) for gap in rng.sample(gaps, min(2, len(gaps)))]


def between(first, last, rng):
    """A full second after @first and before @last, early as often as late."""
    begin, end = datetime.fromisoformat(first), datetime.fromisoformat(last)
    seconds = max(1, int((end - begin).total_seconds()))
    chosen = begin.replace(microsecond=0) + timedelta(seconds=rng.randrange(1, min(seconds, 200) + 1))
    chosen = min(chosen, end.replace(microsecond=0))
    return chosen.strftime("%m-%dT%H:%M:%S")


@pytest.mark.parametrize("seed, verb", [(0, "restart"), (1, "restart"), (2, "restart"), (2, "kill"), (8, "kill")])
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_restart_anywhere_changes_nothing(build, tmp_path, name, seed, verb):
    before, after = SCENARIOS[name]
    rows = lines_of(before)
    assert told(played(build, tmp_path, cut(rows, moments_of(rows, name, seed), verb))) == expected(after)


@pytest.mark.parametrize("seed", range(3, 5))
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_reload_anywhere_changes_nothing(build, tmp_path, name, seed):
    before, after = SCENARIOS[name]
    rows = cut(lines_of(before), moments_of(lines_of(before), name, seed), "reload")
    assert told(played(build, tmp_path, rows)) == expected(after)


# By whole weeks the calendar goes on as it was; what is until a time of the clock, people say by the clock.

def weeks(text, step):
    moved = datetime.fromisoformat(text) + step
    return moved.isoformat(timespec="milliseconds" if moved.microsecond else "seconds")


def stepped(rows, at, step):
    """@rows with the clock set by @step at @at."""
    result = [row for row in rows if row["t"] <= at]
    result.append({"t": at, "do": "clock-step", "to": weeks(at, step)})
    for row in rows[len(result) - 1:]:
        moved = {key: weeks(row[key], step) for key in ("t", "until") if key in row}
        result.append(row | moved)
    return result


def set_right(rows, step, count):
    return rows[:count] + [row | {"t": weeks(row["t"], -step)} for row in rows[count:]]


@pytest.mark.parametrize("seed", range(5, 8))
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_clock_that_is_set_anywhere_changes_nothing(build, tmp_path, name, seed):
    before, after = SCENARIOS[name]
    rows = lines_of(before)
    step = timedelta(days=random.Random(f"{name}/{seed}").choice((-14, -7, 7, 14)))
    [at, *_] = moments_of(rows, name, seed)
    at = moment(at)
    whole = [row for row in played(build, tmp_path, rows) if "rule" in row]
    count = sum(row["t"] <= at for row in whole)
    found = [row for row in played(build, tmp_path, stepped(rows, at, step)) if "rule" in row]
    assert told(set_right(found, step, count)) == expected(after)



def at_once(condition):
    """A hold where there is none."""
    return f"when: {condition}\n", f"when: {condition}\n    for: 1s\n"


DEFENSE = "three-defense.yaml"
MUTATIONS = [
    *mutations_of(DEFENSE, "TF-01", ("latched: true", "latched: false"), at_once("pressed")),
    *mutations_of(DEFENSE, "TF-01-duress", ("latched: true", "latched: false"), ("when: duress", "when: not duress"),
                  at_once("duress")),
    *mutations_of(DEFENSE, "TF-02", ("max_days: 31", "max_days: 30"), ("max_days: 31", "max_days: 32"),
                  ("days > max_days", "days >= max_days")),
    *mutations_of(DEFENSE, "TF-03", ("for: 500ms", "for: 300ms"), ("for: 500ms", "for: 600ms"),
                  (" and not bypassed", "")),
    *mutations_of(DEFENSE, "TF-03-area", ("for: 500ms", "for: 400ms"), ("for: 500ms", "for: 600ms")),
    *mutations_of(DEFENSE, "TF-04", ("for: 60s", "for: 58s"), ("for: 60s", "for: 61s"),
                  ("clear_for: 5s", "clear_for: 4s"), ("clear_for: 5s", "clear_for: 6s"), (" and not attended", ""),
                  ("[lesson_whole, ", "["), ("evening_study, boarding_night, ", "evening_study, "),
                  (", closed, ", ", closed, lunch, ")),
    *mutations_of(DEFENSE, "TF-04-door", ("for: 60s", "for: 58s"), ("for: 60s", "for: 61s")),
    *mutations_of(DEFENSE, "TF-04-forced", ("for: 3s", "for: 2s"), ("for: 3s", "for: 4s")),
    *mutations_of(DEFENSE, "TF-05", ("per_day: 5", "per_day: 4"), ("per_day: 5", "per_day: 6")),
    *mutations_of(DEFENSE, "TF-05-gap", ("max_hours: 5", "max_hours: 4.98"), ("max_hours: 5", "max_hours: 5.02"),
                  ("hours >= max_hours", "hours > max_hours")),
    *mutations_of(DEFENSE, "TF-06", ("for: 5min", "for: 298s"), ("for: 5min", "for: 301s"),
                  ("clear_for: 10s", "clear_for: 9s"), ("clear_for: 10s", "clear_for: 11s"),
                  ("during: [arrival, departure]", "during: [departure]"),
                  ("during: [arrival, departure]", "during: [arrival]")),
    *mutations_of(DEFENSE, "TF-07", ("for: 2s", "for: 1s"), ("for: 2s", "for: 3s"),
                  ("{default: P3, P1: panic}", "P3")),
    *mutations_of(DEFENSE, "TF-08", ("offline > 0", "offline > 1"), ("for: 5min", "for: 298s"), ("for: 5min", "for: 301s")),
    *mutations_of(DEFENSE, "TF-08-camera", ("for: 5min", "for: 299s"), ("for: 5min", "for: 301s")),
    *mutations_of(DEFENSE, "TF-08-share", ("many: 0.2", "many: 0.1"), ("many: 0.2", "many: 0.21"),
                  ("share >= many", "share > many")),
    *mutations_of(DEFENSE, "TF-08-unrepaired", ("offline > 0", "offline > 1"), ("for: 24h", "for: 23h"), ("for: 24h", "for: 1441min")),
    *mutations_of(DEFENSE, "TF-08-unrepaired-camera", ("for: 24h", "for: 23h"), ("for: 24h", "for: 1441min")),
    *mutations_of(DEFENSE, "TF-08-recorder", ("for: 5min", "for: 298s"), ("for: 5min", "for: 301s")),
    *mutations_of(DEFENSE, "TF-08-days", ("min_days: 30", "min_days: 29"), ("min_days: 30", "min_days: 31")),
    *mutations_of(DEFENSE, "TF-08-longest", ("max_days: 90", "max_days: 89"), ("max_days: 90", "max_days: 91")),
    *mutations_of(DEFENSE, "TF-09", ("for: 500ms", "for: 300ms"), ("for: 500ms", "for: 600ms"),
                  ("latched: true", "latched: false")),
    *mutations_of(DEFENSE, "TF-09-smoke", ("latched: true", "latched: false")),
    *mutations_of(DEFENSE, "TF-10", ("latched: true", "latched: false"), at_once("leak")),
    *mutations_of(DEFENSE, "TF-10-co", ("latched: true", "latched: false"),
                  *[(f"over: {span}, valid: 80%", f"over: {span}, valid: {share}")
                    for span in ("3min", "10min", "60min") for share in ("79%", "81%")],
                  ("high: 300", "high: 299"), ("high: 300", "high: 301"),
                  ("middle: 100", "middle: 99"), ("middle: 100", "middle: 101"),
                  ("low: 50", "low: 49"), ("low: 50", "low: 51")),
    *mutations_of(DEFENSE, "TF-11", (" and occupied", ""), ("during: boarding_night", "during: holiday"),
                  at_once("locked and occupied")),
    *mutations_of(DEFENSE, "TF-11-night", at_once("opened")),
    *mutations_of(DEFENSE, "TF-12", at_once("tampered")),
    *mutations_of(DEFENSE, "TF-12-battery", at_once("low")),
    *mutations_of(DEFENSE, "TF-12-mains", ("for: 60s", "for: 58s"), ("for: 60s", "for: 61s")),
    *mutations_of("dormitory.yaml", "SL-02", ("share: 0.1", "share: 0.09"), ("share: 0.1", "share: 0.2"),
                  ("for: 15min", "for: 14min"), ("for: 15min", "for: 16min"), ("lit > share", "lit >= share")),
]


def stories_of(rule):
    """Those in which @rule says something, then those in which it is silent just below its figure."""
    return sorted((story for story in SCENARIOS.values() if rule in story[1] or quiet_about(rule, story[0])),
                  key=lambda story: rule not in story[1])


def is_unlike(done, after):
    return done.returncode != 0 or told(map(json.loads, done.stdout.splitlines())) != expected(after)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_a_changed_figure_is_noticed(build, tmp_path, mutation):
    assert any(is_unlike(play(build, tmp_path, lines_of(before), mutation), after)
               for before, after in stories_of(mutation.rule))


FEEDS = {"TF-02": "panic", "TF-03": "perimeter", "TF-04": "gate", "TF-05": "checkpoint", "TF-06": "guard_present",
         "TF-08": "camera", "TF-10": "/co", "SL-02": "circuit", "TF-11": "door_lock"}


def quiet_about(rule, before):
    """A scenario in which the rule is silent, just below its figure."""
    metric = FEEDS.get("-".join(rule.split("-")[:2]))
    return metric is not None and metric in before


# The sheet and its fact.

def test_the_sheet_says_what_was_measured_and_how_much(build, tmp_path):
    rows = lines_of("""
        00:00:00 gatehouse-south/guard_present present
        00:00:00 gatehouse-south/cabinet closed
        06:00:00 gatehouse-south/guard_present absent
        06:06:00 gatehouse-south/guard_present present
        12:00:00 do sheet
        11-24T00:00:10 do end
    """)
    out = played(build, tmp_path, rows)
    sheet = next(row["answer"] for row in out if row.get("command") == "sheet")
    items = {item["id"]: item for item in sheet["items"]}
    assert [item["group"]["zh"] for item in sheet["items"]] == ["人防"] * 3 + ["物防"] * 3 + ["技防"] * 7
    assert items["gatehouse"]["state"] == "attention" and items["gatehouse"]["alarms"] == 1
    assert abs(items["gatehouse"]["value"] - 100 * 714 / 720) < 0.01
    assert items["gatehouse"]["completeness"] == 1
    assert items["cabinet"]["state"] == "good" and items["cabinet"]["measured"]["zh"] == "当前开启 0 处"
    assert items["fire"]["state"] == "attention" and items["fire"]["completeness"] == 0
    fact = next(row for row in out if row.get("fact") == "three-defense")
    assert fact["t"] == "2026-11-24T00:00:00+08:00" and fact["object"] == "school"
    assert fact["gatehouse"] == "attention" and fact["cabinet"] == "good"


# The button, on 11-03.
TESTED = """
    11-03T08:00:00 gate-south/panic normal
    11-03T10:00:00 do test panic-gate by=duty until=2026-11-03T10:10:00+08:00
    11-03T10:01:00 gate-south/panic pressed
    11-03T10:01:10 gate-south/panic normal
    11-03T10:02:00 do acknowledge alarm=TF-01@panic-gate by=duty
    11-03T10:02:30 do reset alarm=TF-01@panic-gate by=duty
"""
# The cabinet was seen for three quarters of the time until 11-13 12:00.
SHEET = TESTED + """\
    11-13T03:00:00 gatehouse-south/cabinet closed
    11-13T12:00:00 do sheet
    11-13T12:00:10 do end
"""


@pytest.mark.parametrize("days, tested", [(31, 1), (10, 1), (9, 0)])
@pytest.mark.parametrize("seen, state", [("80%", "attention"), ("76%", "attention"), ("75%", "good")])
def test_what_the_sheet_asks_for_is_the_schools(build, tmp_path, days, tested, seen, state):
    rows = lines_of(SHEET)
    gateway = campus_for(rows, tmp_path) / "gateway.yaml"
    gateway.write_text(f"{gateway.read_text()}    sheet_tested_days: {days}\n    sheet_seen: {seen}\n")
    sheet = next(row["answer"] for row in played(build, tmp_path, rows) if row.get("command") == "sheet")
    items = {item["id"]: item for item in sheet["items"]}
    assert items["cabinet"]["completeness"] == 0.75 and items["cabinet"]["state"] == state
    assert items["panic"]["value"] == tested
    assert f"{days} 天内" in items["panic"]["measured"]["zh"]


# What notices an intruder is what TF-03 stands on: a beam anywhere, and the contacts and movement of the areas.
LEFT = {"only a door": "lab-door", "only movement": "lab-motion", "only a window": "store-window",
        "only a beam": "fence-1", "a door of no area": "side-contact", "nothing": None}


def school_with(device, tmp_path):
    """The school with the panic button and @device alone, and the areas that are left of it."""
    campus = copy_of(CAMPUS, tmp_path / "campus")
    devices = campus / "devices.d/security.yaml"
    devices.write_text("".join(line for line in devices.read_text().splitlines(True)
                               if "- {name: " not in line or "driver: " in line
                               or f"name: {device}," in line or "name: panic-gate," in line))
    gateway = campus / "gateway.yaml"
    head = gateway.read_text().partition("  three_defense:")[0]
    area = "three_defense: {areas: [{id: labs, title: 实验楼, zones: [%s], away: [boarding_night], exit_delay: 0s}]}"
    watched = device and device != "side-contact"
    gateway.write_text(f"{head}  {area % device if watched else 'three_defense: {}'}\n")
    (campus / "rules.d/unwalked.yaml").write_text(UNWALKED)
    return campus


# On 11-23 a night's intruder at 23:00; the panic button is heard at midnight, the zone an hour later.
INTRUDER = {"lab-door": "lab/door", "lab-motion": "lab/motion", "store-window": "storeroom/window",
            "fence-1": "fence-east/perimeter", "side-contact": "side-door/door"}


def sheet_items(build, campus, point, tmp_path):
    zone = [("01:00:00", 0), ("23:00:00", 1), ("23:30:00", 0)] if point else []
    rows = [{"t": moment("00:00:00"), "point": "gate-south/panic", "v": "normal"},
            *({"t": moment(clock), "point": point, "v": value} for clock, value in zone),
            {"t": moment("23:50:00"), "do": "sheet"}]
    path = tmp_path / "night.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = replay(build, campus, path)
    assert done.returncode == 0, done.stderr
    sheet = next(row for row in map(json.loads, done.stdout.splitlines()) if row.get("command") == "sheet")
    return {item["id"]: item for item in sheet["answer"]["items"]}


@pytest.mark.parametrize("school", LEFT)
def test_the_sheet_counts_whatever_notices_an_intruder(build, tmp_path, school):
    device = LEFT[school]
    watched = device is not None and device != "side-contact"
    items = sheet_items(build, school_with(device, tmp_path), INTRUDER.get(device), tmp_path)
    intrusion, heard = items["intrusion"], items["supervision"]
    assert intrusion["state"] == ("attention" if watched else "no-sensor")
    assert intrusion["alarms"] == (1 if watched else 0)
    assert intrusion["value"] == (1 if watched else None)
    assert intrusion["completeness"] == pytest.approx(1370 / 1430 if watched else 0, abs=0.001)
    points = 2 if watched else 1
    assert heard["value"] == points and heard["measured"]["en"] == f"{points} of {points} security points heard"
    assert heard["completeness"] == pytest.approx(1370 / 1430 if watched else 1, abs=0.001)


def test_a_zone_that_falls_silent_is_on_the_sheet(build, tmp_path):
    """SY-01 of a contact in an area is a finding as that of a panic button is."""
    campus = school_with("lab-door", tmp_path)
    devices = campus / "devices.d/security.yaml"
    devices.write_text(devices.read_text().replace("topic: lab-door, supervision: 3d", "topic: lab-door, supervision: 1h"))
    (campus / "rules.d/quiet.yaml").unlink()
    rows = [{"t": moment("00:00:00"), "point": "gate-south/panic", "v": "normal"},
            {"t": moment("00:00:00"), "point": "lab/door", "v": 0},
            {"t": moment("12:00:00"), "do": "sheet"}]
    path = tmp_path / "day.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = replay(build, campus, path)
    assert done.returncode == 0, done.stderr
    out = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["object"] for row in out if row.get("rule") == "SY-01"] == ["lab-door"]
    items = {item["id"]: item for item in next(row["answer"] for row in out if row.get("command") == "sheet")["items"]}
    assert items["supervision"]["alarms"] == 1 and items["supervision"]["measured"]["en"].startswith("1 of 2")
    assert items["intrusion"]["state"] == "attention"


@pytest.mark.parametrize("line, says", [
    ("10:00:00 do bypass panic-gate by=a comment=c until=2026-11-23T11:00:00+08:00", "never bypassed"),
    ("10:00:00 do bypass gas-panel by=a comment=c until=2026-11-23T11:00:00+08:00", "never bypassed"),
    ("10:00:00 do bypass cabinet by=a comment=c until=2026-11-23T11:00:00+08:00", "is no zone of an area"),
    ("10:00:00 do bypass fence-1 by=a", "needs its reason and its end"),
    ("10:00:00 do bypass fence-1 by=a role=guard comment=c", "not allowed to a 'guard'"),
    ("10:00:00 do arm panic-gate by=a", "there is no area"),
    ("10:00:00 do arm labs night by=a", "allowed: away, stay"),
    ("10:00:00 do arm labs", "who does it is missing"),
    ("10:00:00 do test panic-gate by=a until=2026-11-23T10:30:01+08:00", "at most 30 min"),
    ("10:00:00 do test lab-door by=a until=2026-11-23T10:30:00+08:00", "is no device of security"),
    ("10:00:00 do drill nowhere by=a comment=c until=2026-11-23T10:30:00+08:00", "there is no place"),
    ("10:00:00 do test panic-gate off by=a", "runs"),
])
def test_an_order_that_is_not_allowed_says_why(build, tmp_path, line, says):
    path = tmp_path / "day.jsonl"
    path.write_text(json.dumps(line_of(line)) + "\n")
    done = replay(build, CAMPUS, path)
    assert done.returncode == 1 and says in done.stderr, done.stderr
