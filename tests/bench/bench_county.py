"""[county]: the receiver into PostgreSQL beside a bare COPY of the same rows, without a broker."""
import itertools
import json
import subprocess

from figure import median
from postgres import Postgres
from rig import ROOT

ROWS = 100000
GATEWAYS = 1500
PAIRS = 3


def seconds(build, server, database, gateways, *bare):
    server.run("postgres", f"create database {database}")
    done = subprocess.run([build / "tests/bench/ingest_bench", server.address(database), ROOT / "county/schemas",
                           ROOT / "county/examples/environment.json", str(gateways), str(ROWS), *bare],
                          capture_output=True, text=True, check=True)
    server.run("postgres", f"drop database {database}")
    return json.loads(done.stdout)["seconds"]


def bench_county(build, figures):
    server = Postgres().start()
    names = (f"bench_{n}" for n in itertools.count())
    try:
        for gateways in (1, GATEWAYS):
            bare, ours = [], []
            for _ in range(PAIRS):
                bare.append(ROWS / seconds(build, server, next(names), gateways, "bare"))
                ours.append(ROWS / seconds(build, server, next(names), gateways))
            figures.add(f"county receiver, {gateways} gateways, beside a bare COPY", median(ours), "rows/s",
                        median(bare), median(ours) / median(bare), 0.5)
    finally:
        server.close()
