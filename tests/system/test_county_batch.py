"""The county by HTTPS: a gateway that goes over to batches when its broker is away, and comes back; nothing is lost
and nothing is there twice, whatever happens to a batch on its way."""
import socket

import pytest

import ledger
import numbered
import rig
from batch_rig import GATEWAY, Identities, Platform, Receiver, check_contract, path_of
from certificates import Authority
from proxy import Proxy

RATE = 50


@pytest.fixture(scope="module")
def identities(tmp_path_factory):
    return Identities(Authority(tmp_path_factory.mktemp("authority")))


@pytest.fixture
def platform(identities, servers):
    platform = Platform(identities)
    servers.append(platform)
    return platform


def write_site(site, school, identities, port, broker=None):
    """A site whose county is batches at @port, and @broker's port before them."""
    certificate, key = identities.client
    first = f'broker: "mqtt://127.0.0.1:{broker}", ' if broker else ""
    numbered.write_site(site, school.port, 0)
    site.gateway_yaml(
        f'county: {{{first}batch: {{url: "https://localhost:{port}", after: 10s}}, ca: {identities.ca}, '
        f'certificate: {certificate}, key: {key}, resend: 2s, '
        'telemetry: {points: ["*/serial"], every: reading}}', "200ms")


def start(site):
    """What is published from now on, it gets."""
    gateway = site.gateway()
    rig.wait_for("it listens to the school", gateway.online)
    return gateway


def outbox(gateway):
    return gateway.get("status")["county"]


def is_through(gateway):
    county = outbox(gateway)
    return county["messages"] > 0 and county["messages"] == county["outbox_acknowledged"]


def check(publisher, school, gateway, county):
    """Everything that the school's broker took is at the county, once."""
    publisher.stop()
    stored = numbered.finish(publisher, school.port, gateway, county, 60)
    assert sorted(publisher.confirmed - set(stored)) == []
    assert len(stored) == len(set(stored))
    assert ledger.missing_and_doubled(county.database, outbox(gateway)["messages"]) == (0, 0)


def test_a_gateway_without_a_broker_delivers_by_batches(build, tmp_path, site, school, servers, identities):
    county = Receiver(build, tmp_path, identities)
    servers.append(county.start())
    write_site(site, school, identities, county.port)
    gateway = start(site)
    publisher = numbered.NumberedPublisher(school.port, RATE)
    rig.wait_for("rows reach the county", lambda: outbox(gateway)["outbox_acknowledged"] > RATE)
    assert (outbox(gateway)["connected"], outbox(gateway)["way"]) == (True, "https")
    check(publisher, school, gateway, county)


def test_postgresql_has_every_row_once(build, tmp_path, site, school, servers, identities, postgres):
    """The server is stopped amid the batches, too."""
    postgres.run("postgres", "create database by_https")
    county = Receiver(build, tmp_path, identities, database=postgres.address("by_https"))
    servers.append(county.start())
    write_site(site, school, identities, county.port)
    gateway = start(site)
    publisher = numbered.NumberedPublisher(school.port, RATE)
    rig.wait_for("rows are acknowledged", lambda: outbox(gateway)["outbox_acknowledged"] > RATE)
    postgres.kill()
    rig.wait_for("it is told", lambda: "HTTP 503: the platform asks for a pause" in gateway.text())
    postgres.start()
    acknowledged = outbox(gateway)["outbox_acknowledged"]
    rig.wait_for("rows are acknowledged", lambda: outbox(gateway)["outbox_acknowledged"] > acknowledged + RATE, 60)
    publisher.stop()
    rig.wait_for("all of them are", lambda: is_through(gateway), 60)
    stored = [seq for seq, in postgres.query("by_https", "select seq from messages order by seq")]
    assert stored == list(range(1, outbox(gateway)["messages"] + 1))


def goes_by(gateway, way):
    """Within what a session waits that was lost a few times, and a row on trial a minute after the last."""
    rig.wait_for(f"rows go by {way}", lambda: outbox(gateway)["way"] == way, 180)


def test_a_broker_that_dies_is_gone_around_and_come_back_to(build, tmp_path, site, school, county_broker, servers,
                                                            identities):
    county = Receiver(build, tmp_path, identities, county_broker.port)
    servers.append(county.start())
    write_site(site, school, identities, county.port, county_broker.port)
    gateway = start(site)
    publisher = numbered.NumberedPublisher(school.port, RATE)
    rig.wait_for("rows go by the broker", lambda: outbox(gateway)["outbox_acknowledged"] > RATE)
    assert outbox(gateway)["way"] == "mqtt"
    for _ in range(2):
        county_broker.stop()
        goes_by(gateway, "https")
        acknowledged = outbox(gateway)["outbox_acknowledged"]
        rig.wait_for("rows are acknowledged", lambda: outbox(gateway)["outbox_acknowledged"] > acknowledged + RATE)
        status = outbox(gateway)
        assert status["connected"] and status["fault"]  # why it is not by the broker
        county_broker.start()
        goes_by(gateway, "mqtt")
        assert outbox(gateway)["fault"] == ""
    check(publisher, school, gateway, county)


def test_a_broker_whose_platform_is_silent_is_gone_around(build, tmp_path, site, school, county_broker, servers,
                                                          identities):
    """The broker takes every row, and no receiver reads them: their answers come by HTTPS.  Once a receiver reads,
    its answer to a row on trial brings the session back."""
    county = Receiver(build, tmp_path, identities)
    servers.append(county.start())
    write_site(site, school, identities, county.port, county_broker.port)
    gateway = start(site)
    publisher = numbered.NumberedPublisher(school.port, RATE)
    rig.wait_for("rows go to the broker", lambda: outbox(gateway)["sent"] > RATE)
    assert outbox(gateway)["outbox_acknowledged"] == 0
    goes_by(gateway, "https")
    rig.wait_for("all of them are acknowledged", lambda: outbox(gateway)["outbox_acknowledged"] > 10 * RATE)
    reader = rig.County(build, tmp_path, county_broker.port, "reader", county.database)
    servers.append(reader.start())
    rig.wait_for("the session is back", lambda: outbox(gateway)["way"] == "mqtt", 90)
    check(publisher, school, gateway, county)


def test_a_platform_that_says_nothing_keeps_nobody_from_the_broker(build, tmp_path, site, school, county_broker,
                                                                   servers, identities):
    """It takes connections and then is silent, so that TLS hangs; the broker comes back meanwhile."""
    silent = socket.create_server(("127.0.0.1", 0))
    write_site(site, school, identities, silent.getsockname()[1], county_broker.port)
    gateway = start(site)
    county_broker.stop()
    publisher = numbered.NumberedPublisher(school.port, RATE)
    goes_by(gateway, "https")
    connection = silent.accept()[0]  # a batch is under way
    county = rig.County(build, tmp_path, county_broker.port)
    county_broker.start()
    servers.append(county.start())
    goes_by(gateway, "mqtt")
    check(publisher, school, gateway, county)
    connection.close()
    silent.close()


def test_a_silent_broker_is_tried_again_where_batches_are_refused(site, school, county_broker, identities, platform):
    platform.answer = lambda _number, _events: (500, "", {})
    write_site(site, school, identities, platform.port, county_broker.port)
    gateway = start(site)
    publisher = numbered.NumberedPublisher(school.port, RATE)
    goes_by(gateway, "https")
    rig.wait_for("five are refused, and rows go by the broker", lambda: outbox(gateway)["way"] == "mqtt", 90)
    assert len(platform.batches) >= 5
    platform.answer = lambda _number, _events: None
    publisher.stop()
    rig.wait_for("all rows are answered by batches in the end", lambda: is_through(gateway), 90)


def test_an_answer_that_is_lost_doubles_nothing(build, tmp_path, site, school, servers, identities):
    """The receiver is killed, or its answer cut, behind the commit and before the gateway hears of it."""
    county = Receiver(build, tmp_path, identities)
    servers.append(county.start())
    upward, cuts = {}, []

    def look(connection, is_upward, data):
        if is_upward:
            upward[connection] = upward.get(connection, 0) + len(data)
        elif upward.get(connection, 0) > 5000 and len(cuts) < 6:  # its batch is in, this is the answer
            cuts.append(connection)
            upward[connection] = 0
            if len(cuts) % 2:
                county.kill()
                county.start()
            raise OSError("cut")

    proxy = Proxy(county.port, look)
    write_site(site, school, identities, proxy.port)
    gateway = start(site)
    publisher = numbered.NumberedPublisher(school.port, RATE)
    rig.wait_for("six answers are lost", lambda: len(cuts) == 6, 60)
    check(publisher, school, gateway, county)
    assert outbox(gateway)["resent"] > 0


def test_a_gateway_that_is_killed_amid_a_batch_loses_and_doubles_nothing(build, tmp_path, site, school, servers,
                                                                         identities):
    """Its batch is committed at the county, and nobody is there to hear so."""
    county = Receiver(build, tmp_path, identities)
    servers.append(county.start())
    upward, kills = {}, []

    def look(connection, is_upward, data):
        upward[connection] = upward.get(connection, 0) + len(data) * is_upward
        if not is_upward and upward[connection] > 8000 and len(kills) < 3:
            kills.append(connection)
            gateway.process.kill()
            raise OSError("its socket has gone")

    write_site(site, school, identities, Proxy(county.port, look).port)
    gateway = start(site)
    publisher = numbered.NumberedPublisher(school.port, RATE)
    for number in range(3):
        rig.wait_for("it is killed", lambda: not gateway.running(), 60)
        assert len(kills) == number + 1
        gateway.start()
    check(publisher, school, gateway, county)


def test_a_body_that_is_cut_is_sent_again(build, tmp_path, site, school, servers, identities):
    county = Receiver(build, tmp_path, identities)
    servers.append(county.start())
    upward, cuts = {}, []

    def look(connection, is_upward, data):
        upward[connection] = upward.get(connection, 0) + len(data) * is_upward
        if is_upward and upward[connection] > 5000 and len(cuts) < 4:  # within a body
            cuts.append(connection)
            raise OSError("cut")

    write_site(site, school, identities, Proxy(county.port, look).port)
    gateway = start(site)
    publisher = numbered.NumberedPublisher(school.port, RATE)
    rig.wait_for("four bodies are cut", lambda: len(cuts) == 4, 60)
    check(publisher, school, gateway, county)


ANSWERS = {
    "500": ((500, "broken", {}), "HTTP 500: the platform took nothing"),
    "403": ((403, "", {}), "HTTP 403: the platform does not take this gateway's certificate"),
    "429": ((429, "", {"Retry-After": "1"}), "HTTP 429: the platform asks for a pause"),
    "503 with a date that is past": ((503, "", {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}), "HTTP 503"),
    "garbage": ((200, "<html>welcome</html>", {}), "the answer breaks the contract"),
    "ranges that are none": ((200, '{"acks": [{"epoch": "7", "ranges": [[2, 1]]}]}', {}), "the answer breaks"),
    "no answer in it": ((200, "{}", {}), "the answer breaks the contract"),
    "204": ((204, "", {}), "HTTP 204: an answer that the contract does not know"),
    "a redirect": ((307, "", {"Location": "https://localhost:1/"}), "HTTP 307: the platform is somewhere else"),
    "an endless answer": ((200, "[" * 300000, {}), "an answer of more than 262144 bytes"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_is_no_acknowledgement_ends_no_row(site, school, identities, platform, name):
    said, told = ANSWERS[name]
    refused = []

    def answer(_number, events):
        """Birth and state once, then rows three times."""
        has_rows = any("seq" in event for event in events)
        if has_rows not in refused or refused.count(True) < 3 and has_rows:
            refused.append(has_rows)
            return said
        return None

    platform.answer = answer
    write_site(site, school, identities, platform.port)
    gateway = start(site)
    publisher = numbered.NumberedPublisher(school.port, RATE)
    rig.wait_for("it is told", lambda: told in gateway.text())
    rig.wait_for("rows are refused", lambda: refused.count(True) == 3, 60)
    rig.wait_for("rows are taken", lambda: len(platform.seqs()) > RATE, 60)
    publisher.stop()
    rig.wait_for("all rows are answered", lambda: is_through(gateway), 60)
    assert set(platform.seqs()) == set(range(1, outbox(gateway)["messages"] + 1))
    assert len(platform.seqs()) == len(set(platform.seqs()))


def test_too_large_is_halved_until_it_is_taken(site, school, identities, platform):
    def answer(_number, events):
        return (413, "", {}) if len(events) > 7 else None

    platform.answer = answer
    write_site(site, school, identities, platform.port)
    gateway = start(site)
    publisher = numbered.NumberedPublisher(school.port, 20 * RATE)
    rig.wait_for("it is told", lambda: any(len(events) > 7 for _, _, events in platform.batches))
    rig.wait_for("rows are taken", lambda: len(platform.seqs()) > 50)
    publisher.stop()
    rig.wait_for("all rows are answered", lambda: is_through(gateway), 120)
    assert sorted(platform.seqs()) == list(range(1, outbox(gateway)["messages"] + 1))


def test_one_body_that_is_too_large_holds_up_no_other(site, school, identities, platform):
    platform.answer = lambda _number, events: (413, "", {}) if any(e.get("seq") == 3 for e in events) else None
    write_site(site, school, identities, platform.port)
    gateway = start(site)
    publisher = numbered.NumberedPublisher(school.port, RATE)
    rig.wait_for("the others are taken", lambda: len(set(platform.seqs())) > 100)
    publisher.stop()
    assert 3 not in platform.seqs()
    assert {1, 2, 4, 5} <= set(platform.seqs())
    assert "is left for later" in gateway.text()
    platform.answer = lambda _number, _events: None
    rig.wait_for("it is taken, too", lambda: is_through(gateway), 60)


def test_rows_that_an_answer_leaves_out_come_again(site, school, identities, platform):
    def answer(number, events):
        rows = [event for event in events if "seq" in event]
        return (200, '{"acks": []}', {}) if rows and number < 3 else None

    platform.answer = answer
    write_site(site, school, identities, platform.port)
    gateway = start(site)
    publisher = numbered.NumberedPublisher(school.port, RATE)
    rig.wait_for("rows are taken", lambda: len(platform.seqs()) > RATE)
    publisher.stop()
    rig.wait_for("all rows are answered", lambda: is_through(gateway), 30)
    assert sorted(platform.seqs()) == list(range(1, outbox(gateway)["messages"] + 1))


def test_bodies_are_packed_where_the_platform_takes_it(site, school, identities, platform):
    """From the answer that says so on, to the first that does not."""
    def forms():
        with platform.lock:
            return [headers.get("Content-Encoding") for _, headers, _ in platform.batches]

    platform.headers = {"Accept-Encoding": "br, gzip"}
    write_site(site, school, identities, platform.port)
    gateway = start(site)
    publisher = numbered.NumberedPublisher(school.port, RATE)
    rig.wait_for("packed bodies come", lambda: forms().count("gzip") > 2)
    assert forms()[0] is None
    platform.headers = {}
    rig.wait_for("they come as they are", lambda: forms()[-3:] == [None] * 3)
    publisher.stop()
    rig.wait_for("all rows are answered", lambda: is_through(gateway))
    assert sorted(platform.seqs()) == list(range(1, outbox(gateway)["messages"] + 1))


def test_birth_and_state_come_before_the_rows_and_the_end_is_told(site, school, identities, platform):
    write_site(site, school, identities, platform.port)
    gateway = start(site)
    publisher = numbered.NumberedPublisher(school.port, RATE)
    rig.wait_for("rows are taken", lambda: len(platform.seqs()) > RATE)
    publisher.stop()
    rig.wait_for("all rows are answered", lambda: is_through(gateway))
    assert gateway.stop() == 0
    paths, kinds = {path for path, _, _ in platform.batches}, [event["type"] for event in platform.taken]
    assert paths == {path_of(GATEWAY)}
    assert kinds[:2] == ["campus.birth.v1", "campus.state.v1"]
    assert platform.batches[0][1]["Content-Type"] == "application/cloudevents-batch+json"
    last = platform.taken[-1]
    assert (last["type"], last["data"]["status"], last["data"]["cause"]) == ("campus.state.v1", "offline", "stopped")
    for _, _, events in platform.batches:
        assert len(events) <= 500
        for event in events:
            check_contract(event)


def test_a_platform_of_another_ca_gets_nothing(tmp_path, site, school, identities, servers):
    other = Identities(Authority(tmp_path, "stranger"))
    platform = Platform(other)
    servers.append(platform)
    write_site(site, school, identities, platform.port)
    gateway = site.gateway()
    rig.wait_for("it is told", lambda: "certificate" in outbox(gateway)["fault"])
    assert not outbox(gateway)["connected"]
    assert platform.batches == []


def test_a_platform_that_is_away_blocks_nothing(site, school, identities):
    """Nobody listens; the gateway answers, counts, and ends at once."""
    write_site(site, school, identities, rig.free_port())
    gateway = site.gateway()
    rig.wait_for("it is told", lambda: "the next batch in" in gateway.text())
    assert not outbox(gateway)["connected"]
    assert gateway.stop() == 0
