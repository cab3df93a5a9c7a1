"""What passes between the daemon and a broker that is killed: which numbers were acknowledged,
and which that came again the daemon promises to know (docs/decisions/0010)."""
import collections
from dataclasses import dataclass

import numbered
from judge import PUBACK, PUBLISH, Stream, published

UNSUBSCRIBE, UNSUBACK = 10, 11
DUP = 8
TRUSTED_AFTER = 100  # messages of one life of the daemon: by then the broker's ids are trusted


@dataclass
class Arrival:
    """A number on its way to the daemon.  life: the daemon's; settled: the broker answered
    what the daemon asked behind the PUBACK."""
    connection: int
    message: int
    life: int
    acknowledged: bool = False
    settled: bool = False


class Wire:
    """acknowledged: numbers; again: those that came again, by why they may count twice:

    renumbered  the broker sent it under another id
    unmarked    ... or without a word that it did so before
    forgotten   the broker had its PUBACK, and the daemon died since
    late        ... and another connection lay between
    early       ... and the daemon had read too little to trust the broker's ids
    known       they may not
    """

    def __init__(self):
        self.life = 0
        self.read = 0
        self.read_in_life = 0
        self.arrivals = {}  # of each number the last that was acknowledged, else the last
        self.acknowledged = set()
        self.again = collections.defaultdict(set)
        self._sessions = {}  # of connections on which something was said: a bare one only looks
        self._streams = {}
        self._waiting = {}  # by connection and message id
        self._open = collections.defaultdict(list)   # acknowledged since the last question
        self._asked = {}

    def daemon_died(self):
        self.life += 1
        self.read_in_life = 0

    def look(self, connection, is_upward, data):
        connection = self._sessions.setdefault(connection, len(self._sessions))
        stream = self._streams.setdefault((connection, is_upward), Stream())
        for kind, flags, body in stream.feed(data):
            if kind == PUBLISH and flags >> 1 & 3 and not is_upward:
                message, _, payload = published(body, 1)
                self._arrived(connection, message, numbered.number_of(payload), flags & DUP)
            elif kind == PUBACK and is_upward:
                self._acknowledge(connection, int.from_bytes(body, "big"))
            elif kind == UNSUBSCRIBE and is_upward:
                self._asked[connection, body[:2]] = self._open.pop(connection, [])
            elif kind == UNSUBACK and not is_upward:
                for arrival in self._asked.pop((connection, body[:2]), []):
                    arrival.settled = True

    def _arrived(self, connection, message, number, is_marked):
        now = Arrival(connection, message, self.life)
        before = self.arrivals.get(number)
        if before:
            self.again[self._kind(before, now, is_marked)].add(number)
        if not before or not before.acknowledged:
            self.arrivals[number] = now
        self._waiting[connection, message] = number, now
        self.read += 1
        self.read_in_life += 1

    def _kind(self, before, now, is_marked):
        if before.message != now.message:
            return "renumbered"
        if not is_marked:
            return "unmarked"
        if not before.settled:
            return "known"
        if before.life != now.life:
            return "forgotten"
        if before.connection + 1 != now.connection:
            return "late"
        return "known" if self.read_in_life > TRUSTED_AFTER else "early"

    def _acknowledge(self, connection, message):
        number, arrival = self._waiting.pop((connection, message))
        arrival.acknowledged = True
        self.arrivals[number] = arrival
        self.acknowledged.add(number)
        self._open[connection].append(arrival)

    def excused(self):
        """Numbers that may count twice."""
        return set().union(*(numbers for kind, numbers in self.again.items() if kind != "known"))
