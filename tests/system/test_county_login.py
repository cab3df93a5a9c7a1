"""Brokers that ask the county's receiver who it is: mosquitto and RabbitMQ, with a password in a file."""
import subprocess

import pytest

import rig
from county_gateway import Gateway, alarm, settle
from rig import ROOT

USER, PASSWORD = "county", "geheim:5 @/"


@pytest.fixture
def mosquitto(tmp_path, servers):
    """One listener for gateways without a name, one for the receiver."""
    port, names = rig.free_port(), tmp_path / "names"
    subprocess.run(["mosquitto_passwd", "-c", "-b", names, USER, PASSWORD], check=True)
    names.chmod(0o600)
    broker = rig.Broker(tmp_path, "named-broker", lines=[
        f"listener {port} 127.0.0.1", "allow_anonymous false", f"password_file {names}"])
    config = broker.folder / "mosquitto.conf"
    config.write_text("per_listener_settings true\n" + config.read_text())
    servers.append(broker.start())
    return f"mqtt://127.0.0.1:{port}", broker.port


@pytest.fixture
def rabbitmq(rabbit):
    rabbit.control("add_user", USER, PASSWORD)
    rabbit.control("set_permissions", USER, ".*", ".*", ".*")
    yield f"amqp://127.0.0.1:{rabbit.port}", rabbit.mqtt_port
    rabbit.control("delete_user", USER)


@pytest.fixture(params=["mosquitto", pytest.param("rabbitmq", marks=pytest.mark.xdist_group("rabbit"))])
def broker(request):
    return request.getfixturevalue(request.param)


def write_password(tmp_path, text):
    path = tmp_path / "password"
    path.write_text(text)
    path.chmod(0o600)
    return path


def test_a_password_is_asked_for_at_each_connection(build, tmp_path, servers, broker):
    """The wrong one is said and tried again; the right one is taken without a restart."""
    address, mqtt_port = broker
    path = write_password(tmp_path, "wrong\n")
    county = rig.County(build, tmp_path, address, arguments=[
        "--user", USER, "--password-file", path, "--client-id", "county-with-name"]).start()
    servers.append(county)
    rig.wait_for("the refusal is said", lambda: "refused" in county.text())
    assert county.running() and "connected" not in county.text()
    write_password(tmp_path, f"{PASSWORD}\nnot this line\n")
    rig.wait_for("it is connected", lambda: "connected" in county.text())
    gateway = Gateway(mqtt_port)
    settle(gateway)
    gateway.send("alarm", alarm(2))
    gateway.wait_for_answer({2})
    gateway.close()
    assert PASSWORD not in county.text()


@pytest.mark.parametrize("arguments, said", [
    (["--password-file", "FILE"], "user: missing (password_file needs a user)"),
    (["--user", "a", "--password-file", "NONE"], "No such file"),
])
@pytest.mark.parametrize("scheme", ["mqtt", "amqp"])
def test_what_is_missing_is_said(build, tmp_path, servers, scheme, arguments, said):
    files = {"FILE": write_password(tmp_path, "x"), "NONE": tmp_path / "none"}
    county = rig.County(build, tmp_path, f"{scheme}://127.0.0.1:1",
                        arguments=[files.get(word, word) for word in arguments]).start()
    servers.append(county)
    rig.wait_for("it is said", lambda: said in county.text())


def test_a_name_in_two_places_is_refused(build, tmp_path):
    done = subprocess.run([build / "campus-county", "--broker", "amqp://a:b@127.0.0.1:1", "--user", "c", "--database",
                           tmp_path / "x.db", "--schemas", ROOT / "county/schemas"],
                          capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 2 and "user: the broker's address has one" in done.stderr
