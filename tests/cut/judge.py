"""What a gateway had promised by a moment of a recording, and whether a database holds it."""
import contextlib
import sqlite3
from dataclasses import dataclass

PUBLISH, PUBACK = 3, 4


class Stream:
    """MQTT packets out of the pieces of one direction of a connection."""

    def __init__(self):
        self.buffer = b""

    def feed(self, data):
        """(kind, flags, body) of every packet that is whole now."""
        self.buffer += data
        while len(self.buffer) >= 2:
            length, size = 0, 1
            while True:
                if size >= len(self.buffer):
                    return
                digit = self.buffer[size]
                length |= (digit & 127) << 7 * (size - 1)
                size += 1
                if digit < 128:
                    break
            if len(self.buffer) < size + length:
                return
            body = self.buffer[size:size + length]
            first, self.buffer = self.buffer[0], self.buffer[size + length:]
            yield first >> 4, first & 15, body


def published(body, qos):
    """(message id, topic, payload) of a PUBLISH."""
    size = int.from_bytes(body[:2], "big")
    topic, rest = body[2:2 + size].decode(), body[2 + size:]
    if qos == 0:
        return 0, topic, rest
    return int.from_bytes(rest[:2], "big"), topic, rest[2:]


@dataclass
class Arrival:
    """A QoS 1 message from the school's broker; acknowledged: the event, if it ever was."""
    at: int
    message: int
    topic: str
    payload: bytes
    acknowledged: object = None

    @property
    def is_numbered(self):
        return self.topic.endswith("/serial")


@dataclass(frozen=True)
class Sent:
    """A row that was sent to the county with event number @at."""
    at: int
    body: str


def promises(events):
    """(every row that was sent, every message that arrived), in order."""
    streams = {}
    waiting = {}  # (connection, message id) → its arrival
    rows = []
    arrivals = []
    for at, event in enumerate(events):
        if event.kind not in ("received", "sent"):
            continue
        stream = streams.setdefault((event.kind, event.name), Stream())
        for kind, flags, body in stream.feed(event.data):
            qos = flags >> 1 & 3
            if kind == PUBLISH and qos and event.kind == "sent":
                _, topic, payload = published(body, qos)
                if topic.startswith("campus/v1/") and b'"seq"' in payload:
                    rows.append(Sent(at, payload.decode()))
            elif kind == PUBLISH and qos:
                message, topic, payload = published(body, qos)
                arrivals.append(Arrival(at, message, topic, payload))
                waiting[event.name, message] = arrivals[-1]
            elif kind == PUBACK and event.kind == "sent":
                message = int.from_bytes(body[:2], "big")
                waiting.pop((event.name, message)).acknowledged = at
    return rows, [arrival for arrival in arrivals if not arrival.topic.startswith("campus/v1/")]


SERIALS = """SELECT value FROM main.readings WHERE point IN
             (SELECT id FROM main.points WHERE name LIKE '%/serial')"""


class Judge:
    """Compares databases after a cut with the one of the run that was not cut."""

    # Each answers with rows only where something is wrong.
    FAULTS = {
        "a row that was never made, or another one": """
            SELECT key FROM main.outbox AS o WHERE body IS NOT
            (SELECT body FROM whole.outbox AS w WHERE w.key = o.key)""",
        "a gap in seq": """
            SELECT seq, (SELECT count(*) FROM outbox) FROM progress
            WHERE seq IS NOT (SELECT count(*) FROM outbox)
            OR seq IS NOT (SELECT ifnull(max(key & 0xFFFFFFFFFFFF), 0) FROM outbox)""",
        "a number twice": SERIALS + " GROUP BY value HAVING count(*) > 1",
        "a reading without its row, or a row without its reading": f"""
            SELECT count(*) FROM ({SERIALS})
            HAVING count(*) IS NOT (SELECT count(*) FROM main.outbox WHERE kind = 2)""",
        "an alarm without its row, or a row without its alarm": """
            SELECT count(*) FROM main.transitions
            HAVING count(*) IS NOT (SELECT count(*) FROM main.outbox WHERE kind = 0)""",
        "a row that the county has and we do not": """
            SELECT last FROM main.acknowledged AS a
            WHERE last > (SELECT ifnull(max(key), 0) FROM main.outbox)""",
    }

    def __init__(self, whole, rows, arrivals):
        self.whole = whole
        self.rows = rows
        self.arrivals = arrivals
        with contextlib.closing(sqlite3.connect(f"file:{whole}?mode=ro", uri=True)) as db:
            self.keys = {body: key for key, body in db.execute("SELECT key, body FROM outbox")}

    def acknowledged(self, at):
        """The numbers that had been acknowledged by event number @at."""
        return {int(arrival.payload) for arrival in self.arrivals if arrival.is_numbered
                and arrival.acknowledged is not None and arrival.acknowledged <= at}

    def unacknowledged(self, at, since=0):
        """What had come since event number @since and was not acknowledged by @at; what came
        twice, because the bus was opened anew, as it came last."""
        last = {(arrival.message, arrival.topic, arrival.payload): arrival
                for arrival in self.arrivals if since <= arrival.at <= at}
        return [arrival for arrival in last.values()
                if arrival.acknowledged is None or arrival.acknowledged > at]

    @staticmethod
    def numbers(path):
        """Every number in the log of the database at @path."""
        with contextlib.closing(sqlite3.connect(path)) as db:
            return [round(value) for value, in db.execute(SERIALS)]

    def faults(self, path, opening, at):
        """What is wrong with the database at @path, which was opened as the daemon would
        (@opening: what that said) after a cut behind event number @at."""
        if not opening["opened"] or opening["fault"]:
            return [opening["error"] or opening["fault"]]
        with contextlib.closing(sqlite3.connect(path, uri=True)) as db:
            check = [row[0] for row in db.execute("PRAGMA integrity_check")]
            if check != ["ok"]:
                return check
            db.execute("ATTACH ? AS whole", (f"file:{self.whole}?mode=ro",))
            wrong = [f"{what}: {row}" for what, sql in self.FAULTS.items()
                     for row in db.execute(sql).fetchmany(1)]
            there = {key for key, in db.execute("SELECT key FROM main.outbox")}
        return wrong + self.broken(there, set(self.numbers(path)), set(opening["delivered"]), at)

    def broken(self, there, numbers, delivered, at):
        """The promises given up to event number @at that are not kept."""
        lost = sorted(self.acknowledged(at) - numbers)
        gone = [row.body for row in self.rows if row.at <= at and self.keys[row.body] not in there]
        again = [int(arrival.payload) for arrival in self.unacknowledged(at) if arrival.is_numbered
                 and int(arrival.payload) in numbers - self.acknowledged(at)
                 and arrival.message not in delivered]
        return [text for text, found in (
            (f"{len(lost)} acknowledged numbers are lost: {lost[:1]}", lost),
            (f"{len(gone)} rows that the county was sent are gone: {gone[:1]}", gone),
            (f"{len(again)} numbers would be taken twice: {again[:1]}", again)) if found]
