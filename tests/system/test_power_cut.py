"""The power is cut at any moment of a gateway's life: what the disk then holds may lack, tear,
reorder or spoil every write that was not synced, and still nothing acknowledged is lost,
nothing is doubled and the database is whole.

The life is a real one, recorded call by call (tests/cut/lives.py); what a disk may keep of it
is modelled (tests/cut/disk.py); every database that is left is opened by the daemon's own code.
"""
import contextlib
import random
import signal

import pytest

import cuts
import recording
import rig
from conftest import Site
from disk import Disk
from fake_broker import FakeBroker, publish
from judge import Judge
from lives import ORDINARY, Life, Story, has_rows, is_dead
from recording import Event

pytestmark = pytest.mark.xdist_group("power_cut")  # one story for all

CUTS = 1000
REDELIVERIES = 12


def record(build, folder, lives=ORDINARY, binary="campus-gatewayd"):
    servers = []
    with contextlib.ExitStack() as stops:
        stops.callback(lambda: [server.stop() for server in reversed(servers)])
        for server in (rig.Broker(folder, "school-broker", shipped=True),
                       rig.Broker(folder, "county-broker")):
            servers.append(server.start())
        school, county_broker = servers
        servers.append(rig.County(build, folder, county_broker.port).start())
        return Story(Site(build, folder, servers), school, county_broker, binary, lives)


@pytest.fixture(scope="module")
def story(build, tmp_path_factory):
    return record(build, tmp_path_factory.mktemp("story"))


def told(faults):
    return "\n".join(f"{cut}: {'; '.join(wrong)}" for cut, wrong in faults[:10])


def test_the_story_has_what_a_cut_must_meet(story):
    """Otherwise the cuts would prove less than they say."""
    kinds = {(event.kind, event.name) for event in story.events}
    assert {("create", "campus.db"), ("create", "campus.db-wal"), ("unlink", "campus.db-wal"),
            ("write", "campus.db"), ("sync", "campus.db"), ("sync", "campus.db-wal"),
            ("sync", ".")} <= kinds
    heads = sum(1 for event in story.events[:story.starts[1]]
                if (event.kind, event.name, event.at) == ("write", "campus.db-wal", 0))
    assert heads > 1, "the log was never begun anew by a checkpoint"
    numbers = story.judge.acknowledged(len(story.events))
    rows = story.judge.rows
    print(f"{len(story.events)} events, {len(numbers)} acknowledged numbers, {len(rows)} rows sent")
    assert len(numbers) > 1000 and len(rows) > 1000


def test_a_thousand_cuts_lose_and_double_nothing(build, story):
    faults = cuts.run(build, story.judge, story.events, CUTS, seed=1)
    assert faults == [], told(faults)


@pytest.mark.slow
def test_ten_thousand_cuts_lose_and_double_nothing(build, story):
    faults = cuts.run(build, story.judge, story.events, 10 * CUTS, seed=1000000)
    assert faults == [], told(faults)


def test_commits_that_are_not_synced_are_caught(build, story):
    """As PRAGMA synchronous = NORMAL would do it: the log is synced for checkpoints alone."""
    events = cuts.without_syncs(story.events, lambda event: event.name == "campus.db-wal")
    faults = cuts.run(build, story.judge, events, 60, seed=2)
    assert any("acknowledged numbers are lost" in told([fault]) for fault in faults)


def test_a_database_that_is_never_synced_is_caught(build, story):
    """As PRAGMA synchronous = OFF would do it."""
    events = cuts.without_syncs(story.events, lambda event: True)
    faults = cuts.run(build, story.judge, events, 60, seed=3)
    assert any("acknowledged numbers are lost" in told([fault]) for fault in faults)
    assert len(faults) > 10


def test_what_comes_again_after_a_cut_is_taken_once(build, story, tmp_path):
    """The daemon itself on what the disk kept, and a broker that sends again all that was not
    acknowledged: every message is there once in the end."""
    config = story.config_for(tmp_path)
    sent_again = 0
    for at, seed, fate in cuts.moments(story.events[story.starts[1]:], REDELIVERIES, seed=6):
        at += story.starts[1]
        disk = Disk()
        for event in story.events[:at + 1]:
            disk.take(event)
        chance = random.Random(seed)
        cuts.lay(tmp_path / "state", disk.cut(chance, fate), chance)
        with contextlib.closing(FakeBroker()) as broker:
            config.write_port(broker.port)
            gateway = rig.Gateway(build, tmp_path, config.folder).start(ready=False)
            try:
                again = story.judge.unacknowledged(at, story.run_of(at))
                session = broker.subscribed(has_session=True)
                for message in again:
                    session.send(publish(message.topic, message.payload, message.message, again=True))
                rig.wait_for("every PUBACK", lambda: len(session.acknowledged()) >= len(again))
            finally:
                assert gateway.stop() == 0
        numbers = story.judge.numbers(tmp_path / "state/campus.db")
        sent_again += len(again)
        wanted = story.judge.acknowledged(at) | {int(message.payload) for message in again
                                                 if message.is_numbered}
        assert (sorted(wanted - set(numbers)), len(numbers) - len(set(numbers))) == ([], 0), \
            (at, seed, fate)
    assert sent_again > REDELIVERIES


def test_what_a_killed_gateway_left_unsynced_is_not_taken_for_kept(build, tmp_path):
    """It is killed with a commit written and not yet synced, which the next one finds whole in the
    file: it neither sends nor acknowledges by it before the disk has it too."""
    story = record(build, tmp_path, (Life(signal.SIGTERM, has_rows(200)),
                                     Life(signal.SIGKILL, is_dead, ("fdatasync:signal=KILL:when=60",)),
                                     Life(signal.SIGTERM, has_rows(500))))
    again = story.starts[2]
    faults = cuts.run(build, story.judge, story.events[:again + 400], 200, seed=8, since=again)
    assert faults == [], told(faults)


@pytest.mark.parametrize("ending", ["", "7 <... sendto resumed>) = ?\n"], ids=["no word", "no result"])
def test_what_was_being_said_at_a_kill_may_have_left(tmp_path, ending):
    """A broker that got its PUBACK does not send again; the kernel took the bytes, and strace saw no result."""
    log = tmp_path / "strace"
    log.write_text('7 sendto(5<TCP:[127.0.0.1:4001->127.0.0.1:1883]>, "\\x40\\x02\\x00\\x01", 4, MSG_NOSIGNAL, '
                   'NULL, 0 <unfinished ...>\n' + ending + "7 +++ killed by SIGKILL +++\n")
    events = []
    recording.read(log, tmp_path, events)
    assert [(event.kind, event.data) for event in events] == [("sent", b"\x40\x02\x00\x01")]


class Forgetful(Judge):
    """Sees databases as if no delivery were kept in them."""

    def broken(self, there, numbers, delivered, at):
        return super().broken(there, numbers, set(), at)


def test_deliveries_that_are_not_kept_are_caught(build, story):
    judge = Forgetful(story.judge.whole, story.judge.rows, story.judge.arrivals)
    faults = cuts.run(build, judge, story.events, 60, seed=5)
    assert any("would be taken twice" in told([fault]) for fault in faults)


def test_a_build_that_acknowledges_too_early_is_caught(build, tmp_path):
    story = record(build, tmp_path, binary="campus-gatewayd-seeded")
    faults = cuts.run(build, story.judge, story.events, 100, seed=4)
    assert any("acknowledged numbers are lost" in told([fault]) for fault in faults)


FAULTS = {
    "syncs fail": "fdatasync:error=EIO:when=25..27",
    "writes fail": "pwrite64:error=EIO:when=300..302",
    "no room": "pwrite64:error=ENOSPC:when=300..302",
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_cut_after_failed_writes_loses_and_doubles_nothing(build, tmp_path, fault):
    """What the disk refused is neither acknowledged nor taken for written, although it can be
    read as long as the power is on."""
    story = record(build, tmp_path, (Life(signal.SIGTERM, has_rows(200)),
                                     Life(signal.SIGKILL, has_rows(1500), (fault,)),
                                     Life(signal.SIGTERM, has_rows(1700))))
    assert "nothing is acknowledged" in (tmp_path / "gateway.log").read_text()
    faults = cuts.run(build, story.judge, story.events, 100, seed=7)
    assert faults == [], told(faults)


def test_what_a_failed_sync_left_stays_in_doubt_until_it_is_written_again():
    disk = Disk()
    for event in (Event("create", "a"), Event("sync", ".", at=1), Event("write", "a", b"12", 0),
                  Event("failed sync", "a", at=3), Event("sync", "a", at=4)):
        disk.take(event)
    assert {disk.cut(random.Random(seed), "pages")["a"] for seed in range(9)} == {b"", b"12"}
    disk.take(Event("write", "a", b"3", 1))
    disk.take(Event("sync", "a", at=6))
    assert {disk.cut(random.Random(seed), "pages")["a"] for seed in range(9)} == {b"\0003", b"13"}


def test_the_disk_keeps_what_was_synced_and_nothing_else_for_certain():
    disk = Disk()
    for event in (Event("create", "a"), Event("write", "a", b"old" * 400, 0), Event("sync", "a", at=2),
                  Event("sync", ".", at=3), Event("write", "a", b"new" * 400, 0),
                  Event("create", "b"), Event("write", "b", b"x", 0), Event("sync", "b", at=7)):
        disk.take(event)
    seen = [disk.cut(random.Random(seed), fate) for seed in range(20)
            for fate in ("nothing", "everything", "sectors")]
    assert {len(files["a"]) for files in seen} == {1200}
    assert {b"old" * 400, b"new" * 400} < {files["a"] for files in seen}
    assert any(files["a"][:512] != files["a"][512:1024] for files in seen)
    assert {"b" in files for files in seen} == {True, False}
    assert all(files["b"] == b"x" for files in seen if "b" in files)


def test_a_sync_covers_only_what_was_written_before_it_was_called():
    disk = Disk()
    for event in (Event("create", "a"), Event("sync", ".", at=1), Event("write", "a", b"1", 0),
                  Event("write", "a", b"2", 1), Event("sync", "a", at=3)):
        disk.take(event)
    assert disk.cut(random.Random(1), "nothing") == {"a": b"1"}
