"""A clock that is set, as a replay writes it: by whole weeks at any time, so that the school's day
goes on as it was, no moment, day, hold, window, expectation or severity changes."""
import datetime
import json
import random

import pytest

from clock_step import WEEK, set_right, stepped
from conftest import ROOT
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
