"""A gateway's side of the contract, as the tests of the receiver play it."""
import json
import sqlite3

import rig
from campus_sim import mqtt_client
from rig import ROOT

TOPIC = "campus/v1/530502/2153012345/gw-01"
EPOCH = "4611686018427387905"


def alarm(seq, epoch=EPOCH, **changes):
    message = json.loads((ROOT / "county/examples/alarm.json").read_text())
    message.update(id=f"gw-01/{epoch}/{seq}", epoch=epoch, seq=seq)
    message["data"].update({"uid": seq, **changes})
    return message


def query(county, sql):
    """Of the receiver's file, while it runs."""
    connection = sqlite3.connect(f"file:{county.database}?mode=ro", uri=True, timeout=10)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


class Gateway:
    """A gateway's side of the contract: publishes, and collects what is acknowledged and ordered."""

    def __init__(self, port, topic=TOPIC, client="gateway-of-the-test"):
        self.topic = topic
        self.answers = []
        self.commands = []
        self.published = set()
        self.client = mqtt_client(client)
        self.client.on_message = self._on_message
        self.client.on_connect = lambda client, *_: client.subscribe(
            [(f"{topic}/ack", 1), (f"{topic}/cmd", 1)])
        self.subscriptions = 0
        self.client.on_subscribe = self._on_subscribe
        self.client.on_publish = lambda _client, _data, mid: self.published.add(mid)
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        self.wait_for_subscription(1)

    def wait_for_subscription(self, count):
        rig.wait_for("the subscription", lambda: self.subscriptions >= count)

    def _on_subscribe(self, *_):
        self.subscriptions += 1

    def _on_message(self, _client, _data, message):
        body = json.loads(message.payload)
        (self.commands if message.topic.endswith("/cmd") else self.answers).append(body)

    def send(self, topic, body, retain=False):
        if not isinstance(body, (str, bytes)):
            body = json.dumps(body)
        mid = self.client.publish(f"{self.topic}/{topic}", body, qos=1, retain=retain).mid
        rig.wait_for("the broker's acknowledgement", lambda: mid in self.published)

    def acknowledged(self, epoch=EPOCH):
        return {seq for answer in self.answers if answer["epoch"] == epoch
                for first, last in answer["ranges"] for seq in range(first, last + 1)}

    def wait_for_answer(self, seqs, epoch=EPOCH):
        rig.wait_for(f"{seqs} acknowledged", lambda: seqs <= self.acknowledged(epoch))

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


def last_stats(county):
    """The line that SIGTERM prints."""
    assert county.stop() == 0
    return json.loads(county.text().splitlines()[-1])


def settle(gateway, topic="alarm"):
    """A first row that is answered: the receiver has subscribed."""
    def first():
        gateway.send(topic, alarm(1))
        return 1 in gateway.acknowledged()
    rig.wait_for("the first row", first)


CONFLICT = "conflict: another body is kept under its key"


def send_conflicts(gateway):
    """Rows 1 to 3, of which 3 is broken; then other bodies under each key, and true copies of all."""
    settle(gateway)
    gateway.send("alarm", alarm(2))
    gateway.send("alarm", alarm(3, uid="seven"))
    gateway.wait_for_answer({2, 3})
    gateway.answers.clear()
    for _ in range(2):
        for seq in (1, 2, 3):
            gateway.send("alarm", alarm(seq, object="other-gate"))
        gateway.send("alarm", dict(alarm(2), pupil="x"))
        gateway.send("alarm", alarm(2))
        gateway.send("alarm", json.dumps(alarm(2), indent=1))
        gateway.send("alarm", alarm(3, uid="seven"))
    gateway.send("alarm", alarm(4))
    gateway.wait_for_answer({1, 2, 3, 4})


def through_deaths_of(county, gateway):
    """Killed three times with ten messages waiting, it gets them all: 1 to 31."""
    settle(gateway)
    for number in range(3):
        county.kill()
        for seq in range(2 + 10 * number, 12 + 10 * number):
            gateway.send("alarm", alarm(seq))
        county.start()
        gateway.wait_for_answer(set(range(2, 12 + 10 * number)))


BROKEN = {
    "not JSON": (None, b"{"),
    "a list": (None, b"[]"),
    "bad UTF-8": (None, b'{"type": "\xff"}'),
    "a number out of range": (None, b'{"seq": 1e999}'),
    "deep": (None, b"[" * 100000),
    "a field too many": (2, json.dumps(alarm(2, pupil="门卫甲"))),
    "a wrong type": (2, json.dumps(alarm(2, uid="seven"))),
    "another id": (2, json.dumps(dict(alarm(2), id="gw-01/1/1"))),
    "an unknown kind": (2, json.dumps(dict(alarm(2), type="campus.gossip.v1"))),
}
