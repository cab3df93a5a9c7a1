"""./dev demo: the whole product on one machine.

Two brokers (school, county), a simulated campus, the gateway with the shipped rules and
the county's receiver.  The school's day runs at 60 times the real time.  Prints the
address of the page, where to publish and what to edit, a live line a second, and with
--seconds one JSON object at the end.  After twelve seconds the county's broker goes away
for six: the page and the live line say so, rows wait, and all of them are there later.
"""
import argparse
import json
import pathlib
import shutil
import signal
import sys
import tempfile
import time

from ledger import missing_and_doubled
from rig import ROOT, Broker, County, Gateway, Server, free_port, site, wait_for

# The morning begins before the first pupil comes; lessons as in etc/campus.yaml.
DAY = "2026-11-23"
START = "08:12"
SPEED = 60
LESSONS = ["08:20-09:00", "09:15-09:55", "10:30-11:10", "11:25-12:05", "14:30-15:10",
           "15:25-16:05", "16:20-17:00"]
RULES = ("CS-04", "EY-01", "TF-01")
DRAIN_S = 10
AWAY_S = (12, 18)  # since the start
LOG_LINES = 5
PORT_TAKEN = ("Address already in use", "another program has this port")


class Outage:
    """The county's broker goes away once and comes back, whatever the gateway does."""

    def __init__(self, gateway, broker):
        self.gateway = gateway
        self.county_broker = broker
        self.broker = None  # while it is away
        self.is_over = False
        self.was_seen = False

    def step(self, elapsed_s):
        """What is to be said of it now, or None."""
        if not self.broker and not self.is_over and elapsed_s >= AWAY_S[0]:
            self.broker = self.county_broker
            self.broker.stop()
            return "drill: the county's broker is away; the page and this line say so, rows wait"
        if self.broker:
            self.was_seen = self.was_seen or not self.gateway.get("status")["county"]["connected"]
            if elapsed_s >= AWAY_S[1]:
                return self.end()
        return None

    def end(self):
        if not self.broker:
            return None
        self.broker.start()
        self.broker, self.is_over = None, True
        return "drill: the county's broker is back; what waited goes out now"


class Demo:
    """All processes of one run, in a folder of their own."""

    def __init__(self, build, folder, without=()):
        self.folder = pathlib.Path(folder)
        self.build = build
        self.school_broker = Broker(folder, "school-broker", shipped=True)
        self.county_broker = Broker(folder, "county-broker")
        self.county = County(build, folder, self.county_broker.port)
        arguments = [f"--without={what}" for what in without]
        self.simulator = Server("simulator", folder, [
            sys.executable, ROOT / "tests/sim/campus_sim.py", "--broker",
            self.school_broker.port, "--start", START, "--speed", SPEED, "--lessons",
            ",".join(LESSONS), *arguments])
        self.http = free_port()
        self.gateway = Gateway(build, folder, self.folder / "config", arguments=[
            "--school-time", f"{DAY}T{START}:00+08:00", "--school-speed", str(SPEED)])
        self.outage = Outage(self.gateway, self.county_broker)

    def start(self):
        self.school_broker.start()
        self.county_broker.start()
        self.county.start()
        self.simulator.start()
        ports = wait_for("the simulator opens its ports", self._simulator_ports)
        site(self.folder / "config", {
            "STATE": self.folder, "SCHOOL": self.school_broker.port,
            "COUNTY": self.county_broker.port, "HTTP": self.http, "RTU": ports["rtu"],
            "TCP": ports["tcp"]})
        if not (self.folder / "config/campus.yaml").exists():
            shutil.copy(ROOT / "etc/campus.yaml", self.folder / "config/campus.yaml")
        (self.folder / "config/rules.d").mkdir(exist_ok=True)
        self.gateway.start()
        self.simulator.process.send_signal(signal.SIGUSR1)

    def _simulator_ports(self):
        if not self.simulator.running():
            raise RuntimeError(f"the simulator ended: {self.simulator.text()}")
        lines = [line for line in self.simulator.text().splitlines() if line.startswith("{")]
        return json.loads(lines[0]) if lines else None

    def servers(self):
        """In the order in which they may stop."""
        return (self.simulator, self.gateway, self.county, self.county_broker,
                self.school_broker)

    def stop(self):
        for server in self.servers():
            server.stop()

    def dead(self):
        """The first that ended by itself, None while all run."""
        return next((server for server in self.servers()
                     if server.process and not server.running() and server is not self.outage.broker), None)

    def where(self):
        """What somebody needs who wants to try something on it."""
        ctl = f"{self.build}/campusctl --socket {self.gateway.socket}"
        config = self.folder / "config"
        port = self.school_broker.port
        return "\n".join((
            f"alarm page:     http://127.0.0.1:{self.http}/",
            f"school broker:  mosquitto_sub -p {port} -v -t 'school/alarm/#' -t 'people/#'",
            f"                mosquitto_pub -p {port} -q 1 -t security/canteen-window -m open",
            f"configuration:  {config} (your rules: rules.d/*.yaml; gone when the demo ends)",
            f"                {self.build}/campus-gatewayd --config {config} --check",
            f"                {ctl} reload",
            f"campusctl:      {ctl} alarms",
            f"                {ctl} arm canteen-area",
            f"                {ctl} test-rule FILE --config {config}"))

    def line(self):
        """One line of what is going on."""
        status = self.gateway.get("status")
        readings = status["readings"]
        alarms = self.gateway.get("alarms")["alarms"]
        shown = ", ".join(f"{row['id']} {row['state']}" for row in alarms[:4])
        county = status["county"]
        away = "" if county["connected"] else " (away)"
        return (f"{status['school_time'][11:16]} {status.get('phase', ''):<12} "
                f"mqtt {readings['mqtt']:>5}  rtu {readings['modbus-rtu']:>5}  "
                f"tcp {readings['modbus-tcp']:>5}  county {county['outbox_acknowledged']}/"
                f"{county['messages']}{away}  alarms: {shown or '-'}")

    def raised(self):
        """Activations per rule since the start: of what the day raises for sure, and of all
        else that was raised."""
        counts = dict.fromkeys(RULES, 0)
        for row in self.gateway.get("alarms?all=1")["alarms"]:
            if row["raised"]:
                counts[row["rule"]] = counts.get(row["rule"], 0) + row["raised"]
        return dict(sorted(counts.items()))

    def finish(self):
        """Stops the simulator, lets the outbox drain, and judges."""
        self.simulator.stop()
        self.outage.end()
        try:
            wait_for("the outbox drains", self._drained, DRAIN_S)
        except TimeoutError:
            pass
        status = self.gateway.get("status")
        county = status["county"]
        lost, doubled = missing_and_doubled(self.county.database, county["messages"])
        return {
            "readings": {name: status["readings"][name]
                         for name in ("mqtt", "modbus-rtu", "modbus-tcp")},
            "alarms": self.raised(),
            "county_messages": county["messages"],
            "county_acknowledged": county["outbox_acknowledged"],
            "lost": lost,
            "duplicates": doubled,
        }

    def _drained(self):
        county = self.gateway.get("status")["county"]
        return county["messages"] == county["outbox_acknowledged"]


def shortfalls(result, outage):
    """What the demo promises and this run did not show, one text each."""
    found = [f"no readings by {name}" for name, count in result["readings"].items() if not count]
    found += [f"no alarm {rule} (the day raises all of them within 40 s)"
              for rule, count in result["alarms"].items() if not count]
    if outage.is_over and not outage.was_seen:
        found.append("nobody saw that the county's broker was away")
    if not result["county_messages"]:
        found.append("no messages for the county")
    if result["county_acknowledged"] != result["county_messages"]:
        found.append("the county did not acknowledge everything")
    found += [f"{result[what]} {what} at the county" for what in ("lost", "duplicates")
              if result[what]]
    return found


def death(server):
    """Why @server is no more, in its own last words."""
    words = server.text().strip().splitlines()[-LOG_LINES:] or ["it said nothing"]
    hint = ""
    if any(text in line for text in PORT_TAKEN for line in words):
        hint = "\n  another program took a port in between: run it again, it takes other ports"
    return (f"the {server.name} ended with status {server.process.returncode}:\n  "
            + "\n  ".join(words) + hint)


def run(demo, seconds):
    """Live lines until the time is over or somebody interrupts."""
    print(demo.where(), flush=True)
    began = time.monotonic()
    while not seconds or time.monotonic() - began < seconds:
        time.sleep(1)
        if demo.dead():
            raise RuntimeError(death(demo.dead()))
        told = demo.outage.step(time.monotonic() - began)
        print(*filter(None, (told, demo.line())), sep="\n", flush=True)


def check_programs(build):
    """What ./dev demo installs and builds first: missing when this file is run by itself."""
    missing = [str(build / name) for name in ("campus-gatewayd", "campusctl", "campus-county")
               if not (build / name).exists()]
    if not (shutil.which("mosquitto") or pathlib.Path("/usr/sbin/mosquitto").exists()):
        missing.append("mosquitto, the broker")
    if missing:
        raise RuntimeError(f"not there: {', '.join(missing)} (./dev demo installs and builds "
                           "what is needed)")


def main():
    parser = argparse.ArgumentParser(prog="./dev demo", description=__doc__)
    parser.add_argument("--build", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, default=0, help="end by itself after this")
    parser.add_argument("--without", action="append", default=[], choices=["light"],
                        help="leave a kind of sensor out (its rules must stay silent)")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = tempfile.mkdtemp(prefix="campus-demo-")
    demo = Demo(ROOT / args.build, folder, args.without)
    code = 1
    try:
        check_programs(demo.build)
        demo.start()
        run(demo, args.seconds)
        result = demo.finish()
        missing = shortfalls(result, demo.outage)
        code = 1 if missing else 0
        for text in missing:
            print(f"demo: {text}", file=sys.stderr)
        print(json.dumps(result, separators=(",", ":")), flush=True)
    except KeyboardInterrupt:
        code = 0
    except (RuntimeError, TimeoutError, OSError, ValueError) as error:
        dead = demo.dead()
        print(f"demo: {death(dead) if dead else error}", file=sys.stderr)
    finally:
        demo.stop()
        if code == 0:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            print(f"demo: logs are kept in {folder}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
