"""./dev bench: every figure beside its limit, measured in the same run.

Medians of alternating pairs, since machines are shared.  Prints a table and writes one
JSON line a figure to build/bench/results.jsonl.
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/sim"), str(ROOT / "tests/soak")]

import bench_county  # noqa: E402
import bench_drain  # noqa: E402
import bench_fleet  # noqa: E402
import bench_rtu  # noqa: E402
import bench_rules as rules_bench  # noqa: E402
import bench_site  # noqa: E402
import bench_soak  # noqa: E402
import instructions  # noqa: E402
import process  # noqa: E402
import relay  # noqa: E402
import rig  # noqa: E402
from campus_sim import mqtt_client  # noqa: E402
from figure import Figures, median  # noqa: E402

PAIRS = 3
INGEST = 200000
INGEST_TOPICS = 1000
LATENCIES = 300
BACKGROUND_RATE = 1000
IDLE_PLACES = 500


def programs(build):
    return build / "tests/bench"


def run_json(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True,
                          check=True)
    return json.loads(done.stdout)


# --- [mqtt] -----------------------------------------------------------------

def ingest_bare(build, folder, broker):
    """Messages a second that a bare loop stores and acknowledges after its commit."""
    tool = programs(build) / "bare_ingest"
    database = folder / "bare.db"
    subprocess.run([tool, str(broker.port), database, "0"], check=True)
    run_json(programs(build) / "mqtt_flood", broker.port, INGEST, 0, INGEST_TOPICS)
    result = run_json(tool, broker.port, database, INGEST)
    return result["stored"] / result["seconds"]


def ingest_gateway(build, folder, broker):
    """The same backlog through the gateway: rules on, committed, acknowledged."""
    config = bench_site.write(folder, INGEST_TOPICS,
                              [bench_site.broker_bus("school-broker", broker.port)],
                              [bench_site.temperature_topics()])
    gateway = bench_site.gateway(build, folder, config)
    gateway.start()
    rig.wait_for("subscribed", gateway.online)
    gateway.stop()
    run_json(programs(build) / "mqtt_flood", broker.port, INGEST, 0, INGEST_TOPICS)
    gateway.start()
    first = rig.wait_for("first", lambda: gateway.get("status")["readings"]["mqtt"])
    began = time.monotonic()
    rig.wait_for("all is on the disk", lambda: gateway.get("status")["store"]["rows"] >= INGEST, 120)
    seconds = time.monotonic() - began
    gateway.stop()
    return (INGEST - first) / seconds


def bench_mqtt(build, figures):
    bare, ours = [], []
    for _ in range(PAIRS):
        with Workspace() as work:
            bare.append(ingest_bare(build, work.folder, work.broker()))
        with Workspace() as work:
            ours.append(ingest_gateway(build, work.folder, work.broker()))
    figures.add("mqtt ingest, QoS 1, acknowledged after commit", median(ours), "msg/s",
                median(bare), median(ours) / median(bare), 0.7)


# --- [alarm] ----------------------------------------------------------------

def bench_alarm(build, figures):
    with Workspace() as work:
        broker = work.broker()
        box = work.keep(relay.Relay())
        config = bench_site.write(
            work.folder, 100,
            [bench_site.broker_bus("school-broker", broker.port),
             bench_site.broker_bus("security", broker.port), bench_site.relay_bus(box.port)],
            [bench_site.temperature_topics(), bench_site.button(), bench_site.siren()],
            f'local: {{broker: "mqtt://127.0.0.1:{broker.port}"}}')
        gateway = work.keep(bench_site.gateway(build, work.folder, config).start())
        rig.wait_for("online", lambda: gateway.get("status")["local"]["connected"]
                     and gateway.online())
        latency(build, figures, broker, "idle")
        flood = subprocess.Popen([programs(build) / "mqtt_flood", str(broker.port), "10000000",
                                  str(BACKGROUND_RATE), "100"], stdout=subprocess.DEVNULL)
        try:
            latency(build, figures, broker, f"at {BACKGROUND_RATE} msg/s")
        finally:
            flood.kill()
            flood.wait()
        inside = gateway.get("status")["latency"]["output_given"]
        if inside["count"] < 2 * LATENCIES or box.writes < LATENCIES:
            raise RuntimeError(f"a press gave its output no command: {inside}, {box.writes} came")
        figures.add("sample taken → output command given, inside the daemon, p99",
                    inside["p99_us"] / 1000, "ms", None, None, 5, at_most=True)


def latency(build, figures, broker, when):
    result = run_json(programs(build) / "alarm_latency", broker.port, LATENCIES)
    limit = (2 * result["trip_us"]["p99"] + 1000) / 1000
    value = result["alarm_us"]["p99"] / 1000
    figures.add(f"publish → alarm at a subscriber, p99, {when}", value, "ms", limit,
                value / limit, 1, at_most=True)
    figures.add(f"publish → alarm at a subscriber, p50, {when}", result["alarm_us"]["p50"] / 1000,
                "ms", result["trip_us"]["p50"] / 1000,
                result["alarm_us"]["p50"] / result["trip_us"]["p50"])


# --- [start] ----------------------------------------------------------------

def first_line(command, needle):
    """Seconds from starting @command until a line with @needle."""
    began = time.monotonic()
    with subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True) as process_:
        for line in process_.stdout:
            if needle in line:
                seconds = time.monotonic() - began
                process_.terminate()
                process_.stdout.read()
                return seconds
    raise RuntimeError(f"{command[0]} never said '{needle}'")


def bench_start(build, figures):
    bare, ours = [], []
    with Workspace() as work:
        broker = work.broker()
        subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(broker.port), "-t", "bench/p1/temperature",
                        "-r", "-q", "1", "-m", '{"v":20}'], check=True)
        config = bench_site.write(work.folder, 64,
                                  [bench_site.broker_bus("school-broker", broker.port)],
                                  [bench_site.temperature_topics()])
        for turn in range(2 * PAIRS + 1):
            bare.append(first_line([programs(build) / "bare_ingest", broker.port,
                                    work.folder / f"bare{turn}.db", 1], "first"))
            ours.append(first_line([build / "campus-gatewayd", "--config", config],
                                   "first sample"))
    figures.add("start to first sample", median(ours) * 1000, "ms", median(bare) * 1000,
                median(ours) / median(bare), 4, at_most=True)


# --- [idle] -----------------------------------------------------------------

def speak_once(broker):
    """A reading of each of the 1,000 points."""
    topics = [f"bench/p{place}/{metric}" for place in range(1, IDLE_PLACES + 1)
              for metric in ("temperature", "co2")]
    client = mqtt_client("bench-idle")
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    for said in [client.publish(topic, '{"v":20}', qos=1) for topic in topics]:
        said.wait_for_publish()
    client.disconnect()
    client.loop_stop()


def bench_idle(build, figures):
    """At rest is a gateway to which all have spoken and nobody speaks any more."""
    with Workspace() as work:
        broker = work.broker()
        config = bench_site.write(
            work.folder, IDLE_PLACES, [bench_site.broker_bus("school-broker", broker.port)],
            ['  - {name: rooms, bus: school-broker, topic: "bench/{place}/{metric}", '
             'places: ["p*"], points: [{metric: temperature, path: v}, {metric: co2, path: v}]}'])
        gateway = work.keep(bench_site.gateway(build, work.folder, config).start())
        rig.wait_for("online", gateway.online)
        speak_once(broker)
        rig.wait_for("every point is good",
                     lambda: gateway.get("status")["points"]["good"] >= 2 * IDLE_PLACES)
        time.sleep(3)
        usage = process.usage_over(gateway.process.pid, 10)
    figures.add("idle CPU, 1,000 points", usage["cpu_share"] * 100, "% of a core", None, None, 1,
                at_most=True)
    figures.add("idle wake-ups, 1,000 points", usage["switches_per_s"], "1/s", None, None, 10,
                at_most=True)
    memory_after_a_day(build, figures)


def memory_after_a_day(build, figures):
    """The big school with every plugin and the pack's rules, a virtual day at 600 times the
    real speed in which each of its points speaks every ten minutes."""
    with Workspace() as work:
        broker = work.broker()
        config = rules_bench.write(work.folder, broker.port)
        gateway = work.keep(bench_site.gateway(build, work.folder, config, arguments=[
            "--school-time", "2026-11-23T00:00:00+08:00", "--school-speed", "600"]).start())
        rig.wait_for("online", gateway.online)
        work.keep(rig.Server("school", work.folder, [
            sys.executable, ROOT / "tests/bench/big_school.py", broker.port]).start())
        time.sleep(72)
        noon = process.resident_mb(gateway.process.pid)
        time.sleep(72)
        evening = process.resident_mb(gateway.process.pid)
        points = gateway.get("status")["points"]
    spoken = rules_bench.point_count()
    if points["good"] < spoken:
        raise RuntimeError(f"{spoken} points speak, but the gateway has {points}")
    figures.add(f"memory after a virtual day, {points['total']} points, "
                f"{rules_bench.rule_count()} rules", evening, "MB", None, None, 24, at_most=True)
    figures.add("memory, growth from noon to evening", evening - noon, "MB", None, None, 0.5,
                at_most=True)


# --- [modbus] and [store]: C programs that print their figures ----------------

def bench_modbus(build, figures):
    run_lines(programs(build) / "modbus_bench", figures)


def bench_store(build, figures):
    run_lines(programs(build) / "store_bench", figures)
    run_lines(programs(build) / "minutes_bench", figures)


def run_lines(program, figures):
    done = subprocess.run([program], capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        if line.startswith("{"):
            figures.add_line(line)


# --- [rtu] --------------------------------------------------------------------

def bench_rtu_lines(build, figures):
    for baud in (9600, 19200):
        with Workspace() as work:
            bench_rtu.measure_line(build, figures, work, baud)
    with Workspace() as work:
        bench_rtu.measure_dead_slave(build, figures, work)
    with Workspace() as work:
        bench_rtu.measure_dead_unit(build, figures, work)


# --- [rules] ------------------------------------------------------------------

def bench_rules(build, figures):
    rules_bench.bench(programs(build), Workspace, figures)
    instructions.bench(programs(build), build, Workspace, figures)


# --- the run ------------------------------------------------------------------

class Workspace:
    """A folder and the servers of one measurement."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="campus-bench-"))
        self.servers = []

    def __enter__(self):
        return self

    def keep(self, server):
        self.servers.append(server)
        return server

    def broker(self):
        return self.keep(rig.Broker(self.folder, "broker", shipped=True).start())

    def __exit__(self, *_):
        for server in reversed(self.servers):
            server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


BENCHES = {"mqtt": bench_mqtt, "alarm": bench_alarm, "modbus": bench_modbus, "rtu": bench_rtu_lines,
           "store": bench_store, "rules": bench_rules, "start": bench_start, "idle": bench_idle,
           "county": bench_county.bench_county, "fleet": bench_fleet.bench_fleet, "drain": bench_drain.bench_drain,
           "soak": bench_soak.bench_soak}
LONG = ("soak",)  # only where they are named


def main():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--build", required=True, help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHES], metavar="NAME",
                        help=" ".join(BENCHES))
    args = parser.parse_args()
    results = ROOT / "build/bench/results.jsonl"
    results.parent.mkdir(parents=True, exist_ok=True)
    results.unlink(missing_ok=True)
    figures = Figures(results)
    for name in args.names or [name for name in BENCHES if name not in LONG]:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        BENCHES[name](ROOT / args.build, figures)
    print(figures.table())
    return 0 if figures.all_reached() else 1


if __name__ == "__main__":
    sys.exit(main())
