"""The way to the county, which may be closed for days, and who listens at its end."""
import json
import sqlite3

import rig
from campus_sim import mqtt_client
from proxy import Proxy


class Way(Proxy):
    """The gateway's way to the county's broker; it may be closed for days."""

    def close(self):
        self.broker, self.target = self.target, rig.free_port()
        self.cut()

    def open_again(self):
        self.target = self.broker


class Ears:
    """What comes to the county's broker, each number once and in its order: seq → kind of message."""

    def __init__(self, port):
        self.heard = {}
        self.is_listening = False
        self.client = mqtt_client("ears")
        self.client.on_connect = lambda client, *_: client.subscribe("campus/v1/#", qos=1)
        self.client.on_subscribe = self._on_subscribe
        self.client.on_message = self._on_message
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        rig.wait_for("ears", lambda: self.is_listening)

    def _on_subscribe(self, *_):
        self.is_listening = True

    def _on_message(self, _client, _userdata, message):
        body = json.loads(message.payload)
        if "seq" in body:
            self.heard.setdefault(body["seq"], body["type"].split(".")[1])

    def stop(self):
        self.client.disconnect()
        self.client.loop_stop()


def outbox(gateway):
    return gateway.get("status")["county"]["outbox"]


def is_drained(gateway):
    status = gateway.get("status")
    return status["county"]["outbox"]["waiting"] == status["county"]["outbox"]["untold"] == 0 and status


def steps_of_alarms(folder, rows):
    """(what the history in @folder has, what the county's @rows have) of (uid, step)."""
    history = sqlite3.connect(f"file:{folder}/campus.db?mode=ro", uri=True)
    try:
        here = set(history.execute("select uid, seq from transitions"))
    finally:
        history.close()
    there = {(data["uid"], data["step"]) for *_, body in rows
             if (message := json.loads(body))["type"] == "campus.alarm.v1" and (data := message["data"])}
    return here, there
