"""--replay prints exactly the transitions that were written by hand, and names bad lines."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

from conftest import ROOT

DAYS = sorted((ROOT / "tests/replay").glob("*.jsonl"))


def replay(build, config, lines, **options):
    return subprocess.run([build / "campus-gatewayd", "--config", config, "--replay", lines],
                          capture_output=True, text=True, check=False, **options)


def transitions(text):
    """(t, rule, object, from, to) of each line, comments left out."""
    keys = ("t", "rule", "object", "from", "to")
    rows = [json.loads(line) for line in text.splitlines()
            if line.strip() and not line.startswith("#")]
    return [tuple(row.get(key) for key in keys) for row in rows if "from" in row]


@pytest.mark.parametrize("day", DAYS, ids=lambda path: path.stem)
def test_a_written_day_gives_exactly_its_transitions(build, day):
    done = replay(build, ROOT / "tests/replay/campus", day)
    assert done.returncode == 0, done.stderr
    assert transitions(done.stdout) == transitions(day.with_suffix(".expected").read_text())


def test_nothing_is_left_behind(build):
    # not tmp_path: a TMPDIR of 32 bytes and more is not used
    folder = tempfile.mkdtemp(prefix="left", dir="/tmp")
    try:
        done = replay(build, ROOT / "tests/replay/campus", DAYS[0], env={"TMPDIR": folder})
        assert done.returncode == 0, done.stderr
        assert not os.listdir(folder)
    finally:
        shutil.rmtree(folder)


def test_a_full_disk_behind_the_output_is_an_error(build):
    with open("/dev/full", "w") as full:
        done = subprocess.run([build / "campus-gatewayd", "--config", ROOT / "tests/replay/campus",
                               "--replay", DAYS[0]], stdout=full, stderr=subprocess.PIPE,
                              text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.endswith("its output cannot be written\n")


def test_there_is_a_day_to_replay():
    assert DAYS


@pytest.mark.parametrize("line, expected", [
    ("{", ":1:"),
    ('{"t":"2026-11-23T08:20:00+08:00","do":"dance"}', "acknowledge"),
    ('{"t":"yesterday","point":"b1-203/co2","v":1}', "2026-11-23T08:"),
    ('{"t":"2026-11-23T08:20:00+08:00","point":"nowhere/co2","v":1}', "nowhere/co2"),
])
def test_a_bad_line_is_named(build, tmp_path, line, expected):
    path = pathlib.Path(tmp_path) / "bad.jsonl"
    path.write_text(line + "\n")
    done = replay(build, ROOT / "tests/replay/campus", path)
    assert done.returncode == 1
    assert "bad.jsonl:1" in done.stderr
    assert expected in done.stderr
