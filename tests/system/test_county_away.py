"""The county's broker goes away for a minute, then its receiver: nothing lost or doubled."""
import os
import time

import ledger
import numbered
import rig

AWAY_S = float(os.environ.get("GW_AWAY_S", "60"))
RATE = 200


def outbox(gateway):
    return gateway.get("status")["county"]


def test_broker_then_receiver_away_at_200_messages_a_second(site, school, county,
                                                            county_broker):
    numbered.write_site(site, school.port, county_broker.port, interval="1s")
    gateway = site.gateway()
    publisher = numbered.NumberedPublisher(school.port, RATE)
    rig.wait_for("rows reach the county", lambda: outbox(gateway)["outbox_acknowledged"] > RATE)

    county_broker.stop()
    time.sleep(AWAY_S)
    county_broker.start()
    rig.wait_for("the uplink is back", lambda: outbox(gateway)["connected"], 150)

    county.stop()
    time.sleep(AWAY_S)
    county.start()
    publisher.stop()

    stored = numbered.finish(publisher, school.port, gateway, county, 180)
    total = outbox(gateway)["messages"]
    lost, doubled = ledger.missing_and_doubled(county.database, total)
    print(f"away 2 x {AWAY_S:.0f} s, published {publisher.sent}, stored {len(stored)}")
    assert sorted(publisher.confirmed - set(stored)) == []
    assert len(stored) == len(set(stored))
    assert (lost, doubled) == (0, 0)
