"""An output by campusctl: through API, bus and wire to a real slave, and read back."""
import subprocess
import threading

import pytest

import rig
from modbus_rig import Pymodbus, TcpFake, tcp_frame

DEVICES = """\
buses:
  - {{name: relays, driver: modbus-tcp, host: 127.0.0.1, port: {port}, timeout: 200ms}}
  - {{name: dead, driver: modbus-tcp, host: 127.0.0.1, port: {dead}, timeout: 200ms}}
devices:
  - name: relay-box
    bus: relays
    place: gate-south
    period: 1h
    points:
      - {{metric: relay, name: siren, function: 1, address: 0, writable: true}}
      - {{metric: temperature, name: set, address: 0, scale: 0.1, writable: true}}
      - {{metric: temperature, name: sensor, address: 1, scale: 0.1}}
      - {{metric: relay, name: none, function: 1, address: 40, writable: true}}
  - name: dead-box
    bus: dead
    place: gate-south
    period: 1h
    points: [{{metric: relay, name: dead, function: 1, address: 0, writable: true}}]
"""
IMAGE = {"unit": 1, "coils": [0] * 8, "inputs": [], "holding": [0, 205], "input": []}


@pytest.fixture
def gateway(site, servers):
    port = rig.free_port()
    servers.append(Pymodbus(IMAGE, "tcp", port))
    rig.wait_for("pymodbus listens", lambda: rig.port_is_open(port))
    site.shipped()
    site.gateway_yaml()
    site.write("devices.d/example.yaml", DEVICES.format(port=port, dead=rig.free_port()))
    gateway = site.gateway()
    rig.wait_for("the slave is read", lambda: value(gateway, "sensor") == 20.5)
    return gateway


def value(gateway, name):
    point = next(p for p in gateway.get("points")["points"] if p["name"].endswith(f".{name}"))
    return point.get("state") or point["value"]


def write(gateway, name, wanted):
    metric = "temperature" if name in ("set", "sensor") else "relay"
    return gateway.request("POST", f"points/gate-south%2F{metric}.{name}/write", {"value": wanted})


def test_a_write_is_on_the_wire_and_read_back(build, gateway):
    ran = subprocess.run([build / "campusctl", "--socket", gateway.socket, "write",
                          "gate-south/relay.siren", "on"], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, "gate-south/relay.siren written\n")
    rig.wait_for("the relay is read back", lambda: value(gateway, "siren") == "on")
    assert write(gateway, "set", 21.5)[0] == 200
    rig.wait_for("the set point is read back", lambda: value(gateway, "set") == 21.5)
    assert "point gate-south/relay.siren: write by " in gateway.text()


def test_what_cannot_be_written_says_why(gateway):
    cases = {("sensor", 30): (409, "read only"), ("set", 200): (422, "cannot be 200"),
             ("siren", "loud"): (422, "'loud' is no value"), ("siren", None): (422, "missing"),
             ("none", 1): (409, "illegal data address")}
    for (name, wanted), (status, words) in cases.items():
        answer, problem = write(gateway, name, wanted)
        assert answer == status and words in problem["detail"], problem
    assert gateway.request("POST", "points/gate-south%2Fbell/write", {"value": 1})[0] == 404
    status, problem = gateway.request("POST", "points/gate-south%2Frelay.siren/write",
                                      {"value": 1, "force": True})
    assert status == 422 and problem["allowed"] == ["value"]


def test_a_write_that_waits_holds_nobody_up(build, gateway):
    writer = subprocess.Popen([build / "campusctl", "--socket", gateway.socket, "write",
                               "gate-south/relay.dead", "on"], stderr=subprocess.PIPE, text=True)
    for _ in range(20):
        assert gateway.get("alarms")
        assert gateway.request("GET", "points/gate-south%2Frelay.siren/history")[0] == 200
    assert write(gateway, "siren", 1)[0] == 200
    assert writer.poll() is None, "the others were served while it waited"
    assert "bus 'dead' is offline" in writer.communicate(timeout=30)[1]
    assert writer.returncode == 1


def test_loopback_tcp_may_not_write(gateway, site):
    import http.client
    connection = http.client.HTTPConnection("127.0.0.1", site.http, timeout=10)
    connection.request("POST", "/api/v1/points/gate-south%2Frelay.siren/write",
                       '{"value": 1}', {"Content-Type": "application/json"})
    answer = connection.getresponse()
    assert answer.status == 403 and b"needs engineer" in answer.read()
    connection.close()


def test_a_write_that_is_never_answered_ends_with_the_gateway(site, servers):
    """A slave that reads and never answers a write: the stop tells who waits."""
    is_asked = threading.Event()

    def answer(header, pdu, connection):
        if pdu[0] == 5:
            is_asked.set()
        else:
            connection.sendall(tcp_frame(header, bytes([pdu[0], 1, 0])))

    fake = TcpFake(answer)
    servers.append(fake)
    site.shipped()
    site.gateway_yaml()
    site.write("devices.d/example.yaml", f"""\
buses: [{{name: relays, driver: modbus-tcp, host: 127.0.0.1, port: {fake.port}, timeout: 200ms}}]
devices:
  - {{name: box, bus: relays, place: gate-south, period: 1h, points: [{{metric: relay, name: siren, function: 1, address: 0, writable: true}}]}}
""")
    gateway = site.gateway()
    rig.wait_for("the slave is read", lambda: value(gateway, "siren") == "off")
    answers = []
    writer = threading.Thread(target=lambda: answers.append(write(gateway, "siren", 1)))
    writer.start()
    assert is_asked.wait(20)
    assert gateway.stop() == 0
    writer.join(20)
    assert answers and answers[0][0] == 503, answers


def test_loopback_tcp_may_not_read_the_facts(gateway, site):
    """Attendance is the leader's; the Unix socket says who asks."""
    import http.client
    connection = http.client.HTTPConnection("127.0.0.1", site.http, timeout=10)
    connection.request("GET", "/api/v1/facts")
    answer = connection.getresponse()
    assert answer.status == 403 and b"needs leader" in answer.read()
    connection.close()
    assert gateway.request("GET", "facts")[0] == 200
