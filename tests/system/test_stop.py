"""SIGTERM at random moments under load, also while it starts: an orderly stop loses and doubles nothing."""
import pathlib
import random
import signal
import time

import ledger
import numbered
import rig
from test_kill import settled

STOPS = 20
RATE = 500
STOP_S = 5  # TimeoutStopSec of the unit is 30


def handles_stops(gateway):
    """True once SIGTERM waits for the event loop: before, there is nothing to lose."""
    status = pathlib.Path(f"/proc/{gateway.process.pid}/status").read_text()
    blocked = int(status.split("SigBlk:")[1].split()[0], 16)
    return blocked >> (signal.SIGTERM - 1) & 1


def test_twenty_stops_lose_and_double_nothing(site, school, county, county_broker):
    numbered.write_site(site, school.port, county_broker.port)
    gateway = site.gateway()
    publisher = numbered.NumberedPublisher(school.port, RATE)
    moments = random.Random(20261124)
    exits = []
    took = []
    try:
        for _ in range(STOPS):
            rig.wait_for("it handles stops", lambda: handles_stops(gateway))
            time.sleep(moments.uniform(0, 0.5))
            began = time.monotonic()
            exits.append(gateway.stop())
            took.append(time.monotonic() - began)
            gateway.start(ready=False)
    finally:
        publisher.stop()
    rig.wait_for("the gateway is up", gateway.answers)
    rig.wait_for("everything is taken and acknowledged", lambda: settled(gateway, school), 120)
    confirmed = publisher.confirmed
    stored = numbered.numbers(ledger.rows(county.database))
    print(f"stops {STOPS}, longest {max(took):.2f} s, confirmed {len(confirmed)}, "
          f"stored {len(stored)}")
    assert exits == [0] * STOPS
    assert max(took) < STOP_S
    assert len(confirmed) > 1000
    assert sorted(confirmed - set(stored)) == []
    assert len(stored) == len(set(stored))
    assert gateway.stop() == 0
