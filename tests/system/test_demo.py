"""./dev demo as a user runs it, and the rule that must stay silent without its sensor."""
import contextlib
import json
import os
import pathlib
import re
import socket
import subprocess
import sys

import pytest

import demo as shown
import rig
from conftest import ROOT


def demo(build, *arguments):
    done = subprocess.run([sys.executable, ROOT / "tests/sim/demo.py", "--build", str(build),
                           *arguments], capture_output=True, text=True, check=False,
                          env=os.environ)
    lines = done.stdout.strip().splitlines()
    assert lines and lines[-1].startswith("{"), done.stdout + done.stderr
    return done.returncode, json.loads(lines[-1]), done.stderr, lines


def test_the_demo_ends_well(build):
    code, result, _, live = demo(build, "--seconds", "60")
    assert code == 0, result
    away, back = (next(n for n, line in enumerate(live) if line.startswith(f"drill: the county's broker is {word}"))
                  for word in ("away", "back"))
    assert any(" (away) " in line for line in live[away:back + 1])
    assert " (away) " not in live[-2]
    assert all(result["readings"].values())
    assert all(result["alarms"].values())
    assert result["county_messages"] == result["county_acknowledged"] > 0
    assert (result["lost"], result["duplicates"]) == (0, 0)


def test_a_run_that_is_too_short_says_what_is_missing(build):
    code, _, errors, _ = demo(build, "--seconds", "2")
    assert code == 1
    assert "demo: no alarm TF-01" in errors


def test_without_the_light_sensor_desk_light_stays_silent(build):
    _, result, _, _ = demo(build, "--seconds", "45", "--without", "light")
    assert result["alarms"]["EY-01"] == 0
    assert result["alarms"]["CS-04"] > 0
    assert result["county_messages"] == result["county_acknowledged"] > 0


def test_a_newcomer_finds_broker_configuration_and_an_area(build, tmp_path):
    """What the demo prints is enough to publish to it, to arm, to edit and to reload it."""
    log = tmp_path / "demo.log"
    with log.open("w") as out:
        running = subprocess.Popen(
            [sys.executable, ROOT / "tests/sim/demo.py", "--build", str(build)],
            stdout=out, stderr=out, env=os.environ | {"TMPDIR": str(tmp_path), "LANG": "en_US.UTF-8"})
    try:
        rig.wait_for("it tells where", lambda: " test-rule " in log.read_text(), 60)
        text = log.read_text()
        port = re.search(r"mosquitto_pub -p (\d+)", text)[1]
        config = pathlib.Path(re.search(r"--config (\S+/config) --check", text)[1])
        ctl = re.search(r"^campusctl: +(\S+) --socket (\S+) alarms$", text, re.M).groups()

        def told(*words):
            return subprocess.run([ctl[0], "--socket", ctl[1], *words], capture_output=True,
                                  text=True, check=False, env={"LANG": "en_US.UTF-8"})
        rig.wait_for("the area is watched, the exit delay over",
                     lambda: told("arm", "canteen-area").stdout == "canteen-area: away, watching now\n")
        checked = subprocess.run([build / "campus-gatewayd", "--config", config, "--check"],
                                 capture_output=True, text=True, check=False)
        warnings = [line for line in checked.stderr.splitlines() if "no object has all of their inputs" not in line]
        assert (checked.returncode, warnings) == (0, []), checked.stderr
        subprocess.run(["mosquitto_pub", "-p", port, "-q", "1", "-t", "security/canteen-window", "-m", "open"],
                       check=True, timeout=20)
        rig.wait_for("the window alarms", lambda: "TF-03-area@canteen-window" in told("alarms").stdout)
        (config / "rules.d/own.yaml").write_text("rules: [{id: CS-01, enabled: false}]\n")
        assert "~ rule CS-01" in told("reload", "--diff").stdout + told("reload", "--diff").stderr \
            or "- rule CS-01" in told("reload", "--diff").stdout
        assert told("reload", "--yes").returncode == 0
    finally:
        running.terminate()  # not SIGINT: whoever runs the tests in the background ignores it
        assert running.wait(60) == 0
    assert not config.exists(), "and nothing is left"


def test_a_port_that_is_taken_is_said_as_that(build, tmp_path):
    demonstration = shown.Demo(build, tmp_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", demonstration.http))
        other.listen()
        try:
            # Whoever asks the port meets the other program: it may end before that or after.
            with contextlib.suppress(RuntimeError):
                demonstration.start()
            said = shown.death(rig.wait_for("it ends", demonstration.dead))
        finally:
            demonstration.stop()
    assert said.startswith("the gateway ended with status 1:\n")
    assert f"127.0.0.1:{demonstration.http}" in said and "run it again, it takes other ports" in said


def test_what_is_not_installed_or_built_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(shown.shutil, "which", lambda name: None)
    monkeypatch.setattr(shown.pathlib.Path, "exists", lambda path: False)
    with pytest.raises(RuntimeError, match="campus-gatewayd.*campus-county, mosquitto, the broker "
                                           r"\(./dev demo installs and builds"):
        shown.check_programs(tmp_path)
