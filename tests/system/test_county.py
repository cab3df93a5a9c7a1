"""The county's receiver between a real broker and its file: nothing is answered too early,
nothing is taken twice, nothing that breaks the contract stops what follows."""
import json
import signal
import sqlite3
import subprocess

import pytest

import ledger
import rig
from county_gateway import (BROKEN, CONFLICT, EPOCH, Gateway, alarm, last_stats, query, send_conflicts, settle,
                            through_deaths_of)
from rig import ROOT


@pytest.fixture
def gateway(county, county_broker):
    rig.wait_for("the receiver is there", county.database.exists)
    gateway = Gateway(county_broker.port)
    yield gateway
    gateway.close()


def test_rows_are_stored_and_answered_in_ranges(county, gateway):
    settle(gateway)
    for seq in (2, 3, 5):
        gateway.send("alarm", alarm(seq))
    gateway.wait_for_answer({1, 2, 3, 5})
    assert 4 not in gateway.acknowledged()
    assert [row[2] for row in ledger.rows(county.database)] == [1, 2, 3, 5]
    stats = last_stats(county)
    assert (stats["rows"], stats["gaps"], stats["missing"]) == (4, 1, 1)
    assert stats["duplicates"] == stats["invalid"] == 0


def test_a_copy_is_answered_again_and_stored_once(county, gateway):
    settle(gateway)
    gateway.answers.clear()
    gateway.send("alarm", alarm(1))
    gateway.wait_for_answer({1})
    assert len(ledger.rows(county.database)) == 1
    assert last_stats(county)["repeated"] >= 1


def test_another_body_under_a_known_key_is_a_conflict(county, gateway):
    send_conflicts(gateway)
    kept = [json.loads(body)["data"] for body, in query(county, "select body from messages order by seq")]
    assert [body["uid"] for body in kept] == [1, 2, 4]
    assert all(body["object"] == "panic-gate" for body in kept)
    letters = query(county, "select fault, payload from dead_letters order by id")
    assert [fault for fault, _ in letters][1:] == [CONFLICT] * 4
    assert sorted(json.loads(payload)["seq"] for _, payload in letters) == [1, 2, 2, 3, 3]
    told = [line for line in county.text().splitlines() if "another body" in line]
    assert len(told) == 1 and f"gw-01/{EPOCH}/1" in told[0]
    stats = last_stats(county)
    assert (stats["rows"], stats["conflicts"]) == (3, 4)


def test_gaps_are_named(build, county, gateway):
    settle(gateway)
    gateway.send("alarm", alarm(4))
    gateway.wait_for_answer({4})
    done = subprocess.run([build / "campus-county", "--database", county.database, "--gaps"],
                          capture_output=True, text=True, check=True)
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"gateway": "530502/2153012345/gw-01", "epoch": EPOCH, "from": 2, "to": 3}]


def test_gaps_of_a_file_that_is_not_there_are_none_that_can_be_named(build, tmp_path):
    done = subprocess.run([build / "campus-county", "--database", tmp_path / "nope.db", "--gaps"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "there is no such file" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_message_becomes_a_dead_letter(county, gateway, what):
    seq, body = BROKEN[what]
    settle(gateway)
    gateway.send("alarm", body)
    gateway.send("alarm", alarm(3))
    gateway.wait_for_answer({3} | ({seq} if seq else set()))
    assert [row[2] for row in ledger.rows(county.database)] == [1, 3]
    assert len(query(county, "select fault from dead_letters")) == 1
    assert last_stats(county)["invalid"] == 1


def test_a_dead_letter_is_kept_once(county, gateway):
    settle(gateway)
    for text in ("{", "[", "{"):
        gateway.send("alarm", text)
    gateway.send("alarm", alarm(2))
    gateway.wait_for_answer({2})
    assert query(county, "select payload from dead_letters order by id") == [(b"{",), (b"[",)]
    assert last_stats(county)["invalid"] == 3


def test_a_file_of_the_first_version_is_brought_up_to_date(county, gateway):
    settle(gateway)
    last_stats(county)
    with sqlite3.connect(county.database) as old:
        old.executescript("drop index dead_letters_once; alter table dead_letters drop column digest;"
                          "drop table gone; drop table requests; drop table commands;"
                          "insert into dead_letters (topic, received_us, fault, payload)"
                          " values ('x', 1, 'x', x'00'), ('x', 1, 'x', x'00'); pragma user_version = 0;")
    old.close()
    county.start()
    gateway.send("alarm", "{")
    gateway.send("alarm", alarm(2))
    gateway.wait_for_answer({2})
    assert query(county, "select payload from dead_letters order by id") == [(b"\0",), (b"\0",), (b"{",)]
    assert [row[2] for row in ledger.rows(county.database)] == [1, 2]


def test_another_gateways_row_cannot_be_claimed(county, gateway):
    settle(gateway)
    gateway.send("alarm", dict(alarm(2), gateway="gw-02", id=f"gw-02/{EPOCH}/2"))
    gateway.send("alarm", alarm(3))
    gateway.wait_for_answer({3})
    assert 2 not in gateway.acknowledged()
    assert [row[2] for row in ledger.rows(county.database)] == [1, 3]


def test_a_kind_on_the_wrong_topic_is_refused(county, gateway):
    settle(gateway)
    gateway.send("summary", alarm(2))
    gateway.wait_for_answer({2})
    (fault,), = query(county, "select fault from dead_letters")
    assert "belongs on the topic 'alarm'" in fault


def test_birth_and_state_are_kept_without_a_number(county, gateway):
    settle(gateway)
    for kind in ("birth", "state"):
        gateway.send(kind, (ROOT / f"county/examples/{kind}.json").read_text(), retain=True)
    gateway.send("state", (ROOT / "county/examples/state-last-will.json").read_text())
    gateway.send("alarm", alarm(2))
    gateway.wait_for_answer({2})
    kept = dict(query(county, "select topic, body from presence"))
    assert json.loads(kept["birth"])["data"]["software"] == "0.1.0"
    assert json.loads(kept["state"])["data"]["status"] == "offline"
    assert len(ledger.rows(county.database)) == 2


def test_a_killed_receiver_gets_everything_again(county, gateway):
    through_deaths_of(county, gateway)
    stored = [row[2] for row in ledger.rows(county.database)]
    assert sorted(stored) == list(range(1, 32))
    assert last_stats(county)["duplicates"] == 0


def test_the_broker_restarts_and_nothing_is_missing(county, county_broker, gateway):
    settle(gateway)
    county_broker.stop()
    county_broker.start()
    gateway.wait_for_subscription(2)
    gateway.send("alarm", alarm(2))
    gateway.wait_for_answer({2})


def test_a_locked_database_gives_the_batch_back(county, county_broker, gateway):
    settle(gateway)
    lock = sqlite3.connect(county.database, isolation_level=None)
    lock.execute("begin immediate")
    for seq in range(2, 6):
        gateway.send("alarm", alarm(seq))
    rig.wait_for("the fault is said", lambda: "given back to the broker" in county.text())
    assert gateway.acknowledged() == {1}
    rig.wait_for("it has tried often", lambda: county_broker.text().count("as campus-county") > 6, 60)
    lock.execute("rollback")
    lock.close()
    gateway.wait_for_answer({2, 3, 4, 5})
    assert "in use twice" not in county.text()
    assert [row[2] for row in ledger.rows(county.database)] == [1, 2, 3, 4, 5]
    assert last_stats(county)["duplicates"] == 0


def test_a_backlog_of_many_gateways_is_taken_in_batches(county, county_broker, gateway):
    """libmosquitto reads as many messages at a time as answers are on their way: more than a batch takes."""
    settle(gateway)
    county.kill()
    text = json.dumps(alarm(1))
    last = None
    for number in range(18000):
        name = f"gw-{number % 4000:05}"
        body = text.replace("gw-01", name).replace(f"{EPOCH}/1", f"{EPOCH}/{1 + number // 4000}").replace(
            '"seq": 1,', f'"seq": {1 + number // 4000},')
        last = gateway.client.publish(f"campus/v1/530502/2153012345/{name}/alarm", body, qos=1)
    rig.wait_for("the broker has them", last.is_published, 60)
    county.start()
    rig.wait_for("all rows are there", lambda: not county.running()
                 or query(county, "select count(*) from messages") == [(18001,)], 60)
    assert county.running(), county.text()
    stats = last_stats(county)
    assert (stats["rows"], stats["conflicts"], stats["invalid"]) == (18001, 0, 0)


def test_two_receivers_of_one_name_are_told(build, tmp_path, county_broker, county, gateway, servers):
    settle(gateway)
    twin = rig.County(build, tmp_path, county_broker.port, "twin").start()
    servers.append(twin)
    rig.wait_for("both say so", lambda: all("'campus-county' is in use twice" in r.text() for r in (county, twin)), 60)
    assert all(r.text().count("in use twice") == 1 for r in (county, twin))
    twin.stop()
    gateway.send("alarm", alarm(2))
    gateway.wait_for_answer({2})


def test_a_broker_that_restarts_thrice_is_no_twin(county, county_broker, gateway):
    settle(gateway)
    for number in range(1, 4):
        county_broker.stop()
        county_broker.start()
        gateway.wait_for_subscription(1 + number)
        gateway.send("alarm", alarm(1 + number))
        gateway.wait_for_answer({1 + number})
    assert "in use twice" not in county.text()


def syscalls(path):
    """The order of what matters: 'commit' for fdatasync, 'puback' for the MQTT packet."""
    events = []
    for line in path.read_text(errors="replace").splitlines():
        if "fdatasync(" in line or "fsync(" in line:
            events.append("commit")
        elif ("write(" in line or "sendto(" in line) and '"@\\2' in line:
            events.append("puback")
    return events


def test_the_puback_follows_the_commit_on_the_wire(tmp_path, county, gateway, servers):
    settle(gateway)
    trace = tmp_path / "strace.txt"
    tracer = rig.Server("strace", tmp_path, [
        "strace", "-f", "-p", county.process.pid, "-o", trace,
        "-e", "trace=write,sendto,writev,fsync,fdatasync"])
    servers.append(tracer.start())
    rig.wait_for("strace is attached", lambda: "attached" in tracer.text())
    for seq in range(2, 12):
        gateway.send("alarm", alarm(seq))
        gateway.wait_for_answer({seq})
    tracer.stop()
    events = syscalls(trace)
    assert events.count("puback") >= 10
    for index, event in enumerate(events):
        if event == "puback":
            assert "commit" in events[max(0, index - 3):index], events


@pytest.mark.parametrize("arguments", [
    [], ["--broker", "mqtt://x"], ["--stats-every", "soon"], ["--gaps"], ["--no-such"],
    ["--broker", "http://localhost:1", "--database", "x.db", "--schemas", "x"],
])
def test_wrong_arguments_are_refused(build, tmp_path, arguments):
    done = subprocess.run([build / "campus-county", *arguments], cwd=tmp_path,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr


def test_sigint_ends_it_in_order_too(county, gateway):
    settle(gateway)
    assert county.stop(signal.SIGINT) == 0
