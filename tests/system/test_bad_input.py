"""Bad input of every kind: counted, shown in status, and the rest goes on."""
import collections
import errno
import os
import signal
import subprocess

import pytest

import rig
from campus_sim import mqtt_client
from test_one_count import count, publish

DEVICES = """\
buses:
  - {{name: school-broker, driver: mqtt, broker: "mqtt://127.0.0.1:{port}", window: 0}}
  - {{name: security, driver: mqtt, broker: "mqtt://127.0.0.1:{port}", window: 0}}
  - {{name: ethernet-1, driver: modbus-tcp, host: 127.0.0.1, port: {closed}, timeout: 200ms}}
  - {{name: rs485-1, driver: modbus-rtu, port: /dev/serial/by-id/nothing-here, baud: 9600, parity: none, timeout: 200ms}}
devices:
  - {{name: people-203, bus: school-broker, template: milesight-vs135, topic: people/203, place: b1-203}}
  - {{name: panic-gate, bus: security, template: panic-mqtt, topic: panic/gate, place: gate-south}}
  - {{name: lux-203, bus: ethernet-1, template: jxct-lux, unit: 1, place: b1-203, period: 1s}}
  - {{name: lux-202, bus: rs485-1, template: jxct-lux, unit: 1, place: b1-202, period: 1s}}
"""
MISTYPED = """\
buses:
  - {{name: school-broker, driver: mqtt, broker: "mqtt://127.0.0.1:{port}", window: 0}}
devices:
  - name: people-203
    bus: school-broker
    topic: people/203
    place: b1-203
    points:
      - {{metric: people_in, path: "line_total_date[0].total.in_counted", width: 32}}
      - {{metric: people_out, path: "line_total_date[0].total.out_counted", width: 32}}
"""
HOSTILE = {
    "not JSON": "{",
    "an empty body": "",
    "a word for a number": '{"line_total_data":[{"total":{"in_counted":"many","out_counted":1}}]}',
    "an object for a number": '{"line_total_data":[{"total":{"in_counted":{}}}]}',
    "not a number": '{"line_total_data":[{"total":{"in_counted":"NaN","out_counted":1}}]}',
    "too large a number": '{"line_total_data":[{"total":{"in_counted":1e999}}]}',
    "deep nesting": "[" * 5000,
    "bad UTF-8": b'{"line_total_data":"\xff\xfe"}',
    "256 KiB": '{"x":"' + "a" * 262144 + '"}',
}


@pytest.fixture
def gateway(site, school):
    site.shipped()
    site.gateway_yaml()
    site.write("devices.d/room.yaml", DEVICES.format(port=school.port, closed=rig.free_port()))
    gateway = site.gateway()

    def is_counted():
        """Published until the gateway has subscribed: before, nobody keeps it."""
        publish(school.port, "people/203", count(10, 10))
        return gateway.get("status")["readings"]["mqtt"]

    rig.wait_for("the first count", is_counted)
    return gateway


def bus(gateway, name):
    return next(row for row in gateway.get("buses")["buses"] if row["name"] == name)


def send(port, payload):
    data = payload if isinstance(payload, bytes) else payload.encode()
    source = ["-s"] if data else ["-n"]
    subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(port), "-q", "1", "-t",
                    "people/203", *source], input=data, check=True)


def fill(path):
    """Writes until the disk is full."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        while True:
            os.write(descriptor, b"x" * 512)
    except OSError as error:
        assert error.errno == errno.ENOSPC
    finally:
        os.close(descriptor)


def states(gateway):
    rows = gateway.get("alarms?all=1")["alarms"]
    return collections.defaultdict(str, {row["id"]: row["state"] for row in rows})


def bad_messages(gateway):
    counters = bus(gateway, "school-broker")["counters"]
    return counters["malformed"] + counters["oversize"]


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_message_is_counted_and_the_next_one_is_taken(gateway, school, what):
    before = bad_messages(gateway)
    send(school.port, HOSTILE[what])
    rig.wait_for(f"{what} is counted", lambda: bad_messages(gateway) > before)
    publish(school.port, "people/203", count(17, 10))
    rig.wait_for("the next count is taken", lambda: any(
        row["name"] == "b1-203/people_in" and row["value"] == 17
        for row in gateway.get("points?glob=b1-203/*")["points"]))


def test_a_mistyped_path_is_named_until_the_first_value(site, school):
    site.shipped()
    site.gateway_yaml()
    site.write("devices.d/room.yaml", MISTYPED.format(port=school.port))
    gateway = site.gateway()
    rig.wait_for("the broker", gateway.online)
    ask = [site.build / "campusctl", "--socket", gateway.socket, "devices"]

    def devices():
        return subprocess.run(ask, capture_output=True, text=True, check=True).stdout

    publish(school.port, "people/203", count(10, 10))
    rig.wait_for("the device's fault", lambda: "none of its values found" in devices())
    row = gateway.get("devices")["devices"][0]
    assert row["health"] == "offline"
    assert row["fault"] == ("none of its values found in a message on 'people/203': "
                            "looked for line_total_date[0].total.in_counted, "
                            "line_total_date[0].total.out_counted")
    assert gateway.text().count("none of its values") == 1
    publish(school.port, "people/203", '{"line_total_date":[{"total":{"in_counted":5}}]}')
    rig.wait_for("its first value", lambda: "none of its values" not in devices())
    assert gateway.get("devices")["devices"][0]["health"] == "online"


def test_a_device_that_is_wrong_every_other_time_does_not_fill_the_log(gateway, school):
    before = bad_messages(gateway)
    client = mqtt_client("every-other")
    client.connect("127.0.0.1", school.port)
    client.loop_start()
    for number in range(200):
        client.publish("people/203", "{" if number % 2 else count(20 + number, 10), qos=1)
    rig.wait_for("all are counted", lambda: bad_messages(gateway) == before + 100)
    client.loop_stop()
    client.disconnect()
    lines = [line for line in gateway.text().splitlines() if "device people-203" in line]
    assert 2 <= len(lines) <= 10, lines
    assert "comes and goes" in "".join(lines)


def test_a_missing_port_is_shown_and_stops_nothing(gateway):
    for name in ("ethernet-1", "rs485-1"):
        rig.wait_for(f"{name} is offline", lambda n=name: bus(gateway, n)["health"] == "offline")
        assert bus(gateway, name)["fault"]
    assert bus(gateway, "school-broker")["health"] == "online"
    points = gateway.get("points?glob=*/desk_lux")["points"]
    assert points and all(row["q"] == "bad" and row["value"] is None for row in points)


def test_a_lasting_fault_is_logged_once(gateway, school):
    school.stop()
    rig.wait_for("three vain tries",
                 lambda: bus(gateway, "school-broker")["counters"]["reconnect"] >= 3)
    assert gateway.text().count("bus school-broker: offline") == 1


def test_a_broker_that_is_down_at_the_start_is_found_later(site, tmp_path, servers):
    port = rig.free_port()
    site.shipped()
    site.gateway_yaml()
    site.write("devices.d/room.yaml", DEVICES.format(port=port, closed=rig.free_port()))
    gateway = site.gateway()
    rig.wait_for("offline", lambda: bus(gateway, "school-broker")["health"] == "offline")
    servers.append(rig.Broker(tmp_path, "late-broker", port=port).start())
    rig.wait_for("online", lambda: bus(gateway, "school-broker")["health"] == "online")
    publish(port, "people/203", count(3, 0))
    rig.wait_for("a count", lambda: gateway.get("status")["readings"]["mqtt"])


@pytest.fixture
def disk(tmp_path, site, school, servers):
    """A small disk of its own for the store of a gateway that is not started yet."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "none", disk],
                             check=False).returncode == 0
    assert mounted, "this test mounts a small tmpfs and needs root"
    site.shipped()
    site.gateway_yaml()
    text = (site.config / "gateway.yaml").read_text()
    (site.config / "gateway.yaml").write_text(
        text.replace(f"path: {site.folder}", f"path: {disk}"))
    site.write("devices.d/room.yaml", DEVICES.format(port=school.port, closed=rig.free_port()))
    yield disk
    for server in servers:
        server.stop()
    subprocess.run(["umount", disk], check=True)


def the_panic_button_is_heard(gateway, school):
    publish(school.port, "panic/gate", "pressed")
    rig.wait_for("the panic button is heard", lambda: states(gateway)["TF-01@panic-gate"])
    publish(school.port, "panic/gate", "normal")
    rig.wait_for("and its release too",
                 lambda: states(gateway)["TF-01@panic-gate"] == "latched")


def the_store_recovers(gateway):
    """It does not answer while it begins anew on a store that came."""

    def is_well():
        answer = gateway.answers()
        return answer and not answer["store"]["fault"] and answer["store"]["waiting"] == 0

    rig.wait_for("the store recovers", is_well)


def test_a_full_disk_stops_acknowledging_and_recovers(site, school, disk):
    gateway = site.gateway()
    filler = disk / "filler"
    # a copy that fails half-way gives its room back
    rig.wait_for("the configuration is kept", lambda: (disk / "kept/state.json").exists())
    fill(filler)
    for number in range(1, 40):
        publish(school.port, "people/203", count(number, 0))
    rig.wait_for("the store complains", lambda: gateway.get("status")["store"]["fault"])
    the_panic_button_is_heard(gateway, school)
    filler.unlink()
    the_store_recovers(gateway)
    assert gateway.stop() == 0


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_a_disk_that_is_full_at_the_start_stops_no_alarm(site, school, disk, end):
    gateway = site.gateway()
    rig.wait_for("the broker", lambda: bus(gateway, "security")["health"] == "online")
    filler = disk / "filler"
    for _ in range(3):
        gateway.stop(end)
        fill(filler)
        gateway.start()
        rig.wait_for("the broker", lambda: bus(gateway, "security")["health"] == "online")
    the_panic_button_is_heard(gateway, school)
    filler.unlink()
    the_store_recovers(gateway)
    assert gateway.stop() == 0


def test_configuration_faults_are_all_listed_and_nothing_starts(site, build):
    site.shipped()
    site.gateway_yaml("stroe: {}")
    site.write("devices.d/room.yaml", "buses:\n  - {name: x, driver: mqqt}\ndevices:\n"
               "  - {name: a, bus: y, place: nowhere}\n")
    done = subprocess.run([build / "campus-gatewayd", "--config", site.config],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 1
    for expected in ("stroe", "mqqt", "'y'", "nowhere"):
        assert expected in done.stderr
    assert not (site.folder / "campus.db").exists()
