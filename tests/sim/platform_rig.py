"""The county's platform as a test plays it: signs orders, collects what comes, answers when told to."""
import base64
import ctypes
import datetime
import json
import threading

import rig
from campus_sim import mqtt_client

TOPIC = "campus/v1/530502/2153012345/gw-test"


class Key:
    """A pair of Ed25519 keys by the gateway's own library; @number draws it."""

    _sodium = None

    def __init__(self, name="county-1", number=1):
        if Key._sodium is None:
            Key._sodium = ctypes.CDLL("libsodium.so.23")
            assert Key._sodium.sodium_init() >= 0
        self.name = name
        public, self._secret = (ctypes.create_string_buffer(size) for size in (32, 64))
        self._sodium.crypto_sign_seed_keypair(public, self._secret, bytes([number]) * 32)
        self.public = base64.b64encode(public.raw).decode()

    def sign(self, payload):
        signature = ctypes.create_string_buffer(64)
        self._sodium.crypto_sign_detached(signature, None, payload, ctypes.c_ulonglong(len(payload)), self._secret)
        return signature.raw


def seal(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def in_minutes(minutes):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)).isoformat()


def order(seq, what, **fields):
    """A payload for gw-test that holds for an hour; None leaves a field out."""
    payload = {"gateway": "gw-test", "seq": seq, "expires": in_minutes(60), "do": what, **fields}
    return {key: value for key, value in payload.items() if value is not None}


def message(payload, key):
    """The message of @payload (a mapping, or bytes as they are)."""
    raw = payload if isinstance(payload, bytes) else json.dumps(payload, ensure_ascii=False).encode()
    return json.dumps({"payload": seal(raw), "key": key.name, "signature": seal(key.sign(raw))})


class Platform:
    """Hears all that the gateway says; acknowledges rows as they come where @answers."""

    def __init__(self, port, answers=True, key=None):
        self.key = key or Key()
        self.answers = answers
        self.heard = []  # (topic's last word, body)
        self._lock = threading.Lock()
        self._subscribed = threading.Event()
        self.client = mqtt_client("platform-of-the-test")
        self.client.on_message = self._on_message
        self.client.on_connect = lambda client, *_: client.subscribe(f"{TOPIC}/#", qos=1)
        self.client.on_subscribe = lambda *_: self._subscribed.set()
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        assert self._subscribed.wait(20)

    def _on_message(self, _client, _data, packet):
        kind = packet.topic.rsplit("/", 1)[1]
        if kind in ("ack", "cmd"):
            return
        body = json.loads(packet.payload)
        with self._lock:
            self.heard.append((kind, body))
        if self.answers and "seq" in body:
            self.acknowledge(body["epoch"], [[body["seq"], body["seq"]]])

    def acknowledge(self, epoch, ranges):
        self.client.publish(f"{TOPIC}/ack", json.dumps({"epoch": epoch, "ranges": ranges}), qos=1)

    def publish(self, text, retain=False):
        """@text on the topic of orders; the broker has it."""
        self.client.publish(f"{TOPIC}/cmd", text, qos=1, retain=retain).wait_for_publish()

    def give(self, seq, what, **fields):
        """An order; returns its message."""
        text = message(order(seq, what, **fields), self.key)
        self.publish(text)
        return text

    def bodies(self, kind=None):
        with self._lock:
            return [body for topic, body in self.heard if kind in (None, topic)]

    def rows(self):
        """Every row as it came, copies too."""
        return [body for body in self.bodies() if "seq" in body]

    def times(self, seq):
        return sum(body["seq"] == seq for body in self.rows())

    def wait_for(self, what, condition, seconds=20):
        return rig.wait_for(what, lambda: condition(self), seconds)

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()
