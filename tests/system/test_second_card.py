"""A school's week-old backup on a second card while the first has gone on: of both the county has all
that they ever made, summaries, alarms, facts and a signed November, and an order is obeyed once."""
import shutil
import subprocess
import time

import pytest

import rig
from backlog_rig import is_drained, steps_of_alarms
from platform_rig import Key, Platform, message, order
from test_backup import ctl
from test_evidence import GATEWAY, run
from test_restore import keys_of, second_card
from test_weeks_away import SPEED, Archive, Weeks, campus, devices

ROOMS = range(1, 3)
PANIC = "TF-01@host"
DONE = f"ordered acknowledge {PANIC} (key county-1, seq 1): done"
BACKUP, WEEK_LATER, AFTER = "2026-11-24T06:00:00+08:00", "2026-11-30T18:00:00+08:00", "2026-12-02T06:00:00+08:00"
SECOND = "2026-12-01T05:30:00+08:00"


class Cards:
    """The gateway on either card, in its turn at the brokers, each life for some hours of the school's clock."""

    def __init__(self, school):
        self.school = school

    def live(self, gateway, moment, hours):
        gateway.command[-4:] = ["--school-time", moment, "--school-speed", str(SPEED)]
        gateway.start()
        rig.wait_for("it hears the school", gateway.online)
        crowd = Weeks(self.school.port, ROOMS)
        time.sleep(hours * 3600 / SPEED)
        crowd.stop()

    def end(self, gateway):
        """By a clock that runs as the county's does, all that the card has is told."""
        reached = gateway.get("status")["school_time"]
        assert gateway.stop() == 0
        gateway.command[-4:] = ["--school-time", reached, "--school-speed", "1"]
        gateway.start()
        rig.wait_for("all of it at the county", lambda: is_drained(gateway), 60)
        assert gateway.stop() == 0


@pytest.fixture
def archive(build, tmp_path, county_broker, servers, postgres):
    archive = Archive(postgres)
    archive.receiver = rig.County(build, tmp_path, county_broker.port, database=archive.address).start()
    servers.append(archive.receiver)
    return archive


@pytest.fixture
def first(site, school, county_broker):
    key = Key()
    site.shipped("metrics.yaml", "facts.yaml", "rules")
    site.write("campus.yaml", campus(ROOMS))
    site.write("devices.d/rooms.yaml", devices(school.port, ROOMS))
    site.gateway_yaml(f'county: {{broker: "mqtt://127.0.0.1:{county_broker.port}", resend: 2s, '
                      f'command_keys: {{{key.name}: "{key.public}"}}}}')
    return site.gateway(["--school-time", BACKUP, "--school-speed", str(SPEED)], start=False)


@pytest.fixture
def platform(county_broker):
    platform = Platform(county_broker.port, answers=False)
    yield platform
    platform.close()


def restored(site, servers, copy):
    """The second card: the backup, and the key of the evidence as the manual says."""
    folder = site.folder / "second"
    folder.mkdir()
    config = second_card(site, folder)
    shutil.copy(site.folder / "evidence.key", folder)
    subprocess.run([site.build / "campusctl", "--config", config, "restore", copy], check=True, capture_output=True)
    gateway = rig.Gateway(site.build, folder, config, name="second", arguments=[
        "--school-time", SECOND, "--school-speed", str(SPEED)])
    servers.append(gateway)
    return gateway


def check_november(build, archive, folder, epoch):
    """The month that the card of @epoch signed holds, whatever the other one told; that there are two of
    it is said, and no fault."""
    path = folder / f"2026-11-{epoch}.json"
    done = run(build, "evidence", "--database", archive.address, "--gateway", GATEWAY, "--month", "2026-11",
               "--epoch", str(epoch), "--output", path)
    assert done.returncode == 0, done.stderr
    done = run(build, "verify", "--database", archive.address, path)
    told = [tuple(line.split(": ", 3)[1:3]) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stdout
    assert ("days", "holds") in told and ("added", "holds") in told, done.stdout
    assert [part for part, verdict in told if verdict != "holds"] == ["archive"], done.stdout


def check_alarms(archive, *folders):
    """The steps of each card's alarms are there, and none that no card has."""
    there = archive.bodies("alarm")
    cards = [steps_of_alarms(folder, there) for folder in folders]
    assert all(len(here) > 10 for here, _ in cards)
    assert set.union(*(here for here, _ in cards)) == cards[0][1]


def test_both_streams_of_two_cards_are_whole_at_the_county(build, site, school, servers, first, archive, platform):
    cards = Cards(school)
    acknowledge = message(order(1, "acknowledge", alarm=PANIC, expires="2026-12-01T22:00:00+08:00"), Key())
    cards.live(first, BACKUP, 18)
    platform.publish(acknowledge)
    rig.wait_for("the order is done", lambda: DONE in first.text())
    archive.receiver.stop()
    rig.wait_for("rows wait", lambda: first.get("outbox")["waiting"] > 2)
    copy = site.folder / "backup.db"
    ctl(first, "backup", copy)
    archive.receiver.start()
    cards.end(first)
    cards.live(first, WEEK_LATER, 8)
    cards.end(first)

    second = restored(site, servers, copy)
    platform.publish(acknowledge, retain=True)
    cards.live(second, SECOND, 16)
    cards.end(second)
    platform.publish("", retain=True)
    cards.live(first, AFTER, 6)
    cards.end(first)

    ours, theirs = keys_of(site.folder / "campus.db"), keys_of(second.socket.parent / "campus.db")
    stored = archive.keys()
    assert len(ours - theirs) > 100 and len(theirs - ours) > 100 and len(ours & theirs) > 100
    assert len(stored) == len(set(stored)) and set(stored) == ours | theirs
    assert archive.open() == ([], 0) and archive.faults() == ([], 0)
    check_alarms(archive, site.folder, second.socket.parent)
    assert "its seq came before" in second.text() and DONE not in second.text()
    for epoch in {epoch for epoch, _ in ours ^ theirs}:
        check_november(build, archive, site.folder, epoch)
