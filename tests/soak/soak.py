"""A soak: a big school at 15 times its load for hours, with a fault each minute, and what the
gateway then holds.

Its clock runs 15 times as fast, so each of 5,000 points speaks every four seconds, an hour takes four
minutes, and the eight faults are over in two of its hours.  At the end of each minute the school is
still for a moment: once all is stored and at the county, memory and descriptors are read.  After the
warm-up, heap in use at equal phases has no slope, resident memory and descriptors stay, and the
database is no larger than what was written asks for.
"""
import collections
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

import crowd
import faults
import process
import rig
from trend import Trend, growth

SPEED = 15
START = "2026-11-23T00:00:00+08:00"
WARM_SHARE, WARM_MOST_S = 0.5, 1800
QUIET_S = 30
HEAP_SLOPE = 1024       # bytes an hour
RESIDENT_GROWTH = 256   # KiB
ROW_BYTES = 60          # of a reading or summary, with its place in an index; the manual says 20
BODY_FACTOR = 1.4       # a row of the outbox against its body
SPARE_BYTES = 24 << 20  # the reserve for alarms, the log of SQLite, schema and journal

# What is freed goes back at once instead of into each thread's cache of small pieces, which fills for
# hours and counts as in use.
EXACT = {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=0"}

Sample = collections.namedtuple("Sample", "seconds phase heap sqlite resident descriptors file rows bodies")


class Soak:
    """All processes of one run, in a folder of their own."""

    def __init__(self, build, minute_s=60, environment=()):
        self.build = pathlib.Path(build)
        self.minute_s = minute_s
        self.environment = dict(environment)
        self.samples = []
        self.started = []

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="campus-soak-"))
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self):
        self.school = self._keep(rig.Broker(self.folder, "school", shipped=True).start())
        self.county_broker = self._keep(rig.Broker(self.folder, "county-broker").start())
        self.county = self._keep(rig.County(self.build, self.folder, self.county_broker.port).start())
        self.lines = self._keep(crowd.Lines())
        self.config = crowd.write(self.folder, self.school.port, self.county_broker.port, self.lines.rtu.port,
                                  self.lines.tcp.port)
        self.gateway = self._keep(rig.Gateway(self.build, self.folder, self.config, arguments=[
            "--school-time", START, "--school-speed", str(SPEED)]))
        self.gateway.kwargs["env"] = {**os.environ, **EXACT, **self.environment}
        self.gateway.start()
        rig.wait_for("every bus is online", self.gateway.online)
        self.crowd = self._keep(crowd.Crowd(self.school.port, SPEED))
        self.began = time.monotonic()

    def _keep(self, server):
        self.started.append(server)
        return server

    def __exit__(self, *_):
        for server in reversed(self.started):
            server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def sleep(self, quarters):
        time.sleep(quarters * self.minute_s / 4)

    def ctl(self, *words):
        subprocess.run([self.build / "campusctl", "--socket", self.gateway.socket, *words], check=True,
                       capture_output=True, stdin=subprocess.DEVNULL, timeout=60)

    def run(self, minutes, log):
        """One fault and one sample a minute; @log takes a line for each."""
        for minute in range(minutes):
            phase = minute % len(faults.EVERY)
            time.sleep(max(0, self.began + (minute + 0.1) * self.minute_s - time.monotonic()))
            faults.EVERY[phase](self)
            time.sleep(max(0, self.began + (minute + 0.8) * self.minute_s - time.monotonic()))
            self.crowd.pause()
            self.samples.append(self._sample(phase))
            self.crowd.go_on()
            log.write(json.dumps({"fault": faults.EVERY[phase].__name__, **self.samples[-1]._asdict()}) + "\n")
            log.flush()

    def _is_still(self):
        status = self.gateway.answers()
        county = status and status["county"]
        return (county and status["local"]["connected"] and county["connected"] and self.gateway.online()
                and county["in_flight"] == county["outbox"]["waiting"] == status["store"]["waiting"] == 0 and status)

    def _sample(self, phase):
        """The least of five looks: a message of telemetry may be under way in each."""
        rig.wait_for("all is stored and at the county", self._is_still, QUIET_S + self.minute_s)
        pid = self.gateway.process.pid
        looks, descriptors = [], []
        for _ in range(5):
            looks.append(self.gateway.get("status"))
            time.sleep(0.02 * self.minute_s / 4)
            descriptors.append(rig.descriptors(pid))
        memory = [look["memory"] for look in looks]
        return Sample(round(time.monotonic() - self.began, 1), phase, min(m["heap_bytes"] for m in memory),
                      min(m["sqlite_bytes"] for m in memory), round(process.resident_mb(pid) * 1024),
                      min(descriptors), looks[-1]["store"]["file_bytes"], looks[-1]["store"]["rows"],
                      looks[-1]["county"]["outbox"]["bytes"])


class Verdict:
    """What the samples after the warm-up say."""

    def __init__(self, samples):
        warm_s = min(WARM_MOST_S, WARM_SHARE * samples[-1].seconds)
        late = [sample for sample in samples if sample.seconds >= warm_s]
        self.heap = Trend([(s.seconds / 3600, s.phase, s.heap - s.sqlite) for s in late])
        self.sqlite = Trend([(s.seconds / 3600, s.phase, s.sqlite) for s in late])
        self.resident_growth = growth([(s.seconds, s.phase, s.resident) for s in late])
        self.descriptors_growth = growth([(s.seconds, s.phase, s.descriptors) for s in late])
        last = late[-1]
        self.file_share = last.file / (SPARE_BYTES + ROW_BYTES * last.rows + BODY_FACTOR * last.bodies)

    def faults(self):
        """A sentence for each that does not hold."""
        found = []
        for what, trend in (("heap in use", self.heap), ("SQLite's memory", self.sqlite)):
            if trend.grows(HEAP_SLOPE):
                found.append(f"{what} grows by {trend.slope:.0f} ± {trend.error:.0f} bytes an hour")
            elif not trend.tells(HEAP_SLOPE):
                found.append(f"{what}: too short or too noisy to tell, ± {trend.error:.0f} bytes an hour")
        if self.resident_growth > RESIDENT_GROWTH:
            found.append(f"resident memory grew by {self.resident_growth} KiB")
        if self.descriptors_growth != 0:
            found.append(f"{self.descriptors_growth} descriptors more")
        if self.file_share > 1:
            found.append(f"the database is {self.file_share:.2f} times its plan")
        return found

    def text(self):
        return (f"heap in use {self.heap.slope:.0f} ± {self.heap.error:.0f} bytes an hour, SQLite's memory "
                f"{self.sqlite.slope:.0f} ± {self.sqlite.error:.0f}; resident memory {self.resident_growth:+} KiB, "
                f"descriptors {self.descriptors_growth:+}; the database is {self.file_share:.2f} of its plan")
