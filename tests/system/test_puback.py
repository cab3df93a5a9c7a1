"""The wire of the MQTT driver: PUBACK follows the commit, and a redelivery is taken once.

Against a fake broker that looks at every packet, and against a real mosquitto with the
driver killed in the middle.
"""
import os
import pathlib
import random
import select
import signal
import subprocess
import time

import pytest

import fake_broker
from fake_broker import publish

import rig
from campus_sim import mqtt_client

SEED = int(os.environ.get("GW_SEED", "20261123"))


class Probe:
    """build/…/mqtt_probe, line by line."""

    def __init__(self, build, journal, port, *options):
        program = build / "tests/probe/mqtt_probe"
        self.process = subprocess.Popen(
            [str(program), "--port", str(port), "--journal", str(journal), *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.buffer = b""
        self.lines = []

    def read(self, seconds=0.0):
        """Lines that came so far, waiting at most @seconds for the first new one."""
        while select.select([self.process.stdout], [], [], seconds)[0]:
            data = os.read(self.process.stdout.fileno(), 65536)
            if not data:
                break
            self.buffer += data
            *lines, self.buffer = self.buffer.split(b"\n")
            self.lines += [line.decode() for line in lines]
            seconds = 0
        return self.lines

    def wait_for(self, start, times=1, seconds=10.0):
        until = time.monotonic() + seconds
        while sum(line.startswith(start) for line in self.read(0.02)) < times:
            if time.monotonic() > until:
                raise TimeoutError(f"not {times} × '{start}': {self.lines}")

    def values(self):
        return [line.split()[3] for line in self.read() if line.startswith("message")]

    def commit(self):
        self.process.stdin.write(b"commit\n")
        self.process.stdin.flush()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.stdin.close()
            self.process.wait(10)
        self.read()
        return self.process.returncode


@pytest.fixture
def broker():
    b = fake_broker.FakeBroker()
    yield b
    b.close()


@pytest.fixture
def start(build, tmp_path, broker):
    probes = []

    def start_probe(*options, port=None):
        probe = Probe(build, tmp_path / "journal", port or broker.port, *options)
        probes.append(probe)
        return probe

    yield start_probe
    for probe in probes:
        if probe.process.poll() is None:
            probe.kill()
        probe.process.stdout.close()


def acknowledged_before_commit(session, probe):
    """Three messages, no commit: the PUBACKs that leave all the same."""
    for mid in (1, 2, 3):
        session.send(publish("probe/a", b"%d" % mid, mid))
    probe.wait_for("message", 3)
    session.read(0.3)
    return session.acknowledged()


def test_no_puback_is_on_the_wire_before_the_commit(broker, start):
    probe = start("--hold")
    session = broker.subscribed()
    assert acknowledged_before_commit(session, probe) == []
    probe.commit()
    probe.wait_for("committed 3")
    session.wait_for(fake_broker.PUBACK)
    session.read(0.1)
    assert session.acknowledged() == [1, 2, 3]


def test_a_driver_that_acknowledges_early_is_caught(broker, start):
    """The seeded fault: the check above must see it."""
    probe = start("--hold", "--acknowledge-early")
    session = broker.subscribed()
    assert acknowledged_before_commit(session, probe) != []


def test_messages_on_the_heels_of_connack_are_not_acknowledged_early(broker, start):
    """A kept session: the broker delivers before it saw our SUBSCRIBE."""
    probe = start("--hold")
    session = broker.session()
    session.send(fake_broker.packet(fake_broker.CONNACK, b"\1\0")
                 + publish("probe/a", b"1", 1) + publish("probe/a", b"2", 2))
    session.wait_for(fake_broker.SUBSCRIBE)
    probe.wait_for("message", 2)
    session.read(0.3)
    assert session.acknowledged() == []
    probe.commit()
    session.wait_for(fake_broker.PUBACK)
    session.read(0.1)
    assert session.acknowledged() == [1, 2]


def test_a_full_window_stops_reading_until_the_commit(broker, start):
    probe = start("--hold", "--window", "4", "--interval-ms", "60000")
    session = broker.subscribed()
    for mid in range(1, 9):
        session.send(publish("probe/a", b"%d" % mid, mid))
    probe.wait_for("ask 4")
    session.read(0.2)
    assert probe.values() == ["1", "2", "3", "4"]
    assert session.acknowledged() == []
    probe.commit()
    probe.wait_for("ask 8")
    session.read(0.1)
    assert session.acknowledged() == [1, 2, 3, 4]


def test_what_says_nothing_is_acknowledged_too_and_in_its_turn(broker, start):
    probe = start("--hold")
    session = broker.subscribed()
    session.send(publish("probe/a", b"\xff{", 1))
    session.send(publish("other/b", b"1", 2))
    session.send(publish("probe/a", b"1" * 70000, 3))
    session.send(publish("probe/a", b"4", 4))
    probe.wait_for("message", 4)
    session.read(0.1)
    assert session.acknowledged() == []
    assert probe.values() == ["-", "-", "-", "4"]
    probe.commit()
    session.wait_for(fake_broker.PUBACK)
    session.read(0.1)
    assert session.acknowledged() == [1, 2, 3, 4]
    probe.stop()
    assert "count oversize 1" in probe.lines and "count malformed 1" in probe.lines


def test_a_full_queue_loses_nothing(broker, start):
    probe = start("--refuse", "3")
    session = broker.subscribed()
    for mid in range(1, 41):
        session.send(publish("probe/a", b"%d" % mid, mid))
    probe.wait_for("message", 40)
    assert probe.values() == [str(n) for n in range(1, 41)]


def cut_between_commit_and_puback(broker, probe, mid=7, payload=b"70"):
    """The commit is on disk, the PUBACK never arrives at the broker."""
    session = broker.subscribed()
    session.send(publish("probe/a", payload, mid))
    probe.wait_for("message", 1)
    session.drop()
    probe.wait_for("offline")
    probe.commit()
    probe.wait_for("committed")


def test_the_same_message_again_is_taken_once(broker, start):
    probe = start("--hold")
    cut_between_commit_and_puback(broker, probe)
    session = broker.subscribed(has_session=True)
    session.send(publish("probe/a", b"70", 7, again=True))
    probe.wait_for("message", 2)
    assert probe.values() == ["70", "-"]
    assert session.acknowledged() == []
    probe.commit()
    session.wait_for(fake_broker.PUBACK)
    assert session.acknowledged() == [7]


def test_the_same_id_with_another_payload_is_new(broker, start):
    probe = start("--hold")
    cut_between_commit_and_puback(broker, probe)
    session = broker.subscribed(has_session=True)
    session.send(publish("probe/a", b"71", 7, again=True))
    probe.wait_for("message", 2)
    assert probe.values() == ["70", "71"]


def test_a_broker_without_our_session_sends_news_only(broker, start):
    probe = start("--hold")
    cut_between_commit_and_puback(broker, probe)
    session = broker.subscribed(has_session=False)
    session.send(publish("probe/a", b"70", 7, again=True))
    probe.wait_for("message", 2)
    assert probe.values() == ["70", "70"]


def test_after_a_kill_the_same_message_is_taken_once(broker, start):
    probe = start("--hold")
    session = broker.subscribed()
    session.send(publish("probe/a", b"70", 7))
    probe.wait_for("message", 1)
    session.drop()
    probe.wait_for("offline")
    probe.commit()
    probe.wait_for("committed")
    probe.kill()
    broker.forget_waiting()
    again = start("--hold")
    session = broker.subscribed(has_session=True)
    session.send(publish("probe/a", b"70", 7, again=True) + publish("probe/a", b"70", 8))
    again.wait_for("message", 2)
    assert again.values() == ["-", "70"]


def test_a_long_backlog_that_comes_again_is_taken_once(broker, start):
    """The broker is busy writing, reads no PUBACK, and its answers stand behind the backlog."""
    count = 6000
    probe = start("--window", "0", "--interval-ms", "20")
    session = broker.subscribed()
    session.send(b"".join(publish("probe/a", b"%d" % mid, mid) for mid in range(1, count + 1)))
    probe.wait_for(f"committed {count}", seconds=30)
    session.drop()
    session = broker.subscribed(has_session=True)
    session.send(b"".join(publish("probe/a", b"%d" % mid, mid, again=True)
                          for mid in range(1, count + 1)) + publish("probe/a", b"7", 7))
    probe.wait_for("message", 2 * count + 1, seconds=30)
    assert probe.values()[count:] == ["-"] * count + ["7"]


MANY = 100  # more than a broker must number upwards before its ids are trusted


def settle_many(broker, probe, ids=range(1, MANY + 1)):
    """@ids are acknowledged; that it has their PUBACKs the broker said of all but the last."""
    session = broker.subscribed()
    for done, mid in enumerate(ids, 1):
        session.send(publish("probe/a", b"7", mid))
        probe.wait_for(f"committed {done}")
        rig.wait_for("its PUBACK came", lambda: len(session.acknowledged()) == done)
    session.drop()
    probe.wait_for("offline")


def values_again(broker, start, ids, again, before=range(1, MANY + 1)):
    """What a driver makes of @ids that come on the next connection."""
    probe = start("--interval-ms", "20")
    settle_many(broker, probe, before)
    session = broker.subscribed(has_session=True)
    session.send(b"".join(publish("probe/a", b"7", mid, again=again) for mid in ids))
    probe.wait_for("message", len(before) + len(ids))
    return probe.values()[len(before):]


def test_what_a_broker_fell_back_to_is_taken_once(broker, start):
    """It was killed, and what it saved last is older than our PUBACKs."""
    ids = range(MANY - 20, MANY + 1)
    assert values_again(broker, start, ids, again=True) == ["-"] * len(ids)


def test_a_new_message_with_a_forgotten_id_is_new(broker, start):
    """The broker forgot the message, not the session: a press of a button that is like the one
    it forgot gets the same packet id."""
    ids = range(MANY - 20, MANY + 1)
    assert values_again(broker, start, ids, again=False) == ["7"] * len(ids)


def test_behind_a_connection_without_an_answer_it_is_new(broker, start):
    """The broker may have sent there, marked from now on, what it gave a forgotten id."""
    probe = start("--interval-ms", "20")
    settle_many(broker, probe)
    broker.session().drop()
    probe.wait_for("offline", 2)
    session = broker.subscribed(has_session=True)
    session.send(publish("probe/a", b"7", MANY - 1, again=True))
    probe.wait_for("message", MANY + 1)
    assert probe.values()[MANY:] == ["7"]


def test_a_new_message_with_an_id_that_was_free_is_new(broker, start):
    """A broker that always gives the lowest free id; the message was cut off on its way."""
    assert values_again(broker, start, [1], again=True, before=[1] * MANY + [2]) == ["7"]


def with_id(own, value, mid, again=False):
    return publish("probe/a", b'{"id": "%s", "value": %d}' % (own.encode(), value), mid, again=again)


def commit_with_id(broker, start, own, value, mid):
    """A driver that has taken the message, and whose PUBACK the broker has."""
    probe = start("--own-ids", "--interval-ms", "20")
    session = broker.subscribed()
    session.send(with_id(own, value, mid))
    session.wait_for(fake_broker.UNSUBSCRIBE)
    assert session.acknowledged() == [mid]
    session.drop()
    probe.wait_for("offline")
    return probe


def test_a_message_with_an_id_of_its_own_counts_once_by_whatever_way_it_comes(broker, start):
    """Also from a broker that forgot all: no session, no mark, another packet id."""
    probe = commit_with_id(broker, start, "x-1", 70, mid=7)
    session = broker.subscribed(has_session=False)
    session.send(with_id("x-1", 70, mid=9) + with_id("x-1", 70, mid=10, again=True)
                 + with_id("x-2", 70, mid=7))
    probe.wait_for("message", 4)
    assert probe.values() == ["70", "-", "-", "70"]
    session.wait_for(fake_broker.UNSUBSCRIBE)
    assert session.acknowledged() == [9, 10, 7]


def test_an_id_of_its_own_is_known_after_a_kill(broker, start):
    probe = commit_with_id(broker, start, "x-1", 70, mid=7)
    probe.kill()
    broker.forget_waiting()
    again = start("--own-ids", "--interval-ms", "20")
    session = broker.subscribed(has_session=False)
    session.send(with_id("x-1", 70, mid=1) + with_id("x-3", 71, mid=2))
    again.wait_for("message", 2)
    assert again.values() == ["-", "71"]


def test_what_was_read_but_not_committed_is_taken_again_after_a_kill(broker, start):
    probe = start("--hold")
    session = broker.subscribed()
    session.send(publish("probe/a", b"70", 7))
    probe.wait_for("message", 1)
    probe.kill()
    assert session.acknowledged() == []
    again = start("--hold")
    session = broker.subscribed(has_session=True)
    session.send(publish("probe/a", b"70", 7, again=True))
    again.wait_for("message", 1)
    assert again.values() == ["70"]


def test_an_id_that_was_read_but_not_committed_is_taken_again_after_a_kill(broker, start):
    probe = start("--own-ids", "--hold")
    session = broker.subscribed()
    session.send(with_id("x-1", 70, mid=7))
    probe.wait_for("message", 1)
    probe.kill()
    again = start("--own-ids", "--hold")
    session = broker.subscribed(has_session=True)
    session.send(with_id("x-1", 70, mid=7, again=True))
    again.wait_for("message", 1)
    assert again.values() == ["70"]


def test_a_topic_that_the_broker_refuses_is_reported(broker, start):
    probe = start()
    session = broker.session()
    session.granted = 0x80
    session.accept()
    session.wait_for(fake_broker.SUBSCRIBE)
    probe.wait_for("report numbers the broker does not let us subscribe to 'probe/#'")


@pytest.mark.parametrize("pace_s", [0, 2.2])  # the other one's back-off
def test_a_client_id_that_is_used_twice_is_named_also_while_connected(broker, start, pace_s):
    probe = start()
    for _ in range(3):
        session = broker.subscribed()
        time.sleep(pace_s)
        session.drop()
    probe.wait_for("offline", 3)
    assert "used twice" in [line for line in probe.lines if line.startswith("offline")][2]
    broker.subscribed()
    probe.wait_for("report bus connected, but thrown out again and again; is the client id")


def test_a_broker_that_is_restarted_again_and_again_accuses_nobody(broker, start):
    probe = start()
    for times in range(1, 5):
        broker.end(broker.subscribed())
        probe.wait_for("offline", times)
        broker.listen(broker.port)  # back before it is tried again
    broker.subscribed()
    assert not any("client id" in line for line in probe.read(0.5))


def test_a_broker_that_refuses_us_is_quoted(broker, start):
    probe = start()
    broker.session().send(fake_broker.packet(fake_broker.CONNACK, b"\0\5"))
    probe.wait_for("offline")
    assert "not authorised" in probe.lines[0]


def test_connected_but_silent_is_reported_until_something_comes(broker, start):
    probe = start("--silence-ms", "200")
    session = broker.subscribed()
    probe.wait_for("report bus connected, but no message")
    session.send(publish("probe/a", b"1", 1))
    probe.wait_for("report bus fine")


def test_a_topic_that_nobody_has_is_reported(broker, start):
    probe = start()
    session = broker.subscribed()
    session.send(publish("other/b", b"1", 1))
    probe.wait_for("report bus messages on topics that no device has, such as 'other/b'")


def test_a_malformed_message_is_reported_until_a_good_one_comes(broker, start):
    probe = start()
    session = broker.subscribed()
    session.send(publish("probe/a", b"{", 1))
    probe.wait_for("report numbers message on 'probe/a': not valid JSON")
    session.send(publish("probe/a", b"1", 2))
    probe.wait_for("report numbers fine")


def committed_values(journal):
    """Values of the closed batches."""
    values, batch = [], []
    for line in pathlib.Path(journal).read_text().splitlines():
        if line.startswith("S "):
            batch.append(int(line.split()[1]))
        elif line == "C":
            values += batch
            batch = []
    return values


def subscribed_once(build, journal, port):
    """The broker keeps a session from here on."""
    probe = Probe(build, journal, port)
    rig.wait_for("the probe is subscribed", lambda: _echoes(probe, port))
    probe.stop()


def _echoes(probe, port):
    subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(port), "-q", "1", "-t", "probe/a", "-m", "0"],
                   check=True)
    return "0" in probe.values()


def test_killed_at_random_moments_nothing_is_lost_and_nothing_doubled(build, tmp_path, servers):
    broker = rig.Broker(tmp_path, "school-broker").start()
    servers.append(broker)
    journal = tmp_path / "journal"
    subscribed_once(build, journal, broker.port)
    before = len(committed_values(journal))

    dice = random.Random(SEED)
    publisher = mqtt_client("sensor")
    publisher.connect("127.0.0.1", broker.port)
    publisher.loop_start()
    told = []
    for _ in range(12):
        probe = Probe(build, journal, broker.port, "--window", "0", "--interval-ms", "20")
        for _ in range(40):
            told += [publisher.publish("probe/a", str(len(told) + i + 1), qos=1)
                     for i in range(8)]
            probe.read(dice.random() * 0.002)
        time.sleep(dice.random() * 0.03)
        probe.kill()
        probe.process.stdout.close()
    for message in told:
        message.wait_for_publish()
    publisher.disconnect()
    publisher.loop_stop()
    sent = len(told)

    probe = Probe(build, journal, broker.port, "--window", "0", "--interval-ms", "20")
    rig.wait_for("everything is committed",
                 lambda: probe.read() is not None
                 and len(set(committed_values(journal)[before:])) >= sent, 20)
    time.sleep(0.1)
    probe.stop()
    values = committed_values(journal)[before:]
    values = [v for v in values if v]
    assert sorted(values) == list(range(1, sent + 1)), f"GW_SEED={SEED}"
