"""./dev demo as a user runs it, and the rule that must stay silent without its sensor."""
import json
import os
import subprocess
import sys

from conftest import ROOT


def demo(build, *arguments):
    done = subprocess.run([sys.executable, ROOT / "tests/sim/demo.py", "--build", str(build),
                           *arguments], capture_output=True, text=True, check=False,
                          env=os.environ)
    lines = done.stdout.strip().splitlines()
    assert lines and lines[-1].startswith("{"), done.stdout + done.stderr
    return done.returncode, json.loads(lines[-1]), done.stderr


def test_the_demo_ends_well(build):
    code, result, _ = demo(build, "--seconds", "60")
    assert code == 0, result
    assert all(result["readings"].values())
    assert all(result["alarms"].values())
    assert result["county_messages"] == result["county_acknowledged"] > 0
    assert (result["lost"], result["duplicates"]) == (0, 0)


def test_a_run_that_is_too_short_says_what_is_missing(build):
    code, _, errors = demo(build, "--seconds", "2")
    assert code == 1
    assert "demo: no alarm TF-01" in errors


def test_without_the_light_sensor_desk_light_stays_silent(build):
    _, result, _ = demo(build, "--seconds", "45", "--without", "light")
    assert result["alarms"]["EY-01"] == 0
    assert result["alarms"]["CS-04"] > 0
    assert result["county_messages"] == result["county_acknowledged"] > 0
