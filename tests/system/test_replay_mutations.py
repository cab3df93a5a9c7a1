"""The written day is sharp: each figure of its rules that changes is noticed."""
import subprocess
import sys

import pytest

from conftest import ROOT
from test_replay import replay, transitions

sys.path.insert(0, str(ROOT / "tests/replay"))

from mutate import CAMPUS, MUTATIONS, campus_with  # noqa: E402

DAY = ROOT / "tests/replay/day.jsonl"
EXPECTED = transitions(DAY.with_suffix(".expected").read_text())


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_a_changed_figure_changes_the_day(build, tmp_path, mutation):
    campus = campus_with(mutation, tmp_path / "campus")
    check = subprocess.run([build / "campus-gatewayd", "--config", campus, "--check"],
                           capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stderr
    # An operator who acts on an alarm that is not there ends the replay: noticed as well.
    assert transitions(replay(build, campus, DAY).stdout) != EXPECTED


def test_the_rules_as_they_are_give_the_day_wherever_they_lie(build, tmp_path):
    campus = tmp_path / "campus"
    campus_with(MUTATIONS[0], campus)
    rules = CAMPUS / "rules" / MUTATIONS[0].file
    (campus / "rules" / MUTATIONS[0].file).write_text(rules.read_text())
    assert transitions(replay(build, campus, DAY).stdout) == EXPECTED
