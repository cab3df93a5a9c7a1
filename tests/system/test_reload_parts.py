"""A reload beside what must not be touched by it: outputs, local topics, the county, a large
school's alarms; and what of the kept configuration a kill or a bad disk leaves."""
import json
import shutil
import subprocess
import threading
import time

import pytest

import bench_site
import ledger
import rig
from test_outputs import RelayBox
from test_reload import Running, when

METRICS = """\
metrics:
  co2: {unit: ppm, title: {zh: 二氧化碳, en: CO2}, kind: gauge, min: 0, max: 10000}
  relay: {unit: "", title: {zh: 继电器, en: Relay}, kind: state, states: {"off": 0, "on": 1}}
  button: {unit: "", title: {zh: 按钮, en: Button}, kind: state, states: {normal: 0, pressed: 1}}
"""
BUSES = """buses:
  - {{name: security, driver: mqtt, broker: "mqtt://127.0.0.1:{broker}", window: {window}}}
"""
RELAYS = """  - {{name: relays, driver: modbus-tcp, host: 127.0.0.1, port: {relay}, timeout: {timeout}}}
"""
DEVICES = """devices:
  - {{name: button-1, bus: security, topic: security/button-1, format: text, place: p1, points: [{{metric: button}}]}}
"""
RELAY = """  - {{name: relay-box, bus: relays, place: p1, period: 1s, points: [{{metric: relay, name: siren, function: 1, address: 0, writable: true}}]}}
"""
OUTPUTS = "outputs: [{name: sound, points: [p1/relay.siren], until: returned, on_for: 0s}]\n"
RULES = """rules:
  - id: OWN-01
    title: {{zh: 按钮, en: {title}}}
    each: {{devices: button}}
    inputs: {{pressed: button}}
    when: pressed = 1
    severity: P1
    outputs: [sound]
    basis: a rule for a test
"""


class Coil(RelayBox):
    """The relay, and every value that was written to it in order."""

    def __init__(self):
        super().__init__()
        self.written = []

    def answer(self, header, pdu, connection):
        if pdu[0] == 5 and not self.is_deaf:
            self.written.append(int(pdu[3] == 0xFF))
        super().answer(header, pdu, connection)


class Siren(Running):
    """A button on one bus, the siren that it sounds on another."""

    def __init__(self, site, broker, box):
        self.site, self.broker, self.box = site, broker, box
        site.write("metrics.yaml", METRICS)
        site.write("campus.yaml", bench_site.campus(1))
        site.gateway_yaml()
        self.wiring()
        self.rule()
        self.gateway = site.gateway()
        rig.wait_for("both buses online", self.gateway.online)

    def wiring(self, window=0, timeout="200ms", relays=True, outputs=True):
        text = BUSES + (RELAYS if relays else "") + DEVICES + (RELAY if relays else "")
        self.site.write("devices.d/b1.yaml", text.format(
            broker=self.broker.port, window=window, relay=self.box.port, timeout=timeout)
            + (OUTPUTS if outputs else ""))

    def rule(self, title="Button"):
        self.site.write("rules/own.yaml", RULES.format(title=title))

    def press(self, state="1"):
        subprocess.run(["mosquitto_pub", "-p", str(self.broker.port), "-q", "1", "-t",
                        "security/button-1", "-m", state], check=True, timeout=20)

    def sound(self):
        self.press()
        rig.wait_for("the siren", lambda: self.box.coil == 1)
        rig.wait_for("it is told", lambda: self.outputs()[0]["taken"])
        self.box.written.clear()

    def done(self):
        done = self.reload()
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def outputs(self):
        return self.gateway.get("status")["outputs"]


@pytest.fixture
def siren(site, school, servers):
    box = Coil()
    servers.append(box)
    return Siren(site, school, box)


def test_a_siren_sounds_through_a_reload_of_another_bus(siren):
    siren.sound()
    siren.wiring(window=100)
    siren.rule(title="Panic")
    assert "1 bus restarted" in siren.done()
    rig.wait_for("both buses online", siren.gateway.online)
    siren.press("0")
    rig.wait_for("silence", lambda: siren.box.coil == 0)
    assert siren.box.written == [0], "it was never switched in between"


def test_a_siren_whose_bus_changes_is_on_again(siren):
    siren.sound()
    siren.box.is_deaf = True  # while nobody can tell it anything somebody unplugs it
    siren.wiring(timeout="300ms")
    siren.done()
    siren.box.coil = 0
    siren.box.is_deaf = False
    rig.wait_for("the siren again", lambda: siren.box.coil == 1, 60)
    rig.wait_for("it is taken", lambda: siren.outputs()[0]["taken"])


def test_a_siren_whose_rule_is_gone_is_off(siren):
    siren.sound()
    siren.site.write("rules/own.yaml", "rules: []\n")
    siren.done()
    rig.wait_for("silence", lambda: siren.box.coil == 0)
    assert siren.box.written == [0]


def test_a_siren_that_leaves_the_configuration_is_off_first(siren):
    siren.sound()
    siren.wiring(relays=False, outputs=False)
    siren.done()
    assert siren.box.coil == 0 and siren.box.written == [0]
    assert siren.outputs() == []


def test_an_output_that_no_row_has_is_left_to_people(siren):
    siren.sound()
    siren.wiring(outputs=False)
    siren.done()
    rig.wait_for("silence", lambda: siren.box.coil == 0)
    rig.wait_for("it is nobody's", lambda: siren.outputs() == [])
    assert siren.gateway.request("POST", "points/p1%2Frelay.siren/write", {"value": 1})[0] == 200
    assert siren.box.coil == 1
    siren.box.written.clear()
    siren.wiring(outputs=False, timeout="300ms")
    siren.done()
    rig.wait_for("the bus is back", siren.gateway.online)
    siren.wiring(timeout="300ms")
    siren.done()  # the row again: judged anew, the button is pressed
    rig.wait_for("it is told", lambda: siren.outputs() and siren.outputs()[0]["taken"])
    assert siren.outputs()[0]["on"] and 0 not in siren.box.written


# --- the county, the school's broker ---------------------------------------------------------


def retained(port, *topics):
    """What the broker keeps below @topics."""
    done = subprocess.run(
        ["mosquitto_sub", "-p", str(port), "-W", "1", "--retained-only", "-F", "%t %p",
         *(part for topic in topics for part in ("-t", topic))],
        capture_output=True, text=True, check=False)
    return dict(line.split(" ", 1) for line in done.stdout.splitlines())


class Linked(Running):
    """A gateway with local topics on the school's broker and a county of its own."""

    def sections(self, local="", county=""):
        self.site.gateway_yaml(
            f'local: {{broker: "mqtt://127.0.0.1:{self.broker.port}"{local}}}\n'
            f'county: {{broker: "mqtt://127.0.0.1:{self.county_port}", resend: 2s{county}}}')

    def links(self):
        """Ports of the gateway's own connections to the county's broker."""
        lines = subprocess.run(["ss", "-Htnp", "state", "established", "dport", "=",
                                f":{self.county_port}"],
                               capture_output=True, text=True, check=True).stdout
        return {line.split()[2].rsplit(":", 1)[1] for line in lines.splitlines()
                if f"pid={self.gateway.process.pid}," in line}


@pytest.fixture
def linked(site, school, county, county_broker):
    linked = Linked.__new__(Linked)
    linked.county_port = county_broker.port
    gateway_yaml = site.gateway_yaml
    site.gateway_yaml = lambda *a: gateway_yaml(*a) if a else linked.sections()
    linked.site, linked.broker, linked.county = site, school, county
    Running.__init__(linked, site, school)
    rig.wait_for("county and local topics", lambda: all(
        linked.gateway.get("status")[part]["connected"] for part in ("county", "local")))
    return linked


def test_a_changed_county_connects_anew_and_nothing_else(linked):
    ports, links = linked.connections(), linked.links()
    assert len(ports) == 3 and len(links) == 1
    linked.sections(county=", window: 20")
    assert "0 buses restarted" in linked.reload().stdout
    rig.wait_for("the county again", lambda: linked.links() and not linked.links() & links)
    assert linked.connections() == ports
    linked.publish("room/co2", 1200)
    rig.wait_for("the county learns of an alarm", lambda: any(
        json.loads(body)["type"] == "campus.alarm.v1" for *_, body in ledger.rows(
            linked.county.database)))


def test_local_topics_move_and_nothing_else(linked):
    linked.publish("room/co2", 1200)
    rig.wait_for("the value is told", lambda: "school/b1-203/co2" in retained(
        linked.broker.port, "school/#"))
    ports = linked.connections()
    linked.sections(local=", prefix: campus-2")
    assert "0 buses restarted" in linked.reload().stdout
    rig.wait_for("the new prefix", lambda: "campus-2/alarm/AI-90/b1-203" in retained(
        linked.broker.port, "campus-2/#"))
    moved = retained(linked.broker.port, "campus-2/#")
    assert json.loads(moved["campus-2/b1-203/co2"])["v"] == 1200
    assert json.loads(moved["campus-2/alarm/AI-90/b1-203"])["state"] == "unacknowledged"
    assert json.loads(moved["campus-2/gateway"])["state"] == "online"
    old = retained(linked.broker.port, "school/gateway")
    assert json.loads(old["school/gateway"])["state"] == "offline"
    assert len(linked.connections() & ports) == 2, "both buses"


def test_a_broker_that_is_named_while_it_runs_hears_what_stands(running):
    running.publish("room/co2", 1200)
    rig.wait_for("the alarm", lambda: running.alarm_state("AI-90@b1-203") == "unacknowledged")
    running.site.gateway_yaml(f'local: {{broker: "mqtt://127.0.0.1:{running.broker.port}"}}')
    assert running.reload().returncode == 0
    rig.wait_for("the alarm's topic", lambda: "school/alarm/AI-90/b1-203" in retained(
        running.broker.port, "school/#"))
    told = retained(running.broker.port, "school/#")
    assert json.loads(told["school/b1-203/co2"])["v"] == 1200
    assert json.loads(told["school/alarm/AI-90/b1-203"])["state"] == "unacknowledged"


@pytest.fixture
def running(site, school):
    return Running(site, school)


# --- a large school ----------------------------------------------------------------------------

ROOMS = 64
POINTS_A_ROOM = 78


def large_school(folder, broker, turn=0):
    """64 rooms, 4,993 points on three buses; @turn changes one rule's limit and one bus."""
    names = [f"s{n}" for n in range(POINTS_A_ROOM)]
    points = ", ".join(f"{{metric: co2, name: {name}, path: {name}}}" for name in names)
    devices = [f'  - {{name: rooms, bus: school-broker, topic: "bench/{{place}}", '
               f'places: ["p*"], points: [{points}]}}', bench_site.button()]
    buses = [bench_site.broker_bus("school-broker", broker.port, turn % 2 * 100),
             bench_site.broker_bus("security", broker.port)]
    config = bench_site.write(folder, ROOMS, buses, devices)
    with open(config / "rules/bench.yaml", "a") as out:
        out.write(f"""  - id: BENCH-03
    title: {{zh: 二氧化碳, en: CO2}}
    each: {{kind: classroom}}
    inputs: {{co2: co2}}
    when: co2 > {2000 + turn}
    for: 5s
    severity: P4
    basis: a rule for measuring
""")
    return config


def test_alarms_come_out_while_a_large_school_is_reloaded(build, tmp_path, school, servers):
    """Buttons are pressed through every part of the reloads; each press is an alarm, in the
    order of the presses, and the reload's step itself is one short pause."""
    gateway = rig.Gateway(build, tmp_path, large_school(tmp_path, school))
    servers.append(gateway)
    gateway.start()
    rig.wait_for("both buses online", gateway.online)
    total = gateway.get("status")["points"]["total"]
    assert total > ROOMS * POINTS_A_ROOM
    running = Running.__new__(Running)
    running.gateway = gateway
    stop = threading.Event()
    pressed = []

    def press():
        while not stop.is_set():
            for state in ("1", "0"):
                subprocess.run(["mosquitto_pub", "-p", str(school.port), "-q", "1", "-t",
                                "security/button-1", "-m", state], check=True, timeout=20)
            pressed.append(time.monotonic())

    thread = threading.Thread(target=press)
    thread.start()
    pauses = []
    spans = []
    try:
        for turn in range(1, 6):
            large_school(tmp_path, school, turn)
            begun = time.monotonic()
            status, answer = gateway.request("POST", "reload", {"do": "apply"})
            spans.append((begun, time.monotonic()))
            assert status == 200 and answer["buses_restarted"] == 1, answer
            pauses.append(answer["swap_ms"])
    finally:
        stop.set()
        thread.join()
    during = sum(any(a <= t <= b for a, b in spans) for t in pressed)
    print(f"{total} points, swap_ms {pauses}, presses {len(pressed)}, {during} in a reload")
    assert during > 0
    raised = "alarm BENCH-01@button-1: P1: unacknowledged"
    rig.wait_for("every press was judged", lambda: gateway.text().count(raised) == len(pressed))
    reloads = [line for line in gateway.text().splitlines()
               if raised in line or "config reload:" in line]
    assert sum("config reload:" in line for line in reloads) == 5


# --- what is kept ------------------------------------------------------------------------------


def returned(running):
    """What is tried was left by a restart."""
    running.rules(limit=1500)
    assert running.reload("--yes", "--confirm-within", "1s").returncode == 0
    rig.wait_for("it went back", lambda: running.config()["standing"] == "returned")


def kept(running):
    folder = running.site.folder / "kept"
    return next(path for path in folder.iterdir() if path.is_dir())


@pytest.mark.parametrize("tear", ["rule gone", "file cut", "folder empty"])
def test_a_torn_copy_is_not_run(running, tear):
    returned(running)
    running.gateway.kill()
    copy = kept(running)
    if tear == "rule gone":
        shutil.rmtree(copy / "rules")
    elif tear == "file cut":
        text = (copy / "gateway.yaml").read_bytes()
        (copy / "gateway.yaml").write_bytes(text[:len(text) // 2])
    else:
        for path in copy.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    running.gateway.start()
    assert when(running) == "co2 > 1500", "the files after all"
    assert "is not what was confirmed" in running.gateway.text()
    assert running.config()["standing"] == "confirmed"


@pytest.mark.parametrize("tear", ["rule gone", "a byte more"])
def test_a_torn_copy_ends_the_trial(running, tear):
    """There is nothing to go back to, today or later: what is tried stays, and that is said once."""
    running.rules(limit=1500)
    assert running.reload("--yes", "--confirm-within", "2s").returncode == 0
    copy = kept(running)
    if tear == "rule gone":
        shutil.rmtree(copy / "rules")
    else:
        (copy / "gateway.yaml").write_bytes((copy / "gateway.yaml").read_bytes() + b"#\n")
    rig.wait_for("the trial is over", lambda: running.config()["standing"] == "confirmed")
    assert when(running) == "co2 > 1500"
    assert running.gateway.text().count("run for good") == 1
    rig.wait_for("another copy is kept", lambda: not copy.exists() and kept(running).joinpath("gateway.yaml").exists())


def test_it_reloads_after_a_store_came(site, school):
    """The parts behind the store begin anew; so does what reads the files."""
    running = Running.__new__(Running)
    site.shipped("metrics.yaml", "campus.yaml")
    site.gateway_yaml()
    path = site.config / "gateway.yaml"
    path.write_text(path.read_text().replace("/campus.db", "/state/campus.db"))
    running.site, running.broker = site, school
    running.devices()
    running.rules()
    running.gateway = site.gateway()
    assert running.gateway.get("status")["store"]["away"]
    running.rules(limit=1200)
    refused = running.reload()
    assert refused.returncode == 1 and "the store is away" in refused.stderr
    (site.folder / "state").mkdir()

    def has_come():
        answer = running.gateway.answers()
        return answer and not answer["store"]["away"]
    rig.wait_for("the store has come", has_come, 60)
    running.rules(limit=1500)
    rig.wait_for("it reloads", lambda: running.reload().returncode == 0)
    assert when(running) == "co2 > 1500"
