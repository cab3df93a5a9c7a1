"""The county's receiver on a queue of a real RabbitMQ, to which the gateways speak MQTT."""
import base64
import itertools
import json
import sqlite3
import subprocess
import time

import pytest

import ledger
import rig
from county_gateway import EPOCH, Gateway, alarm, last_stats, settle, through_deaths_of
from rabbit import Rabbit
from rig import ROOT

pytestmark = pytest.mark.xdist_group("rabbit")  # a node takes ten seconds to start: one for all

queues = (f"county-of-test-{number}" for number in itertools.count(1))


@pytest.fixture
def queue():
    return next(queues)


@pytest.fixture
def county(build, tmp_path, rabbit, queue, servers):
    receiver = rig.County(build, tmp_path, rabbit.address(), arguments=["--client-id", queue]).start()
    servers.append(receiver)
    return receiver


@pytest.fixture
def gateway(county, rabbit):
    rig.wait_for("the receiver is there", county.database.exists)
    gateway = Gateway(rabbit.mqtt_port)
    yield gateway
    gateway.close()


def seqs(county):
    return sorted(row[2] for row in ledger.rows(county.database))


def test_rows_come_by_a_quorum_queue_and_answers_go_back(rabbit, queue, county, gateway):
    settle(gateway)
    for seq in (2, 3, 5):
        gateway.send("alarm", alarm(seq))
    gateway.wait_for_answer({1, 2, 3, 5})
    assert seqs(county) == [1, 2, 3, 5]
    listed = dict(line.split("\t")[:2] for line in rabbit.control(
        "list_queues", "name", "type", "--no-table-headers").splitlines())
    assert listed[queue] == "quorum"
    rig.wait_for("nothing waits", lambda: f"{queue}\t0\t0" in rabbit.control(
        "list_queues", "name", "messages_ready", "messages_unacknowledged"))
    stats = last_stats(county)
    assert (stats["rows"], stats["gaps"], stats["duplicates"], stats["invalid"]) == (4, 1, 0, 0)


def test_what_is_missing_is_asked_for_through_the_exchange(build, tmp_path, rabbit, queue, servers):
    key = tmp_path / "command.key"
    subprocess.run([build / "campus-county", "--make-command-key", key], check=True, stdout=subprocess.DEVNULL)
    receiver = rig.County(build, tmp_path, rabbit.address(), arguments=[
        "--client-id", queue, "--command-key", key, "--ask-after", "1"]).start()
    servers.append(receiver)
    rig.wait_for("the receiver is there", receiver.database.exists)
    gateway = Gateway(rabbit.mqtt_port)
    settle(gateway)
    gateway.send("alarm", alarm(3))
    rig.wait_for("a command", lambda: gateway.commands)
    payload = gateway.commands[0]["payload"]
    said = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert (said["gateway"], said["do"], said["epoch"], said["ranges"]) == ("gw-01", "replay", EPOCH, [[2, 2]])
    gateway.send("alarm", alarm(2))
    gateway.wait_for_answer({2})
    gateway.close()
    assert last_stats(receiver)["missing"] == 0


def test_a_dot_in_a_gateways_id_stays_one(county, rabbit, gateway):
    settle(gateway)
    gateway.close()  # one client id
    dotted = Gateway(rabbit.mqtt_port, topic="campus/v1/530502/2153012345/gw.0.1")
    dotted.send("alarm", dict(alarm(1), gateway="gw.0.1", id=f"gw.0.1/{EPOCH}/1",
                              source="campus/530502/2153012345/gw.0.1"))
    dotted.wait_for_answer({1})
    dotted.close()
    assert {row[0] for row in ledger.rows(county.database)} == {"530502/2153012345/gw-01",
                                                                "530502/2153012345/gw.0.1"}


def test_a_killed_receiver_gets_everything_again(county, gateway):
    through_deaths_of(county, gateway)
    assert seqs(county) == list(range(1, 32))
    assert last_stats(county)["duplicates"] == 0


def test_receivers_share_a_queue(build, tmp_path, rabbit, queue, county, gateway, servers, postgres):
    """Each takes a part, and no row is stored twice or by none."""
    county.stop()
    postgres.run("postgres", "create database shared_queue")
    address = postgres.address("shared_queue")
    pair = [rig.County(build, tmp_path, rabbit.address(), f"county-{n}", address, ["--client-id", queue]).start()
            for n in range(2)]
    servers.extend(pair)
    settle(gateway)
    for seq in range(2, 202):
        gateway.send("alarm", alarm(seq))
    gateway.wait_for_answer(set(range(1, 202)))
    taken = [last_stats(receiver)["messages"] for receiver in pair]
    assert postgres.query("shared_queue", "select ranges::text, rows from streams") == [("{[1,202)}", 201)]
    assert all(taken) and sum(taken) < 2 * 201


def test_a_locked_database_gives_the_batch_back(county, gateway):
    settle(gateway)
    lock = sqlite3.connect(county.database, isolation_level=None)
    lock.execute("begin immediate")
    for seq in range(2, 6):
        gateway.send("alarm", alarm(seq))
    rig.wait_for("the fault is said", lambda: "given back to the broker" in county.text())
    assert gateway.acknowledged() == {1}
    lock.execute("rollback")
    lock.close()
    gateway.wait_for_answer({2, 3, 4, 5})
    assert seqs(county) == [1, 2, 3, 4, 5]
    assert last_stats(county)["duplicates"] == 0


def test_a_broker_that_is_killed_loses_and_doubles_nothing(build, tmp_path, servers):
    """What RabbitMQ has confirmed to the gateway comes, also after its death; what it had no time to
    confirm is sent again, as a gateway does.  A node of its own: it must not take others' queues along."""
    node = Rabbit()
    try:
        node.start()
        county = rig.County(build, tmp_path, node.address()).start()
        servers.append(county)
        rig.wait_for("the receiver is there", county.database.exists)
        gateway = Gateway(node.mqtt_port)
        settle(gateway)
        for seq in range(2, 12):
            gateway.send("alarm", alarm(seq))
        time.sleep(2)  # RabbitMQ 3.10 loses a queue that it made less than half a second before its death
        node.kill()
        node.start()
        gateway.wait_for_subscription(2)
        everything = set(range(1, 13))
        rig.wait_for("all is answered", lambda: gateway.acknowledged() >= everything or gateway.client.publish(
            f"{gateway.topic}/alarm", json.dumps(alarm(12)), qos=1) is None, 90)
        gateway.close()
        assert seqs(county) == sorted(everything)
        assert last_stats(county)["duplicates"] == 0
    finally:
        node.close()


def said(build, tmp_path, servers, name, address):
    receiver = rig.County(build, tmp_path, address, name, arguments=["--client-id", name]).start()
    servers.append(receiver)
    rig.wait_for("it complains", lambda: "connecting again" in receiver.text())
    assert receiver.running()
    return receiver.text()


def test_what_the_broker_refuses_is_said(build, tmp_path, rabbit, servers):
    wrong = rabbit.address().replace("guest:guest", "guest:geheim")
    text = said(build, tmp_path, servers, "stranger", wrong)
    assert "Login was refused" in text and "geheim" not in text
    rabbit.control("eval", 'rabbit_amqqueue:declare(rabbit_misc:r(<<"/">>, queue, <<"classic">>), true, false, '
                           '[], none, <<"test">>).')
    text = said(build, tmp_path, servers, "classic", rabbit.address())
    assert "PRECONDITION_FAILED" in text and "x-queue-type" in text


@pytest.mark.parametrize("url", ["amqp://a:b:c:d", "amqp://127.0.0.1:port"])
def test_an_address_that_is_none_is_refused(build, tmp_path, url):
    done = subprocess.run([build / "campus-county", "--broker", url, "--database", tmp_path / "x.db", "--schemas",
                           ROOT / "county/schemas"], capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 2
    assert "amqp://[USER:PASSWORD@]HOST[:PORT][/VHOST]" in done.stderr
