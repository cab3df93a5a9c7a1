"""A broker that is away for longer than the grace of 5 s and comes back with our session:
nothing was missed, so devices are again what they were, without a word of their own."""
import signal
import subprocess
import time

import pytest

import rig
from conftest import Site

DEVICES = """\
buses: [{{name: school-broker, driver: mqtt, broker: "mqtt://127.0.0.1:{port}", window: 0}}]
devices:
  - {{name: gate, bus: school-broker, topic: t/gate, place: gate-south, supervision: 1h, points: [{{metric: temperature, path: v}}]}}
  - {{name: mute, bus: school-broker, topic: t/mute, place: gate-south, supervision: 1h, points: [{{metric: humidity, path: v}}]}}
"""
OUTAGE_S = 7  # the grace is 5


def points(gateway):
    return {p["metric"]: (p["value"], p["q"], p["reason"]) for p in gateway.get("points")["points"]
            if p["device"]}


def alarms(gateway):
    return {a["id"]: a["active"] for a in gateway.get("alarms")["alarms"]}


def test_devices_return_with_the_session(site, school):
    site.shipped()
    site.gateway_yaml()
    site.write("devices.d/example.yaml", DEVICES.format(port=school.port))
    site.write("rules.d/quick.yaml", "rules: [{id: SY-01, for: 1s, clear_for: 1s}, "
               "{id: SY-01-bus, for: 1s, clear_for: 1s}]\n")
    gateway = site.gateway()
    rig.wait_for("the broker", gateway.online)
    subprocess.run(["mosquitto_pub", "-p", str(school.port), "-q", "1", "-t", "t/gate", "-m",
                    '{"v": 21.5}'], check=True)
    rig.wait_for("the value", lambda: points(gateway)["temperature"] == (21.5, "good", "none"))
    rig.wait_for("it is committed", lambda: gateway.get("status")["store"]["waiting"] == 0)

    school.stop()
    rig.wait_for("offline", lambda: points(gateway)["temperature"] == (None, "bad", "offline"), 30)
    rig.wait_for("its alarm", lambda: alarms(gateway).get("SY-01-bus@school-broker"))
    time.sleep(OUTAGE_S)
    assert "SY-01@gate" not in alarms(gateway), "one broker, one alarm"
    school.start()

    rig.wait_for("the value again", lambda: points(gateway)["temperature"] == (21.5, "good", "none"),
                 30)
    assert points(gateway)["humidity"] == (None, "bad", "unseen"), "as it was: never seen"
    rig.wait_for("the alarm returns by itself",
                 lambda: not alarms(gateway).get("SY-01-bus@school-broker"))


def test_a_broker_that_hangs_is_told_within_two_keepalives(site, school):
    """Its kernel still takes what we send: only its silence tells."""
    site.shipped()
    site.gateway_yaml()
    site.write("devices.d/example.yaml", DEVICES.format(port=school.port).replace(
        "window: 0", "window: 0, keepalive: 5s"))
    gateway = site.gateway()
    rig.wait_for("the broker", gateway.online)
    school.process.send_signal(signal.SIGSTOP)
    try:
        told = f"offline: broker 127.0.0.1:{school.port}: does not answer, silent for 10 s"
        rig.wait_for("it is told", lambda: told in gateway.text(), 15)
    finally:
        school.process.send_signal(signal.SIGCONT)
    rig.wait_for("online again", gateway.online, 30)


@pytest.mark.slow
def test_a_broker_that_hangs_is_told_in_about_a_minute_unless_said_otherwise(site, school):
    """By the bus, and by the connection that the alarms go out on."""
    site.shipped()
    site.gateway_yaml(f'local: {{broker: "mqtt://127.0.0.1:{school.port}"}}')
    site.write("devices.d/example.yaml", DEVICES.format(port=school.port))
    gateway = site.gateway()
    rig.wait_for("the broker", gateway.online)
    rig.wait_for("the local topics", lambda: gateway.get("status")["local"]["connected"])
    school.process.send_signal(signal.SIGSTOP)
    try:
        rig.wait_for("both are told", lambda: gateway.text().count("does not answer") == 2, 65)
    finally:
        school.process.send_signal(signal.SIGCONT)


ONE_NAME = """\
buses: [{{name: security, driver: mqtt, broker: "mqtt://127.0.0.1:{port}", window: 0}}]
devices:
  - {{name: button, bus: security, topic: t/button, place: gate-south, supervision: 1h, points: [{{metric: temperature, path: v}}]}}
"""


# Neither is told as away for ten seconds in a row: the grace takes half of its back-off.
FOUGHT = "rules: [{id: SY-01-bus, for: 10s, parameters: {most: 0.1}}]\n"


def test_two_gateways_of_one_id_are_an_alarm_and_the_bus_says_why(build, tmp_path, servers, school):
    gateways = []
    for name in ("board", "spare"):
        (tmp_path / name).mkdir()
        site = Site(build, tmp_path / name, servers)
        site.shipped()
        site.gateway_yaml()
        site.write("devices.d/example.yaml", ONE_NAME.format(port=school.port))
        site.write("rules.d/quick.yaml", FOUGHT)
        gateways.append(site.gateway())
    for gateway in gateways:
        rig.wait_for("its alarm", lambda g=gateway: alarms(g).get("SY-01-bus@security"), 120)
        [bus] = gateway.get("buses")["buses"]
        assert "is the client id 'campus-gateway-gw-test:security' used twice?" in bus["fault"]


def test_two_gateways_with_a_bus_of_one_name_both_hear(build, tmp_path, servers, school):
    gateways = []
    for name in ("gw-01", "gw-02"):
        (tmp_path / name).mkdir()
        site = Site(build, tmp_path / name, servers)
        site.shipped()
        site.gateway_yaml()
        text = (site.config / "gateway.yaml").read_text()
        site.write("gateway.yaml", text.replace("gw-test", name))
        site.write("devices.d/example.yaml", ONE_NAME.format(port=school.port))
        gateways.append(site.gateway())
        rig.wait_for("its bus", gateways[-1].online)

    for value in (1, 2, 3):
        subprocess.run(["mosquitto_pub", "-p", str(school.port), "-q", "1", "-t", "t/button",
                        "-m", f'{{"v": {value}}}'], check=True)
        for gateway in gateways:
            rig.wait_for(f"{value}", lambda g=gateway: points(g)["temperature"][0] == value)
    for gateway in gateways:
        [bus] = gateway.get("buses")["buses"]
        assert bus["counters"]["reconnect"] == 0


def test_a_bus_on_which_nobody_speaks_is_told_of_at_each_outage(site, school):
    site.shipped()
    site.gateway_yaml()
    site.write("devices.d/example.yaml", DEVICES.format(port=school.port))
    gateway = site.gateway()
    rig.wait_for("the broker", gateway.online)
    for outage in range(1, 4):
        school.stop()
        rig.wait_for("offline", lambda: gateway.text().count("school-broker: offline: ") == outage, 20)
        school.start()
        rig.wait_for("back", lambda: gateway.text().count("school-broker: back after ") == outage, 30)
