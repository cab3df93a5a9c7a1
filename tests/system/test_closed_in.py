"""The programs live with the system calls that their units leave them: under systemd a call that is
not in the list was a gateway that began anew every two seconds."""
import pathlib
import re
import signal
import subprocess
import sys

import pytest

import rig
from conftest import ROOT
from demo import Demo

PYTHON = "/usr/bin/python3"
CLOSED_IN = (sys.executable, ROOT / "tests/sim/closed_in.py", ROOT / "systemd/campus-gateway.service")


def test_a_call_that_is_left_out_kills():
    told = subprocess.run([*CLOSED_IN, PYTHON, "-c", "import os; os.chroot('/')"], check=False)
    assert told.returncode == -signal.SIGSYS
    told = subprocess.run([*CLOSED_IN, PYTHON, "-c", "print('alive')"], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout) == (0, "alive\n")


def test_a_day_of_all_drivers_needs_no_more(build, tmp_path):
    demo = Demo(build, tmp_path)
    demo.gateway.command = [str(part) for part in (*CLOSED_IN, *demo.gateway.command)]
    try:
        demo.start()
        rig.wait_for("every rule has fired", lambda: all(demo.raised().values()), 120)
        subprocess.run([build / "campusctl", "--socket", demo.gateway.socket, "reload", "--yes"], check=True)
        assert demo.gateway.stop() == 0, demo.gateway.text()
    finally:
        demo.stop()


@pytest.fixture
def gateway(site, school, county_broker):
    """By the kernel's own clock, as on a board."""
    site.shipped()
    site.gateway_yaml(f'county: {{broker: "mqtt://127.0.0.1:{county_broker.port}"}}')
    site.write("devices.d/one.yaml", f"""\
buses: [{{name: school-broker, driver: mqtt, broker: "mqtt://127.0.0.1:{school.port}"}}]
devices: [{{name: panic-gate, bus: school-broker, template: panic-mqtt, topic: panic, place: gate-south}}]
""")
    return site.gateway(prefix=CLOSED_IN)


def own(gateway):
    return {p["name"]: p["value"] for p in gateway.get("points")["points"] if p["name"].startswith("gateway/")}


def test_it_looks_after_its_own_health_without_the_kernels_word(gateway):
    rig.wait_for("its word on its disk and its county", lambda: own(gateway)["gateway/disk_free"] is not None
                 and own(gateway)["gateway/county_link"] == 0)
    has_mark = pathlib.Path("/run/systemd/timesync/synchronized").exists()
    assert (own(gateway)["gateway/clock_error"] is not None) == has_mark
    assert gateway.stop() == 0, gateway.text()


def test_it_says_what_it_writes_to_the_disk(build, gateway):
    memory = gateway.get("status")["memory"]
    assert 0 < memory["sqlite_bytes"] < memory["heap_bytes"]
    disk = gateway.get("status")["disk"]
    assert disk["written_bytes"] > 0  # the reserve alone is 8 MiB
    assert (disk["bytes_per_day"], disk["card_years"]) == (None, None)  # not in the first hour
    told = subprocess.run([build / "campusctl", "--socket", gateway.socket, "status"], capture_output=True, text=True,
                          check=True).stdout
    assert re.search(r"^disk +[0-9.]+ MB written since the start$", told, re.MULTILINE)


def test_a_broken_database_is_salvaged_within_the_same_calls(gateway, site):
    gateway.stop()
    with open(site.folder / "campus.db", "r+b") as file:
        file.seek(4096)
        file.write(bytes(4096))
    gateway.start()
    assert list(site.folder.glob("campus.db.broken-*"))
    assert gateway.stop() == 0, gateway.text()
