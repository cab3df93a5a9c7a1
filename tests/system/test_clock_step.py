"""A clock that is set, as a replay writes it: by whole weeks at any time, so that the school's day
goes on as it was, no moment, day, hold, window, expectation or severity changes."""
import datetime
import json
import random

import pytest

from clock_step import WEEK, set_right, stepped
from conftest import ROOT
from test_replay import replay
from test_restart_times import EXPECTED, LINES, campus, clock, expected, told  # noqa: F401

SEED = 20261204
CUTS = 16
DAY = ROOT / "tests/replay/day.jsonl"
DAY_LINES = [json.loads(line) for line in DAY.read_text().splitlines()]


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
