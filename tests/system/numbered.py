"""A publisher whose own log says what the broker took, and a site that keeps every number.

Each message carries a number of its own, so that the county's ledger can be compared with
the publisher's log: nothing missing, nothing twice.  To the gateway a number is a value like
any other; the numbers from OWN on it may know by the message's own id.
"""
import json
import subprocess
import threading
import time

import ledger
import rig
from campus_sim import mqtt_client

METRICS = """\
metrics:
  serial: {unit: "", title: {zh: 编号, en: Number}, kind: event}
"""
CAMPUS = """\
timezone: Asia/Shanghai
places:
  - {id: p1, kind: classroom, title: 一}
  - {id: p2, kind: classroom, title: 二}
  - {id: p3, kind: classroom, title: 三}
  - {id: p4, kind: classroom, title: 四}
  - {id: own, kind: classroom, title: 五}
"""
DEVICES = """\
buses:
  - {{name: school-broker, driver: mqtt, broker: "mqtt://127.0.0.1:{port}", window: {window}}}
devices:
  - {{name: numbers, bus: school-broker, topic: "campus/{{place}}/{{metric}}", format: text, places: ["p*"], points: [{{metric: serial, event: true}}]}}
"""


OWN = 10_000_000
WITH_IDS = """\
devices:
  - {name: counted, bus: school-broker, topic: counted, id: id, place: own, points: [{metric: serial, path: value, event: true}]}
"""
WITHOUT_IDS = WITH_IDS.replace("id: id, ", "")


def write_site(site, school_port, county_port, window=0, interval="200ms"):
    site.write("metrics.yaml", METRICS)
    site.write("campus.yaml", CAMPUS)
    site.write("devices.d/numbers.yaml", DEVICES.format(port=school_port, window=window))
    site.gateway_yaml(
        f'county: {{broker: "mqtt://127.0.0.1:{county_port}", resend: 2s, window: 100, '
        'telemetry: {points: ["*/serial"], every: reading}}', interval)


class NumberedPublisher:
    """Publishes numbers at a rate, those after @sent; `confirmed` holds what the broker
    acknowledged."""

    def __init__(self, port, rate, sent=0, name="numbered-publisher"):
        self.rate = rate
        self.confirmed = set()
        self.connections = 0  # each one more sends again what was not confirmed
        self._halves = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self.client = mqtt_client(name)
        self.client.max_inflight_messages_set(1000)
        self.client.on_publish = self._on_publish
        self.client.on_connect = self._on_connect
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        self.sent = sent
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _on_connect(self, *_):
        self.connections += 1

    def _on_publish(self, _client, _userdata, mid):
        """The broker has @mid; its number may not be known yet."""
        with self._lock:
            self._match(mid, None)

    def _match(self, mid, number):
        """Two halves meet: the number that got @mid, and its confirmation."""
        if mid not in self._halves:
            self._halves[mid] = number
            return
        known = self._halves.pop(mid)
        self.confirmed.add(number if known is None else known)

    def _run(self):
        began = time.monotonic() - self.sent / self.rate
        while not self._stop.is_set():
            due = int((time.monotonic() - began) * self.rate)
            while self.sent < due:
                self._publish(self.sent + 1)
                self.sent += 1
            self._stop.wait(0.005)

    def _publish(self, number):
        info = self.client.publish(*self._message(number), qos=1)
        with self._lock:
            self._match(info.mid, number)

    def _message(self, number):
        return f"campus/p{number % 4 + 1}/serial", str(number)

    def abandon(self):
        """Ends publishing and sends nothing again; not everything was confirmed."""
        self._stop.set()
        self._thread.join()
        self.client.disconnect()  # its thread ends by itself; to wait takes paho a second

    def stop(self):
        """Ends publishing and waits for the last confirmations."""
        self._stop.set()
        self._thread.join()
        until = time.monotonic() + 10
        while self._halves and time.monotonic() < until:
            time.sleep(0.02)
        self.client.disconnect()
        self.client.loop_stop()


class OwnIdPublisher(NumberedPublisher):
    """Its messages bear ids of their own, from OWN on; it begins with the last @again once
    more, as a device does that does not know what became of them."""

    def __init__(self, port, rate, sent=0, again=0):
        super().__init__(port, rate, sent, "own-id-publisher")
        for number in range(max(1, sent + 1 - again), sent + 1):
            self._publish(number)

    def _message(self, number):
        return "counted", json.dumps({"id": f"x-{number}", "value": OWN + number})


def number_of(payload):
    """The number that a message of either publisher bears."""
    found = json.loads(payload)
    return found["value"] if isinstance(found, dict) else found


def numbers(rows):
    """The numbers that a county ledger holds, as a list: doubles stay visible."""
    found = []
    for *_, body in rows:
        message = json.loads(body)
        if message["type"] == "campus.telemetry.v1":
            found += [round(value) for value in telemetry_values(message["data"])]
    return found


def telemetry_values(data):
    """The values of one telemetry message."""
    return [data["value"]] if data.get("value") is not None else []


def finish(publisher, school_port, gateway, county, seconds=120):
    """The numbers at the county once all of them have come.  One number more is published:
    the broker keeps the order, so whatever it still has for the gateway comes before it."""
    last = publisher.sent + 1
    subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(school_port), "-q", "1", "-t",
                    "campus/p1/serial", "-m", str(last)], check=True)

    def is_through():
        outbox = gateway.get("status")["county"]
        return (last in numbers(ledger.newest(county.database))
                and outbox["messages"] == outbox["outbox_acknowledged"])

    rig.wait_for(f"{last} and all before it are at the county", is_through, seconds)
    return numbers(ledger.rows(county.database))


# Adds and takes away a device of the bus that the numbers come by, so that it is opened anew.
MORE = """\
devices:
  - {name: more, bus: school-broker, topic: more, format: text, place: p1, points: [{metric: more}]}
"""
MORE_METRIC = '  more: {unit: "", title: {zh: 更多, en: More}, kind: gauge}\n'


class Reload:
    """Changes the configuration and asks for it, without waiting.  Made before the start."""

    def __init__(self, site, gateway):
        self.file = site.config / "devices.d/more.yaml"
        self.command = [site.build / "campusctl", "--socket", gateway.socket, "reload", "--yes"]
        self.asked = []
        metrics = site.config / "metrics.yaml"
        metrics.write_text(metrics.read_text() + MORE_METRIC)

    def __call__(self):
        if self.file.exists():
            self.file.unlink()
        else:
            self.file.write_text(MORE)
        self.asked.append(subprocess.Popen(self.command, stdout=subprocess.DEVNULL,
                                           stderr=subprocess.DEVNULL))

    def done(self):
        """How many were over before the kill, and how many were not."""
        codes = [process.wait(20) for process in self.asked]
        return codes.count(0), len(codes) - codes.count(0)
