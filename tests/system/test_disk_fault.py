"""A disk that is full or fails, at every call in turn: the daemon does not crash, acknowledges
nothing that is not on the disk, raises alarms all the while, and goes on when the fault ends."""
import collections
import json
import os
import random
import re
import signal
import subprocess

import pytest

import lives
import numbered
import rig
from campus_sim import mqtt_client

RATE = 100
AGAIN = 100  # messages that a device with ids of its own sends once more in each life

# How many calls on the store's files a start and thirty commits make, counted; a fault meets
# two of them, the second try of a commit too.
CALLS = {"pwrite64": 240, "fdatasync": 36, "openat": 8, "ftruncate": 2, "fallocate": 1}
EVERY = [(call, error, number) for call, count in CALLS.items() for error in ("ENOSPC", "EIO")
         for number in range(1, count + 1)]
SAMPLE = 24
SHARES = 8  # of EVERY, judged one by one


class Panel:
    """Sets a flag in a room, and hears the alarm."""

    def __init__(self, port):
        self.heard = []
        self.client = mqtt_client("panel")
        self.client.on_message = lambda _client, _userdata, message: self.heard.append(
            json.loads(message.payload or b"{}").get("state"))
        self.client.connect("127.0.0.1", port)
        self.client.subscribe("school/alarm/ALARM-1/p1")
        self.client.loop_start()

    def raise_alarm(self):
        """Twice: the first may be what a start tells of an earlier life's alarm."""
        for _ in range(2):
            self.heard.clear()
            for value in "01":
                self.client.publish("campus/p1/flag", value, qos=1)
            rig.wait_for("the alarm is heard", lambda: "unacknowledged" in self.heard)

    def stop(self):
        self.client.disconnect()
        self.client.loop_stop()


@pytest.fixture
def panel(site, school, county_broker, servers):
    lives.write_site(site, school.port, county_broker.port)
    site.write("devices.d/counted.yaml", numbered.WITH_IDS)
    with open(site.config / "gateway.yaml", "a", encoding="utf-8") as config:
        config.write(f'local: {{broker: "mqtt://127.0.0.1:{school.port}"}}\n')
    started = Panel(school.port)
    servers.append(started)
    return started


def store_of(gateway):
    return gateway.get("status")["store"]


def commits_of(gateway):
    """None are made while the store is away, nor while the gateway begins anew on one that came."""
    answer = gateway.answers()
    return answer["store"]["commits"] if answer else 0


def is_healthy(gateway, commits):
    """True when more than @commits were made and the last one succeeded."""
    answer = gateway.answers()
    return answer and answer["store"]["commits"] > commits and not answer["store"]["fault"]


def injected(state, call, error, number):
    """strace's words before the daemon's: only the store's own files fail."""
    paths = [word for name in ("", "/campus.db", "/campus.db-wal", "/campus.db-shm", "/campus.db.lock")
             for word in ("-P", f"{state}{name}")]
    return ["strace", "-D", "-f", "-qqq", "-o", "/dev/null", *paths, "-e", f"trace={call}",
            "-e", f"inject={call}:error={error}:when={number}..{number + 1}"]


def live(gateway, panel):
    """One life under a fault: no store is no reason to leave the school without alarms."""
    gateway.start(ready=False)
    rig.wait_for("it is up", lambda: not gateway.running() or gateway.answers())
    assert gateway.running(), gateway.text()[-1000:]
    panel.raise_alarm()
    commits = commits_of(gateway) + 10  # or the later calls would never be made
    rig.wait_for("it commits again", lambda: is_healthy(gateway, commits), 120)
    assert gateway.running(), gateway.text()[-1000:]
    gateway.kill()


def judge(faults, site, school, county, panel):
    """Of what the broker took nothing is missing at the county in the end, and nothing twice."""
    gateway = site.gateway()
    rig.wait_for("the broker keeps messages for the gateway", gateway.online)
    gateway.kill()
    ordinary = gateway.command
    publisher = numbered.NumberedPublisher(school.port, RATE)
    own = set()
    try:
        for fault in faults:
            gateway.command = injected(site.folder / "state", *fault) + ordinary
            device = numbered.OwnIdPublisher(school.port, RATE, len(own), again=AGAIN)
            live(gateway, panel)
            device.stop()
            own |= {numbered.OWN + number for number in device.confirmed}
    finally:
        publisher.stop()
    gateway.command = ordinary
    gateway.start()
    stored = numbered.finish(publisher, school.port, gateway, county)
    text = gateway.text()
    failed = text.count("nothing is acknowledged")
    away = text.count("is guarded without a store")
    again = sum(map(int, re.findall(r"(\d+) messages came again while it was away", text)))
    print(f"{len(faults)} faults: {failed} met a commit, {away} a start, {again} messages were on the "
          f"disk already; confirmed {len(publisher.confirmed)} and {len(own)} with ids, "
          f"stored {len(stored)}")
    assert failed + away > len(faults) / 4, "few faults were met: the test is blind"
    assert publisher.connections == 1, "the publisher sent again: doubled numbers are its own"
    assert sorted((publisher.confirmed | own) - set(stored)) == []
    assert [number for number, times in collections.Counter(stored).items() if times > 1] == []
    return again


def test_a_fault_at_one_call_after_the_other(site, school, county, panel):
    """A sample of all calls that a start and thirty commits make."""
    judge(random.Random(20261126).sample(EVERY, SAMPLE), site, school, county, panel)


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
def test_a_fault_at_every_call(share, site, school, county, panel):
    judge(EVERY[share::SHARES], site, school, county, panel)


def test_what_is_taken_before_the_store_can_be_opened(site, school, county, panel):
    """The start finds no room, half a second later there is some; then it is killed.  What the
    broker and a device send again before the store can be read is stored once."""
    again = judge(4 * [("openat", "ENOSPC", 2), ("openat", "ENOSPC", 4)], site, school, county, panel)
    assert again > AGAIN, "little came again before the store: the test is blind"


class Mount:
    """A small file system of its own under the state folder, in the daemon's name space."""

    def __init__(self, folder, size):
        self.folder = folder
        user = [] if os.getuid() == 0 else ["-r"]
        self.prefix = ["unshare", *user, "-m", "sh", "-c",
                       f'mount -t tmpfs -o size={size} none "{folder}" && exec "$@"', "sh"]

    def grow(self, process, size):
        user = [] if os.getuid() == 0 else ["-U", "--preserve-credentials"]
        subprocess.run(["nsenter", "-t", str(process.pid), *user, "-m", "mount", "-o",
                        f"remount,size={size}", str(self.folder)], check=True)


@pytest.mark.skipif(
    subprocess.run(["unshare", "-m", "true"] if os.getuid() == 0 else ["unshare", "-r", "-m", "true"],
                   check=False, capture_output=True).returncode,
    reason="no mount namespace here: a chroot whose root is no mount point")
def test_a_full_disk_holds_back_acknowledgements_until_there_is_room(site, school, county, panel):
    """Nothing is given up: what the broker keeps meanwhile comes in when there is room."""
    mount = Mount(site.folder / "state", "1m")
    gateway = site.gateway(prefix=mount.prefix)
    rig.wait_for("the broker keeps messages for the gateway", gateway.online)
    publisher = numbered.NumberedPublisher(school.port, 10 * RATE)
    try:
        rig.wait_for("the disk is full", lambda: "full" in store_of(gateway)["fault"])
        panel.raise_alarm()
        commits = store_of(gateway)["commits"]
        panel.raise_alarm()
        assert store_of(gateway)["commits"] == commits
        mount.grow(gateway.process, "64m")
        rig.wait_for("it commits again", lambda: is_healthy(gateway, commits), 30)
    finally:
        publisher.stop()
    stored = numbered.finish(publisher, school.port, gateway, county)
    assert sorted(publisher.confirmed - set(stored)) == []
    assert len(stored) == len(set(stored))
    assert gateway.stop(signal.SIGTERM) == 0
