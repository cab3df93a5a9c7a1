"""Orders of the county on the real daemon: each is done once, and what is refused is journalled with why."""
import contextlib
import json
import re
import sqlite3
import struct
import subprocess
import time

import pytest

import ledger
import rig
from fake_broker import PUBLISH, SUBSCRIBE, FakeBroker
from platform_rig import TOPIC, Key, Platform, in_minutes, message, order, seal
from test_defense import DEVICES, alarm, tell, waits

PANIC = "TF-01@panic-gate"
COUNTY = """\
county: {{broker: "mqtt://127.0.0.1:{port}", resend: 2s{keys}}}
plugins:
  three_defense: {{areas: [{{id: labs, title: 实验室, zones: [lab-window], by_hand: true}}]}}
"""


def write(site, county_broker, keys=None):
    listed = ", ".join(f'{key.name}: "{key.public}"' for key in keys or ())
    site.gateway_yaml(COUNTY.format(port=county_broker.port, keys=f", command_keys: {{{listed}}}" if listed else ""))


def status(gateway):
    return gateway.get("status")["county"]


def is_settled(gateway):
    county = status(gateway)
    return county["connected"] and county["messages"] == county["outbox_acknowledged"]


def hears(gateway):
    """It is connected and has what it asked the broker for."""
    rig.wait_for("the gateway is connected", lambda: status(gateway)["connected"])


@pytest.fixture
def ready(site, school, county_broker):
    """Everything but the gateway's start."""
    site.shipped()
    write(site, county_broker, [Key()])
    site.write("devices.d/security.yaml", DEVICES.format(port=school.port))
    return site


@pytest.fixture
def platform(county_broker):
    platform = Platform(county_broker.port)
    yield platform
    platform.close()


@pytest.fixture
def gateway(ready, county_broker, platform):
    gateway = ready.gateway()
    rig.wait_for("buses and county are there", lambda: gateway.online() and status(gateway)["connected"])
    rig.wait_for("it asked for orders", lambda: f"{TOPIC}/cmd" in county_broker.text())
    return gateway


@pytest.fixture(autouse=True)
def told(county_broker):
    """The broker says who subscribes to what."""
    with open(county_broker.folder / "mosquitto.conf", "a") as config:
        config.write("log_type all\n")
    county_broker.stop()
    county_broker.start()


def journal(gateway, text, count=1):
    rig.wait_for(f"'{text}' is journalled", lambda: gateway.text().count(text) >= count)


def press(gateway, school, times=1):
    """A panic that is latched, over and over: each step is a row."""
    for _ in range(times):
        tell(school, "panic-gate", "pressed")
        waits(gateway, PANIC, "unacknowledged")
        tell(school, "panic-gate", "normal")
        waits(gateway, PANIC, "latched")
        assert gateway.request("POST", f"alarms/{PANIC}/ack", {})[0] == 200
        assert gateway.request("POST", f"alarms/{PANIC}/reset", {})[0] == 200
        waits(gateway, PANIC, "normal")


def make_rows(gateway, school, platform, times=2):
    press(gateway, school, times)
    rig.wait_for("all rows are answered", lambda: is_settled(gateway))
    rows = {row["seq"]: row for row in platform.rows()}
    assert len(rows) >= 4 * times
    return rows


def test_an_alarm_is_acknowledged_once(gateway, school, platform):
    tell(school, "panic-gate", "pressed")
    waits(gateway, PANIC, "unacknowledged")
    platform.give(1, "acknowledge", alarm=PANIC, by="duty")
    waits(gateway, PANIC, "acknowledged")
    assert alarm(gateway, PANIC)["actor"] == "county:duty"
    journal(gateway, f"ordered acknowledge {PANIC} (key county-1, seq 1, by duty): done")
    platform.wait_for("the county hears of it", lambda p: any(
        body["data"]["cause"] == "acknowledge" and body["data"]["role"] == "county" for body in p.bodies("alarm")))


def test_a_drill_is_announced_and_ended(gateway, platform):
    def open_drills():
        return [(row["target"], row["by"]) for row in gateway.get("commands/tests")["answer"]["open"]]

    platform.give(1, "drill", target="canteen", minutes=20, comment="消防演练", by="county")
    rig.wait_for("the drill runs", lambda: open_drills() == [("canteen", "county")])
    journal(gateway, "ordered drill canteen (key county-1, seq 1, by county; 消防演练): done")
    platform.give(2, "drill", target="canteen", value="off")
    rig.wait_for("the drill is over", lambda: open_drills() == [])
    journal(gateway, "ordered drill canteen (key county-1, seq 2): done")
    platform.give(3, "drill", target="nowhere", minutes=20, comment="x")
    journal(gateway, "an order is refused: drill nowhere (key county-1, seq 3; x): there is no place 'nowhere'")


def test_the_status_is_told_again(gateway, platform):
    platform.wait_for("it is there", lambda p: p.bodies("birth") and p.bodies("state"))
    before = {kind: len(platform.bodies(kind)) for kind in ("birth", "state")}
    platform.give(1, "status")
    platform.wait_for("it is told again", lambda p: all(len(p.bodies(kind)) > before[kind] for kind in before))
    assert platform.bodies("state")[-1]["data"]["status"] == "online"


def test_kept_rows_come_again_as_they_were(gateway, school, platform):
    rows = make_rows(gateway, school, platform)
    counts = {seq: platform.times(seq) for seq in rows}
    platform.give(1, "replay", epoch=rows[1]["epoch"], ranges=[[2, 3], [5, 5]])
    platform.wait_for("they come again", lambda p: all(p.times(seq) > counts[seq] for seq in (2, 3, 5)))
    rig.wait_for("they are answered", lambda: is_settled(gateway))
    assert all(platform.times(seq) == counts[seq] for seq in rows if seq not in (2, 3, 5))
    for row in platform.rows():
        assert row == rows[row["seq"]]
    assert status(gateway)["messages"] == max(rows)


def test_rows_that_are_gone_are_named_and_those_not_made_yet_are_not(ready, gateway, school, platform):
    rows = make_rows(gateway, school, platform)
    gateway.stop()
    with sqlite3.connect(ready.folder / "campus.db") as db:  # as if they were over a week old
        db.execute("delete from outbox where key & 65535 between 2 and 3")
    db.close()
    gateway = ready.gateway()
    hears(gateway)
    total = status(gateway)["messages"]
    epoch = rows[1]["epoch"]
    platform.give(1, "replay", epoch=epoch, ranges=[[1, 4], [total + 5, total + 6]])
    platform.give(2, "replay", epoch="7", ranges=[[1, 9]])

    def answers(p):
        return [body["data"] for body in p.bodies("summary") if body["type"] == "campus.unavailable.v1"]

    platform.wait_for("they are named", lambda p: len(answers(p)) == 2)
    assert answers(platform) == [{"epoch": epoch, "ranges": [[2, 3]]},
                                 {"epoch": "7", "ranges": [[1, 9]]}]
    platform.wait_for("the others come again", lambda p: p.times(1) > 1 and p.times(4) > 1)
    rig.wait_for("all is answered", lambda: is_settled(gateway))


def test_a_replay_while_the_receiver_is_down_is_stored_once(build, tmp_path, ready, gateway, school, platform,
                                                            county_broker, servers):
    rows = make_rows(gateway, school, platform)
    platform.answers = False
    platform.give(1, "replay", epoch=rows[1]["epoch"], ranges=[[1, max(rows)]])
    platform.wait_for("all are sent twice more", lambda p: all(p.times(seq) > 2 for seq in rows), 40)
    assert status(gateway)["outbox_acknowledged"] == 0
    county = rig.County(build, tmp_path, county_broker.port).start()
    servers.append(county)
    rig.wait_for("the receiver answers", lambda: is_settled(gateway), 40)
    assert ledger.missing_and_doubled(county.database, max(rows)) == (0, 0)


REFUSALS = {
    "unsigned": (lambda key: json.dumps({"payload": seal(json.dumps(order(1, "status")).encode()), "key": key.name,
                                         "signature": seal(bytes(64))}), "its signature is not of the key 'county-1'"),
    "an unknown key": (lambda _: message(order(1, "status"), Key("county-9", 9)), "its key 'county-9' is none of"),
    "a stolen name": (lambda _: message(order(1, "status"), Key("county-1", 9)), "its signature is not of the key"),
    "expired": (lambda key: message(order(1, "status", expires=in_minutes(-1)), key), "it has expired"),
    "for too long": (lambda key: message(order(1, "status", expires=in_minutes(7 * 24 * 60 + 5)), key),
                     "it expires more than 7 days ahead"),
    "for another": (lambda key: message(order(1, "status", gateway="gw-02"), key), "it is for another gateway"),
    "unknown": (lambda key: message(order(1, "unlock", door="b1"), key), "what it says to do is unknown"),
    "no JSON": (lambda _: "{", "malformed: it is not {payload, key, signature}"),
    "no order": (lambda key: message(b"[1]", key), "malformed: gateway"),
    "a field too many": (lambda key: message(order(1, "status", pupil="x"), key), "malformed: it has a field"),
    "no seq": (lambda key: message(order(None, "status"), key), "malformed: seq"),
    "no ranges": (lambda key: message(order(1, "replay", epoch="7"), key), "malformed: ranges"),
    "no such alarm": (lambda key: message(order(1, "acknowledge", alarm="TF-99@moon"), key),
                      "acknowledge TF-99@moon (key county-1, seq 1): "),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_what_is_refused_is_journalled(gateway, platform, what):
    make, why = REFUSALS[what]
    births = len(platform.bodies("birth"))
    platform.publish(make(platform.key))
    journal(gateway, f"an order is refused: {why}")
    platform.give(2, "status")  # obeyed after it, so the other one was not
    platform.wait_for("it is told", lambda p: len(p.bodies("birth")) > births)
    assert len(platform.bodies("birth")) == births + 1


def test_garbage_does_not_fill_the_journal(gateway, platform):
    for _ in range(300):
        platform.publish("{")
    platform.give(1, "status")
    journal(gateway, "ordered status")
    assert gateway.text().count("an order is refused") == 1


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_an_order_is_done_once_over_a_restart(ready, gateway, school, platform, end):
    press(gateway, school)
    tell(school, "panic-gate", "pressed")
    waits(gateway, PANIC, "unacknowledged")
    given = platform.give(64, "acknowledge", alarm=PANIC)
    journal(gateway, "ordered acknowledge")
    getattr(gateway, end)()
    gateway = ready.gateway()
    hears(gateway)
    assert alarm(gateway, PANIC)["state"] == "acknowledged"
    platform.publish(given)
    journal(gateway, "an order is refused: acknowledge TF-01@panic-gate (key county-1, seq 64): its seq came before")
    platform.give(63, "status")  # another receiver's, overtaken
    journal(gateway, "ordered status (key county-1, seq 63): done")
    platform.give(200, "status")
    journal(gateway, "ordered status (key county-1, seq 200): done")
    platform.give(135, "status")
    journal(gateway, "its seq is more than 64 behind the newest of its key")


def on_disk(site, seq):
    """(the book has the order @seq, the row @seq waits to be sent)"""
    with contextlib.closing(sqlite3.connect(f"file:{site.folder}/campus.db?mode=ro", uri=True)) as db:
        pages = db.execute("select bytes from states where owner = 'county-command'").fetchall()
        waits_again = db.execute("select count(*) from outbox where key & 65535 = ? and not exists (select 1 from"
                                 " acknowledged where key between first and last)", (seq,)).fetchone()[0]
    return any(struct.unpack_from("<Q", page, 32)[0] >= seq for page, in pages), waits_again == 1


def test_a_killed_gateway_did_all_of_an_order_or_nothing(ready, gateway, school, platform):
    """Rows and book are of one commit, wherever the kill falls; and what was not done can be given again."""
    rows = make_rows(gateway, school, platform)
    platform.answers = False
    for seq in range(1, 9):
        given = platform.give(seq, "replay", epoch=rows[1]["epoch"], ranges=[[seq, seq]])
        time.sleep(0.003 * seq)
        gateway.kill()
        noted, waits_again = on_disk(ready, seq)
        assert noted == waits_again, seq
        gateway = ready.gateway()
        hears(gateway)
        platform.publish(given)
        journal(gateway, f"ordered replay (key county-1, seq {seq}): done" if not noted else
                f"replay (key county-1, seq {seq}): its seq came before")
        platform.wait_for("the row comes again", lambda p, seq=seq: p.times(seq) > 1)


def test_a_retained_order_is_one_like_any(ready, platform, school):
    text = message(order(5, "status"), platform.key)
    platform.publish(text, retain=True)
    gateway = ready.gateway()
    journal(gateway, "ordered status (key county-1, seq 5): done")
    gateway.stop()
    ready.gateway()
    journal(gateway, "its seq came before")


class Cut(Exception):
    """The broker ends the connection."""


def strict(session, cuts):
    """Lets nobody read orders: it says so, or ends the connection."""
    plain = session._answer

    def answer(kind, body):
        is_order = kind == SUBSCRIBE and body.endswith(b"/cmd\1")
        if is_order and cuts:
            raise Cut
        session.granted = 0x80 if is_order else 1
        plain(kind, body)

    session._answer = answer
    session.accept()
    return session


def subscriptions(session):
    return [body for kind, body in session.packets if kind == SUBSCRIBE]


def told_of_itself(session):
    return any(kind == PUBLISH and f"{TOPIC}/state".encode() in body for kind, body in session.packets)


@pytest.fixture
def strict_broker(ready):
    broker = FakeBroker()
    write(ready, broker, [Key()])
    yield broker
    broker.close()


def test_without_the_right_to_read_orders_the_connection_stands(ready, strict_broker):
    gateway = ready.gateway()
    session = strict(strict_broker.session(), cuts=False)

    def has_heard():
        session.read(0.05)
        return len(subscriptions(session)) == 2 and told_of_itself(session)

    rig.wait_for("it was told", has_heard)
    journal(gateway, "this gateway may not read its topic 'cmd': no order arrives")
    session.read(0.05)
    assert status(gateway)["connected"]


def test_a_broker_that_ends_the_connection_for_orders_is_asked_no_more(ready, strict_broker):
    gateway = ready.gateway()
    for _ in range(3):
        session = strict(strict_broker.session(), cuts=True)
        with pytest.raises(Cut):
            session.read(20)
        session.drop()
    session = strict(strict_broker.session(), cuts=True)
    journal(gateway, "it ends the connection when the topic 'cmd' is asked for")

    def is_told():
        session.read(0.05)
        return told_of_itself(session)

    rig.wait_for("it is connected", is_told)
    session.read(0.5)
    assert len(subscriptions(session)) == 1


def test_keys_come_and_go_with_a_reload(ready, platform, county_broker):
    def reload():
        subprocess.run([ready.build / "campusctl", "--socket", gateway.socket, "reload", "--yes"], check=True,
                       capture_output=True, timeout=60)
        hears(gateway)

    write(ready, county_broker)
    gateway = ready.gateway()
    hears(gateway)
    write(ready, county_broker, [Key()])
    reload()
    given = platform.give(7, "status")
    journal(gateway, "ordered status (key county-1, seq 7): done")
    renamed = Key("county-2")
    write(ready, county_broker, [renamed, Key("other", 2)])
    reload()
    platform.publish(given)
    journal(gateway, "its key 'county-1' is none of county.command_keys")
    platform.publish(message(order(7, "status"), renamed))
    journal(gateway, "status (key county-2, seq 7): its seq came before")
    platform.publish(message(order(7, "status"), Key("other", 2)))
    journal(gateway, "ordered status (key other, seq 7): done")


def test_a_key_that_is_none_is_told_by_the_check(ready, county_broker):
    text = (ready.config / "gateway.yaml").read_text()
    (ready.config / "gateway.yaml").write_text(re.sub(r'county-1: "[^"]*"', 'county-1: "AAEC"', text))
    done = subprocess.run([ready.build / "campus-gatewayd", "--config", ready.config, "--check"],
                          capture_output=True, text=True, check=False, env={"LANG": "en_US.UTF-8"})
    assert done.returncode == 1
    assert "county.command_keys.county-1: 3 bytes (allowed: an Ed25519 public key" in done.stdout + done.stderr
