"""A changed configuration while the gateway runs: what changed is touched, the rest not."""
import json
import os
import signal
import subprocess
import time

import pytest

import rig

DEVICES = """buses:
  - {{name: broker, driver: mqtt, broker: "mqtt://127.0.0.1:{port}", window: 0}}
  - {{name: other, driver: mqtt, broker: "mqtt://127.0.0.1:{port}", window: 0}}
devices:
  - {{name: room, bus: broker, topic: "room/{{metric}}", place: b1-203,
      points: [{{metric: co2, path: v, {room}}}, {{metric: lux, path: v}}]}}
  - {{name: far, bus: other, topic: "{topic}/{{metric}}", place: b1-204,
      points: [{{metric: co2, path: v}}]}}
"""
RULES = """rules:
  - id: AI-90
    title: {{zh: 二氧化碳, en: CO2}}
    each: {{kind: classroom}}
    inputs: {{co2: co2}}
    when: co2 > {limit}
    for: {hold}
    severity: P3
    action: {{zh: 开窗, en: open}}
"""


class Running:
    """One gateway on one broker, whose files are written again and again."""

    def __init__(self, site, broker):
        self.site = site
        self.broker = broker
        site.shipped("metrics.yaml", "campus.yaml")
        site.gateway_yaml()
        self.devices()
        self.rules()
        self.gateway = site.gateway()
        self.told = 0
        rig.wait_for("both buses online", lambda: self.healths() == ["online"] * 2)

    def devices(self, topic="far", room="scale: 1"):
        self.site.write("devices.d/b1.yaml", DEVICES.format(
            port=self.broker.port, topic=topic, room=room))

    def rules(self, limit=1000, hold="0s", text=None):
        self.site.write("rules/ai.yaml", text or RULES.format(limit=limit, hold=hold))

    def healths(self):
        return [bus["health"] for bus in self.gateway.get("buses")["buses"]]

    def config(self):
        return self.gateway.get("status")["config"]

    def reload(self, *arguments):
        return subprocess.run(
            [self.site.build / "campusctl", "--socket", self.site.folder / "api.sock",
             "reload", *(arguments or ("--yes",))], capture_output=True, text=True,
            timeout=60, stdin=subprocess.DEVNULL)

    def publish(self, topic, value):
        subprocess.run(["mosquitto_pub", "-p", str(self.broker.port), "-q", "1", "-t", topic,
                        "-m", json.dumps({"v": value})], check=True, timeout=20)

    def point(self, name):
        points = self.gateway.get("points")["points"]
        return next(p for p in points if p["name"] == name)

    def alarm(self, name):
        alarms = self.gateway.get("alarms?all=true")["alarms"]
        return next((a for a in alarms if a["id"] == name), None)

    def alarm_state(self, name):
        alarm = self.alarm(name)
        return alarm and alarm["state"]

    def connections(self):
        """Local ports of the gateway's own connections to the broker."""
        lines = subprocess.run(["ss", "-Htnp", "state", "established", "dport", "=",
                                f":{self.broker.port}"],
                               capture_output=True, text=True, check=True).stdout
        return {line.split()[2].rsplit(":", 1)[1] for line in lines.splitlines()
                if f"pid={self.gateway.process.pid}," in line}


@pytest.fixture
def running(site, school):
    return Running(site, school)


def test_the_change_is_shown_before_it_is_made(running):
    running.devices(room="scale: 2")
    running.rules(limit=1500)
    hash_before = running.config()["hash"]
    shown = running.reload("--diff")
    assert shown.returncode == 0, shown.stderr
    assert "~ point b1-203/co2\n    scale: 1 -> 2\n" in shown.stdout
    assert "~ rule AI-90\n    when: co2 > 1000 -> co2 > 1500\n" in shown.stdout
    assert running.config()["hash"] == hash_before
    unasked = running.reload("--json")
    assert unasked.returncode == 2 and running.config()["hash"] == hash_before
    done = running.reload()
    assert done.returncode == 0, done.stderr
    assert running.config()["hash"] != hash_before
    assert running.reload("--diff").stdout == "no change\n"


def test_only_the_bus_that_changed_connects_anew(running):
    before = running.connections()
    assert len(before) == 2
    running.devices(topic="farther")
    done = running.reload()
    assert "reloaded: 1 buses restarted" in done.stdout, done.stdout + done.stderr
    rig.wait_for("both buses online", lambda: running.healths() == ["online"] * 2)
    after = running.connections()
    assert len(before & after) == 1 and len(after) == 2
    running.publish("farther/co2", 640)
    rig.wait_for("the new topic", lambda: running.point("b1-204/co2")["value"] == 640)
    running.rules(limit=2000)
    assert "reloaded: 0 buses restarted" in running.reload().stdout
    assert running.connections() == after
