"""What people do to the database's file: somebody else's lies in its place, or it is deleted."""
import os

import pytest

import rig
from test_store_away import (acknowledge, at_county, comes, is_away, overfill, room, row, start,  # noqa: F401
                             state, store)

DAY = "2026-11-23"


def order(gateway, path, **body):
    status, answer = gateway.request("POST", path, {"by": "guard", **body})
    assert status == 200, answer
    return answer


def broken(gateway):
    """The state of SY-02, None while it does not stand."""
    return next((alarm["state"] for alarm in gateway.get("alarms?all=1")["alarms"]
                 if alarm["id"] == "SY-02@gateway"), None)


def test_a_file_of_somebody_else_stays_and_the_school_is_guarded(room):
    room.state.mkdir()
    letter = room.state / "campus.db"
    letter.write_text("class,room\nP3-1,b1-203\n" * 1000)
    gateway = start(room)
    assert is_away(gateway)
    assert "is no database, and is left as it is" in store(gateway)["fault"]
    overfill(room, gateway)
    assert letter.read_text().startswith("class,room\nP3-1")
    assert list(room.state.glob("campus.db*")) == [letter]
    letter.rename(room.folder / "letter.csv")
    comes(gateway)
    assert state(gateway) == "unacknowledged"


def test_a_database_that_is_deleted_while_it_is_open(room):
    """All of it can be read as long as it is open: it is written anew, and people hear of it."""
    room.state.mkdir()
    gateway = start(room)
    overfill(room, gateway)
    uid = row(gateway)["uid"]
    rig.wait_for("the county knows", lambda: at_county(room) == [(uid, "unacknowledged")])
    epoch = gateway.get("outbox")["epoch"]
    for part in room.state.glob("campus.db*"):
        part.unlink()
    acknowledge(gateway)
    rig.wait_for("it is told", lambda: "was deleted or replaced" in store(gateway)["fault"])
    rig.wait_for("it is written anew", lambda: "nothing is lost" in store(gateway)["notice"], 30)
    rig.wait_for("the county knows the rest", lambda: at_county(room) == [
        (uid, "unacknowledged"), (uid, "acknowledged")])
    rig.wait_for("SY-02 says so", lambda: any(
        alarm["id"] == "SY-02@gateway" for alarm in gateway.get("alarms")["alarms"]))
    gateway.kill()
    gateway.start()
    assert "nothing is lost" in store(gateway)["notice"]
    assert (state(gateway), row(gateway)["uid"]) == ("acknowledged", uid)
    assert gateway.get("outbox")["epoch"] == epoch
    assert sorted(path.name for path in room.state.glob("campus.db*")) == [
        "campus.db", "campus.db-shm", "campus.db-wal", "campus.db.lock", "campus.db.reserve"]


def test_a_log_that_is_deleted_while_it_is_open(room):
    """What was acknowledged is on the disk again soon, although nothing is written."""
    room.state.mkdir()
    gateway = start(room)
    overfill(room, gateway)
    uid = row(gateway)["uid"]
    acknowledge(gateway)
    told = [(uid, "unacknowledged"), (uid, "acknowledged")]
    rig.wait_for("the county knows", lambda: at_county(room) == told)
    assert order(gateway, "calendar/entries", do="exempt", day=DAY, reason="rain",
                 **{"from": "20:00", "until": "21:00"})["kept"]
    epoch = gateway.get("outbox")["epoch"]
    (room.state / "campus.db-wal").unlink()
    rig.wait_for("a new one is begun", lambda: "nothing is lost" in store(gateway)["notice"], 30)
    rig.wait_for("SY-02 says so", lambda: broken(gateway) == "unacknowledged")
    assert order(gateway, "alarms/SY-02@gateway/ack")["kept"]
    gateway.kill()
    gateway.start()
    assert "the database's log was deleted or replaced" in store(gateway)["notice"]
    assert (state(gateway), row(gateway)["uid"]) == ("acknowledged", uid)
    assert broken(gateway) == "acknowledged"
    assert [entry["reason"] for entry in gateway.get(f"calendar?day={DAY}")["exemptions"]] == ["rain"]
    assert gateway.get("outbox")["epoch"] == epoch
    assert at_county(room) == told


def checkpointed(room):
    """Everything is in the file, as after some hours: a start leaves it so."""
    gateway = start(room)
    overfill(room, gateway)
    gateway.stop()
    gateway.start()
    return gateway


@pytest.mark.parametrize("part", ["", "-wal"])
def test_a_file_that_is_cut_short_while_it_is_open_is_told(room, part):
    """Its pages are gone for good; nothing goes on as if they were there, and the school is guarded."""
    room.state.mkdir()
    gateway = checkpointed(room)
    uid = row(gateway)["uid"]
    acknowledge(gateway)
    epoch = gateway.get("outbox")["epoch"]
    os.truncate(room.state / f"campus.db{part}", 0)
    rig.wait_for("it is told", lambda: "campus.db.broken-" in store(gateway)["notice"], 40)
    rig.wait_for("SY-02 says so", lambda: broken(gateway) == "unacknowledged")
    assert (state(gateway), row(gateway)["uid"]) == ("acknowledged", uid), "of memory"
    assert gateway.get("outbox")["epoch"] != epoch, "no number is given twice"
    assert order(gateway, "alarms/SY-02@gateway/ack")["kept"]
    gateway.kill()
    gateway.start()
    assert broken(gateway) == "acknowledged"


@pytest.mark.parametrize("part", ["", "-wal"])
def test_a_stop_leaves_what_is_left_of_a_file_that_was_cut(room, part):
    """Cut and stopped at once: the stop writes nothing into it that makes it look whole."""
    room.state.mkdir()
    gateway = checkpointed(room)
    uid = row(gateway)["uid"]
    epoch = gateway.get("outbox")["epoch"]
    acknowledge(gateway)
    os.truncate(room.state / f"campus.db{part}", 0)
    gateway.stop()
    gateway.start()
    assert "campus.db.broken-" in store(gateway)["notice"]
    rig.wait_for("SY-02 says so", lambda: broken(gateway) == "unacknowledged")
    assert gateway.get("outbox")["epoch"] != epoch
    assert part == "" or row(gateway)["uid"] == uid, "what the file had is there"


def test_a_database_that_is_deleted_and_not_written_anew_is_told_as_lost(room):
    room.state.mkdir()
    gateway = start(room)
    overfill(room, gateway)
    gateway.kill()
    for part in ("", "-wal", "-shm"):
        (room.state / f"campus.db{part}").unlink()
    gateway.start()
    assert store(gateway)["notice"].endswith("its file was empty or gone, and all else that it held is lost")


def test_a_text_that_was_written_over_the_database_is_told_as_the_loss_of_all(room):
    room.state.mkdir()
    gateway = start(room)
    overfill(room, gateway)
    gateway.stop()
    (room.state / "campus.db").write_text("class,room\nP3-1,b1-203\n" * 1000)
    gateway.start()
    assert store(gateway)["notice"].endswith("nothing of it could be read, and all that it held is lost")
