"""A driver that does not come back: what is told of its bus, by a reload, and at a stop."""
import os
import signal
import subprocess
import time

import pytest

import rig
from browser import Browser
from test_modules import METRIC_FILE, Modules

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="a module's folder is root's")

# Each of its calls hangs while the file named `hold` says so: o(pen), p(oll), w(rite).
DRIVER = """
#include <string.h>
#include <stdio.h>
#include <unistd.h>
#include "gw/driver.h"

struct bus { const char *hold; };

static void hang(void *bus, char call)
{
    for (char said[8] = ""; ; usleep(10000)) {
        FILE *file = fopen(((struct bus *)bus)->hold, "re");
        size_t size = file ? fread(said, 1, sizeof(said) - 1, file) : 0;
        said[size] = 0;
        if (file)
            fclose(file);
        if (!strchr(said, call))
            return;
    }
}

static int own_open(void *bus, const struct gw_bus_setup *setup, struct gw_error *err)
{
    hang(bus, 'o');
    return 0;
}

static void own_close(void *bus) {}

static enum gw_fault own_poll(void *bus, const struct gw_device_ref *device,
                              const struct gw_sink *sink, struct gw_error *err)
{
    hang(bus, 'p');
    const struct gw_sample sample = {.point = device->points[0].id, .raw = 612,
                                     .source_us = GW_TIME_NONE};
    sink->push(sink->ctx, &sample, 1, NULL);
    return GW_FAULT_NONE;
}

static enum gw_fault own_write(void *bus, const struct gw_device_ref *device,
                               const struct gw_point_ref *point, double raw, struct gw_error *err)
{
    hang(bus, 'w');
    return GW_FAULT_NONE;
}

static const struct gw_option bus_options[] = {
    {.name = "hold", .type = GW_OPT_STRING, .offset = offsetof(struct bus, hold), .required = true,
     .help = "hangs while this file says so"},
    {0},
};
static const struct gw_driver own = {
    .struct_size = sizeof(struct gw_driver), .name = "own", .summary = "hangs when told",
    .bus_options = bus_options, .bus_size = sizeof(struct bus),
    .open = own_open, .close = own_close, .poll = own_poll, .write = own_write};
GW_DRIVERS_EXPORT(&own);
"""
BUSES = """\
buses:
  - {{name: wild, driver: own, hold: {hold}}}
  - {{name: tame, driver: own, hold: {hold}-never}}
devices:
  - {{name: air-203, bus: wild, place: b1-203, period: {period}, points: [{{metric: co2, writable: {writable}}}]}}
  - {{name: air-204, bus: tame, place: b1-204, period: {other}, points: [{{metric: co2}}]}}
"""
QUICK = "rules: [{id: SY-01-bus, for: 1s, clear_for: 1s}]\n"
PATIENCE_S = 60  # a hang is told after 15 s


class Hanging:
    """One gateway with two buses, the first of which hangs when it is held."""

    def __init__(self, site):
        self.site = site
        self.hold_file = site.folder / "hold"
        modules = Modules(site)
        modules.compile(DRIVER)
        modules.write()
        (site.config / METRIC_FILE).unlink()
        site.shipped("rules")
        site.write("rules.d/quick.yaml", QUICK)
        self.devices()
        self.gateway = site.gateway(start=False)

    def devices(self, period="1s", other="1s", writable="false"):
        self.site.write("devices.d/b1.yaml", BUSES.format(
            hold=self.hold_file, period=period, other=other, writable=writable))

    def hold(self, calls):
        self.hold_file.write_text(calls)

    def start(self):
        self.gateway.start()
        return self

    def bus(self, name="wild"):
        return next((b for b in self.gateway.get("buses")["buses"] if b["name"] == name), None)

    def healths(self):
        return {b["name"]: b["health"] for b in self.gateway.get("buses")["buses"]}

    def wait_until_hung(self):
        rig.wait_for("the hang is told", lambda: self.bus()["health"] == "hung", PATIENCE_S)

    def alarm(self):
        rows = self.gateway.get("alarms")["alarms"]
        return next((a for a in rows if a["id"] == "SY-01-bus@wild"), None)

    def point(self, name):
        rows = self.gateway.get("points")["points"]
        return next(p for p in rows if p["name"] == name)

    def ctl(self, *arguments):
        return subprocess.run(
            [self.site.build / "campusctl", "--socket", self.gateway.socket, *arguments],
            capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)


@pytest.fixture
def hanging(site):
    return Hanging(site)


def shows(hanging, words):
    """What the page's strip says."""
    browser = Browser(hanging.site.folder)
    try:
        browser.open(f"http://127.0.0.1:{hanging.site.http}/")
        browser.wait(f"document.querySelector('#strip')?.textContent.includes('{words}')")
    finally:
        browser.close()


def test_a_bus_that_hangs_is_told_and_goes_on_when_it_comes_back(hanging):
    hanging.start()
    rig.wait_for("both online", lambda: set(hanging.healths().values()) == {"online"})
    hanging.hold("p")
    hanging.wait_until_hung()
    assert "its driver has not come back for" in hanging.bus()["fault"]
    assert "hung" in hanging.ctl("status").stdout
    [device] = [d for d in hanging.gateway.get("devices")["devices"] if d["bus"] == "wild"]
    assert (device["health"], device["fault"]) == ("offline", "its bus hangs")
    rig.wait_for("its alarm", lambda: (hanging.alarm() or {}).get("active"))
    shows(hanging, "wild 卡死")
    assert hanging.point("b1-203/co2")["reason"] == "offline"
    assert hanging.point("b1-204/co2")["q"] == "good", "the others go on"
    hanging.hold("")
    rig.wait_for("it is online", lambda: hanging.bus()["health"] == "online")
    rig.wait_for("a reading", lambda: hanging.point("b1-203/co2")["q"] == "good")
    rig.wait_for("no alarm", lambda: not hanging.alarm()["active"])
    assert "its driver came back after" in hanging.gateway.text()
    assert hanging.gateway.stop() == 0


def test_a_bus_that_hangs_from_the_start_is_an_alarm_also_after_a_restart(hanging):
    hanging.hold("op")
    hanging.start()
    rig.wait_for("its alarm", lambda: (hanging.alarm() or {}).get("active"), PATIENCE_S)
    assert hanging.bus()["health"] == "hung"
    uid = hanging.alarm()["uid"]
    time.sleep(2)  # of which the disk knows
    hanging.gateway.process.send_signal(signal.SIGABRT)  # as the watchdog does
    hanging.gateway.process.wait(20)
    hanging.start()
    assert (hanging.alarm()["uid"], hanging.alarm()["active"]) == (uid, True)
    hanging.wait_until_hung()
    assert (hanging.alarm()["uid"], hanging.alarm()["active"]) == (uid, True)


WATCHDOG_S = 20  # WatchdogSec= of the unit


@pytest.mark.slow
def test_the_shipped_rule_tells_a_hang_before_the_watchdog_ends_it(hanging):
    (hanging.site.config / "rules.d/quick.yaml").unlink()
    hanging.start()
    rig.wait_for("both online", lambda: set(hanging.healths().values()) == {"online"})
    hanging.hold("p")
    rig.wait_for("the dog starves", lambda: "the watchdog is no longer fed" in hanging.gateway.text(), 90)
    kill_at = time.monotonic() + WATCHDOG_S
    rig.wait_for("its alarm", lambda: (hanging.alarm() or {}).get("active"), WATCHDOG_S)
    uid = hanging.alarm()["uid"]
    time.sleep(max(0, kill_at - time.monotonic()))
    hanging.gateway.process.send_signal(signal.SIGABRT)
    hanging.gateway.process.wait(20)
    hanging.start()
    assert (hanging.alarm()["uid"], hanging.alarm()["active"]) == (uid, True)


@pytest.mark.slow
def test_a_hang_that_was_not_told_before_the_kill_is_told_after_it(hanging):
    (hanging.site.config / "rules.d/quick.yaml").unlink()
    hanging.start()
    rig.wait_for("both online", lambda: set(hanging.healths().values()) == {"online"})
    hanging.hold("op")
    hanging.wait_until_hung()
    begun = time.monotonic()
    time.sleep(50)
    assert not hanging.alarm()
    hanging.gateway.process.send_signal(signal.SIGABRT)
    hanging.gateway.process.wait(20)
    hanging.start()
    rig.wait_for("its alarm", lambda: (hanging.alarm() or {}).get("active"), PATIENCE_S)
    assert time.monotonic() - begun < 70, "the minute goes on where it was"


def test_a_reload_that_must_stop_a_hung_bus_changes_nothing(hanging):
    hanging.start()
    hanging.hold("p")
    hanging.wait_until_hung()
    hanging.devices(period="2s", other="2s")
    for how in ("--diff", "--yes"):
        told = hanging.ctl("reload", how)
        assert told.returncode == 1
        assert "~ device air-203" in told.stdout
        assert "bus 'wild' hangs: its driver has not come back for" in told.stderr
        assert "nothing was changed, a restart takes the new files" in told.stderr
    assert hanging.healths() == {"wild": "hung", "tame": "online"}
    hanging.devices(other="2s")
    assert hanging.ctl("reload", "--diff").returncode == 0
    assert hanging.ctl("reload", "--yes").returncode == 0, "of the others it goes on"
    assert hanging.healths()["wild"] == "hung"


def test_a_reload_waits_so_long_and_no_longer_for_a_bus_that_hangs_since_just_now(hanging):
    hanging.start()
    rig.wait_for("both online", lambda: set(hanging.healths().values()) == {"online"})
    hanging.hold("p")
    time.sleep(1.5)  # it is within a poll by now
    hanging.devices(period="2s", other="2s")
    told = hanging.ctl("reload", "--yes")
    assert told.returncode == 1
    assert "bus 'wild' does not stop" in told.stderr + told.stdout
    assert list(hanging.healths()) == ["wild", "tame"]
    hanging.hold("")
    rig.wait_for("both go on", lambda: set(hanging.healths().values()) == {"online"})
    polled = {b["name"]: b["samples"] for b in hanging.gateway.get("buses")["buses"]}
    rig.wait_for("both are polled", lambda: all(
        b["samples"] > polled[b["name"]] for b in hanging.gateway.get("buses")["buses"]))
    assert hanging.ctl("reload", "--yes").returncode == 0
    assert hanging.gateway.stop() == 0


def test_a_write_to_a_hung_bus_is_answered(hanging):
    hanging.devices(writable="true")
    hanging.start()
    hanging.hold("w")
    taken = hanging.ctl("write", "b1-203/co2", "700")
    assert taken.returncode != 0 and "bus 'wild' hangs" in taken.stderr + taken.stdout
    assert hanging.bus()["health"] == "hung"
    later = hanging.ctl("write", "b1-203/co2", "700")
    assert later.returncode != 0 and "bus 'wild' hangs" in later.stderr + later.stdout


def stops(gateway):
    gateway.process.send_signal(signal.SIGTERM)
    begun = time.monotonic()
    return gateway.process.wait(30), time.monotonic() - begun


@pytest.mark.parametrize("calls", ["o", "p"])
def test_a_stop_waits_so_long_saves_and_says_who_hangs(hanging, calls):
    hanging.hold(calls)
    hanging.start()
    rig.wait_for("the other's readings", lambda: hanging.bus("tame")["samples"] > 2)
    code, took_s = stops(hanging.gateway)
    assert code == 3, hanging.gateway.text()
    assert 9 < took_s < 20
    assert "wild: its thread did not end within 10 s" in hanging.gateway.text()
    hanging.hold("")
    hanging.start()
    rig.wait_for("both online", lambda: set(hanging.healths().values()) == {"online"})
    assert "broken" not in hanging.gateway.text()
    assert hanging.gateway.stop() == 0


def test_a_stop_answers_who_waits_for_a_hung_write(hanging):
    hanging.devices(writable="true")
    hanging.start()
    rig.wait_for("online", lambda: hanging.bus()["health"] == "online")
    hanging.hold("w")
    asked = subprocess.Popen(
        [hanging.site.build / "campusctl", "--socket", hanging.gateway.socket, "write", "b1-203/co2", "700"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    time.sleep(1)
    code, _ = stops(hanging.gateway)
    assert code == 3, hanging.gateway.text()
    assert "the gateway is stopping" in asked.communicate(timeout=20)[0]
