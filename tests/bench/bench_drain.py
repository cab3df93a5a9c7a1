"""[drain]: a week without the county, then back over a link of 2 Mbit/s, and alarms meanwhile.

School and county are two network namespaces with a veth pair between them, each end behind a token
bucket (tc tbf), so this bench wants root.  The week is written by the gateway's own encoder and store
(backlog.c): every summary of 64 rooms, and a row a minute of each of 200 points.
"""
import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

import bench_site
import rig
from postgres import Postgres

DAYS = 7
POINTS = 200
ROOMS = 64
ROWS_A_SECOND = POINTS / 60 + ROOMS / 900  # what the school makes
RATE_KBIT = 2000
SETTLE_S = 5
SECONDS = 60
ALARM_EVERY_S = 1.5
COUNTY, SCHOOL = "10.213.0.1", "10.213.0.2"


def run(*command):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout


class Link:
    """Two namespaces and what is between them."""

    def __init__(self):
        self.names = [f"{side}-{os.getpid()}" for side in ("county", "school")]

    def __enter__(self):
        with contextlib.ExitStack() as undo:
            undo.callback(self.__exit__)
            self._connect()
            undo.pop_all()
        return self

    def _connect(self):
        for name in self.names:
            run("ip", "netns", "add", name)
            run("ip", "-n", name, "link", "set", "lo", "up")
        county, school = self.names
        run("ip", "-n", county, "link", "add", "line", "type", "veth", "peer", "name", "line", "netns", school)
        for name, address in zip(self.names, (COUNTY, SCHOOL)):
            run("ip", "-n", name, "address", "add", f"{address}/30", "dev", "line")
            run("ip", "-n", name, "link", "set", "line", "up")
            run("tc", "-n", name, "qdisc", "add", "dev", "line", "root", "tbf", "rate", f"{RATE_KBIT}kbit",
                "burst", "16kb", "latency", "100ms")

    def inside(self, side):
        return ["ip", "netns", "exec", self.names[side]]

    def sent_by_school(self):
        """Bytes."""
        text = run("tc", "-n", self.names[1], "-s", "qdisc", "show", "dev", "line")
        return int(re.search(r"Sent (\d+) bytes", text).group(1))

    def __exit__(self, *_):
        for name in self.names:
            subprocess.run(["ip", "netns", "delete", name], check=False)


class Broker(rig.Broker):
    """In a namespace, where nobody outside sees whether its port is open."""

    def __init__(self, folder, name, prefix, lines=()):
        super().__init__(folder, name, lines=lines)
        self.command = [*prefix, *self.command]

    def start(self):
        rig.Server.start(self)
        rig.wait_for(f"{self.name} runs", lambda: " running" in self.text() or not self.running())
        return self


class School:
    """A week of backlog, a gateway on it, and what is on both ends of the link."""

    def __init__(self, build, folder, link, server):
        self.build, self.folder, self.link, self.server = build, folder, link, server
        port = rig.free_port()
        self.county_broker = Broker(folder, "county-broker", link.inside(0), [
            f"listener {port} {COUNTY}", "allow_anonymous true"])
        self.broker = Broker(folder, "school-broker", link.inside(1))
        config = bench_site.write(
            folder, POINTS, [bench_site.broker_bus("school-broker", self.broker.port),
                             bench_site.broker_bus("security", self.broker.port)],
            [bench_site.temperature_topics(), bench_site.button()],
            f'county: {{broker: "mqtt://{COUNTY}:{port}", '
            'telemetry: {points: ["p*/temperature"], every: 1min}}')
        (config / "rules/bench.yaml").write_text(bench_site.RULES.replace("    outputs: [sound]\n", ""))
        self.gateway = bench_site.gateway(build, folder, config, prefix=link.inside(1))
        address = f"postgresql://county@/drain?host={server.folder}&port={server.port}"
        self.county = rig.County(build, folder, f"mqtt://127.0.0.1:{self.county_broker.port}", database=address)
        self.county.command = [*link.inside(0), *self.county.command]

    def __enter__(self):
        with contextlib.ExitStack() as undo:
            undo.callback(self.__exit__)
            self._start()
            undo.pop_all()
        return self

    def _start(self):
        self.rows = json.loads(run(self.build / "tests/bench/backlog", self.folder / "campus.db", DAYS, POINTS,
                                   ROOMS))["rows"]
        for started in (self.county_broker, self.broker, self.county):
            started.start()
        rig.wait_for("the receiver is there", lambda: "as campus-county" in self.county_broker.text())
        self.gateway.start()

    def stored(self, where="true"):
        return self.server.query("drain", f"select count(*) from messages where {where}")[0][0]

    def press(self):
        """An alarm, and its end."""
        for word in ("1", "0"):
            run(*self.link.inside(1), "mosquitto_pub", "-h", "127.0.0.1", "-p", self.broker.port, "-q", "1", "-t",
                "security/button-1", "-m", word)

    def alarm_lags(self):
        """Seconds from an alarm to its row, in order."""
        return sorted(lag for lag, in self.server.query(
            "drain", "select extract(epoch from received_at - time)::float8 as lag from messages"
                     " where type = 'campus.alarm.v1'"))

    def __exit__(self, *_):
        for started in (self.gateway, self.county, self.broker, self.county_broker):
            started.stop()


def bench_drain(build, figures):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="campus-drain-", dir=build))
    server = Postgres().start()
    server.run("postgres", "create database drain")
    try:
        with Link() as link, School(build, folder, link, server) as school:
            rig.wait_for("the backlog moves", lambda: school.stored() > 1000, 60)
            time.sleep(SETTLE_S)
            began, rows, sent = time.monotonic(), school.stored(), link.sent_by_school()
            while time.monotonic() - began < SECONDS:
                school.press()
                time.sleep(ALARM_EVERY_S)
            seconds = time.monotonic() - began
            rate = (school.stored() - rows) / seconds
            share = (link.sent_by_school() - sent) * 8 / seconds / (RATE_KBIT * 1000)
            time.sleep(SETTLE_S)
            lags = school.alarm_lags()
            if school.stored() >= school.rows or len(lags) < 2 * SECONDS / (ALARM_EVERY_S + 1):
                raise RuntimeError(f"{len(lags)} alarms, and of {school.rows} rows {school.stored()} are there")
    finally:
        server.close()
        shutil.rmtree(folder)
    figures.add(f"drain of {DAYS} days over {RATE_KBIT // 1000} Mbit/s, times real time", rate, "rows/s", ROWS_A_SECOND,
                rate / ROWS_A_SECOND, 20)
    figures.add("drain, share of the link", share * 100, "%")
    figures.add("an alarm meanwhile, at the receiver's database, p99", lags[int(len(lags) * 0.99)], "s", None, None, 3,
                at_most=True)
