"""kill -9 in daemon and broker, at random moments and in the middle of a start, a commit, a
checkpoint and a reload: nothing acknowledged is lost, nothing is doubled, the database is
whole each time."""
import collections
import random
import signal
import time

import pytest

import kills
import numbered
import rig
from proxy import Proxy
from wire import Wire

SEEDED_KILLS = 50
RATE = 1000
BROKER_RATE = 200
AGAIN = 100  # messages that a device with ids of its own sends once more

# How often a kind comes: chance alone seldom hits what takes a millisecond.
SHARES = {"any moment": 6, "start, file": 2, "start, anywhere": 2, "commit, write": 4,
          "commit, sync": 3, "checkpoint, write": 3, "checkpoint, sync": 2, "reload": 2}

def kill_daemon(site, school, county, county_broker, count, rate):
    """(the killer, confirmed numbers, numbers at the county)"""
    numbered.write_site(site, school.port, county_broker.port, interval="100ms")
    gateway = site.gateway(start=False)
    reload = numbered.Reload(site, gateway)
    gateway.start()
    rig.wait_for("the broker keeps messages for the gateway", gateway.online)
    gateway.kill()
    publisher = numbered.NumberedPublisher(school.port, rate)
    killer = kills.Killer(gateway, site.folder / "campus.db", random.Random(20261123), reload)
    order = [name for name, share in SHARES.items() for _ in range(share * count // 24)]
    killer.chance.shuffle(order)
    try:
        for name in order:
            killer.kill(name)
        killer.start()
    finally:
        publisher.stop()
    stored = numbered.finish(publisher, school.port, gateway, county)
    assert gateway.stop() == 0
    killer.check("the end", "integrity_check")
    over, interrupted = reload.done()
    print(f"reloads: {over} were over, {interrupted} interrupted")
    assert over and interrupted
    assert publisher.connections == 1, "the publisher sent again: doubled numbers are its own"
    return killer, publisher.confirmed, stored


def judge_daemon_kills(count, killer, confirmed, stored):
    print(f"kills {killer.done}, missed {killer.missed}, confirmed {len(confirmed)}, stored {len(stored)}")
    assert sum(killer.done.values()) == count
    for name, times in killer.done.items():
        assert killer.missed[name] < times / 3, f"'{name}' seldom happens: the test is blind there"
    assert killer.broken == []
    assert killer.gateway.text().count("broken") == 0
    assert len(confirmed) > 1000
    assert sorted(confirmed - set(stored)) == []
    assert len(stored) == len(set(stored))


def test_kills_of_the_daemon_lose_and_double_nothing(site, school, county, county_broker):
    """All that the broker confirmed to the publisher is at the county, once."""
    judge_daemon_kills(240, *kill_daemon(site, school, county, county_broker, 240, rate=250))


@pytest.mark.slow
def test_eight_hundred_kills_of_the_daemon_lose_and_double_nothing(site, school, county, county_broker):
    judge_daemon_kills(816, *kill_daemon(site, school, county, county_broker, 816, rate=100))


def wait_until_read(wire, count):
    begun = wire.read
    rig.wait_for(f"the daemon reads {count}", lambda: wire.read >= begun + count)


class HonestBroker(rig.Broker):
    """A mosquitto that saves what changed in each turn of its loop; the one we ship saves every
    ten seconds (docs/decisions/0013).  A turn may take many packets when it had to wait."""

    SAVES = "autosave_interval 1\nautosave_on_changes true"

    def __init__(self, folder):
        super().__init__(folder, "school-broker")
        config = self.folder / "mosquitto.conf"
        config.write_text(config.read_text().replace("autosave_interval 5", self.SAVES))

    def live(self, wire, chance):
        """Three in four times long enough for what comes again and more, however slow it is here."""
        if chance.random() < 0.75:
            wait_until_read(wire, 2 * AGAIN)
        time.sleep(chance.uniform(0.1, 0.6))


class FallingBroker(HonestBroker):
    """A mosquitto that saves in the midst of its life, and falls back to that."""

    SAVES = "autosave_interval 0"

    def live(self, wire, chance):
        wait_until_read(wire, 1)
        time.sleep(chance.uniform(0.0, 0.5))
        self.process.send_signal(signal.SIGUSR1)
        time.sleep(chance.uniform(0.0, 0.5))


class Devices:
    """One whose messages are numbered, one whose messages bear ids of their own."""

    def __init__(self, port, rate):
        self.port = port
        self.rate = rate
        self.plain_sent = self.own_sent = 0
        self.plain = self.own = None

    def begin(self):
        self.plain = numbered.NumberedPublisher(self.port, self.rate, self.plain_sent)
        self.own = numbered.OwnIdPublisher(self.port, self.rate, self.own_sent, again=AGAIN)

    def end(self, how):
        for publisher in (self.plain, self.own):
            how(publisher)
        self.plain_sent, self.own_sent = self.plain.sent, self.own.sent


def kill_broker(site, broker, servers, county, county_broker, count, ids=numbered.WITH_IDS):
    """(what passed on the wire, numbers at the county, the devices)

    What a publisher has no confirmation for it does not send again: to the broker that
    would be another message.  The one with ids of its own may."""
    servers.append(broker.start())
    wire = Wire()
    proxy = Proxy(broker.port, wire.look)
    servers.append(proxy)
    numbered.write_site(site, proxy.port, county_broker.port, interval="100ms")
    site.write("devices.d/counted.yaml", ids)
    gateway = site.gateway()
    chance = random.Random(20261125)
    devices = Devices(broker.port, BROKER_RATE)
    for i in range(count):
        devices.begin()
        broker.live(wire, chance)
        victims = [broker, gateway] if i % 3 == 0 else [broker]
        for victim in chance.sample(victims, len(victims)):
            victim.kill()
        devices.end(numbered.NumberedPublisher.abandon)
        broker.start()
        if gateway in victims:
            wire.daemon_died()
            gateway.start(ready=False)
    devices.begin()
    devices.end(numbered.NumberedPublisher.stop)
    rig.wait_for("the gateway is up", gateway.answers)
    stored = numbered.finish(devices.plain, broker.port, gateway, county)
    return wire, stored, devices


def doubled(stored):
    return {number for number, times in collections.Counter(stored).items() if times > 1}


def judge_broker_kills(count, wire, stored, devices):
    """Ids of their own need no excuse."""
    plain = {kind: {n for n in found if n < numbered.OWN} for kind, found in sorted(wire.again.items())}
    own = {kind: found - plain[kind] for kind, found in sorted(wire.again.items())}
    sent = devices.plain_sent + devices.own_sent
    twice = doubled(stored)
    print(f"kills {count}, published {sent}, acknowledged {len(wire.acknowledged)}, stored "
          f"{len(set(stored))}, doubled {len(twice)}; came again "
          f"{ {kind: len(found) for kind, found in plain.items()} }, with ids "
          f"{ {kind: len(found) for kind, found in own.items()} }")
    assert sorted(wire.acknowledged - set(stored)) == []
    assert sorted(number for number in twice if number >= numbered.OWN) == []
    assert sorted(twice - wire.excused()) == []
    assert len(wire.acknowledged) > 50 * count, "the gateway was away most of the time: nothing is proved"
    assert len(plain["known"]) > 2 * count, "little came again: nothing is proved"
    assert len(own["renumbered"]) > 5 * count, "little came again with an id: nothing is proved"


def test_kills_of_the_broker_lose_and_double_nothing(site, tmp_path, servers, county, county_broker):
    """All that the daemon acknowledged on the wire is at the county, once; every third time
    broker and daemon die together."""
    judge_broker_kills(60, *kill_broker(site, HonestBroker(tmp_path), servers, county, county_broker, 60))


def test_kills_of_a_broker_that_falls_back_lose_nothing(site, tmp_path, servers, county, county_broker):
    """... and what it had our PUBACK for, and sends again, counts once where that can be known."""
    judge_broker_kills(24, *kill_broker(site, FallingBroker(tmp_path), servers, county, county_broker, 24))


@pytest.mark.slow
def test_two_hundred_kills_of_the_broker_lose_and_double_nothing(site, tmp_path, servers, county,
                                                                  county_broker):
    judge_broker_kills(200, *kill_broker(site, HonestBroker(tmp_path), servers, county, county_broker, 200))


def test_without_an_id_of_its_own_what_is_sent_again_is_seen_to_double(site, tmp_path, servers, county,
                                                                      county_broker):
    """The seeded fault of the tests above: the same device without its line `id:`."""
    _, stored, _ = kill_broker(site, HonestBroker(tmp_path), servers, county, county_broker, 3,
                               ids=numbered.WITHOUT_IDS)
    twice = [number for number in doubled(stored) if number >= numbered.OWN]
    assert twice, "a double was not seen: the kill test is blind"


def test_a_build_that_acknowledges_too_early_is_caught(site, school, county, county_broker):
    numbered.write_site(site, school.port, county_broker.port)
    gateway = site.gateway(binary="campus-gatewayd-seeded")
    publisher = numbered.NumberedPublisher(school.port, RATE)
    moments = random.Random(20261123)
    try:
        for _ in range(SEEDED_KILLS):
            time.sleep(moments.uniform(0.05, 0.5))
            gateway.kill()
            gateway.start(ready=False)
    finally:
        publisher.stop()
    rig.wait_for("the gateway is up", gateway.answers)
    stored = numbered.finish(publisher, school.port, gateway, county)
    assert len(publisher.confirmed) > 1000
    assert publisher.confirmed - set(stored), "the seeded fault was not seen: the kill test is blind"
