"""The county's receiver and its broker over TLS: mosquitto and RabbitMQ, with a CA made here."""
import json
import subprocess

import pytest

import rig
from certificates import Authority
from county_gateway import EPOCH, Gateway, alarm, last_stats, query, settle, through_deaths_of
from rabbit import Rabbit
from rig import ROOT


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("stranger"), "stranger")


class Secured:
    """A broker to which gateways speak in clear, and the receiver over TLS, with a certificate."""

    def __init__(self, address, mqtt_port, authority):
        self.address, self.mqtt_port = address, mqtt_port
        certificate, key = authority.sign("receiver")
        self.options = {"--ca": authority.ca, "--certificate": certificate, "--key": key}

    def arguments(self, **changes):
        options = {**self.options, **{f"--{name}": value for name, value in changes.items()}}
        return [word for name, value in options.items() if value for word in (name, value)]


@pytest.fixture(scope="module")
def rabbit_tls(authority):
    certificate, key = authority.sign("rabbit", "DNS:localhost", "IP:127.0.0.1")
    port = rig.free_port()
    node = Rabbit(f"listeners.ssl.default = 127.0.0.1:{port}\nssl_options.cacertfile = {authority.ca}\n"
                  f"ssl_options.certfile = {certificate}\nssl_options.keyfile = {key}\n"
                  "ssl_options.verify = verify_peer\nssl_options.fail_if_no_peer_cert = true\n"
                  "ssl_options.versions.1 = tlsv1.2\n")
    try:
        node.start()
        yield Secured(f"amqps://guest:guest@localhost:{port}", node.mqtt_port, authority)
    finally:
        node.close()


@pytest.fixture
def mosquitto_tls(tmp_path, servers, authority):
    certificate, key = authority.sign("mosquitto", "DNS:localhost", "IP:127.0.0.1")
    for path in (certificate, key, authority.ca):
        path.chmod(0o644)
    port = rig.free_port()
    broker = rig.Broker(tmp_path, "tls-broker", lines=[
        f"listener {port} 127.0.0.1", "allow_anonymous true", f"cafile {authority.ca}", f"certfile {certificate}",
        f"keyfile {key}", "require_certificate true"]).start()
    servers.append(broker)
    return Secured(f"mqtts://localhost:{port}", broker.port, authority)


@pytest.fixture(params=["mosquitto_tls", pytest.param("rabbit_tls", marks=pytest.mark.xdist_group("rabbit_tls"))])
def secured(request):
    return request.getfixturevalue(request.param)


def receiver(build, tmp_path, secured, name, **changes):
    return rig.County(build, tmp_path, secured.address, name,
                      arguments=[*secured.arguments(**changes), "--client-id", name])


def test_rows_come_over_tls_and_answers_go_back(build, tmp_path, servers, secured):
    county = receiver(build, tmp_path, secured, "secured").start()
    servers.append(county)
    gateway = Gateway(secured.mqtt_port)
    through_deaths_of(county, gateway)
    gateway.close()
    assert query(county, "select seq from messages order by seq") == [(seq,) for seq in range(1, 32)]
    stats = last_stats(county)
    assert (stats["rows"], stats["conflicts"], stats["duplicates"]) == (31, 0, 0)


def test_a_backlog_comes_over_tls(build, tmp_path, servers, secured):
    """A record of TLS holds many messages: no batch takes more than it has room for."""
    county = receiver(build, tmp_path, secured, "backlog").start()
    servers.append(county)
    gateway = Gateway(secured.mqtt_port)
    settle(gateway)
    county.kill()
    text = json.dumps(alarm(1))
    for seq in range(2, 10002):
        last = gateway.client.publish(f"{gateway.topic}/alarm", text.replace(f"{EPOCH}/1", f"{EPOCH}/{seq}").replace(
            '"seq": 1,', f'"seq": {seq},'), qos=1)
    rig.wait_for("the broker has them", last.is_published, 60)
    county.start()
    rig.wait_for("all rows are there", lambda: not county.running()
                 or query(county, "select count(*) from messages") == [(10001,)], 60)
    assert county.running(), county.text()
    gateway.close()


@pytest.mark.parametrize("changes", ["stranger", "no certificate", "a stranger's certificate"])
def test_a_broker_or_receiver_that_is_not_known_gets_nothing(build, tmp_path, servers, secured, stranger, authority,
                                                             changes):
    certificate, key = stranger.sign("receiver")
    changed = {"stranger": {"ca": stranger.ca}, "no certificate": {"certificate": None, "key": None},
               "a stranger's certificate": {"certificate": certificate, "key": key}}[changes]
    county = receiver(build, tmp_path, secured, "refused", **changed).start()
    servers.append(county)
    rig.wait_for("it is said", lambda: "connecting again" in county.text())
    assert county.running()
    assert last_stats(county)["messages"] == 0
    assert "connected" not in county.text()


@pytest.mark.parametrize("scheme", ["mqtt", "amqp"])
def test_files_that_do_not_fit_are_refused(build, tmp_path, authority, scheme):
    certificate, key = authority.sign("receiver")

    def refusal(address, *arguments):
        done = subprocess.run([build / "campus-county", "--broker", address, "--database", tmp_path / "x.db",
                               "--schemas", ROOT / "county/schemas", *arguments],
                              capture_output=True, text=True, check=False, timeout=30)
        assert done.returncode == 2
        return done.stderr
    secure = f"{scheme}s://localhost:1"
    assert "ca: missing" in refusal(secure)
    assert "are for mqtts:// and amqps://" in refusal(f"{scheme}://localhost:1", "--ca", authority.ca)
    assert "belong together" in refusal(secure, "--ca", authority.ca, "--certificate", certificate)
    missing = tmp_path / "missing.pem"
    for options in (["--ca", missing], ["--ca", authority.ca, "--certificate", missing, "--key", key],
                    ["--ca", authority.ca, "--certificate", certificate, "--key", missing]):
        assert f"'{missing}': No such file" in refusal(secure, *options)
