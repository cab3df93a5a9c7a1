"""The Modbus driver against slaves that misbehave by a written mix (tests/probe/fault_mix.h):
not one wrong value is taken, however many answers are spoiled."""
import json
import subprocess
import threading
import time

import pytest

import rig
from modbus_rig import Probe, RtuFake, right_answer

SERIAL = {"crc", "unit", "function", "length", "garbage", "drip", "late", "echo", "echoed",
          "silence", "twice", "truncated", "extra", "noise"}
EXCEPTIONS = {f"exception {code}" for code in range(1, 12)}
TCP = (SERIAL | {"header", "old", "hang-up"}) - {"crc"}
UNITS = range(1, 9)


def run(build, faults, lines, *more, expected=0):
    done = subprocess.run([build / "tests/probe/modbus_faults", str(faults), str(lines), *more],
                          capture_output=True, text=True, check=False)
    print(done.stdout + done.stderr)
    assert done.returncode == expected, done.stderr
    return json.loads(done.stdout)


def judge(result, faults):
    assert result["wrong"] == 0
    assert result["faults"] >= faults
    assert set(result["rtu"]) == SERIAL | EXCEPTIONS
    assert set(result["tcp"]) == TCP | EXCEPTIONS
    fewest = faults / 2 / len(TCP | EXCEPTIONS) / 2
    assert min([*result["rtu"].values(), *result["tcp"].values()]) > fewest, "each was done"
    good = result["requests"] - result["faults"]
    assert result["right"] > good, "what is right is taken: more than a value a good answer"
    assert result["beyond"] < result["faults"] / 1000, "this machine kept the promise"


def test_no_wrong_value_among_a_hundred_thousand_faults(build):
    judge(run(build, 100_000, 32), 100_000)


@pytest.mark.slow
def test_no_wrong_value_among_a_million_faults(build):
    judge(run(build, 1_000_000, 48), 1_000_000)


def test_wrong_values_are_seen_when_they_are_taken(build):
    """A slave that lies in sound frames cannot be found out by the driver, only here."""
    result = run(build, 5_000, 16, "lie", expected=1)
    lies = result["rtu"]["lie"] + result["tcp"]["lie"]
    assert 0 < lies / 2 <= result["wrong"]


# --- lateness beyond what any mix of single faults shows ----------------------

def test_converter_that_lets_go_of_all_it_kept_gives_no_old_value(build, servers):
    """Three answers that were held back come at once, before the one that is asked for."""
    kept = []

    def script(request, send):
        if len(slave.requests) <= 3:
            kept.append(request[:1] + right_answer(request[1:], {7: 0, 8: 99}))
            return
        while kept:
            send(kept.pop())
        send(request[:1] + right_answer(request[1:], {7: 0, 8: 5}))

    slave = RtuFake(script)
    servers.append(slave)
    probe = Probe(build, "modbus-rtu", slave.port, 115200, ["3:7:u32:abcd"], timeout_ms=100)
    servers.append(probe)
    taken = []
    rig.wait_for("three values",
                 lambda: taken.extend(probe.poll()["samples"].values()) or len(taken) >= 3)
    assert set(taken) == {5}
    assert len(slave.requests) > 4, "the answers that came at once were no answers"


def test_line_that_never_becomes_silent_carries_no_request(build, servers):
    """A byte every 2 ms; at 1200 bit/s silence is 29 ms."""
    babbling = threading.Event()

    def babble():
        while not babbling.wait(0.002):
            slave.send(b"\x55", frame=False)

    slave = RtuFake(lambda request, send: None)
    servers.append(slave)
    thread = threading.Thread(target=babble, daemon=True)
    thread.start()
    probe = Probe(build, "modbus-rtu", slave.port, 1200, ["3:7:u32:abcd"], timeout_ms=200)
    servers.append(probe)

    def is_refused():
        before = len(slave.requests)
        answer = probe.poll()
        assert answer["fault"] == "transient" and answer["samples"] == {}
        return "does not become silent" in answer["text"] and len(slave.requests) == before

    try:
        rig.wait_for("a poll that was not sent", is_refused)
    finally:
        babbling.set()
        thread.join()


# --- the same, with the daemon in between -------------------------------------

class Slave(rig.Server):
    """modbus_faults serve: its port is the first line it says."""

    def __init__(self, build, folder, kind):
        super().__init__(f"slave-{kind}", folder,
                         [build / "tests/probe/modbus_faults", "serve", kind])
        self.port = None

    def start(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log,
                                            stdin=subprocess.PIPE)
        self.port = rig.wait_for("its port", lambda: self.text().strip())
        return self

    def stop(self, *_):
        """What it was asked."""
        if self.process.poll() is None:
            self.process.stdin.close()
            self.process.wait(10)
        return json.loads(self.text().splitlines()[-1])


METRIC = """\
metrics:
  said: {unit: "", title: {zh: 所言, en: Said}, kind: gauge, min: 0, max: 4503599627370495, dead_band: 0}
"""
# Function and index of the values that the harness asks for too.
POINTS = [(3, 0), (3, 1), (3, 8), (3, 12), (4, 3)]


def site_of(site, rtu, tcp):
    places, devices = [], []
    for bus in ("line", "net"):
        for unit in UNITS:
            place = f"{bus}-{unit}"
            places.append(f"  - {{id: {place}, kind: classroom, title: {place}}}")
            points = ", ".join(f"{{metric: said, name: f{function}i{index}, function: {function}, "
                               f"address: {4 * index}, type: u64}}" for function, index in POINTS)
            devices.append(f"  - {{name: slave-{place}, bus: {bus}, unit: {unit}, place: {place}, "
                           f"period: 100ms, points: [{points}]}}")
    site.gateway_yaml()
    site.write("metrics.yaml", METRIC)
    site.write("campus.yaml", "timezone: Asia/Shanghai\nplaces:\n" + "\n".join(places) + "\n")
    site.write("devices.d/faulty.yaml", f"""\
buses:
  - {{name: line, driver: modbus-rtu, port: {rtu}, baud: 115200, timeout: 20ms, late_after: 60ms}}
  - {{name: net, driver: modbus-tcp, host: 127.0.0.1, port: {tcp}, timeout: 20ms}}
devices:
""" + "\n".join(devices) + "\n")


def unpack(value):
    """(unit, function, index) as slave_value_pack() has put them."""
    rest = int(value) >> 39
    return rest >> 9, rest >> 6 & 7, rest & 63


def test_no_wrong_value_comes_through_the_daemon(build, site, servers, tmp_path):
    slaves = {}
    for kind in ("rtu", "tcp"):
        slaves[kind] = Slave(build, tmp_path, kind).start()
        servers.append(slaves[kind])
    site_of(site, slaves["rtu"].port, slaves["tcp"].port)
    gateway = site.gateway()
    seen = set()
    until = time.monotonic() + 60
    while time.monotonic() < until and (len(seen) < 200 or not all_were_met(gateway)):
        for point in gateway.get("points")["points"]:
            if point["q"] != "good":
                continue
            place, metric = point["name"].split("/")
            function, index = metric.removeprefix("said.f").split("i")
            assert unpack(point["value"]) == (int(place[-1]), int(function), int(index)), point
            seen.add((point["name"], point["value"]))
    assert len(seen) >= 200
    assert all_were_met(gateway), gateway.get("buses")


def all_were_met(gateway):
    """Every kind of trouble has been counted."""
    met = {bus["name"]: {name for name, count in bus["counters"].items() if count}
           for bus in gateway.get("buses")["buses"]}
    return (met["line"] >= {"timeout", "crc", "malformed", "exception"}
            and met["net"] >= {"timeout", "malformed", "exception", "reconnect"})
