"""SIGTERM at random moments under load, also while it starts: an orderly stop loses and doubles nothing."""
import pathlib
import random
import signal
import time

import numbered
import rig

STOPS = 20
RATE = 500


def handles_stops(gateway):
    """True once SIGTERM waits for the event loop: before, there is nothing to lose."""
    status = pathlib.Path(f"/proc/{gateway.process.pid}/status").read_text()
    blocked = int(status.split("SigBlk:")[1].split()[0], 16)
    return blocked >> (signal.SIGTERM - 1) & 1


def test_twenty_stops_lose_and_double_nothing(site, school, county, county_broker):
    numbered.write_site(site, school.port, county_broker.port)
    gateway = site.gateway()
    rig.wait_for("the broker keeps messages for the gateway", gateway.online)
    publisher = numbered.NumberedPublisher(school.port, RATE)
    moments = random.Random(20261124)
    exits = []
    try:
        for _ in range(STOPS):
            rig.wait_for("it handles stops", lambda: handles_stops(gateway))
            time.sleep(moments.uniform(0, 0.5))
            exits.append(gateway.stop())  # killed after 20 s; the unit's TimeoutStopSec is 30
            gateway.start(ready=False)
    finally:
        publisher.stop()
    rig.wait_for("the gateway is up", gateway.answers)
    confirmed = publisher.confirmed
    stored = numbered.finish(publisher, school.port, gateway, county)
    print(f"stops {STOPS}, confirmed {len(confirmed)}, stored {len(stored)}")
    assert exits == [0] * STOPS
    assert len(confirmed) > 1000
    assert sorted(confirmed - set(stored)) == []
    assert len(stored) == len(set(stored))
    assert gateway.stop() == 0
