"""A day's traffic of a gateway, read by a platform that knows the AsyncAPI document alone: every message
keeps to it, and from the alarms and readings that came it works out the day's facts and quarters anew."""
import collections
import datetime
import itertools
import json
import threading

import pytest

import rig
from asyncapi_subscriber import Contract, Platform
from campus_sim import mqtt_client
from conftest import ROOT

BEGIN = "2026-11-23T06:50:00+08:00"
DAY = "2026-11-23"
SPEED = 600
EVERY_S = 0.4  # a reading each 4 minutes of school time
DEVICES = """\
buses:
  - {{name: school-broker, driver: mqtt, broker: "mqtt://127.0.0.1:{port}", window: 0}}
devices:
  - {{name: air-201, bus: school-broker, topic: air/b1-201, place: b1-201, points: [{{metric: co2, path: [co2]}}]}}
  - {{name: panic-gate, bus: school-broker, template: panic-mqtt, topic: security/panic-gate, place: gate-south,
     supervision: 2h}}
"""
CO2 = "b1-201/co2"
PANIC = "TF-01@panic-gate"
ANSWERED = "p1_answer_s"


class Sensors:
    """Readings of one room for a day, and a panic button that is pressed now and then."""

    def __init__(self, port):
        self.client = mqtt_client("sensors-of-the-test")
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._air)
        self.thread.start()

    def _air(self):
        for n in itertools.count():
            self.client.publish("air/b1-201", json.dumps({"co2": 450 + 37 * n % 600}), qos=1)
            if self.over.wait(EVERY_S):
                return

    def press(self):
        for word in ("pressed", "normal"):
            self.client.publish("security/panic-gate", word, qos=1).wait_for_publish()

    def close(self):
        self.over.set()
        self.thread.join()
        self.client.disconnect()
        self.client.loop_stop()


def is_raised(gateway):
    return any(row["id"] == PANIC and row["state"] in ("unacknowledged", "latched")
               for row in gateway.get("alarms?all=1")["alarms"])


def answer_and_end(gateway):
    for what in ("ack", "reset"):
        status, answer = gateway.request("POST", f"alarms/{PANIC}/{what}", {})
        assert status == 200, answer


def seconds_between(first, second):
    return (datetime.datetime.fromisoformat(second) - datetime.datetime.fromisoformat(first)).total_seconds()


def alarms_of(rows, day):
    """The figures of the fact `alarms`, as the document says they come of the transitions."""
    figures = collections.Counter(p1=0, p2=0, p3=0, p4=0)
    raised, answers = {}, collections.defaultdict(list)
    for time, data in rows:
        if data["test"] or not time.startswith(day):
            continue
        if data["step"] == 1 and data["to"] == "unacknowledged":
            raised[data["uid"]] = time
            figures[data["severity"].lower()] += 1
        if data["cause"] == "acknowledge" and data["uid"] in raised:
            answers[data["severity"].lower()].append(seconds_between(raised.pop(data["uid"]), time))
    means = {f"{severity}_answer_s": sum(waits) / len(waits) for severity, waits in answers.items()}
    return {**figures, **means}


def quarters_of(rows):
    """What the 15-minute summaries of the room say of its co2."""
    return [item for _, data in rows if data["object"] == "b1-201" for item in data["items"] if item["metric"] == "co2"]


def judge_alarms(platform):
    told = [data for _, data in platform.data("daily") if data["key"] == f"daily/alarms/school/{DAY}"]
    assert told, "the day's alarms were not told"
    values = max(told, key=lambda data: data["revision"])["values"]
    wanted = alarms_of(platform.data("alarm"), DAY)
    assert wanted["p1"] >= 3 and wanted[ANSWERED] > 0
    assert {name: value for name, value in values.items() if value is not None} == pytest.approx(wanted, rel=1e-4)


def judge_quarters(platform):
    readings = [data["value"] for _, data in platform.data("telemetry") if data["point"] == CO2]
    quarters = quarters_of(platform.data("environment"))
    assert len(quarters) >= 90
    assert min(item["min"] for item in quarters) == min(readings)
    assert max(item["max"] for item in quarters) == max(readings)
    counted = sum(item["count"] for item in quarters)
    assert len(readings) - 10 <= counted <= len(readings)  # the quarter that still runs is not told


def test_a_day_is_read_by_the_document_alone(site, school, county_broker):
    site.shipped("metrics.yaml", "campus.yaml", "templates", "rules", "facts.yaml")
    site.gateway_yaml(f'county: {{broker: "mqtt://127.0.0.1:{county_broker.port}", '
                      f'telemetry: {{points: ["{CO2}"], every: reading}}}}')
    site.write("devices.d/room.yaml", DEVICES.format(port=school.port))
    contract = Contract(ROOT / "county/asyncapi.yaml")
    platform = Platform(contract, county_broker.port)
    gateway = site.gateway(["--school-time", BEGIN, "--school-speed", str(SPEED)])
    rig.wait_for("its bus hears", gateway.online)
    sensors = Sensors(school.port)
    try:
        for _ in range(3):
            sensors.press()
            rig.wait_for("the panic alarm", lambda: is_raised(gateway))
            answer_and_end(gateway)
            rig.wait_for("it is over", lambda: not is_raised(gateway))
        rig.wait_for("the next morning", lambda: any(
            data["key"] == f"daily/alarms/school/{DAY}" for _, data in platform.data("daily")), 240)
    finally:
        sensors.close()
    rig.wait_for("all rows are answered", lambda: not platform.gaps() and (
        county := gateway.get("status")["county"])["messages"] == county["outbox_acknowledged"])
    assert gateway.stop() == 0
    rig.wait_for("it says goodbye", lambda: platform.others and platform.others[-1]["data"]["status"] == "offline")
    platform.close()
    assert platform.wrong == []
    assert {body["type"] for body in platform.others} == {"campus.birth.v1", "campus.state.v1"}
    judge_alarms(platform)
    judge_quarters(platform)
