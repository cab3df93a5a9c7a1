"""Five weeks of a nine-year school of 24 classes: what comes out is what its stories say."""
import json
import re
import sys

import pytest

from conftest import ROOT
from test_replay import replay

sys.path.insert(0, str(ROOT / "tests/replay/school"))

from month import CAMPUS, ENDS, FIRST, lines_of, stamp  # noqa: E402
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


def test_without_a_story_only_rosters_and_tests_that_are_due_are_told(build, tmp_path):
    rows = told(play(build, tmp_path / "lines.jsonl", lines_of("month", [])))
    assert {re.search(r" (\S+)@", row)[1] for row in rows} == {"CS-01", "CS-02", "CS-03", "TF-02"}
