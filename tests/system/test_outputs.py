"""A panic button sounds the siren: from MQTT through rule, bus and wire to a relay."""
import re
import subprocess

import pytest

import rig
from modbus_rig import TcpFake, tcp_frame

DEVICES = """\
buses:
  - {{name: security, driver: mqtt, broker: "mqtt://127.0.0.1:{broker}", window: 0}}
  - {{name: relays, driver: modbus-tcp, host: 127.0.0.1, port: {relay}, timeout: 200ms}}
devices:
  - {{name: panic-gate, bus: security, template: panic-mqtt, topic: security/panic-gate, place: gate-south, supervision: 1h}}
  - {{name: relay-box, bus: relays, place: gate-south, period: 1s{more}, points: [{{metric: relay, name: siren, function: 1, address: 0, writable: true}}]}}
outputs:
  - {{name: sound, points: [gate-south/relay.siren], places: ["gate-*"], severities: [P1], on_for: 3min}}
"""
PANIC = "TF-01@panic-gate"


class RelayBox:
    """One coil on Modbus TCP; while `is_deaf` it answers nothing, while it `refuses` it is
    read and not written, while it `pretends` it says yes and does not switch."""

    def __init__(self):
        self.coil = 1  # what a crash left on
        self.is_deaf = False
        self.refuses = False
        self.pretends = False
        self.fake = TcpFake(self.answer)
        self.port = self.fake.port

    def answer(self, header, pdu, connection):
        if self.is_deaf:
            return
        if pdu[0] == 5 and self.refuses:
            connection.sendall(tcp_frame(header, bytes([0x85, 4])))
        elif pdu[0] == 5:
            if not self.pretends:
                self.coil = int(pdu[3] == 0xFF)
            connection.sendall(tcp_frame(header, pdu[:5]))
        else:
            connection.sendall(tcp_frame(header, bytes([1, 1, self.coil])))

    def stop(self):
        self.fake.stop()


@pytest.fixture
def box(servers):
    box = RelayBox()
    servers.append(box)
    return box


def started(site, school, box, relay=""):
    site.shipped()
    site.gateway_yaml()
    site.write("devices.d/example.yaml", DEVICES.format(broker=school.port, relay=box.port, more=relay))
    site.write("rules.d/quick.yaml", "rules: [{id: SY-04, for: 1s, clear_for: 1s}]\n")
    gateway = site.gateway()
    rig.wait_for("every bus is there", gateway.online)
    return gateway


@pytest.fixture
def gateway(site, school, box):
    return started(site, school, box)


def press(school, state):
    subprocess.run(["mosquitto_pub", "-p", str(school.port), "-q", "1", "-t",
                    "security/panic-gate", "-m", state], check=True)


def alarm(gateway, name):
    return next((a for a in gateway.get("alarms")["alarms"] if a["id"] == name), {})


def output(gateway):
    return gateway.get("status")["outputs"][0]


def test_a_panic_button_sounds_the_siren_until_somebody_cares(gateway, school, box):
    rig.wait_for("what a crash left on is ended", lambda: box.coil == 0)
    press(school, "pressed")
    rig.wait_for("the siren", lambda: box.coil == 1)
    rig.wait_for("it is read back", lambda: output(gateway)["value"] == 1)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*\+08:00", output(gateway).pop("since"))
    assert {**output(gateway), "since": None} == {
        "point": "gate-south/relay.siren", "device": "relay-box",
        "place_title": {"zh": "南门", "en": "South gate"}, "on": True, "taken": True, "value": 1,
        "since": None, "fault": ""}
    assert gateway.get("status")["latency"]["output_given"]["count"] == 1
    assert gateway.request("POST", f"alarms/{PANIC}/ack", {})[0] == 200
    rig.wait_for("silence", lambda: box.coil == 0)
    panic = alarm(gateway, PANIC)
    assert panic["state"] == "acknowledged" and panic["active"], "silence is no end"


def said(gateway, level):
    return re.findall(rf"{level}: output gate-south/relay.siren: not o.*", gateway.text())


def test_a_dead_relay_is_asked_until_it_has_taken_the_value(build, gateway, school, box):
    rig.wait_for("the start's off", lambda: box.coil == 0)
    box.is_deaf = True
    press(school, "pressed")
    rig.wait_for("the complaint", lambda: output(gateway)["fault"], 60)
    assert not output(gateway)["taken"] and box.coil == 0
    rig.wait_for("its warning", lambda: said(gateway, "warning"))
    shown = subprocess.run([build / "campusctl", "--socket", gateway.socket, "status"],
                           capture_output=True, text=True, check=True).stdout
    assert re.search(r"(?m)^gate-south/relay.siren +South gate +relay-box +on +no .*not written", shown)
    box.is_deaf = False
    rig.wait_for("the siren", lambda: box.coil == 1, 60)
    rig.wait_for("it is taken", lambda: output(gateway)["taken"])
    rig.wait_for("its end", lambda: "output gate-south/relay.siren: on, taken" in gateway.text())
    assert len(said(gateway, "warning")) == 1


def test_a_relay_that_refuses_is_told(gateway, school, box):
    rig.wait_for("the start's off", lambda: output(gateway)["taken"])
    box.refuses = True
    press(school, "pressed")
    rig.wait_for("the complaint", lambda: "exception 4" in output(gateway)["fault"])
    rig.wait_for("its warning", lambda: said(gateway, "warning"))
    rig.wait_for("its alarm", lambda: alarm(gateway, "SY-04@gateway").get("active"))
    box.refuses = False
    rig.wait_for("the siren", lambda: box.coil == 1)
    rig.wait_for("its end", lambda: "output gate-south/relay.siren: on, taken" in gateway.text())
    rig.wait_for("the alarm's end", lambda: not alarm(gateway, "SY-04@gateway")["active"])


def test_an_engineers_write_in_vain_does_not_silence_the_siren(build, gateway, school, box):
    rig.wait_for("the start's off", lambda: output(gateway)["taken"])
    box.is_deaf = True
    press(school, "pressed")
    rig.wait_for("it is wanted", lambda: output(gateway)["on"])
    wrote = subprocess.run([build / "campusctl", "--socket", gateway.socket, "write",
                            "gate-south/relay.siren", "off"], check=False)
    assert wrote.returncode == 1
    rig.wait_for("the complaint", lambda: output(gateway)["fault"], 60)
    box.is_deaf = False
    rig.wait_for("the siren", lambda: box.coil == 1, 60)


def test_an_engineers_write_in_vain_hides_no_relay_that_forgets(build, gateway, school, box):
    press(school, "pressed")
    rig.wait_for("it is read back", lambda: box.coil == 1 and output(gateway)["value"] == 1)
    box.refuses = True
    wrote = subprocess.run([build / "campusctl", "--socket", gateway.socket, "write",
                            "gate-south/relay.siren", "off"], check=False)
    assert wrote.returncode == 1
    box.refuses = False
    box.coil = 0
    rig.wait_for("the siren again", lambda: box.coil == 1)


def test_an_output_whose_chip_is_not_there_is_told(site, school):
    site.shipped()
    site.gateway_yaml()
    site.write("devices.d/example.yaml", f"""\
buses:
  - {{name: board, driver: gpio, chip: campus-no-such-chip, holder_socket: {site.folder}/outputs.sock}}
devices:
  - {{name: siren-gate, bus: board, line: GPIO24, direction: out, place: gate-south, supervision: 1min, points: [{{metric: circuit}}]}}
outputs:
  - {{name: sound, points: [gate-south/circuit], places: ["gate-*"], on_for: 3min}}
""")
    gateway = site.gateway()
    rig.wait_for("the complaint", lambda: output(gateway)["fault"], 60)
    line = rig.wait_for("its warning", lambda: re.findall(r"warning: output gate-south/circuit: .*", gateway.text()))[0]
    for part in ("not off", "device 'siren-gate'", "bus 'board'", "'campus-no-such-chip'"):
        assert part in line, line


def test_a_siren_goes_on_after_a_crash(gateway, school, box):
    press(school, "pressed")
    rig.wait_for("the siren", lambda: box.coil == 1)
    rig.wait_for("the alarm is on disk", lambda: gateway.get("status")["store"]["waiting"] == 0)
    gateway.kill()
    box.coil = 0
    gateway.start()
    rig.wait_for("the siren again", lambda: box.coil == 1)


def test_a_relay_that_lost_its_power_is_told_again(gateway, school, box):
    press(school, "pressed")
    rig.wait_for("the siren", lambda: box.coil == 1)
    rig.wait_for("it is taken", lambda: output(gateway)["taken"])
    box.is_deaf = True
    rig.wait_for("it is missed", lambda: "device relay-box: offline" in gateway.text(), 60)
    rig.wait_for("what was taken is in doubt", lambda: "silent or failed" in output(gateway)["fault"])
    box.coil = 0
    box.is_deaf = False
    rig.wait_for("the siren again", lambda: box.coil == 1, 60)


def test_a_relay_that_forgets_between_two_polls_is_told_again(gateway, school, box):
    press(school, "pressed")
    rig.wait_for("it is read back", lambda: box.coil == 1 and output(gateway)["value"] == 1)
    box.coil = 0
    rig.wait_for("the siren again", lambda: box.coil == 1)
    assert said(gateway, "warning")[0].endswith("not on: reads back off; tried until it is taken")
    rig.wait_for("its end", lambda: output(gateway)["taken"] and not output(gateway)["fault"])


def test_a_relay_that_says_yes_and_does_not_switch_is_told(gateway, school, box):
    rig.wait_for("the start's off", lambda: output(gateway)["taken"])
    box.pretends = True
    press(school, "pressed")
    rig.wait_for("the complaint", lambda: output(gateway)["fault"] == "reads back off")
    assert not output(gateway)["taken"]
    rig.wait_for("its alarm", lambda: alarm(gateway, "SY-04@gateway").get("active"))
    box.pretends = False
    rig.wait_for("the siren", lambda: box.coil == 1)
    rig.wait_for("it is taken", lambda: output(gateway)["taken"])
    rig.wait_for("the alarm's end", lambda: not alarm(gateway, "SY-04@gateway")["active"])
    assert len(said(gateway, "warning")) == 1


def test_what_an_engineer_switched_off_stays_off(build, gateway, school, box):
    press(school, "pressed")
    rig.wait_for("it is read back", lambda: box.coil == 1 and output(gateway)["value"] == 1)
    subprocess.run([build / "campusctl", "--socket", gateway.socket, "write",
                    "gate-south/relay.siren", "off"], check=True)
    rig.wait_for("it is read back", lambda: output(gateway)["value"] == 0)
    with pytest.raises(TimeoutError):
        rig.wait_for("a second write", lambda: box.coil == 1, 4)
    assert output(gateway)["fault"] == "" and not said(gateway, "warning")


def test_a_relay_that_ends_its_pulse_is_not_written_again(site, school, box):
    gateway = started(site, school, box, ", max_on: 2s")
    press(school, "pressed")
    rig.wait_for("it is read back", lambda: box.coil == 1 and output(gateway)["value"] == 1)
    box.coil = 0  # as its own clock does
    rig.wait_for("it is read back", lambda: output(gateway)["value"] == 0)
    with pytest.raises(TimeoutError):
        rig.wait_for("a second write", lambda: box.coil == 1, 7)
    assert output(gateway)["fault"] == "" and not said(gateway, "warning")
