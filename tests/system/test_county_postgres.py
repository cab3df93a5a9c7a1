"""The county's receiver on a real PostgreSQL: what test_county.py asks of a file, and what a
server adds: it goes away, several receivers write side by side, it refuses what JSON allows."""
import itertools
import json
import subprocess

import pytest

import rig
from county_gateway import (BROKEN, CONFLICT, EPOCH, Gateway, alarm, last_stats, send_conflicts, settle,
                            through_deaths_of)
from postgres import Postgres
from rig import ROOT

GATEWAY = "530502/2153012345/gw-01"
names = (f"county_{number}" for number in itertools.count(1))


class Database:
    """One of the server's databases, empty."""

    def __init__(self, server, options=""):
        self.server, self.name = server, next(names)
        server.run("postgres", f"create database {self.name} {options}")
        self.address = server.address(self.name)

    def query(self, sql):
        return self.server.query(self.name, sql)

    def run(self, sql):
        self.server.run(self.name, sql)

    def seqs(self, gateway=GATEWAY):
        return [seq for seq, in self.query(f"select seq from messages where gateway = '{gateway}' order by seq")]

    def ranges(self):
        return self.query("select epoch::text, ranges::text, rows, letters from streams order by epoch")


@pytest.fixture
def database(postgres):
    return Database(postgres)


@pytest.fixture
def county(build, tmp_path, county_broker, servers, database):
    receiver = rig.County(build, tmp_path, county_broker.port, database=database.address).start()
    servers.append(receiver)
    return receiver


@pytest.fixture
def gateway(county, county_broker):
    gateway = Gateway(county_broker.port)
    yield gateway
    gateway.close()


def test_rows_are_stored_and_answered_in_ranges(build, county, gateway, database):
    settle(gateway)
    for seq in (2, 3, 5):
        gateway.send("alarm", alarm(seq))
    gateway.wait_for_answer({1, 2, 3, 5})
    assert 4 not in gateway.acknowledged()
    assert database.seqs() == [1, 2, 3, 5]
    assert database.ranges() == [(EPOCH, "{[1,4),[5,6)}", 4, 0)]
    stats = last_stats(county)
    assert (stats["rows"], stats["gaps"], stats["missing"], stats["invalid"]) == (4, 1, 1, 0)
    assert "duplicates" not in stats
    gaps = subprocess.run([build / "campus-county", "--database", database.address, "--gaps"],
                          capture_output=True, text=True, check=True).stdout
    assert [json.loads(line) for line in gaps.splitlines()] == [
        {"gateway": GATEWAY, "epoch": EPOCH, "from": 4, "to": 4}]


@pytest.mark.parametrize("form", ["host=127.0.0.1 port={port} user=county dbname={name}",
                                  "postgres://county@127.0.0.1:{port}/{name}"])
def test_each_form_of_an_address_is_taken(build, tmp_path, county_broker, servers, postgres, database, form):
    address = form.format(port=postgres.port, name=database.name)
    servers.append(rig.County(build, tmp_path, county_broker.port, database=address).start())
    gateway = Gateway(county_broker.port)
    settle(gateway)
    gateway.close()
    assert database.seqs() == [1]
    assert not list(tmp_path.glob("*=*"))


def test_a_row_is_what_was_sent(gateway, database):
    settle(gateway)
    (row,) = database.query("select topic, type, extract(epoch from time)::bigint as time, body, month::text,"
                            " date_trunc('month', received_at at time zone 'UTC')::date::text as received"
                            " from messages")
    sent = alarm(1)
    assert row[:4] == ("alarm", "campus.alarm.v1", database.query(
        f"select extract(epoch from timestamptz '{sent['time']}')::bigint")[0][0], sent)
    assert row[4] == row[5]
    partitions = [name for name, in database.query(
        "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'messages'::regclass order by 1")]
    assert partitions[0] == f"messages_{row[4][:7].replace('-', '_')}" and len(partitions) == 2


def test_a_time_that_nobody_knew_is_null(gateway, database):
    settle(gateway)
    message = json.loads((ROOT / "county/examples/alarm-time-unknown.json").read_text())
    message.update(id=f"gw-01/{EPOCH}/2", epoch=EPOCH, seq=2)
    gateway.send("alarm", message)
    gateway.wait_for_answer({2})
    assert database.query("select time from messages where seq = 2") == [(None,)]


def test_a_copy_is_answered_again_and_stored_once(county, gateway, database):
    settle(gateway)
    gateway.answers.clear()
    gateway.send("alarm", alarm(1))
    gateway.wait_for_answer({1})
    assert database.seqs() == [1]
    assert last_stats(county)["repeated"] >= 1


def test_another_body_under_a_known_key_is_a_conflict(county, gateway, database):
    send_conflicts(gateway)
    assert database.query("select seq, body #>> '{data,object}' as object from messages order by seq") == [
        (seq, "panic-gate") for seq in (1, 2, 4)]
    assert database.query("select fault, count(*) from dead_letters where fault like 'conflict%' group by 1") == [
        (CONFLICT, 4)]
    assert database.ranges() == [(EPOCH, "{[1,5)}", 3, 1)]
    told = [line for line in county.text().splitlines() if "another body" in line]
    assert len(told) == 1 and f"gw-01/{EPOCH}/1" in told[0]
    assert last_stats(county)["conflicts"] == 4


def test_conflicts_are_seen_within_a_batch_and_in_an_earlier_month(county, gateway, database):
    settle(gateway)
    database.run("create table messages_2020_01 partition of messages for values in ('2020-01-01');"
                 "update messages set month = '2020-01-01' where seq = 1")
    county.process.send_signal(rig.signal.SIGSTOP)
    for seq in (1, 2, 3):
        gateway.send("alarm", alarm(seq))
    for seq in (1, 2):
        gateway.send("alarm", alarm(seq, object="other-gate"))
    county.process.send_signal(rig.signal.SIGCONT)
    gateway.wait_for_answer({1, 2, 3})
    assert database.query("select (convert_from(payload, 'UTF8')::json ->> 'seq')::int as seq, fault from"
                          " dead_letters order by 1") == [(1, CONFLICT), (2, CONFLICT)]
    assert database.query("select seq from messages order by seq") == [(1,), (2,), (3,)]
    assert last_stats(county)["conflicts"] == 2


def test_broken_messages_become_dead_letters(county, gateway, database):
    settle(gateway)
    for seq, (numbered, body) in enumerate(BROKEN.values(), start=2):
        if numbered:
            body = json.dumps(dict(json.loads(body), seq=seq, id=f"gw-01/{EPOCH}/{seq}")) \
                if "gw-01/1/1" not in body else json.dumps(dict(json.loads(body), seq=seq))
        gateway.send("alarm", body)
    last = 2 + len(BROKEN)
    gateway.send("alarm", alarm(last))
    numbered = {seq for seq, (number, _) in enumerate(BROKEN.values(), start=2) if number}
    gateway.wait_for_answer({1, last} | numbered)
    assert database.seqs() == [1, last]
    assert database.query("select count(*) from dead_letters") == [(len(BROKEN),)]
    assert database.query("select rows, letters from streams") == [(2, len(numbered))]
    assert last_stats(county)["invalid"] == len(BROKEN)


def test_receivers_side_by_side_keep_a_dead_letter_once(build, tmp_path, county_broker, county, gateway, servers,
                                                        database):
    """Also one without a key, which no range ends; and a second one of the same words is no other."""
    other = rig.County(build, tmp_path, county_broker.port, "county-other", database.address,
                       ["--client-id", "county-other", "--stats-every", "1"]).start()
    servers.append(other)
    wait_for_rows(gateway, other)
    for _ in range(3):
        for number in range(20):
            gateway.send("alarm", f"not JSON: {number}")
    gateway.send("alarm", alarm(2))
    gateway.wait_for_answer({2})
    assert sum(last_stats(receiver)["invalid"] for receiver in (county, other)) == 2 * 3 * 20
    assert sorted(text for text, in database.query(
        "select convert_from(payload, 'UTF8') as text from dead_letters")) == sorted(
            f"not JSON: {number}" for number in range(20))


def test_what_only_the_database_refuses_is_a_dead_letter_too(county, gateway, database):
    """JSON has numbers that PostgreSQL's jsonb does not: one of a batch must not hold up the others."""
    settle(gateway)
    county.process.send_signal(rig.signal.SIGSTOP)
    for seq in range(2, 8):
        body = json.dumps(alarm(seq, value=0.125))
        gateway.send("alarm", body.replace("0.125", "1e-20000") if seq == 4 else body)
    county.process.send_signal(rig.signal.SIGCONT)
    gateway.wait_for_answer(set(range(1, 8)))
    assert database.seqs() == [1, 2, 3, 5, 6, 7]
    (fault,), = database.query("select fault from dead_letters")
    assert "numeric" in fault
    assert database.ranges() == [(EPOCH, "{[1,8)}", 6, 1)]
    assert "given back" not in county.text()


def test_a_number_beyond_all_ranges_holds_nothing_up(gateway, database):
    settle(gateway)
    gateway.send("alarm", alarm(9223372036854775807))
    gateway.send("alarm", alarm(2))
    gateway.wait_for_answer({2})
    assert database.query("select count(*) from dead_letters") == [(1,)]
    assert database.ranges() == [(EPOCH, "{[1,3)}", 2, 0)]


def test_names_with_quotes_are_names(county_broker, county, database):
    name = "53\"05\\02/{2},'5/gw-01"
    gateway = Gateway(county_broker.port, topic=f"campus/v1/{name}")
    settle(gateway)
    gateway.send("alarm", alarm(2))
    gateway.wait_for_answer({2})
    gateway.close()
    assert database.query("select gateway, ranges::text, rows from streams") == [(name, "{[1,3)}", 2)]
    assert database.query("select distinct gateway from messages") == [(name,)]


def test_birth_and_state_are_the_fleet(gateway, database):
    settle(gateway)
    for kind in ("birth", "state"):
        gateway.send(kind, (ROOT / f"county/examples/{kind}.json").read_text(), retain=True)
    gateway.send("alarm", alarm(2))
    gateway.wait_for_answer({2})
    fleet = "select division, school, title, status, waiting, timequality, software, rows, missing from fleet"
    assert database.query(fleet) == [
        ("530502", "2153012345", "隆阳区示例小学", "online", 2, "good", "0.1.0", 2, 0)]
    gateway.send("state", (ROOT / "county/examples/state-last-will.json").read_text())
    gateway.send("alarm", alarm(4))
    gateway.wait_for_answer({4})
    assert database.query("select status, rows, missing from fleet") == [("offline", 3, 1)]


def test_a_killed_receiver_gets_everything_again(county, gateway, database):
    through_deaths_of(county, gateway)
    assert database.seqs() == list(range(1, 32))


def wait_for_rows(gateway, receiver):
    """@receiver takes rows, besides another that answers."""
    settle(gateway)

    def has_taken():
        gateway.send("alarm", alarm(1))
        return any(json.loads(line)["messages"] for line in receiver.text().splitlines() if line.startswith("{"))
    rig.wait_for("the other takes rows", has_taken)


def test_receivers_side_by_side_store_each_row_once(build, tmp_path, county_broker, county, gateway, servers,
                                                    database):
    """Both get every message, in sessions of their own, and race for it."""
    other = rig.County(build, tmp_path, county_broker.port, "county-other", database.address,
                       ["--client-id", "county-other", "--stats-every", "1"]).start()
    servers.append(other)
    wait_for_rows(gateway, other)
    for seq in range(2, 102):
        gateway.send("alarm", alarm(seq))
    gateway.wait_for_answer(set(range(1, 102)))
    taken = [last_stats(receiver) for receiver in (county, other)]
    assert database.seqs() == list(range(1, 102))
    assert database.ranges() == [(EPOCH, "{[1,102)}", 101, 0)]
    assert all(stats["messages"] >= 100 for stats in taken)
    assert sum(stats["repeated"] for stats in taken) >= 100
    assert "given back" not in county.text() + other.text()


def test_receivers_that_begin_together_make_the_tables_once(build, tmp_path, county_broker, servers, database):
    receivers = [rig.County(build, tmp_path, county_broker.port, f"county-{n}", database.address,
                            ["--client-id", f"county-{n}", "--stats-every", "1"]).start() for n in range(4)]
    servers.extend(receivers)
    for receiver in receivers:
        rig.wait_for("it receives", lambda r=receiver: '"messages"' in r.text() or not r.running())
        assert receiver.running(), receiver.text()
    assert database.query("select version from campus_county") == [(3,)]


def test_tables_of_version_1_are_brought_up_to_date(build, tmp_path, county_broker, servers, database):
    database.run((ROOT / "county/postgres/tables.sql").read_text())
    database.run("alter table dead_letters drop column digest; alter table streams drop column gone;"
                 " drop table requests, commands; create view gaps as select gateway, epoch, lower(gap) as first,"
                 " upper(gap) - 1 as last, upper(gap) - lower(gap) as missing from streams,"
                 " unnest(int8multirange(int8range(1, upper(ranges))) - ranges) as gap;"
                 " update campus_county set version = 1;"
                 " insert into dead_letters (topic, received_at, fault, payload)"
                 " select 'x', now(), 'x', 'x' from generate_series(1, 2)")
    receivers = [rig.County(build, tmp_path, county_broker.port, f"county-{n}", database.address,
                            ["--client-id", f"county-{n}"]).start() for n in range(2)]
    servers.extend(receivers)
    gateway = Gateway(county_broker.port)
    settle(gateway)
    gateway.send("alarm", "not JSON")
    gateway.send("alarm", alarm(2))
    gateway.wait_for_answer({2})
    gateway.close()
    for receiver in receivers:
        last_stats(receiver)
    assert database.query("select version from campus_county") == [(3,)]
    assert database.query("select count(*) from dead_letters") == [(3,)]
    assert database.query("select sum(missing)::int as missing, bool_or(asked) as asked from gaps") == [(None, None)]
    assert database.query("select gateway, missing::int, gone::int from fleet") == [(GATEWAY, 0, 0)]


def test_a_server_that_is_killed_loses_and_doubles_nothing(build, tmp_path, county_broker, servers):
    server = Postgres().start()
    try:
        database = Database(server)
        county = rig.County(build, tmp_path, county_broker.port, database=database.address,
                            arguments=["--stats-every", "1"]).start()
        servers.append(county)
        gateway = Gateway(county_broker.port)
        settle(gateway)
        for number in range(3):
            server.kill()
            for seq in range(2 + 10 * number, 12 + 10 * number):
                gateway.send("alarm", alarm(seq))
            rig.wait_for("the faults are said", lambda: "given back to the broker" in county.text()
                         and "no figures" in county.text())
            assert county.running()
            server.start()
            gateway.wait_for_answer(set(range(1, 12 + 10 * number)))
        gateway.close()
        assert database.seqs() == list(range(1, 32))
        assert database.ranges() == [(EPOCH, "{[1,32)}", 31, 0)]
    finally:
        server.close()


def refusal(build, broker, address):
    done = subprocess.run([build / "campus-county", "--broker", f"mqtt://127.0.0.1:{broker.port}", "--database",
                           address, "--schemas", ROOT / "county/schemas"],
                          capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 2
    return done.stderr


def test_a_database_that_does_not_fit_is_refused(build, postgres, county_broker):
    latin = Database(postgres, "encoding 'LATIN1' locale 'C' template template0")
    assert "encoding is LATIN1: must be UTF8" in refusal(build, county_broker, latin.address)
    newer = Database(postgres)
    newer.run("create table campus_county (version int); insert into campus_county values (7)")
    assert "tables of version 7: this campus-county knows 3" in refusal(build, county_broker, newer.address)
    text = refusal(build, county_broker, f"postgresql://county:geheim@127.0.0.1:{postgres.port}/nowhere")
    assert 'database "nowhere" does not exist' in text and "geheim" not in text


def test_a_server_that_comes_later_is_waited_for(build, tmp_path, servers, county_broker):
    """As where the power came back to all machines at once; a password is not in what it says."""
    server = Postgres().start()
    try:
        server.run("postgres", "create database later")
        server.stop()
        address = server.address("later").replace("county@", "county:geheim@")
        county = rig.County(build, tmp_path, county_broker.port, database=address).start()
        servers.append(county)
        rig.wait_for("it says so", lambda: "waiting for it" in county.text())
        assert county.running() and "geheim" not in county.text()
        server.start()
        gateway = Gateway(county_broker.port)
        settle(gateway)
        gateway.close()
        assert server.query("later", "select seq from messages") == [(1,)]
        assert county.stop() == 0 and county.text().count("waiting for it") == 1
    finally:
        server.close()
