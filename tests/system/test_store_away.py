"""No usable store is no reason not to guard: what happens meanwhile is kept, and nothing of it
is lost, doubled or given another name when the store comes."""
import json
import os
import pathlib
import sqlite3
import subprocess

import pytest

import ledger
import numbered
import rig
from fake_broker import FakeBroker, publish

ALARM = "CS-04@b1-203"
COUNTER = """\
buses:
  - {{name: school-broker, driver: mqtt, broker: "mqtt://127.0.0.1:{port}", window: 0}}
devices:
  - {{name: people-203, bus: school-broker, template: milesight-vs135, topic: people/203, place: b1-203}}
"""
# root without its right to write everywhere, as in test_start.py
NO_OVERRIDE = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.getuid() == 0 else []


def in_state_folder(site):
    """The database in a folder of its own; the folder, not made."""
    path = site.config / "gateway.yaml"
    path.write_text(path.read_text().replace("/campus.db", "/state/campus.db"))
    return site.folder / "state"


def store(gateway):
    return gateway.get("status")["store"]


def is_away(gateway):
    return store(gateway)["away"]


def comes(gateway):
    """Waits for the store; opening is tried at least every 30 s."""
    def here():
        answer = gateway.answers()  # it does not answer while it begins anew
        return answer and not answer["store"]["away"] and answer["store"]["commits"] > 0
    rig.wait_for("the store has come", here, 60)


@pytest.fixture
def room(site, school, county, county_broker):
    """A gateway on one people counter; its state folder does not exist yet."""
    site.shipped()
    site.gateway_yaml(f'county: {{broker: "mqtt://127.0.0.1:{county_broker.port}"}}\n'
                      f'local: {{broker: "mqtt://127.0.0.1:{school.port}"}}')
    site.write("devices.d/room.yaml", COUNTER.format(port=school.port))
    site.state = in_state_folder(site)
    site.school = school
    site.county = county
    return site


def start(room, prefix=()):
    return room.gateway(["--school-time", "2026-11-23T08:26:00+08:00", "--school-speed", "60"],
                        prefix=prefix)


def count(room, people_in, people_out):
    body = json.dumps({"line_total_data": [{"line": 1, "total": {
        "in_counted": people_in, "out_counted": people_out}}]})
    subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(room.school.port), "-q", "1",
                    "-t", "people/203", "-m", body], check=True)


def overfill(room, gateway):
    """More people than the room holds, until everybody in the school knows."""
    rig.wait_for("the counter's broker is there", gateway.online)
    count(room, 100, 100)
    rig.wait_for("the room is known empty", lambda: any(
        row["name"] == "b1-203/occupancy" and row["value"] == 0
        for row in gateway.get("points?glob=b1-203/*")["points"]))
    count(room, 151, 100)
    rig.wait_for("the alarm", lambda: state(gateway) == "unacknowledged")


def row(gateway):
    rows = [row for row in gateway.get("alarms?all=1")["alarms"] if row["id"] == ALARM]
    return rows[0] if rows else None


def state(gateway):
    found = row(gateway)
    return found and found["state"]


def topic_state(room):
    done = subprocess.run(["mosquitto_sub", "-h", "127.0.0.1", "-p", str(room.school.port), "-t",
                           "school/alarm/CS-04/b1-203", "-C", "1", "-W", "2"],
                          capture_output=True, text=True, check=False)
    return json.loads(done.stdout)["state"] if done.stdout else None


def acknowledge(gateway):
    status, answer = gateway.request("POST", f"alarms/{ALARM}/ack", {"by": "guard"})
    assert status in (200, 202, 204), answer


def acknowledge_or_raise(room, gateway):
    """The alarm that stood before; where nobody can know of it, a new one."""
    if state(gateway) is None:
        overfill(room, gateway)
    acknowledge(gateway)
    assert state(gateway) == "acknowledged"


def at_county(room):
    """(uid, to) of each transition of the alarm at the county, in order."""
    bodies = [json.loads(body) for *_, body in ledger.rows(room.county.database)]
    return [(body["data"]["uid"], body["data"]["to"]) for body in bodies
            if body["type"] == "campus.alarm.v1" and body["data"]["rule"] == "CS-04"]


def ids(gateway):
    return {row["name"]: row["id"] for row in gateway.get("points")["points"]}


def test_a_school_without_a_state_folder_is_guarded_and_told_later(room):
    gateway = start(room)
    assert is_away(gateway)
    assert "its folder does not exist" in store(gateway)["fault"]
    assert store(gateway)["given_up"] == {"evidence": 0, "transitions": 0}
    rig.wait_for("SY-02 says so", lambda: any(
        row["id"] == "SY-02@gateway" for row in gateway.get("alarms")["alarms"]))
    overfill(room, gateway)
    assert topic_state(room) == "unacknowledged"
    acknowledge(gateway)
    assert at_county(room) == []
    room.state.mkdir()
    comes(gateway)
    assert state(gateway) == "acknowledged"
    uid = row(gateway)["uid"]
    assert 0 < uid < 100, "a number for life, behind the disk's"
    rig.wait_for("the county knows", lambda: at_county(room) == [(uid, "unacknowledged"),
                                                                 (uid, "acknowledged")])
    assert gateway.stop() == 0
    assert gateway.start().answers()["store"]["fault"] == ""
    assert (state(gateway), row(gateway)["uid"]) == ("acknowledged", uid)


def test_a_stop_before_the_next_try_loses_no_alarm(room):
    gateway = start(room)
    overfill(room, gateway)
    acknowledge(gateway)
    room.state.mkdir()
    assert gateway.stop() == 0  # the next try may be half a minute away
    gateway.start()
    uid = row(gateway)["uid"]
    assert state(gateway) == "acknowledged"
    rig.wait_for("the county knows", lambda: at_county(room) == [(uid, "unacknowledged"),
                                                                 (uid, "acknowledged")])


def test_ids_and_alarms_of_before_are_those_of_the_disk(room):
    room.state.mkdir()
    gateway = start(room)
    overfill(room, gateway)
    before = ids(gateway)
    first = row(gateway)["uid"]
    assert gateway.stop() == 0
    room.state.rename(room.folder / "unmounted")
    # another device before the old ones: its points would take their ids
    room.write("devices.d/a-new-one.yaml", "devices:\n  - {name: people-204, bus: school-broker, "
               "template: milesight-vs135, topic: people/204, place: b1-204}\n")
    gateway = start(room)
    assert is_away(gateway)
    overfill(room, gateway)
    acknowledge(gateway)
    assert {name: ids(gateway)[name] for name in before} != before, "the ids prove nothing"
    (room.folder / "unmounted").rename(room.state)
    comes(gateway)
    assert {name: ids(gateway)[name] for name in before} == before
    second = row(gateway)["uid"]
    assert state(gateway) == "acknowledged"
    assert first < second < 100
    rig.wait_for("the county knows both", lambda: at_county(room) == [
        (first, "unacknowledged"), (second, "unacknowledged"), (second, "acknowledged")])


def test_a_folder_that_is_read_only_for_a_while(room):
    room.state.mkdir(mode=0o500)
    gateway = start(room, NO_OVERRIDE)
    assert is_away(gateway)
    assert "Permission denied" in store(gateway)["fault"]
    overfill(room, gateway)
    room.state.chmod(0o700)
    comes(gateway)
    assert state(gateway) == "unacknowledged"


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_folder_of_before_that_may_not_be_written(room, end):
    """After a kill its log and its shared memory lie there too, and may be written themselves."""
    room.state.mkdir()
    gateway = start(room, NO_OVERRIDE)
    overfill(room, gateway)
    first = row(gateway)["uid"]
    rig.wait_for("the county knows", lambda: at_county(room) == [(first, "unacknowledged")])
    getattr(gateway, end)()
    room.state.chmod(0o500)
    gateway.start()
    acknowledge_or_raise(room, gateway)
    room.state.chmod(0o700)
    comes(gateway)
    assert state(gateway) == "acknowledged"
    assert gateway.stop() == 0


@pytest.mark.skipif(os.getuid() != 0, reason="mounts a folder read-only")
def test_a_file_system_that_became_read_only(room):
    """As the kernel leaves one whose card has failed."""
    room.state.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", room.state], check=True)
    try:
        gateway = start(room)
        overfill(room, gateway)
        gateway.kill()
        subprocess.run(["mount", "-o", "remount,ro", room.state], check=True)
        gateway.start()
        assert is_away(gateway)
        acknowledge_or_raise(room, gateway)
        subprocess.run(["mount", "-o", "remount,rw", room.state], check=True)
        comes(gateway)
        assert state(gateway) == "acknowledged"
        assert gateway.stop() == 0
    finally:
        room.servers[-1].stop()
        subprocess.run(["umount", room.state], check=True)


def test_a_database_that_another_program_holds(room):
    room.state.mkdir()
    gateway = start(room)
    overfill(room, gateway)
    assert gateway.stop() == 0
    held = sqlite3.connect(room.state / "campus.db", isolation_level=None)
    held.execute("pragma locking_mode = exclusive")
    held.execute("begin exclusive")
    gateway = start(room)
    assert is_away(gateway)
    overfill(room, gateway)
    held.close()
    comes(gateway)
    assert state(gateway) == "unacknowledged"


@pytest.mark.skipif(os.getuid() != 0, reason="mounts a small tmpfs")
def test_a_full_disk_at_the_start_and_while_it_runs(room):
    room.state.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", room.state], check=True)
    try:
        filler = room.state / "somebody-elses"
        fill(filler)
        gateway = start(room)
        assert is_away(gateway)
        overfill(room, gateway)
        filler.unlink()
        comes(gateway)
        fill(filler)
        acknowledge(gateway)
        assert state(gateway) == "acknowledged"
        filler.unlink()
        rig.wait_for("all is written", lambda: store(gateway)["waiting"] == 0
                     and not store(gateway)["fault"])
        assert gateway.stop() == 0
    finally:
        room.servers[-1].stop()
        subprocess.run(["umount", room.state], check=True)


def fill(path):
    """Takes all room there is."""
    with open(path, "ab", buffering=0) as file:
        for size in (4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                pass


def test_messages_of_the_time_without_a_store_are_taken_once(site, school, county,
                                                             county_broker):
    numbered.write_site(site, school.port, county_broker.port)
    state = in_state_folder(site)
    gateway = site.gateway()
    assert is_away(gateway)
    rig.wait_for("the broker is there", gateway.online)
    publisher = numbered.NumberedPublisher(school.port, 200)
    rig.wait_for("messages are taken", lambda: gateway.get("status")["readings"]["mqtt"] > 400)
    state.mkdir()
    comes(gateway)
    publisher.stop()
    stored = numbered.finish(publisher, school.port, gateway, county)
    assert len(publisher.confirmed) > 400
    assert sorted(publisher.confirmed - set(stored)) == []
    assert len(stored) == len(set(stored))


class Numbers:
    """A broker that sends numbers, each under its own as packet id; every third bears an id of
    its own."""

    def __init__(self):
        self.broker = FakeBroker()
        self.port = self.broker.port
        self.session = None

    def connected(self, has_session):
        self.session = self.broker.subscribed(has_session)

    def send(self, *numbers, again=False):
        for number in numbers:
            body = str(number)
            topic = "campus/p1/serial"
            if number % 3 == 0:
                topic, body = "counted", json.dumps({"id": f"x-{number}", "value": number})
            self.session.send(publish(topic, body.encode(), number, again=again))

    def wait_acknowledged(self, *numbers):
        rig.wait_for(f"{numbers} are acknowledged",
                     lambda: set(numbers) <= set(self.session.acknowledged()))

    def stop(self):
        self.broker.close()


@pytest.fixture
def numbers(site, servers, county, county_broker):
    """A site on it, whose database is on the disk with the numbers 1 to 6; the daemon was killed
    before the broker heard of it."""
    source = Numbers()
    servers.append(source)
    numbered.write_site(site, source.port, county_broker.port)
    site.write("devices.d/counted.yaml", numbered.WITH_IDS)
    source.state = in_state_folder(site)
    source.state.mkdir()
    source.gateway = site.gateway()
    source.county = county
    source.config = site.config
    source.connected(has_session=False)
    source.send(1, 2, 3, 4, 5, 6)
    source.wait_acknowledged(1, 2, 3, 4, 5, 6)
    source.gateway.kill()
    return source


def start_away(numbers):
    numbers.hidden = numbers.state.with_name("unmounted")
    numbers.state.rename(numbers.hidden)
    numbers.gateway.start()
    assert is_away(numbers.gateway)
    numbers.connected(has_session=True)


def wait_taken(numbers, count):
    rig.wait_for("they are taken",
                 lambda: numbers.gateway.get("status")["readings"]["mqtt"] >= count)


def stored_once(numbers, *expected):
    """At the county, and nothing else."""
    def found():
        return sorted(numbered.numbers(ledger.rows(numbers.county.database)))
    rig.wait_for(f"the county has {expected[-1]}", lambda: expected[-1] in found())
    assert found() == sorted(expected)


def test_what_is_on_the_disk_already_is_stored_once(numbers):
    """The broker sends again before anybody can read what the last run had."""
    start_away(numbers)
    numbers.send(1, 2, 3, 4, 5, 6, 7, 9, again=True)
    numbers.send(8)
    wait_taken(numbers, 9)
    numbers.hidden.rename(numbers.state)
    comes(numbers.gateway)
    numbers.connected(has_session=True)
    numbers.send(1, 2, 3, 4, 5, 6, 7, 9, 8, again=True)
    numbers.send(10)
    numbers.wait_acknowledged(*range(1, 11))
    stored_once(numbers, *range(1, 11))
    assert "6 messages came again" in numbers.gateway.text()


def test_what_came_again_is_known_over_connections_without_a_store(numbers):
    """The first of them ends before all came again."""
    start_away(numbers)
    numbers.send(1, 2, 3, again=True)
    wait_taken(numbers, 3)
    numbers.session.drop()
    numbers.connected(has_session=True)
    numbers.send(1, 2, 3, 4, again=True)
    wait_taken(numbers, 4)
    numbers.hidden.rename(numbers.state)
    comes(numbers.gateway)
    numbers.connected(has_session=True)
    numbers.send(1, 2, 3, 4, 5, 6, again=True)
    numbers.send(7)
    numbers.wait_acknowledged(*range(1, 8))
    stored_once(numbers, *range(1, 8))


PAIRS = """\
devices:
  - name: pairs
    bus: school-broker
    topic: pair
    place: p1
    points: [{metric: pair, name: a, path: n, event: true}, {metric: pair, name: b, path: n, event: true}]
"""
PAIR_METRIC = '  pair: {unit: "", title: {zh: 对, en: Pair}, kind: event}\n'
MANY = 11000  # of two readings each: more than fit into memory


def test_what_found_no_room_in_memory_comes_again(numbers):
    """Messages give way whole, and the store that comes has not had them."""
    (numbers.config / "devices.d/pairs.yaml").write_text(PAIRS)
    (numbers.config / "metrics.yaml").write_text(numbered.METRICS + PAIR_METRIC)
    start_away(numbers)
    send_pairs(numbers, again=False)
    wait_taken(numbers, 2 * MANY)
    numbers.hidden.rename(numbers.state)
    comes(numbers.gateway)
    numbers.connected(has_session=True)
    assert 0 < len(pairs_of(numbers)) < MANY, "all found room: nothing is proved"
    send_pairs(numbers, again=True)
    numbers.wait_acknowledged(*range(100, 100 + MANY))
    assert pairs_of(numbers) == {number: 2 for number in range(100, 100 + MANY)}


def send_pairs(numbers, again):
    for number in range(100, 100 + MANY):
        numbers.session.send(publish("pair", json.dumps({"n": number}).encode(), number, again=again))


def pairs_of(numbers):
    """How often each of them is in the log."""
    database = sqlite3.connect(f"file:{numbers.state}/campus.db?mode=ro", uri=True)
    return dict(database.execute("select cast(value as integer), count(*) from readings "
                                 "where value >= 100 group by 1"))


def test_a_database_that_breaks_while_it_is_open(room):
    room.state.mkdir()
    gateway = start(room)
    overfill(room, gateway)
    rig.wait_for("the county knows", lambda: len(at_county(room)) == 1)
    before = ids(gateway)
    epoch = gateway.get("outbox")["epoch"]
    path = pathlib.Path(room.state / "campus.db")
    gateway.process.send_signal(19)  # SIGSTOP: between two commits
    for part in (path, path.with_name("campus.db-wal")):
        if part.exists():
            part.write_bytes(b"\x5a" * part.stat().st_size)
    gateway.process.send_signal(18)
    acknowledge(gateway)
    assert state(gateway) == "acknowledged", "alarms work throughout"
    assert gateway.stop() == 0
    gateway.start()
    assert "the database was broken" in store(gateway)["notice"]
    assert ids(gateway) == before or set(ids(gateway)) == set(before)
    assert gateway.get("outbox")["epoch"] != epoch
    assert len(list(room.state.glob("campus.db.broken-*"))) >= 1
