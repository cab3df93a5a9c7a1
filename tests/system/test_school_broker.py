"""The configuration of the school's broker that we ship, on a real mosquitto."""
import re
import signal
import socket
import subprocess

import pytest

import rig
from campus_sim import mqtt_client

CONF = rig.ROOT / "etc/mosquitto/campus.conf"
NAMES = ("gateway", "guard", "display", "counter-1", "b1-203")


def pub(port, topic, payload="1", user=None, retain=False):
    """True when the broker took it (QoS 1); what the access list refuses is also taken by
    MQTT 3.1.1, so heard() decides."""
    command = ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(port), "-q", "1", "-t", topic, "-m", payload]
    command += ["-u", user, "-P", f"{user}-secret"] if user else []
    command += ["-r"] if retain else []
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def heard(port, topic, user=None, seconds=2):
    """The retained message on @topic, or None."""
    command = ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(port), "-t", topic, "-C", "1", "-W", str(seconds)]
    command += ["-u", user, "-P", f"{user}-secret"] if user else []
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or None


class SchoolBroker(rig.Broker):
    """Also with the listener for the school's network, without its TLS."""

    def _shipped(self):
        text = super()._shipped()
        self.outer = rig.free_port()
        passwords = self.folder / "campus.passwd"
        for i, name in enumerate(NAMES):
            subprocess.run(["mosquitto_passwd", "-b", *(["-c"] if i == 0 else []),
                            str(passwords), name, f"{name}-secret"], check=True,
                           capture_output=True)
        passwords.chmod(0o600)
        text = re.sub(r"(?m)^#listener 8883", f"listener {self.outer} 127.0.0.1", text)
        text = re.sub(r"(?m)^#(allow_anonymous false)", r"\1", text)
        text = re.sub(r"(?m)^#password_file .*", f"password_file {passwords}", text)
        return re.sub(r"(?m)^#acl_file .*/", f"acl_file {CONF.parent}/", text)


@pytest.fixture
def network(tmp_path, servers):
    broker = SchoolBroker(tmp_path, "school-broker", shipped=True).start()
    servers.append(broker)
    return broker


def test_it_starts_without_a_warning_of_its_own(school):
    warnings = [line for line in school.text().splitlines()
                if ("Warning" in line or "Error" in line) and "root" not in line]
    assert warnings == []


def test_the_open_listener_is_on_this_board_only(school):
    own = subprocess.run(["hostname", "-I"], capture_output=True, text=True, check=True).stdout
    for address in own.split():
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as s:
            s.settimeout(1)
            assert s.connect_ex((address, school.port)) != 0


def test_nobody_comes_in_without_a_name_once_the_network_may(network):
    assert not pub(network.outer, "people/counter-1")
    assert not pub(network.port, "people/counter-1")
    assert pub(network.outer, "people/counter-1", user="counter-1")


def test_a_sensor_writes_only_its_own_topics(network):
    assert pub(network.outer, "people/counter-1", "5", user="counter-1", retain=True)
    assert heard(network.outer, "people/counter-1", user="gateway") == "5"
    assert pub(network.outer, "campus/b1-203/co2", "640", user="b1-203", retain=True)
    assert heard(network.outer, "campus/b1-203/co2", user="gateway") == "640"
    for topic in ("people/counter-2", "school/b1-203/co2", "school/cmd/alarm/TF-01/x"):
        pub(network.outer, topic, "5", user="counter-1", retain=True)
        assert heard(network.outer, topic, user="gateway", seconds=1) is None


def test_only_guards_write_commands(network):
    topic = "school/cmd/alarm/TF-01/panic-gate"
    pub(network.outer, topic, "x", user="display", retain=True)
    assert heard(network.outer, topic, user="gateway", seconds=1) is None
    pub(network.outer, topic, "y", user="guard", retain=True)
    assert heard(network.outer, topic, user="gateway") == "y"


def test_a_display_reads_what_the_gateway_says_and_no_sensor(network):
    assert pub(network.outer, "school/b1-203/co2", "640", user="gateway", retain=True)
    assert pub(network.outer, "people/counter-1", "5", user="counter-1", retain=True)
    assert heard(network.outer, "school/b1-203/co2", user="display") == "640"
    assert heard(network.outer, "people/counter-1", user="display", seconds=1) is None


DEVICES = """\
buses:
  - {{name: by-name, driver: mqtt, broker: "mqtt://127.0.0.1:{port}", user: gateway, password_file: {folder}/right}}
  - {{name: mistyped, driver: mqtt, broker: "mqtt://127.0.0.1:{port}", user: gateway, password_file: {folder}/wrong}}
  - {{name: open-file, driver: mqtt, broker: "mqtt://127.0.0.1:{port}", user: gateway, password_file: {folder}/open}}
devices:
  - {{name: a, bus: by-name, topic: "campus/{{place}}/{{metric}}", place: b1-203, points: [{{metric: co2}}]}}
  - {{name: b, bus: mistyped, topic: "x/{{place}}/{{metric}}", place: b1-202, points: [{{metric: co2}}]}}
  - {{name: c, bus: open-file, topic: "x/{{place}}/{{metric}}", place: b1-201, points: [{{metric: co2}}]}}
"""
PASSWORDS = (("right", "gateway-secret", 0o600), ("wrong", "gateway-sicret", 0o600),
             ("open", "gateway-secret", 0o644))


def test_the_gateway_comes_in_by_its_password_file(site, network):
    for name, password, mode in PASSWORDS:
        (site.folder / name).write_text(password + "\n")
        (site.folder / name).chmod(mode)
    local = (f'local: {{broker: "mqtt://127.0.0.1:{network.outer}", user: gateway, '
             f"password_file: {site.folder}/right}}")
    site.shipped()
    site.gateway_yaml(local)
    site.write("devices.d/a.yaml", DEVICES.format(port=network.outer, folder=site.folder))
    gateway = site.gateway()

    def fault(name):
        return next(row["fault"] for row in gateway.get("buses")["buses"] if row["name"] == name)

    rig.wait_for("the local topics", lambda: gateway.get("status")["local"]["connected"])
    assert pub(network.outer, "campus/b1-203/co2", "640", user="b1-203", retain=True)
    rig.wait_for("a value", lambda: gateway.get("status")["readings"]["mqtt"])
    rig.wait_for("the refusal", lambda: "not authorised" in fault("mistyped"))
    rig.wait_for("the open file", lambda: "others may read it (mode 0600)" in fault("open-file"))


def test_more_than_a_thousand_messages_wait_and_survive_a_restart(school):
    session = ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(school.port), "-q", "1", "-i", "gateway", "-c", "-t", "t"]
    subprocess.run([*session, "-E"], check=True)
    sensor = mqtt_client("sensor")
    sensor.max_queued_messages_set(0)
    sensor.connect("127.0.0.1", school.port)
    sensor.loop_start()
    for told in [sensor.publish("t", str(n), qos=1) for n in range(3000)]:
        told.wait_for_publish()
    sensor.disconnect()
    sensor.loop_stop()
    lines = "".join(f"{n}\n" for n in range(3000))
    assert school.stop(signal.SIGTERM) == 0
    school.start()
    done = subprocess.run([*session, "-C", "3000", "-W", "10"], capture_output=True, text=True,
                          check=True)
    assert done.stdout == lines
