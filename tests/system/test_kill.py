"""kill -9 at random moments under load: nothing acknowledged is lost, nothing is doubled."""
import random
import time

import numbered
import rig

KILLS = 50
RATE = 1000


def run_with_kills(site, school, county, county_broker, kills, binary="campus-gatewayd"):
    """(confirmed numbers, numbers at the county)"""
    numbered.write_site(site, school.port, county_broker.port)
    gateway = site.gateway(binary=binary)
    publisher = numbered.NumberedPublisher(school.port, RATE)
    moments = random.Random(20261123)
    try:
        for _ in range(kills):
            time.sleep(moments.uniform(0.05, 0.5))
            gateway.kill()
            gateway.start(ready=False)
    finally:
        publisher.stop()
    rig.wait_for("the gateway is up", gateway.answers)
    return publisher.confirmed, numbered.finish(publisher, school.port, gateway, county)


def test_fifty_kills_lose_and_double_nothing(site, school, county, county_broker):
    confirmed, stored = run_with_kills(site, school, county, county_broker, KILLS)
    print(f"kills {KILLS}, confirmed {len(confirmed)}, stored {len(stored)}")
    assert len(confirmed) > 1000
    assert sorted(confirmed - set(stored)) == []
    assert len(stored) == len(set(stored))


def test_a_build_that_acknowledges_too_early_is_caught(site, school, county, county_broker):
    confirmed, stored = run_with_kills(site, school, county, county_broker, KILLS,
                                       binary="campus-gatewayd-seeded")
    assert len(confirmed) > 1000
    assert confirmed - set(stored), "the seeded fault was not seen: the kill test is blind"
