"""Arming, bypass, tests and the sheet on the real daemon, by campusctl and over HTTP, and over a restart."""
import json
import re
import shutil
import subprocess

import pytest

import rig
from browser import Browser

DEVICES = """\
buses:
  - {{name: security, driver: mqtt, broker: "mqtt://127.0.0.1:{port}"}}
devices:
  - {{name: panic-gate, bus: security, template: panic-mqtt, topic: security/panic-gate, place: gate-south, supervision: 1h}}
  - {{name: lab-window, bus: security, topic: security/lab-window, place: canteen, supervision: 1h, points: [{{metric: window, path: [state, "."], states: {{closed: 0, open: 1}}}}]}}
"""
PLUGINS = """\
plugins:
  three_defense:
    areas:
      - {{id: labs, title: 实验室, zones: [lab-window], by_hand: true, exit_delay: {exit}}}
"""


@pytest.fixture
def start(site, school):
    def starts(exit_delay="0s"):
        if not (site.config / "rules").exists():
            site.shipped()
        site.gateway_yaml(PLUGINS.format(exit=exit_delay))
        site.write("devices.d/security.yaml", DEVICES.format(port=school.port))
        gateway = site.gateway()
        rig.wait_for("the broker is there", lambda: all(bus["health"] == "online"
                                                        for bus in gateway.get("buses")["buses"]))
        return gateway
    return starts


def ctl(build, gateway, *words):
    return subprocess.run([build / "campusctl", "--socket", gateway.socket, *words], capture_output=True, text=True,
                          check=False, env={"LANG": "en_US.UTF-8"})


def value(gateway, name):
    rows = {point["name"]: point for point in gateway.get("points")["points"]}
    return rows[name].get("state") or rows[name]["value"]


def alarm(gateway, name):
    rows = {row["id"]: row for row in gateway.get("alarms?all=true")["alarms"]}
    return rows.get(name)


def tell(school, device, word):
    subprocess.run(["mosquitto_pub", "-p", str(school.port), "-q", "1", "-t", f"security/{device}", "-m", word],
                   check=True, timeout=20)


def waits(gateway, name, state):
    rig.wait_for(f"{name} is {state}", lambda: (alarm(gateway, name) or {}).get("state") == state)


def test_an_armed_window_alarms_and_a_disarmed_one_does_not(build, start, school):
    gateway = start()
    tell(school, "lab-window", "closed")
    rig.wait_for("the window is known", lambda: value(gateway, "canteen/window") == "closed")
    assert value(gateway, "labs/arm_mode") == "disarmed"

    done = ctl(build, gateway, "arm", "labs", "--comment", "night")
    assert (done.returncode, done.stdout) == (0, "labs: away, watching now\n"), done.stderr
    rig.wait_for("it is armed", lambda: value(gateway, "lab-window/armed") == "armed")
    tell(school, "lab-window", "open")
    waits(gateway, "TF-03-area@lab-window", "unacknowledged")

    assert gateway.request("POST", "commands/disarm", {"target": "labs", "by": "duty"})[0] == 200
    waits(gateway, "TF-03-area@lab-window", "returned")
    log = gateway.text()
    assert "arm labs by " in log and "done: night" in log and "disarm labs by " in log


def test_an_exit_delay_outlives_a_restart(build, start, school):
    gateway = start("3s")
    tell(school, "lab-window", "closed")
    rig.wait_for("the window is known", lambda: value(gateway, "canteen/window") == "closed")
    assert ctl(build, gateway, "arm", "labs").returncode == 0
    assert value(gateway, "lab-window/armed") == "disarmed"
    gateway.stop()
    gateway = start("3s")
    rig.wait_for("it is armed", lambda: value(gateway, "lab-window/armed") == "armed")
    tell(school, "lab-window", "open")
    waits(gateway, "TF-03-area@lab-window", "unacknowledged")


def test_arming_says_when_it_watches_and_what_it_cannot(build, start, school):
    gateway = start("60s")
    silent = ctl(build, gateway, "arm", "labs")
    assert silent.stdout == ("labs: away, watching in 60 s (exit delay); not heard of: lab-window\n"), silent
    assert ctl(build, gateway, "disarm", "labs").stdout == "labs: disarmed\n"
    tell(school, "lab-window", "open")
    rig.wait_for("the window is known", lambda: value(gateway, "canteen/window") == "open")
    done = ctl(build, gateway, "arm", "all")
    assert done.stdout == ("labs: away, watching in 60 s (exit delay); open or moving: lab-window "
                           "(left out unless shut by then)\n"), done
    chinese = subprocess.run([build / "campusctl", "--socket", gateway.socket, "arm", "labs", "stay"],
                             capture_output=True, text=True, check=True, env={"LANG": "zh_CN.UTF-8"}).stdout
    assert "labs：留守布防，" in chinese and "秒后开始监视（退出延时）；未关好或有动静：lab-window" in chinese
    machine = json.loads(ctl(build, gateway, "--json", "arm", "all").stdout)["answer"]
    assert machine["areas"][0]["id"] == "labs" and 0 < machine["areas"][0]["exit_left_s"] <= 60
    assert machine["areas"][0]["zones"][0]["active"] is True
    wrong = ctl(build, gateway, "arm", "lab")
    assert wrong.returncode == 1 and "there is no area 'lab' (allowed: all, labs)" in wrong.stderr


def test_a_school_without_areas_has_none_to_arm(build, site, school):
    site.shipped()
    site.gateway_yaml()
    site.write("devices.d/security.yaml", DEVICES.format(port=school.port))
    gateway = site.gateway()
    for target in ("all", "labs"):
        done = ctl(build, gateway, "arm", target)
        assert done.returncode == 1
        assert "this school has no area to arm (wanted: areas under plugins.three_defense" in done.stderr
        assert "allowed: all" not in done.stderr and "no such area" not in done.stderr
    assert ctl(build, gateway, "do", "areas").stdout == "none\n"


def test_orders_and_questions_are_answered_for_people(build, start, school):
    gateway = start()
    done = ctl(build, gateway, "test", "panic-gate", "--for", "10min").stdout
    assert done.startswith("panic-gate: until ") and "marked as of a test" in done and "{" not in done
    tests = ctl(build, gateway, "do", "tests").stdout
    assert re.search(r"^open:\nTARGET +KIND +UNTIL +BY +PROVEN\npanic-gate +test +", tests, re.M), tests
    assert re.search(r"^devices:\nDEVICE +LAST TESTED\npanic-gate +-$", tests, re.M), tests
    assert ctl(build, gateway, "test", "panic-gate", "off").stdout == "panic-gate: the test is over\n"
    drill = ctl(build, gateway, "drill", "school", "--for", "10min", "--comment", "fire drill").stdout
    assert drill.startswith("school: until ") and "marked as of a drill" in drill
    areas = ctl(build, gateway, "do", "areas").stdout
    assert re.search(r"^ID +MODE +WANTED +BY HAND .*\nlabs +disarmed ", areas), areas
    assert re.search(r"^labs zones:\nDEVICE +ACTIVE +ARMED .*\nlab-window +", areas, re.M), areas
    assert json.loads(ctl(build, gateway, "--json", "do", "areas").stdout)["answer"][0]["id"] == "labs"


def test_a_bypass_needs_reason_end_and_a_leader(build, start):
    gateway = start()
    assert ctl(build, gateway, "bypass", "lab-window").returncode == 1
    assert "reason" in ctl(build, gateway, "bypass", "lab-window", "--for", "1h").stderr
    done = ctl(build, gateway, "bypass", "lab-window", "--for", "1h", "--comment", "painters")
    assert done.returncode == 0, done.stderr
    waits(gateway, "TF-03-bypass@lab-window", "unacknowledged")
    zone = gateway.get("commands/areas")["answer"][0]["zones"][0]
    assert zone["bypassed"] and zone["reason"] == "painters" and zone["by"]
    assert ctl(build, gateway, "bypass", "lab-window", "off").returncode == 0
    waits(gateway, "TF-03-bypass@lab-window", "returned")
    never = ctl(build, gateway, "bypass", "panic-gate", "--for", "1h", "--comment", "noise")
    assert never.returncode == 1 and "never bypassed" in never.stderr


def test_a_tested_button_is_marked_and_remembered(build, start, school):
    gateway = start()
    tell(school, "panic-gate", "normal")
    rig.wait_for("the button is known", lambda: value(gateway, "gate-south/panic") == "normal")
    assert ctl(build, gateway, "test", "panic-gate", "--for", "31min").returncode == 1
    assert ctl(build, gateway, "test", "panic-gate", "--for", "10min").returncode == 0
    tell(school, "panic-gate", "pressed")
    waits(gateway, "TF-01@panic-gate", "unacknowledged")
    assert alarm(gateway, "TF-01@panic-gate")["test"] is True
    assert "TF-01@panic-gate  unacknowledged (drill or test)  " in ctl(build, gateway, "alarms").stdout
    tests = gateway.get("commands/tests")["answer"]
    assert tests["open"][0]["target"] == "panic-gate" and tests["open"][0]["proven"] == 1
    assert {row["device"]: bool(row["last_tested"]) for row in tests["devices"]} == {"panic-gate": True}

    # still pressed as the window ends: a real panic, to be acknowledged
    assert ctl(build, gateway, "ack", "TF-01@panic-gate").returncode == 0
    assert ctl(build, gateway, "test", "panic-gate", "off").returncode == 0
    waits(gateway, "TF-01@panic-gate", "unacknowledged")
    assert alarm(gateway, "TF-01@panic-gate")["test"] is False
    assert "drill or test" not in ctl(build, gateway, "alarms").stdout


def test_the_sheet_is_a_table_and_json(build, start):
    gateway = start()
    table = ctl(build, gateway, "sheet")
    assert table.returncode == 0 and "Panic buttons" in table.stdout and "0 of 1 tested" in table.stdout
    sheet = json.loads(ctl(build, gateway, "--json", "sheet").stdout)["answer"]
    assert len(sheet["items"]) == 13 and sheet == gateway.get("commands/sheet")["answer"] | {"time": sheet["time"]}
    assert "sheet" in ctl(build, gateway, "commands").stdout
    assert "no sensor" in table.stdout


@pytest.mark.skipif(not shutil.which("chromium"), reason="no chromium")
def test_the_printed_page_shows_the_sheet_in_both_languages(start, site, tmp_path):
    start()
    page = Browser(tmp_path)
    try:
        page.open(f"http://127.0.0.1:{site.http}/ui/sheet.html")
        page.wait("document.querySelectorAll('#items tr').length === 13")
        first = "[...document.querySelector('#items tr').cells].map((c) => c.textContent).join('|')"
        assert page.run(first) == "人防|门卫值守|无传感器|—|0|–"
        assert "一键报警" in page.run("document.querySelector('#items').textContent")
        page.run("document.querySelector('#language').click()")
        page.wait("document.title === 'Three defenses, sheet of the day'")
        assert page.run(first) == "people|Gatehouse manned|no sensor|-|0|–"
    finally:
        page.close()
