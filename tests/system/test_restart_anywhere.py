"""A restart or a reload at any time changes no alarm: the written day, cut once, tells the
same."""
import datetime
import json
import random

import pytest

from conftest import ROOT
from test_replay import replay, transitions

DAY = ROOT / "tests/replay/day.jsonl"
SEED = 20261123
CUTS = 96
LINES = DAY.read_text().splitlines()
TIMES = [datetime.datetime.fromisoformat(json.loads(line)["t"]) for line in LINES]


def moments():
    """Pseudo-random milliseconds of the day at which nothing else happens."""
    chance = random.Random(SEED)
    span_ms = int((TIMES[-1] - TIMES[0]).total_seconds() * 1000)
    taken = set(TIMES)
    while len(taken) < len(set(TIMES)) + CUTS:
        moment = TIMES[0] + datetime.timedelta(milliseconds=chance.randrange(1, span_ms))
        if moment not in taken:
            taken.add(moment)
            yield moment


@pytest.mark.parametrize("what", ["restart", "reload"])
@pytest.mark.parametrize("moment", sorted(moments()), ids=lambda m: m.time().isoformat())
def test_no_transition_changes(build, tmp_path, moment, what):
    place = sum(time < moment for time in TIMES)
    cut = json.dumps({"t": moment.isoformat(), "do": what})
    lines = tmp_path / "cut.jsonl"
    lines.write_text("\n".join([*LINES[:place], cut, *LINES[place:]]) + "\n")
    done = replay(build, ROOT / "tests/replay/campus", lines)
    assert done.returncode == 0, done.stderr
    assert transitions(done.stdout) == transitions(DAY.with_suffix(".expected").read_text())
