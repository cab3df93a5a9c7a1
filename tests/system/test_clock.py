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
        return sqlite_number(self, "select count(*) from readings")


@pytest.fixture
def board(site, school, county_broker, county, servers):
    write_site(site, school.port, county_broker.port)
    assert county.stop() is not None
    board = Board(site, school, county)
    servers.append(board)
    return board


def sqlite_number(board, sql):
    with contextlib.closing(sqlite3.connect(board.site.folder / "campus.db")) as database:
        return database.execute(sql).fetchone()[0]


def messages(board):
    return [json.loads(body) for *_, body in ledger.rows(board.county.database)]


def check_the_end(board, uid):
    """Whatever the clock did: the first alarm stands as it was, nobody was called silent,
    nothing went away, the county gets all."""
    rows = alarms(board.gateway)
    assert (rows["SMOKE@p1"]["uid"], rows["SMOKE@p1"]["state"]) == (uid, "unacknowledged")
    assert not [name for name in rows if name.startswith("SY-01")], rows.keys()
    assert "hangs" not in board.gateway.text(), "the watchdog is fed"
    check_that_all_comes(board)


def check_that_all_comes(board):
    """To the county, once, and whatever the gateway was told."""
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
    assert_dated(dated(board, "campus.telemetry.v1"), len(messages(board)) // 2)


def dated(board, kind, quality="good"):
    """What the county has of @kind."""
    return [message for message in messages(board)
            if message["type"] == kind and message["timequality"] == quality]


def assert_dated(told, least):
    """@told, of which there are enough, is of today and of no other time."""
    assert len(told) >= least
    began = datetime.datetime(*TODAY, 4, tzinfo=datetime.timezone.utc)
    for message in told:
        time_of = datetime.datetime.fromisoformat(message["time"])
        assert abs(time_of - began) < datetime.timedelta(hours=1), message


def waits(board):
    return board.gateway.get("status")["store"]["undated"]


def told_in_status(board):
    return board.gateway.get("status")["time_quality"]


def test_two_boots_without_a_clock(board):
    """The first ends before anybody knows the time, the second learns it: of the first the
    county hears that it was before the second, and of both everything once."""
    board.clock.set(1970, 1, 1, seconds=-5)  # a quarter ends in a moment
    board.start()
    board.tell("p1", "smoke", 1)
    [uid] = raised(board.gateway, "SMOKE@p1")
    rig.wait_for("a quarter of it waits", lambda: sqlite_number(
        board, "select count(*) from undated where record like '{\"summary\"%'"))
    assert told_in_status(board) == "unknown"

    def power_cut():
        board.clock.reboot()
        board.clock.set(1970, 1, 1, seconds=-5)
    board.restart(power_cut)
    rig.wait_for("two quarters wait", lambda: sqlite_number(
        board, "select count(distinct clock) from undated where record like '{\"summary\"%'") == 2)
    board.clock.set(*TODAY)
    rig.wait_for("nothing waits", lambda: waits(board) == 0, 60)
    board.tell("p1", "smoke", 1)
    check_the_end(board, uid)

    corrections = [message["data"] for message in messages(board)
                   if message["type"] == "campus.time-correction.v1"]
    [never] = [correction for correction in corrections if "not_after" in correction]
    [later] = [correction for correction in corrections if "zero" in correction]
    assert never["boot"] != later["boot"]
    began = datetime.datetime.fromisoformat(later["zero"])
    assert datetime.datetime.fromisoformat(never["not_after"]) == began
    for kind in ("campus.telemetry.v1", "campus.environment.v1"):
        undated = dated(board, kind, "unknown")
        assert undated
        for message in undated:
            assert "time" not in message and message["data"]["boot"] == never["boot"]
            assert message["data"]["not_after"] == never["not_after"]
        assert_dated(dated(board, kind), 1)
    assert sqlite_number(board, "select count(*) from summaries where start_us < 1e15") == 0


def test_a_clock_of_last_month(board):
    """It is plausible, and the gateway knew a later time before the machine was started."""
    board.clock.set(*TODAY)
    board.start()
    board.tell("p1", "smoke", 1)
    [uid] = raised(board.gateway, "SMOKE@p1")
    assert told_in_status(board) != "unknown"

    def power_cut():
        board.clock.reboot()
        board.clock.step(-30)
    board.restart(power_cut)
    assert told_in_status(board) == "unknown"
    board.tell("p2", "smoke", 1)
    raised(board.gateway, "SMOKE@p2")
    rig.wait_for("readings wait", lambda: waits(board) > 10)
    board.restart(lambda: None)  # the same boot: as before
    assert told_in_status(board) == "unknown"
    board.clock.set(*TODAY, seconds=60)
    rig.wait_for("nothing waits", lambda: waits(board) == 0, 60)
    assert told_in_status(board) != "unknown"
    check_the_end(board, uid)
    quality = {message["data"]["object"]: message["timequality"] for message in messages(board)
               if message["type"] == "campus.alarm.v1" and message["data"]["rule"] == "SMOKE"}
    assert quality == {"p1": "good", "p2": "unknown"}
    [correction] = [message["data"] for message in messages(board)
                    if message["type"] == "campus.time-correction.v1"]
    [alarm] = dated(board, "campus.alarm.v1", "unknown")
    zero = datetime.datetime.fromisoformat(correction["zero"])
    assert_dated([{"time": (zero + datetime.timedelta(
        milliseconds=alarm["data"]["mono_ms"])).isoformat()}], 1)
    assert_dated(dated(board, "campus.telemetry.v1"), board.sensors.sent)
