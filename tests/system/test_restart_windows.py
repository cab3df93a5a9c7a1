"""The daemon refills the windows of its rules from the log when it starts again."""
import json

import rig
from test_one_count import publish

DEVICES = """\
buses:
  - {{name: school-broker, driver: mqtt, broker: "mqtt://127.0.0.1:{port}", window: 0}}
devices:
  - name: lux-203
    bus: school-broker
    place: b1-203
    topic: light/203
    supervision: 1h
    points: [{{metric: desk_lux, path: lux}}]
"""
RULES = """\
rules:
  - id: OWN-01
    title: three readings
    each: {kind: classroom}
    inputs: {readings: {count: desk_lux, over: 1h}}
    when: readings >= 3
    severity: P4
"""


def alarms(gateway):
    return [alarm["id"] for alarm in gateway.get("alarms")["alarms"]]


def tell(school, gateway, lux):
    before = gateway.get("status")["readings"]
    publish(school.port, "light/203", json.dumps({"lux": lux}))
    rig.wait_for("the reading is taken", lambda: gateway.get("status")["readings"] != before)


def test_readings_before_a_restart_count_after_it(site, school):
    site.gateway_yaml()
    site.shipped("metrics.yaml", "campus.yaml")
    site.write("devices.d/b1.yaml", DEVICES.format(port=school.port))
    site.write("rules/own.yaml", RULES)
    gateway = site.gateway()
    tell(school, gateway, 400)
    tell(school, gateway, 401)
    assert alarms(gateway) == []
    gateway.stop()
    gateway.start()
    tell(school, gateway, 402)
    rig.wait_for("the third reading raises it", lambda: alarms(gateway) == ["OWN-01@b1-203"])
