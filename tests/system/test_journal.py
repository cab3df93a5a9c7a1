"""What journald gets from the daemon: fields, not only lines.

libsystemd writes to one fixed path, so the daemon runs in a mount namespace of its own, in
which /run is a folder of this test and the journal's socket is ours.
"""
import os
import socket
import subprocess

import pytest

import rig
from test_bad_input import DEVICES, MISTYPED
from test_one_count import count, publish

pytestmark = pytest.mark.skipif(
    subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True).returncode,
    reason="no mount namespace here: not root, or a chroot whose root is no mount point")

IN_ITS_OWN_RUN = ["unshare", "--mount", "sh", "-c", 'mount --bind "$0" /run && exec "$@"']


class Journal:
    """journald's end of /run/systemd/journal/socket."""

    def __init__(self, run):
        path = run / "systemd/journal/socket"
        path.parent.mkdir(parents=True)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.socket.setblocking(False)
        self.entries = []

    def read(self):
        """Every entry so far, as fields."""
        try:
            while True:
                lines = self.socket.recv(65536).decode().splitlines()
                self.entries.append(dict(line.split("=", 1) for line in lines))
        except BlockingIOError:
            return self.entries

    def about(self, field, name):
        return [entry for entry in self.read() if entry.get(field) == name]

    def stop(self):
        self.socket.close()


@pytest.fixture
def journal(tmp_path, servers):
    journal = Journal(tmp_path / "run")
    servers.append(journal)
    return journal


def start(site, devices):
    """A gateway whose stderr is, as far as it can tell, the journal's stream."""
    site.shipped()
    site.gateway_yaml()
    site.write("devices.d/room.yaml", devices)
    gateway = site.gateway(prefix=[*IN_ITS_OWN_RUN, site.folder / "run"], start=False)
    gateway.log.touch()
    stream = gateway.log.stat()
    gateway.kwargs["env"] = {**os.environ, "JOURNAL_STREAM": f"{stream.st_dev}:{stream.st_ino}"}
    return gateway.start()


def test_a_fault_of_a_bus_carries_its_name_and_priority(site, school, journal):
    gateway = start(site, DEVICES.format(port=school.port, closed=rig.free_port()))
    rig.wait_for("the bus's entry", lambda: journal.about("GW_BUS", "rs485-1"))
    entry = journal.about("GW_BUS", "rs485-1")[0]
    assert entry["MESSAGE"].startswith("bus rs485-1: ") and "nothing-here" in entry["MESSAGE"]
    assert entry["PRIORITY"] == "4"
    assert entry["SYSLOG_IDENTIFIER"] == "campus-gatewayd"
    assert "CODE_FILE" not in entry
    assert gateway.stop() == 0
    assert "nothing-here" not in gateway.text(), "said twice: to the journal and on stderr"


def test_a_fault_of_a_device_and_its_end_carry_the_devices_name(site, school, journal):
    gateway = start(site, MISTYPED.format(port=school.port))
    rig.wait_for("the broker", gateway.online)
    publish(school.port, "people/203", count(10, 10))
    rig.wait_for("its fault", lambda: journal.about("GW_DEVICE", "people-203"))
    publish(school.port, "people/203", '{"line_total_date":[{"total":{"in_counted":5}}]}')
    rig.wait_for("its end", lambda: len(journal.about("GW_DEVICE", "people-203")) == 2)
    fault, end = journal.about("GW_DEVICE", "people-203")
    assert fault["MESSAGE"].startswith("device people-203: none of its values found")
    assert (fault["PRIORITY"], end["PRIORITY"]) == ("4", "5")
    assert end["MESSAGE"] == "device people-203: fine again"


def test_start_and_stop_are_notices_of_the_gateway(site, school, journal):
    gateway = start(site, MISTYPED.format(port=school.port))
    points = len(gateway.get("points")["points"])
    assert gateway.stop() == 0
    entries = [(e["MESSAGE"], e["PRIORITY"]) for e in journal.about("GW_APP", "gateway")]
    assert points > 0
    assert (f"app gateway: started with {points} points on 1 buses", "5") in entries
    assert ("app gateway: stopping on signal Terminated", "5") in entries
