"""Certificates for the county that are renewed under a gateway that runs: real mosquitto, real files."""
import datetime
import os
import shutil
import subprocess
import urllib.request

import pytest

import rig
from certificates import Authority


def in_seconds(seconds):
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)


class Secured:
    """A gateway and a broker that tells by which certificate it knows a client."""

    def __init__(self, folder, site, servers):
        self.folder, self.site = folder, site
        self.authority = Authority(folder, days=500)
        certificate, key = self.authority.sign("broker", "DNS:localhost", "IP:127.0.0.1")
        self.port = rig.free_port()
        self.broker = rig.Broker(folder, "county-broker", lines=[
            f"listener {self.port} 127.0.0.1", "allow_anonymous true", f"cafile {self.authority.ca}",
            f"certfile {certificate}", f"keyfile {key}", "require_certificate true",
            "use_identity_as_username true"]).start()
        servers.append(self.broker)
        site.shipped()
        site.gateway_yaml(f'county: {{broker: "mqtts://localhost:{self.port}", ca: "{self.authority.ca}", '
                          f'certificate: "{folder}/own.pem", key: "{folder}/own.key"}}')

    def put(self, source, name):
        """As a copy does it that is not seen half-way."""
        shutil.copy(source, self.folder / "spare")
        os.replace(self.folder / "spare", self.folder / name)

    def put_pair(self, pair):
        self.put(pair[1], "own.key")
        self.put(pair[0], "own.pem")

    def start(self, pair):
        self.put_pair(pair)
        self.gateway = self.site.gateway()
        rig.wait_for("the county", self.connected)
        return self.gateway

    def county(self):
        return self.gateway.get("status")["county"]

    def connected(self):
        return self.county()["connected"]

    def restart_broker(self):
        self.broker.stop()
        rig.wait_for("it is noticed", lambda: not self.connected())
        self.broker.start()
        rig.wait_for("the county again", self.connected, 60)

    def names(self):
        """By which certificates the gateway came, one after the other."""
        return [line.split("u'")[1].split("'")[0] for line in self.broker.text().splitlines()
                if " as gateway-" in line and "u'" in line]


@pytest.fixture
def secured(tmp_path, site, servers):
    return Secured(tmp_path, site, servers)


def test_the_end_of_a_certificate_is_told_long_before(build, secured):
    gateway = secured.start(secured.authority.sign_until("soon", in_seconds(6.5 * 86400)))
    credentials = secured.county()["credentials"]
    assert credentials["days"] == 6 and credentials["file"].endswith("/own.pem")
    said = subprocess.run([build / "campusctl", "--socket", gateway.socket, "status"],
                          capture_output=True, text=True, check=True).stdout
    assert f"days left of the certificate: 6 ({secured.folder}/own.pem)" in said
    with urllib.request.urlopen(f"http://127.0.0.1:{secured.site.http}/metrics", timeout=10) as answer:
        assert "campus_county_certificate_days 6\n" in answer.read().decode()
    alarm = rig.wait_for("the alarm", lambda: next((
        a for a in gateway.get("alarms")["alarms"] if a["id"] == "SY-06@gateway"), None))
    assert alarm["severity"] == "P2"
    secured.put_pair(secured.authority.sign_until("later", in_seconds(400 * 86400)))
    rig.wait_for("its end", lambda: not next(
        a["active"] for a in gateway.get("alarms")["alarms"] if a["id"] == "SY-06@gateway"))


def test_half_of_a_pair_does_no_harm_and_the_whole_is_taken(secured):
    secured.start(secured.authority.sign("first"))
    second = secured.authority.sign("second")
    secured.put(second[1], "own.key")
    rig.wait_for("it is told", lambda: "is not for the key in" in secured.county()["credentials"]["fault"])
    assert secured.connected()
    secured.restart_broker()
    assert secured.names() == ["first", "first"]
    secured.put(second[0], "own.pem")
    rig.wait_for("the fault is over", lambda: not secured.county()["credentials"]["fault"])
    assert secured.connected() and secured.names() == ["first", "first"], "it is not near its end"
    secured.restart_broker()
    assert secured.names() == ["first", "first", "second"]


def test_a_connection_near_the_end_of_its_certificate_is_made_anew(secured):
    secured.start(secured.authority.sign_until("first", in_seconds(300)))
    secured.put_pair(secured.authority.sign("second"))
    rig.wait_for("the second", lambda: secured.names() == ["first", "second"] and secured.connected(), 30)
    assert "connects anew, with the renewed certificate" in secured.gateway.text()
    assert "SY-01-twin" not in str(secured.gateway.get("alarms"))


def test_a_certificate_that_the_county_refuses_costs_no_connection(secured):
    secured.start(secured.authority.sign_until("first", in_seconds(300)))
    secured.put_pair(Authority(secured.folder, "stranger").sign("second"))
    rig.wait_for("it goes back", lambda: "takes the one before" in secured.gateway.text(), 60)
    rig.wait_for("the county", secured.connected)
    assert secured.names() == ["first", "first"]


def test_without_its_files_a_gateway_guards_on_and_connects_when_they_come(secured):
    pair = secured.authority.sign("first")
    secured.put(pair[1], "own.key")
    secured.gateway = secured.site.gateway()
    rig.wait_for("it is told", lambda: "own.pem': No such file" in secured.county()["fault"])
    secured.put(pair[0], "own.pem")
    rig.wait_for("the county", secured.connected)
