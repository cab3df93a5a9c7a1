"""A wall clock that jumps by 400 days, and a board without one: no alarm lost or made up, no
hold cut short or stuck, nothing trimmed, everything delivered."""
import contextlib
import datetime
import json
import sqlite3
import time

import pytest

import ledger
import numbered
import rig
from clock_rig import APART_S, LONG_S, Sensors, WallClock, alarms, raised, write_site

TODAY = (2028, 6, 14)


class Board:
    """A gateway under a clock that a test sets; the county's receiver is away."""

    def __init__(self, site, school, county):
        self.site = site
        self.county = county
        self.clock = WallClock(site.build, site.folder)
        self.school = school
        self.sensors = None
        self.gateway = site.gateway(start=False)
        self.gateway.kwargs["env"] = self.clock.environment

    def start(self):
        self.gateway.start()
        rig.wait_for("the broker is there", self.gateway.online)
        self.sensors = self.sensors or Sensors(self.school.port)

    def restart(self, change):
        """@change of the clock while the gateway is down."""
        assert self.gateway.stop() == 0
        change()
        self.start()

    def at(self, place, metric):
        rows = self.gateway.get(f"points?glob={place}/{metric}")["points"]
        return rows[0]["value"]

    def tell(self, place, metric, value):
        """Until the pipeline has it."""
        self.sensors.tell(place, metric, value)
        rig.wait_for(f"{place}/{metric} = {value}", lambda: self.at(place, metric) == value)

    def holds_over(self, place, change):
        """A hold that @change of the clock falls into ends where it would have ended: no sooner
        than it lasts, and before one that begins after the change, however long that takes."""
        began = time.monotonic()
        self.tell(place, "long", 1)
        time.sleep(APART_S)
        change()
        self.tell(place, "last", 1)
        raised(self.gateway, f"LONG@{place}")
        assert time.monotonic() - began > LONG_S - 0.1, "cut short"
        numbers = raised(self.gateway, f"LONG@{place}", f"LAST@{place}")
        assert numbers == sorted(numbers), "begun anew"

    def stop(self):
        if self.sensors:
            self.sensors.stop()

    def readings(self):
        """How many the database holds."""
        with contextlib.closing(sqlite3.connect(self.site.folder / "campus.db")) as database:
            return database.execute("select count(*) from readings").fetchone()[0]


@pytest.fixture
def board(site, school, county_broker, county, servers):
    write_site(site, school.port, county_broker.port)
    assert county.stop() is not None
    board = Board(site, school, county)
    servers.append(board)
    return board


def messages(board):
    return [json.loads(body) for *_, body in ledger.rows(board.county.database)]


def check_the_end(board, uid):
    """Whatever the clock did: the first alarm stands as it was, nobody was called silent,
    nothing went away, the county gets all."""
    rows = alarms(board.gateway)
    assert (rows["SMOKE@p1"]["uid"], rows["SMOKE@p1"]["state"]) == (uid, "unacknowledged")
    assert not [name for name in rows if name.startswith("SY-01")], rows.keys()
    assert "hangs" not in board.gateway.text(), "the watchdog is fed"
    board.sensors.stop()
    county = board.gateway.get("status")["county"]
    assert county["outbox_acknowledged"] == 0
    board.county.start()

    def is_through():
        county = board.gateway.get("status")["county"]
        return county["messages"] == county["outbox_acknowledged"] > board.sensors.sent
    rig.wait_for("the county has all", is_through, 60)
    total = board.gateway.get("status")["county"]["messages"]
    assert ledger.missing_and_doubled(board.county.database, total) == (0, 0)
    beats = numbered.numbers(ledger.rows(board.county.database))
    assert sorted(beats) == list(range(1, board.sensors.sent + 1))
    assert board.readings() >= board.sensors.sent, "nothing young is trimmed"


@pytest.mark.parametrize("days", [400, -400])
def test_a_clock_that_jumps(board, days):
    board.clock.set(*TODAY)
    board.start()
    board.tell("p1", "smoke", 1)
    [uid] = raised(board.gateway, "SMOKE@p1")
    board.holds_over("p2", lambda: board.clock.step(days))
    board.tell("p2", "smoke", 1)
    raised(board.gateway, "SMOKE@p2")
    board.holds_over("p3", lambda: board.restart(lambda: board.clock.step(-days)))
    check_the_end(board, uid)


def check_the_correction(board):
    """Every alarm that went out without a time has one by a correction that names it, and so
    it stands in the school's own history."""
    told = messages(board)
    corrections = [message["data"] for message in told
                   if message["type"] == "campus.time-correction.v1"]
    assert len(corrections) == 2  # of two starts
    unknown = [message["data"] for message in told if message["type"] == "campus.alarm.v1"
               and message["timequality"] == "unknown"]
    assert unknown
    for alarm in unknown:
        named = [c for c in corrections
                 if c["boot"] == alarm["boot"] and alarm["mono_ms"] <= c["until_ms"]]
        zero = datetime.datetime.fromisoformat(named[0]["zero"])
        assert (zero + datetime.timedelta(milliseconds=alarm["mono_ms"])).year == TODAY[0]
    with contextlib.closing(sqlite3.connect(board.site.folder / "campus.db")) as database:
        first = datetime.datetime(*TODAY).timestamp() * 1e6
        assert database.execute("select count(*) from transitions where time_us < ? or "
                                "time_quality = 0", (first - 86400e6,)).fetchone() == (0,)


def test_a_board_without_a_clock(board):
    """In 1970 until it is set; the next start is in 1970 again, until it is set again."""
    board.clock.set(1970, 1, 1)
    board.start()
    board.tell("p1", "smoke", 1)
    [uid] = raised(board.gateway, "SMOKE@p1")
    board.holds_over("p2", lambda: board.clock.set(*TODAY))
    board.tell("p2", "smoke", 1)
    raised(board.gateway, "SMOKE@p2")
    board.holds_over("p3", lambda: board.restart(lambda: board.clock.set(1970, 1, 1)))
    board.clock.set(*TODAY)
    check_the_end(board, uid)
    raised(board.gateway, "SY-01@beats")  # who really is silent is noticed
    quality = {message["data"]["object"]: message["timequality"] for message in messages(board)
               if message["type"] == "campus.alarm.v1" and message["data"]["rule"] == "SMOKE"}
    assert quality == {"p1": "unknown", "p2": "good"}
    check_the_correction(board)
