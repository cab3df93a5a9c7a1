"""Five weeks of a nine-year school of 24 classes: what comes out is what its stories say."""
import bisect
import json
import random
import re
import sys
from functools import cache

import pytest
import yaml

from conftest import ROOT
from test_replay import replay

sys.path.insert(0, str(ROOT / "tests/replay"))
sys.path.insert(0, str(ROOT / "tests/replay/school"))

from mutate import copy_of, mutations_of, put  # noqa: E402
from month import CAMPUS, ENDS, EVENTS, EVERY, lines_of, stamp, time_of  # noqa: E402
from stories import STORIES  # noqa: E402
from story import clock_of, steps  # noqa: E402


def play(build, path, lines, campus=CAMPUS):
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    done = replay(build, campus, path)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def told(rows):
    """"TIME RULE@OBJECT STATE" of all that rules have said."""
    return sorted(f"{row['t']} {row['rule']}@{row['object']} {row.get('to', 'fact')}"
                  for row in rows if "rule" in row)


def expected(span):
    return sorted(f"{stamp(time)} {step}" for story in STORIES for time, step in steps(story.comes)
                  if time <= clock_of(ENDS[span]))


def test_the_school_is_one_that_the_gateway_takes_without_a_word(build):
    done = replay(build, CAMPUS, "/dev/null")
    assert done.returncode == 0 and done.stderr == ""


@pytest.mark.parametrize("span", ENDS)
def test_what_comes_is_what_was_written(build, tmp_path, span):
    assert told(play(build, tmp_path / "lines.jsonl", lines_of(span))) == expected(span)


def test_without_a_story_only_rosters_are_told(build, tmp_path):
    rows = told(play(build, tmp_path / "lines.jsonl", lines_of("week", [])))
    assert {re.search(r" (\S+)@", row)[1] for row in rows} == {"CS-01", "CS-02", "CS-03"}


# test_a_school_has_its_size; and test_outdoors.py, whose weather would be entered twice here
OF_OTHER_SCHOOLS = {"SC-01", "SC-01-new", "OD-01", "OD-02", "OD-03"}


def is_of_the_gateway(rule):
    """Its own state and its buses: what test_replay_gateway.py is about."""
    return rule["each"] == "gateway" or "buses" in rule["each"]


def rules_of_the_pack():
    return {rule["id"] for path in (ROOT / "etc/rules").glob("*.yaml")
            for rule in yaml.safe_load(path.read_text()).get("rules", [])
            if not is_of_the_gateway(rule)}


def test_every_rule_of_the_pack_is_seen():
    seen = {re.search(r" (\S+)@", row)[1] for row in expected("month")}
    assert seen == rules_of_the_pack() - OF_OTHER_SCHOOLS


def of_size(folder, enrolled, is_nine_year, is_new):
    """A copy of the school with other figures of its own."""
    path = copy_of(CAMPUS, folder) / "campus.yaml"
    figures = (f"nine_year: {str(is_nine_year).lower()}, enrolled: {enrolled}, "
               f"built_after_policy: {str(is_new).lower()}")
    path.write_text(re.sub(r"(?m)^school: .*$", f"school: {{{figures}}}", path.read_text()))
    return folder


FACT = ["2026-10-01T08:00:00+08:00 SC-01@school fact"]
ALARM = ["2026-09-30T20:00:00+08:00 SC-01-new@school unacknowledged"]
SIZES = {(2500, True, False): [], (2501, True, False): FACT,
         (2000, False, False): [], (2001, False, False): FACT,
         (2500, True, True): [], (2501, True, True): ALARM,
         (2000, False, True): [], (2001, False, True): ALARM}


def told_of_size(build, folder, path):
    """What is told of the school's size until the first of a month."""
    lines = [{"t": "2026-09-30T20:00:00+08:00", "point": "hall/pm25", "v": 20},
             {"t": "2026-10-01T08:00:00+08:00", "do": "end"}]
    return [row for row in told(play(build, path, lines, folder)) if " SC-" in row]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_school_has_its_size(build, tmp_path, size):
    folder = of_size(tmp_path / "campus", *size)
    assert told_of_size(build, folder, tmp_path / "lines.jsonl") == SIZES[size]


SIZE_RULES = [
    *mutations_of("class-size.yaml", "SC-01", ("most: 2000", "most: 1999"), ("most: 2000", "most: 2001"),
                  ("most_nine_year: 2500", "most_nine_year: 2499"),
                  ("most_nine_year: 2500", "most_nine_year: 2501"),
                  ("1st 08:00", "1st 07:59"), ("1st 08:00", "1st 08:01")),
    *mutations_of("class-size.yaml", "SC-01-new", ("most: 2000", "most: 1999"),
                  ("most: 2000", "most: 2001"), ("most_nine_year: 2500", "most_nine_year: 2499"),
                  ("most_nine_year: 2500", "most_nine_year: 2501")),
]
DAY_RULES = [
    *mutations_of("class-size.yaml", "CS-03", ("large: 56", "large: 55"), ("large: 56", "large: 57")),
    *mutations_of("three-defense.yaml", "TF-04-door", ("clear_for: 5s", "clear_for: 4s"),
                  ("clear_for: 5s", "clear_for: 6s")),
    *[mutation for rule in ("TF-09-smoke", "TF-09-fault") for mutation in mutations_of(
        "three-defense.yaml", rule, ("for: 500ms", "for: 300ms"), ("for: 500ms", "for: 600ms"))],
    *mutations_of("three-defense.yaml", "TF-12", ("when: tampered", "when: not tampered")),
    *mutations_of("three-defense.yaml", "TF-12-battery", ("when: low", "when: not low")),
]
WEEK_RULES = [
    *mutations_of("air.yaml", "AQ-01", ("present: 5", "present: 6"), ("clear_for: 5min", "clear_for: 6min")),
    *mutations_of("attendance.yaml", "AT-01", (" or absent is null", "")),
    *mutations_of("after-school.yaml", "AS-01", (" or ended is null", "")),
    *mutations_of("class-size.yaml", "CS-02", ("days: 3 of 5", "days: 4 of 5")),
    *mutations_of("eye-health.yaml", "EY-02", ("present: 5", "present: 6"),
                  ("clear_for: 5min", "clear_for: 6min")),
    *mutations_of("eye-health.yaml", "EY-05", ("for: 10min", "for: 11min"),
                  ("clear_for: 5min", "clear_for: 6min")),
    *mutations_of("sleep.yaml", "SL-01", ("days: 3 of 5", "days: 4 of 5")),
    *mutations_of("three-defense.yaml", "TF-08-share", ("for: 5min", "for: 299s"), ("for: 5min", "for: 301s")),
    *mutations_of("three-defense.yaml", "TF-10-co", ("over: 3min", "over: 2min"), ("over: 3min", "over: 4min"),
                  ("over: 10min", "over: 9min"), ("over: 10min", "over: 11min"),
                  ("over: 60min", "over: 59min"), ("over: 60min", "over: 61min")),
    *mutations_of("three-defense.yaml", "TF-11-night", ("when: opened", "when: not opened")),
    *mutations_of("timetable.yaml", "EX-01", ("margin: 5", "margin: 6")),
]
MONTH_RULES = mutations_of("class-size.yaml", "CS-02", ("clear_days: 5 of 5", "clear_days: 4 of 5"),
                           ("clear_days: 5 of 5", "clear_days: 6 of 6"))
RULES = [*SIZE_RULES, *DAY_RULES, *WEEK_RULES, *MONTH_RULES]
SPANS = [*[("day", m) for m in DAY_RULES], *[("week", m) for m in WEEK_RULES],
         *[("month", m) for m in MONTH_RULES]]


@pytest.mark.parametrize("mutation", SIZE_RULES, ids=str)
def test_another_size_is_noticed(build, tmp_path, mutation):
    assert any(told_of_size(build, put(mutation, of_size(tmp_path / str(size), *size)),
                            tmp_path / "lines.jsonl") != expected_step
               for size, expected_step in SIZES.items())


@pytest.mark.parametrize("span, mutation", SPANS, ids=str)
def test_a_changed_figure_is_noticed(build, tmp_path, span, mutation):
    folder = put(mutation, copy_of(CAMPUS, tmp_path / "campus"))
    path = tmp_path / "lines.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines_of(span)))
    done = replay(build, folder, path)
    # Who acts on an alarm that is not there ends the replay: noticed as well.
    assert done.returncode != 0 or told(map(json.loads, done.stdout.splitlines())) != expected(span)


class Sensors:
    """What tells of itself at a moment: its last line, unless it has fallen silent."""

    def __init__(self, lines):
        self.lines = {}
        for line in lines:
            if "point" in line and not line["point"].endswith(EVENTS):
                self.lines.setdefault(line["point"], []).append((time_of(line["t"]), line))

    def at(self, time):
        for known in self.lines.values():
            after = bisect.bisect_right(known, time, key=lambda pair: pair[0])
            if after and (after == len(known) or known[after][0] - known[after - 1][0] <= EVERY):
                yield {**known[after - 1][1], "t": stamp(time)}


def cut(lines, moments):
    """@lines with a restart or a reload at each of @moments.  After a restart everything
    that tells a level tells it again, as drivers see to."""
    sensors, more = Sensors(lines), []
    for time, what in moments:
        more.append({"t": stamp(time), "do": what})
        more += sensors.at(time) if what == "restart" else []
    return sorted([*lines, *more], key=lambda line: time_of(line["t"]))


def moments(span, seed, count):
    """By chance anywhere or in the ten minutes before something comes, at milliseconds at
    which nothing else is."""
    chance = random.Random(seed)
    known = [time for story in STORIES for time, _ in steps(story.comes)]
    last = clock_of(ENDS[span])
    for number in range(count):
        time = chance.randrange(1, last)
        if number % 2:
            time = max(0, chance.choice([t for t in known if t < last]) - chance.randrange(600))
        yield int(time) + chance.randrange(1, 400) / 1000, chance.choice(["restart", "reload"])


def ordered(rows):
    """What comes at the same moment has no order."""
    return sorted(json.dumps(row) for row in rows)


@pytest.fixture(scope="module")
def whole(build, tmp_path_factory):
    @cache
    def played(span):
        return ordered(play(build, tmp_path_factory.mktemp(span) / "lines.jsonl", lines_of(span)))
    return played


def cut_anywhere(build, tmp_path, span, seed, count):
    lines = cut(lines_of(span), moments(span, seed, count))
    return ordered(play(build, tmp_path / "lines.jsonl", lines))


@pytest.mark.parametrize("seed", range(2))
def test_a_week_that_is_cut_is_the_same_week(build, tmp_path, whole, seed):
    assert cut_anywhere(build, tmp_path, "week", seed, 30) == whole("week")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 140))
def test_five_weeks_that_are_cut_are_the_same(build, tmp_path, whole, seed):
    assert cut_anywhere(build, tmp_path, "month", seed, 100) == whole("month")
