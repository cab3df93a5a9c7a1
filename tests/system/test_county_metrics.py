"""/metrics of the county's receiver, read as Prometheus reads it."""
import re
import sqlite3
import subprocess
import urllib.error
import urllib.request

import pytest

import rig
from county_gateway import Gateway, alarm, send_conflicts, settle
from postgres import Postgres
from rig import ROOT

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
SAMPLE = re.compile(rf'({NAME})(?:\{{({NAME})="([^"\\]*)"\}})? (-?[0-9.]+(?:e[+-]?[0-9]+)?)')
FIGURES = {"messages_total", "stored_total", "copies_total", "conflicts_total", "invalid_total", "batches_total",
           "batches_returned_total", "lag_seconds", "broker_up", "archive_up", "rows", "dead_letters", "gaps", "missing",
           "asked", "gone", "commands_total"}


def parse(text):
    """Each family's HELP and TYPE once and before its samples, its samples together, no line said twice:
    what promtool checks.  The samples by (name, label)."""
    assert text.endswith("\n")
    types, samples, family = {}, {}, None
    for line in text.splitlines():
        if line.startswith("# HELP "):
            family, words = line[7:].split(" ", 1)
            assert family not in types and words
        elif line.startswith("# TYPE "):
            name, kind = line[7:].split(" ")
            assert name == family and name not in types and kind in ("counter", "gauge", "histogram")
            assert (kind == "counter") == name.endswith("_total")
            types[name] = kind
        else:
            name, _, label, value = SAMPLE.fullmatch(line).groups()
            assert name in ([f"{family}_{end}" for end in ("bucket", "sum", "count")]
                            if types[family] == "histogram" else [family])
            assert (name, label) not in samples
            samples[name, label] = float(value)
    return types, samples


class Metrics:
    def __init__(self, port):
        self.port = port

    def ask(self, path="/metrics", method="GET"):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
            return answer.read().decode()

    def samples(self):
        return parse(self.ask())[1]

    def value(self, name):
        return self.samples().get((f"campus_county_{name}", None))


@pytest.fixture
def metrics(build, tmp_path, county_broker, servers):
    metrics = Metrics(rig.free_port())
    metrics.county = rig.County(build, tmp_path, county_broker.port,
                                arguments=["--metrics", f"127.0.0.1:{metrics.port}"]).start()
    servers.append(metrics.county)
    rig.wait_for("it listens", lambda: rig.port_is_open(metrics.port))
    return metrics


@pytest.fixture
def gateway(metrics, county_broker):
    gateway = Gateway(county_broker.port)
    yield gateway
    gateway.close()


def test_figures_are_prometheus_text(metrics, gateway):
    types, samples = parse(metrics.ask())
    assert set(types) == {f"campus_county_{name}" for name in FIGURES}
    assert all(label is None or name.endswith("_bucket") for name, label in samples)
    send_conflicts(gateway)
    gateway.send("alarm", alarm(9))
    gateway.wait_for_answer({9})
    after = metrics.samples()
    assert {name: after[f"campus_county_{name}", None] for name in (
        "stored_total", "conflicts_total", "invalid_total", "batches_returned_total", "archive_up", "rows",
        "dead_letters", "gaps", "missing", "asked", "gone", "commands_total")} == {
            "stored_total": 4, "conflicts_total": 4, "invalid_total": 5, "batches_returned_total": 0,
            "archive_up": 1, "rows": 4, "dead_letters": 5, "gaps": 1, "missing": 4,
            "asked": 0, "gone": 0, "commands_total": 0}
    assert after["campus_county_messages_total", None] >= 18
    assert after["campus_county_copies_total", None] >= 6


def test_ipv6_is_listened_on(build, tmp_path, county_broker, servers):
    port = rig.free_port()
    servers.append(rig.County(build, tmp_path, county_broker.port, arguments=["--metrics", f"[::1]:{port}"]).start())

    def answers():
        try:
            with urllib.request.urlopen(f"http://[::1]:{port}/metrics", timeout=10) as answer:
                return parse(answer.read().decode())
        except urllib.error.URLError:
            return False
    rig.wait_for("it answers", answers)


def test_lags_are_a_histogram_of_rows(metrics, gateway):
    settle(gateway)
    gateway.send("alarm", dict(alarm(2), time="2100-01-01T08:00:00.000+08:00"))
    gateway.send("alarm", dict(alarm(3), time="2001-01-01T08:00:00.000+08:00"))
    gateway.wait_for_answer({2, 3})
    samples = metrics.samples()
    name = "campus_county_lag_seconds"
    buckets = [samples[key] for key in samples if key[0] == f"{name}_bucket"]
    assert buckets == sorted(buckets)
    assert samples[f"{name}_bucket", "1"] == 1
    assert samples[f"{name}_bucket", "+Inf"] == samples[f"{name}_count", None] == 3
    assert samples[f"{name}_bucket", "604800"] < 3
    assert samples[f"{name}_sum", None] > 24 * 365 * 86400


def test_batches_that_go_back_are_counted(metrics, gateway):
    settle(gateway)
    lock = sqlite3.connect(metrics.county.database, isolation_level=None)
    lock.execute("begin immediate")
    gateway.send("alarm", alarm(2))
    rig.wait_for("it is counted", lambda: metrics.value("batches_returned_total") >= 1)
    assert metrics.value("stored_total") == 1
    lock.execute("rollback")
    lock.close()
    gateway.wait_for_answer({2})
    assert metrics.value("stored_total") == 2


@pytest.mark.parametrize("path, method, status", [("/", "GET", 404), ("/metrics", "POST", 405)])
def test_nothing_else_is_there(metrics, path, method, status):
    with pytest.raises(urllib.error.HTTPError) as refused:
        metrics.ask(path, method)
    assert refused.value.code == status
    assert metrics.county.stop() == 0


def test_an_archive_that_is_away_is_told(build, tmp_path, county_broker, servers):
    server = Postgres().start()
    try:
        metrics = Metrics(rig.free_port())
        servers.append(rig.County(build, tmp_path, county_broker.port, database=server.address("postgres"),
                                  arguments=["--metrics", f"127.0.0.1:{metrics.port}"]).start())
        rig.wait_for("it listens", lambda: rig.port_is_open(metrics.port))
        assert metrics.value("archive_up") == 1
        server.kill()
        rig.wait_for("it is away", lambda: metrics.value("archive_up") == 0 and metrics.value("rows") is None)
        server.start()
        rig.wait_for("it is back", lambda: metrics.value("archive_up") == 1 and metrics.value("rows") == 0)
    finally:
        server.close()


def test_a_broker_that_is_away_is_told(metrics, county_broker):
    rig.wait_for("it is there", lambda: metrics.value("broker_up") == 1)
    county_broker.stop()
    rig.wait_for("it is away", lambda: metrics.value("broker_up") == 0)
    county_broker.start()
    rig.wait_for("it is back", lambda: metrics.value("broker_up") == 1)


@pytest.mark.parametrize("address, said", [
    (address, "not a loopback address") for address in ("0.0.0.0:9100", "[::]:9100", "192.168.1.5:9100")] + [
    (address, "not an address and port") for address in ("9100", "127.0.0.1:", "127.0.0.1:http", "[::1:9100", "127.0.0.1:70000")])
def test_an_address_that_is_not_loopback_is_refused(build, tmp_path, address, said):
    done = subprocess.run([build / "campus-county", "--broker", "mqtt://127.0.0.1", "--database", tmp_path / "x.db",
                           "--schemas", ROOT / "county/schemas", "--metrics", address],
                          capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 2
    assert f"metrics '{address}': {said}" in done.stderr
