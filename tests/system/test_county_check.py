"""campus-county check: what counts as received and is not there is named, and asked for again; and
what a receiver takes for the same event twice."""
import json
import re
import sqlite3
import subprocess

import pytest

import county_gateway
import numbered
import rig
from county_gateway import EPOCH, alarm, last_stats, send_conflicts, settle
from rig import ROOT
from test_county_postgres import Database


class File:
    """The receiver's file, as Database is its PostgreSQL."""

    def __init__(self, folder):
        self.address = folder / "county-receiver.db"

    def _do(self, sql):
        connection = sqlite3.connect(self.address, timeout=10)
        try:
            with connection:
                return connection.execute(sql).fetchall()
        finally:
            connection.close()

    query = run = _do


@pytest.fixture(params=["a file", "PostgreSQL"])
def database(request, tmp_path):
    return File(tmp_path) if request.param == "a file" else Database(request.getfixturevalue("postgres"))


@pytest.fixture
def county(build, tmp_path, county_broker, servers, database):
    receiver = rig.County(build, tmp_path, county_broker.port, database=database.address).start()
    servers.append(receiver)
    return receiver


@pytest.fixture
def gateway(county, county_broker):
    gateway = county_gateway.Gateway(county_broker.port)
    yield gateway
    gateway.close()


def check(build, database, *options):
    """(exit status, what of which range)"""
    done = subprocess.run([build / "campus-county", "check", "--database", database.address, *options],
                          capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return done.returncode, [(line["rows"], line["from"], line["to"]) for line in lines]


def gaps(build, database):
    done = subprocess.run([build / "campus-county", "--database", database.address, "--gaps"], capture_output=True,
                          text=True, check=True)
    return [(gap["from"], gap["to"]) for gap in map(json.loads, done.stdout.splitlines())]


def test_rows_that_were_deleted_by_hand_are_named_and_become_gaps(build, county, gateway, database):
    """A broken message has no row, and is not lost; neither is one that came under two bodies."""
    send_conflicts(gateway)
    for seq in (*range(5, 31), 40):
        gateway.send("alarm", alarm(seq))
    gateway.wait_for_answer({*range(1, 31), 40})
    assert check(build, database) == (0, [])

    database.run("delete from messages where seq in (2, 7, 8, 9, 30)")
    lost = (1, [("lost", 2, 2), ("lost", 7, 9), ("lost", 30, 30)])
    assert check(build, database) == check(build, database) == lost
    assert gaps(build, database) == [(31, 39)]
    assert check(build, database, "--ask-again") == lost
    assert check(build, database) == (0, [])
    assert gaps(build, database) == [(2, 2), (7, 9), (30, 39)]

    gateway.answers.clear()
    for seq in (2, 3, *range(5, 41)):
        gateway.send("alarm", alarm(seq, uid="seven") if seq == 3 else alarm(seq))
    gateway.wait_for_answer({2, *range(5, 41)})
    assert check(build, database) == (0, []) and gaps(build, database) == []
    assert database.query("select count(*) from messages") == [(39,)]
    assert last_stats(county)["missing"] == 0


def test_a_row_that_no_receiver_took_is_named(build, county, gateway, database):
    settle(gateway)
    columns = ", ".join(name for name in ("gateway", "epoch", "seq", "topic", "type", "time", "digest", "body",
                                          *(("received_us",) if isinstance(database, File) else
                                            ("received_at", "month"))))
    database.run(f"insert into messages ({columns}) select {columns.replace('seq', 'seq + 998')} from messages")
    assert check(build, database) == (1, [("never received", 999, 999)])
    assert check(build, database, "--ask-again") == (1, [("never received", 999, 999)])


def test_nothing_is_changed_where_nothing_is_lost(build, county, gateway, database, tmp_path):
    settle(gateway)
    assert check(build, database, "--ask-again") == (0, [])
    wrong = subprocess.run([build / "campus-county", "check"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2 and "--ask-again" in wrong.stderr
    away = subprocess.run([build / "campus-county", "check", "--database", tmp_path / "none.db"],
                          capture_output=True, text=True, check=False)
    assert away.returncode == 2 and "no such file" in away.stderr and not (tmp_path / "none.db").exists()


def test_a_gateway_sends_again_what_its_county_has_lost(build, tmp_path, site, school, county_broker, servers,
                                                        database):
    key = tmp_path / "command.key"
    keys = subprocess.run([build / "campus-county", "--make-command-key", key], capture_output=True, text=True,
                          check=True).stdout.splitlines()[-1]
    servers.append(rig.County(build, tmp_path, county_broker.port, database=database.address, arguments=[
        "--command-key", key, "--ask-after", "1"]).start())
    numbered.write_site(site, school.port, county_broker.port)
    settings = site.config / "gateway.yaml"
    settings.write_text(re.sub(r"county: \{", f"county: {{{keys}, ", settings.read_text()))
    gateway = site.gateway()
    publisher = numbered.NumberedPublisher(school.port, 20)
    rig.wait_for("rows", lambda: gateway.get("outbox")["acknowledged"] > 60)
    publisher.stop()
    rig.wait_for("all of them", lambda: gateway.get("outbox")["waiting"] == 0)
    database.run("delete from messages where seq between 20 and 49")
    assert check(build, database, "--ask-again") == (1, [("lost", 20, 49)])
    rig.wait_for("they are there again", lambda: database.query(
        "select count(*) from messages where seq between 20 and 49") == [(30,)], 60)
    assert check(build, database) == (0, [])


def telemetry(seq):
    message = json.loads((ROOT / "county/examples/telemetry.json").read_text())
    return {**message, "id": f"gw-01/{EPOCH}/{seq}", "epoch": EPOCH, "seq": seq}


def test_two_equal_readings_of_one_time_are_two(build, tmp_path, county_broker, servers):
    """An alarm's step under two ids is a fault of the gateway; a reading has nothing but its id."""
    county = rig.County(build, tmp_path, county_broker.port).start()
    servers.append(county)
    gateway = county_gateway.Gateway(county_broker.port)
    settle(gateway)
    for seq in (2, 3, 4):
        gateway.send("telemetry", telemetry(seq))
    gateway.send("alarm", alarm(5, uid=1))
    gateway.wait_for_answer({2, 3, 4, 5})
    stats = last_stats(county)
    assert (stats["rows"], stats["duplicates"]) == (5, 1)
    county.start()
    gateway.answers.clear()
    settle(gateway)
    gateway.close()
    assert last_stats(county)["duplicates"] == 1, "counted anew from the file"
