"""A gateway whose wall clock a test sets, while machine time goes on as it is.

The site has four rooms with a sensor each, rules whose holds take seconds, and every number
in the county's telemetry.
"""
import datetime
import mmap
import os
import pathlib
import threading
import uuid

import rig
from campus_sim import mqtt_client
from numbered import CAMPUS

METRICS = """\
metrics:
  beat: {unit: "", title: {zh: 心跳, en: Beat}, kind: event}
  smoke: {unit: "", title: {zh: 烟, en: Smoke}, kind: gauge}
  long: {unit: "", title: {zh: 长, en: Long}, kind: gauge}
  last: {unit: "", title: {zh: 末, en: Last}, kind: gauge}
"""
DEVICES = """\
buses:
  - {{name: school-broker, driver: mqtt, broker: "mqtt://127.0.0.1:{port}", window: 0}}
devices:
  - {{name: beats, bus: school-broker, topic: "campus/{{place}}/{{metric}}", format: text, places: ["p*"], points: [{{metric: beat, event: true, stale: 10s}}]}}
  - {{name: rooms, bus: school-broker, topic: "campus/{{place}}/{{metric}}", format: text, places: ["p*"], supervision: 1h, points: [{{metric: smoke}}, {{metric: long}}, {{metric: last}}]}}
"""
RULE = ('  - {{id: {id}, title: {{zh: {metric}, en: {metric}}}, each: {{kind: classroom}}, '
        'inputs: {{v: {metric}}}, when: v > 0, for: {hold}, severity: P2, basis: test, '
        'action: {{zh: 看, en: Look}}}}\n')
SILENT = """\
  - {id: SY-01, title: {zh: 失联, en: Silent}, each: {devices: "*"}, inputs: {failed: {faulty: "*"}}, when: failed > 0, for: 1s, severity: P3, basis: test, action: {zh: 看, en: Look}}
"""
# `long` begins APART_S before `last` or more, and ends before it.
APART_S = 2.5
LONG_S = 6
HOLDS = {"smoke": "0s", "long": f"{LONG_S}s", "last": "4s"}


def write_site(site, school_port, county_port):
    site.write("metrics.yaml", METRICS)
    site.write("campus.yaml", CAMPUS)
    site.write("devices.d/rooms.yaml", DEVICES.format(port=school_port))
    site.write("rules.d/rules.yaml", "rules:\n" + SILENT + "".join(
        RULE.format(id=metric.upper(), metric=metric, hold=hold)
        for metric, hold in HOLDS.items()))
    site.gateway_yaml(
        f'county: {{broker: "mqtt://127.0.0.1:{county_port}", resend: 2s, '
        'telemetry: {points: ["*/beat"], every: reading}}', "200ms")


class WallClock:
    """What the daemon's board says the time is; tests/probe/wall_clock.c reads it."""

    def __init__(self, build, folder):
        file = pathlib.Path(folder) / "wall-clock"
        file.write_bytes(bytes(8))
        with open(file, "r+b") as mapped:
            self._ahead_us = memoryview(mmap.mmap(mapped.fileno(), 8)).cast("q")
        self._boot = pathlib.Path(folder) / "boot-id"
        self.reboot()
        self.environment = {**os.environ, "LD_PRELOAD": str(build / "tests/probe/wall_clock.so"),
                            "WALL_CLOCK": str(file), "WALL_BOOT": str(self._boot)}

    def reboot(self):
        """The next start of the gateway is another one of the machine."""
        self._boot.write_text(f"{uuid.uuid4()}\n")

    def set(self, *date, seconds=0):
        """Noon of a day in Shanghai, and so many seconds after it."""
        wanted = datetime.datetime(*date, 4, tzinfo=datetime.timezone.utc)
        wanted += datetime.timedelta(seconds=seconds)
        ahead = wanted - datetime.datetime.now(datetime.timezone.utc)
        self._ahead_us[0] = ahead // datetime.timedelta(microseconds=1)

    def step(self, days):
        self._ahead_us[0] += days * 86400 * 1000000


class Sensors:
    """Each room reports a quarter second apart: a beat with its number (`sent` is the last)
    and every level as it is."""

    def __init__(self, port):
        self.sent = 0
        self.levels = {}
        self._last = None
        self.client = mqtt_client("sensors")
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._stop.wait(0.25):
            for room in range(1, 5):
                self.sent += 1
                self._last = self.client.publish(f"campus/p{room}/beat", str(self.sent), qos=1)
            for topic, level in list(self.levels.items()):
                self.client.publish(topic, str(level), qos=1)

    def tell(self, place, metric, level):
        self.levels[f"campus/{place}/{metric}"] = level

    def stop(self):
        """Once the broker has all that was sent: paho drops at the end what waits for its turn."""
        if not self._stop.is_set():
            self._stop.set()
            self._thread.join()
            rig.wait_for("the broker has the last beat", lambda: not self._last or self._last.is_published())
            self.client.disconnect()
            self.client.loop_stop()


def alarms(gateway):
    """Every alarm that ever was, by id."""
    return {row["id"]: row for row in gateway.get("alarms?all=1")["alarms"]}


def raised(gateway, *ids):
    """Waits until all of @ids have been raised; their numbers in this order."""
    rig.wait_for(f"{ids} are raised", lambda: set(ids) <= set(alarms(gateway)), 40)
    rows = alarms(gateway)
    return [rows[name]["uid"] for name in ids]
