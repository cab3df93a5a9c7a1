"""Platforms that know their own format only: a thing model in Alink JSON, ThingsBoard's gateway.

Both are written after the platforms' documents, not after etc/mappings.
"""
import json
import threading

import rig
from campus_sim import mqtt_client


class Platform:
    """Collects what comes on any topic, in order; `answer` says what to publish for it."""

    def __init__(self, port, answer=lambda topic, payload: [], name="foreign-platform"):
        self.answer = answer
        self.messages = []
        self.retained = []
        self._lock = threading.Lock()
        self._subscribed = threading.Event()
        self.client = mqtt_client(name)
        self.client.on_message = self._on_message
        self.client.on_connect = lambda client, *_: client.subscribe("#", 1)
        self.client.on_subscribe = lambda *_: self._subscribed.set()
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        assert self._subscribed.wait(20)

    def _on_message(self, client, _userdata, message):
        if self.is_own(message.topic):
            return
        with self._lock:
            self.messages.append((message.topic, message.payload))
            self.retained += [message.topic] if message.retain else []
        for topic, payload in self.answer(message.topic, message.payload):
            client.publish(topic, payload, qos=1)

    def is_own(self, topic):
        return topic.endswith("_reply")

    def seen(self):
        with self._lock:
            return list(self.messages)

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


class Alink(Platform):
    """A thing model: events of one device, each answered by its id with a code.

    codes: what to answer, by how often the id came: [200] each at once, [None, 200] the second
    time; bytes are sent as they are.
    """
    PRODUCT, DEVICE = "a1B2c3D4e5F", "gw-2153012345"

    def __init__(self, port, codes=(200,)):
        self.codes = list(codes)
        self.counts = {}
        super().__init__(port, self.reply)

    def reply(self, topic, payload):
        number = json.loads(payload)["id"]
        count = self.counts[number] = self.counts.get(number, 0) + 1
        code = self.codes[min(count, len(self.codes)) - 1]
        if code is None:
            return []
        if isinstance(code, bytes):
            return [(topic + "_reply", code)]
        return [(topic + "_reply", json.dumps({"id": number, "code": code, "data": {}}))]

    def events(self, identifier):
        """The params of an event, once for each id; what its envelope must be is asserted."""
        topic = f"/sys/{self.PRODUCT}/{self.DEVICE}/thing/event/{identifier}/post"
        found = {}
        for at, payload in self.seen():
            message = json.loads(payload)
            assert message["version"] == "1.0" and at.startswith(f"/sys/{self.PRODUCT}/{self.DEVICE}/thing/event/")
            assert isinstance(message["id"], str) and 0 <= int(message["id"]) <= 4294967295
            if at == topic:
                assert message["method"] == f"thing.event.{identifier}.post"
                assert found.setdefault(message["id"], message["params"]) == message["params"]
        return list(found.values())


class ThingsBoard(Platform):
    """Time series of devices behind a gateway: PUBACK is the only answer."""

    def series(self):
        """[(device, ts, values)] of every message."""
        found = []
        for topic, payload in self.seen():
            if topic != "v1/gateway/telemetry":
                continue
            for device, points in json.loads(payload).items():
                found += [(device, point["ts"], point["values"]) for point in points]
        return found

    def attributes(self):
        """Of the gateway itself, as they are now."""
        now = {}
        for topic, payload in self.seen():
            if topic == "v1/devices/me/attributes":
                now.update(json.loads(payload))
        return now


def wait_for_settled(gateway, more=lambda: True):
    """Every row of the outbox has ended, and @more holds."""
    def settled():
        county = gateway.get("status")["county"]
        return county["outbox"]["waiting"] == 0 and county["in_flight"] == 0 and more()
    rig.wait_for("every row has ended", settled, 60)
