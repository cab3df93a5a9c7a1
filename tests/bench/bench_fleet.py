"""[fleet]: a thousand to ten thousand simulated gateways at their normal rate through a broker and the
receiver into PostgreSQL."""
import pathlib
import shutil
import tempfile
import time

import process
import rig
from fleet_rig import Fleet, differences
from postgres import Postgres

FLEETS = (1000, 3000, 10000)
CONNECTIONS = 200
EVERY_S = 900 / 64  # a school of 64 rooms: a row a room each quarter of an hour
SECONDS = 60
GROWTH = 1.5


def run(build, server, gateways):
    """(CPU seconds of the receiver a row, its share of a core, seconds until the last row was answered)"""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="campus-fleet-"))
    database = f"fleet_{gateways}"
    server.run("postgres", f"create database {database}")
    broker = rig.Broker(folder, "county-broker").start()
    county = rig.County(build, folder, broker.port, database=server.address(database)).start()
    fleet = Fleet(build, folder, broker.port, "--gateways", gateways, "--connections", CONNECTIONS, "--every", EVERY_S,
                  "--at-once", 1, "--seconds", SECONDS, "--drain", 300)
    try:
        rig.wait_for("the receiver is there", lambda: "as campus-county" in broker.text())
        fleet.start()
        presented = f"select count(*) from presence where topic = 'state' having count(*) = {gateways}"
        rig.wait_for("every gateway is there", lambda: server.query(database, presented), 60)
        rows, began, cpu = count(server, database), time.monotonic(), process.cpu_s(county.process.pid)
        fleet.process.wait(SECONDS + 300)
        cpu, seconds = process.cpu_s(county.process.pid) - cpu, time.monotonic() - began
        rows = count(server, database) - rows
        counts = fleet.finish(1)
        stored = server.query(database, "select gateway, epoch::text, seq from messages")
        if differences(fleet.made(), stored):
            raise RuntimeError(f"{gateways} gateways: not every row is there once")
    finally:
        for started in (fleet, county, broker):
            started.stop()
        shutil.rmtree(folder)
        server.run("postgres", f"drop database {database}")
    return cpu / rows, cpu / seconds, counts["drain_s"]


def count(server, database):
    return server.query(database, "select count(*) from messages")[0][0]


def bench_fleet(build, figures):
    server = Postgres().start()
    first = None
    try:
        for gateways in FLEETS:
            a_row, share, drain_s = run(build, server, gateways)
            first = first or a_row
            figures.add(f"county receiver, {gateways} gateways, CPU a row", a_row * 1e6, "us", first * 1e6,
                        a_row / first, GROWTH, at_most=True)
            figures.add(f"county receiver, {gateways} gateways, share of a core", share * 100, "%", None, None,
                        50, at_most=True)
            figures.add(f"county receiver, {gateways} gateways, the last row answered after", drain_s, "s")
    finally:
        server.close()
