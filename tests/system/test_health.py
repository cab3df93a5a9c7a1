"""The gateway's word on itself is true: disk, clock and county, measured and not only told."""
import ctypes
import os
import subprocess

import pytest

import rig

QUICK = """\
rules:
  - {id: SY-01-uplink, for: 1s, clear_for: 1s}
  - {id: SY-01-disk, for: 1s, parameters: {least: 100.5, enough: 101}}
"""


class Timex(ctypes.Structure):
    """The head of struct timex of adjtimex(2)."""
    _fields_ = [("modes", ctypes.c_uint), ("offset", ctypes.c_long), ("freq", ctypes.c_long),
                ("maxerror", ctypes.c_long), ("rest", ctypes.c_char * 400)]


def kernels_clock_error():
    timex = Timex()
    assert ctypes.CDLL(None).adjtimex(ctypes.byref(timex)) >= 0
    return timex.maxerror / 1e6


def own(gateway):
    return {p["name"].split("/")[1]: p["value"] for p in gateway.get("points")["points"]
            if p["name"].startswith("gateway/")}


def alarms(gateway):
    return {a["id"]: a["active"] for a in gateway.get("alarms")["alarms"]}


@pytest.fixture
def gateway(site, county_broker):
    site.shipped()
    site.gateway_yaml(f'county: {{broker: "mqtt://127.0.0.1:{county_broker.port}"}}')
    site.write("rules.d/quick.yaml", QUICK)
    return site.gateway()


def test_disk_and_clock_are_what_the_kernel_says(gateway, site):
    rig.wait_for("the gateway's own points", lambda: own(gateway)["clock_error"] is not None)
    disk = os.statvfs(site.folder)
    assert own(gateway)["disk_free"] == pytest.approx(100 * disk.f_bavail / disk.f_blocks, abs=2)
    assert own(gateway)["clock_error"] == pytest.approx(kernels_clock_error(), abs=0.5)
    rig.wait_for("a disk with less than is asked", lambda: alarms(gateway).get("SY-01-disk@gateway"))
    assert "SY-01-clock@gateway" not in alarms(gateway), "not for a moment"


def test_the_status_says_what_the_clock_is_worth(build, gateway):
    """As SY-01-clock: a time that may be off by more than 2 s is not called good."""
    status = gateway.get("status")
    assert status["clock_error_s"] == pytest.approx(kernels_clock_error(), abs=0.5)
    is_off = status["clock_error_s"] > 2
    assert status["time_quality"] == ("uncertain" if is_off else "good")
    said = subprocess.run([build / "campusctl", "--socket", gateway.socket, "status"],
                          capture_output=True, text=True, check=True).stdout
    assert ("(uncertain: the clock may be off by " if is_off else "(good)") in said


def test_a_county_that_goes_and_comes_is_an_alarm(gateway, county_broker):
    rig.wait_for("the county", lambda: own(gateway)["county_link"] == 0)
    county_broker.stop()
    rig.wait_for("its alarm", lambda: alarms(gateway).get("SY-01-uplink@gateway"))
    county_broker.start()
    rig.wait_for("its end", lambda: not alarms(gateway)["SY-01-uplink@gateway"], 60)
