"""A clock that is set, as a replay writes it: by whole weeks at any time, so that the school's day
goes on as it was, no moment, day, hold, window, expectation or severity changes."""
import datetime
import json
import random

import pytest

from clock_step import WEEK, set_right, stepped
from conftest import ROOT
from test_lessons import CAMPUS as LESSONS, DAYS, run, told as told_by_lessons
from test_replay import replay, transitions
from test_restart_times import EXPECTED, LINES, campus, clock, expected, told  # noqa: F401

SEED = 20261204
CUTS = 16
DAY = ROOT / "tests/replay/day.jsonl"
DAY_LINES = [(datetime.datetime.fromisoformat(line.pop("t")), line)
             for line in map(json.loads, DAY.read_text().splitlines())]


def cuts():
    """(time, step): half of them anywhere, half shortly before or after something is due."""
    chance = random.Random(SEED)
    span_s = int((LINES[-1][0] - LINES[0][0]).total_seconds())
    for i in range(CUTS):
        day, text, *_ = chance.choice(EXPECTED)
        moment = clock(day, text) + datetime.timedelta(seconds=chance.randrange(-240, 240))
        if i % 2:
            moment = LINES[0][0] + datetime.timedelta(seconds=chance.randrange(1, span_s))
        yield moment + datetime.timedelta(milliseconds=1), chance.choice((1, 2, -1, -2)) * WEEK


@pytest.mark.parametrize("moment, step", cuts(), ids=str)
def test_nine_days_stay_the_same(build, campus, tmp_path, moment, step):  # noqa: F811
    found = told(build, campus, stepped(LINES, moment, step), tmp_path / "days.jsonl")
    count = sum(row[0] <= moment for row in expected())
    assert set_right(found, count, step) == expected()


def rows_of(text):
    return [(datetime.datetime.fromisoformat(row[0]), *row[1:]) for row in transitions(text)]


def day_moments(count):
    chance = random.Random(SEED)
    span_ms = int((DAY_LINES[-1][0] - DAY_LINES[0][0]).total_seconds() * 1000)
    for _ in range(count):
        moment = DAY_LINES[0][0] + datetime.timedelta(milliseconds=chance.randrange(1, span_ms))
        yield moment, chance.choice((1, -1)) * WEEK


def played(build, folder, lines, path):
    path.write_text("".join(json.dumps({"t": at.isoformat(), **line}) + "\n" for at, line in lines))
    done = replay(build, folder, path)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("moment, step", day_moments(24), ids=str)
def test_the_written_day_stays_the_same(build, tmp_path, moment, step):
    want = rows_of(DAY.with_suffix(".expected").read_text())
    text = played(build, ROOT / "tests/replay/campus", stepped(DAY_LINES, moment, step), tmp_path / "day.jsonl")
    assert set_right(rows_of(text), sum(row[0] <= moment for row in want), step) == want


# A clock that was wrong is set right, over a bell or not: of a day that gives nothing nothing comes then.

def wrong_until(lines, moment, error):
    """@lines, as replay reads them, by a clock that is @error ahead until @moment."""
    result = []
    for line in lines:
        at = datetime.datetime.fromisoformat(line["t"])
        if at > moment and not any("to" in row for row in result):
            result.append({"t": (moment + error).isoformat(), "do": "clock-step", "to": moment.isoformat()})
        result.append(line if at > moment else {**line, "t": (at + error).isoformat()})
    return result


def rules_told(build, lines, path):
    return [row for row in told_by_lessons(run(build, LESSONS, lines, path)) if row[-1] != "returned"]


QUIET = [name for name, (_, rows) in DAYS.items() if not rows]
ERRORS = (-40, -20, -12, -6, 6, 12, 20, 40)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", QUIET)
def test_a_clock_set_right_raises_nothing(build, tmp_path, name, seed):
    chance = random.Random(f"{name}/{seed}")
    lines, _ = DAYS[name]
    moment = datetime.datetime.fromisoformat(lines[0]["t"]).replace(hour=8, minute=0, second=0)
    moment += datetime.timedelta(seconds=chance.randrange(7 * 3600), milliseconds=1)
    error = datetime.timedelta(minutes=chance.choice(ERRORS))
    lines = wrong_until(lines, moment, error)
    step = next(i for i, line in enumerate(lines) if "to" in line)
    before = rules_told(build, [*lines[:step], {"t": lines[step]["t"], "do": "end"}], tmp_path / "before.jsonl")
    assert rules_told(build, lines, tmp_path / "day.jsonl") == before


def shelved():
    """A room over its capacity from 10:00, shelved at 10:06 until 10:36: a reading a minute."""
    begin = datetime.datetime.fromisoformat("2026-11-23T10:00:00+08:00")
    for minute in range(60):
        at = begin + datetime.timedelta(minutes=minute)
        yield at, {"point": "b1-203/people_in", "v": 51 if minute else 0}
        yield at, {"point": "b1-203/people_out", "v": 0}
        if minute == 6:
            until = begin + datetime.timedelta(minutes=36)
            yield at, {"do": "shelve", "alarm": "CS-04@b1-203", "by": "duty", "comment": "moving",
                       "until": until.isoformat()}
    yield begin + datetime.timedelta(minutes=60), {"do": "end"}


def shelvings(build, lines, path):
    return [row for row in rows_of(played(build, ROOT / "tests/replay/campus", lines, path)) if row[1] == "CS-04"]


@pytest.mark.parametrize("seed", range(12))
def test_a_shelving_ends_when_it_would_have(build, tmp_path, seed):
    chance = random.Random(seed)
    lines = list(shelved())
    moment = lines[0][0] + datetime.timedelta(seconds=chance.randrange(6 * 60, 36 * 60), milliseconds=1)
    step = datetime.timedelta(seconds=chance.choice((3600, 86400, 400 * 86400)) * chance.choice((-1, 1))
                              + chance.randrange(-900, 900))
    whole = shelvings(build, lines, tmp_path / "whole.jsonl")
    assert [row[4] for row in whole] == ["unacknowledged", "shelved", "unacknowledged"]
    assert whole[-1][0] == lines[0][0] + datetime.timedelta(minutes=36)
    found = shelvings(build, stepped(lines, moment, step), tmp_path / "cut.jsonl")
    assert set_right(found, sum(row[0] <= moment for row in whole), step) == whole
