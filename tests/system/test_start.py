"""What keeps a gateway from starting: one clear sentence, exit code 1, and nobody else harmed.
A store that cannot be opened does not keep it."""
import os
import socket
import subprocess

import pytest

import rig
from conftest import Site

# root without its right to write everywhere: as the service's user in a folder of others
NO_OVERRIDE = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.getuid() == 0 else []


def refusal(site, prefix=(), options=()):
    """The one sentence of a gateway that does not start."""
    done = subprocess.run([*prefix, site.build / "campus-gatewayd", "--config", site.config, *options],
                          capture_output=True, text=True, check=False, timeout=20)
    assert (done.returncode, done.stdout) == (1, "")
    own = [line for line in done.stderr.splitlines() if line.startswith("campus-gatewayd: ")]
    assert own == done.stderr.splitlines()[-1:], done.stderr
    others = [line for line in done.stderr.splitlines() if not line.startswith("campus-gatewayd: ")]
    assert [line for line in others if "error" in line or "warning" in line] == []
    return own[0].removeprefix("campus-gatewayd: ").replace(str(site.folder), "")


def edit(site, old, new):
    """gateway.yaml with @old replaced."""
    path = site.config / "gateway.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.fixture
def ready(site):
    site.shipped()
    site.gateway_yaml()
    return site


@pytest.fixture
def running(ready):
    return ready.gateway()


@pytest.fixture
def second(build, tmp_path, servers, running):
    """Another site beside the running gateway."""
    folder = tmp_path / "second"
    folder.mkdir()
    site = Site(build, folder, servers)
    site.shipped()
    site.gateway_yaml()
    return site


def test_a_second_gateway_on_the_same_store(ready, running):
    edit(ready, "/api.sock", "/second.sock")
    edit(ready, f"127.0.0.1:{ready.http}", "127.0.0.1:0")
    assert refusal(ready) == "store '/campus.db': another gateway is using it"
    assert running.answers()


def test_a_second_gateway_on_the_same_socket(second, running):
    edit(second, f"{second.folder}/api.sock", str(running.socket))
    assert refusal(second) == f"http: socket '{running.socket}': another gateway answers there"
    assert running.answers()


@pytest.mark.parametrize("mine, theirs", [("{second.folder}/api.sock", "{running.socket}"),
                                          (":{second.http}", ":{ready.http}")])
def test_who_is_refused_has_thrown_nobody_out(second, running, ready, county_broker, school, mine, theirs):
    """Its client ids are those of the one that runs, as on a card that was copied."""
    brokers = (f'county: {{broker: "mqtt://127.0.0.1:{county_broker.port}"}}\n'
               f'local: {{broker: "mqtt://127.0.0.1:{school.port}"}}')
    assert running.stop() == 0
    for site in (ready, second):
        site.gateway_yaml(brokers)
    running.start()
    rig.wait_for("both brokers", lambda: all(running.get("status")[key]["connected"] for key in ("county", "local")))
    names = {"second": second, "running": running, "ready": ready}
    edit(second, mine.format(**names), theirs.format(**names))
    assert "another" in refusal(second)
    for broker in (county_broker, school):
        assert "already connected" not in broker.text()


def test_a_page_on_a_port_that_is_taken(second, running, ready):
    edit(second, f":{second.http}", f":{ready.http}")
    assert refusal(second) == (f"http: listen '127.0.0.1:{ready.http}': another program has "
                               "this port")
    assert running.answers()


def test_a_port_of_another_program(ready):
    with socket.create_server(("127.0.0.1", ready.http)):
        assert "another program has this port" in refusal(ready)
    assert ready.gateway().answers(), "starts as soon as the port is free"


def away(site, prefix=()):
    """Why the store of a gateway that guards all the same cannot be opened."""
    gateway = site.gateway(prefix=prefix)
    store = gateway.get("status")["store"]
    assert store["away"]
    assert gateway.text().count("guarded without a store") == 1
    return store["fault"].replace(str(site.folder), "")


def test_a_state_folder_that_does_not_exist(ready):
    edit(ready, "/campus.db", "/state/campus.db")
    assert away(ready) == "store '/state/campus.db': its folder does not exist"


def test_a_state_folder_of_somebody_else(ready):
    edit(ready, "/campus.db", "/state/campus.db")
    (ready.folder / "state").mkdir(mode=0o500)
    assert away(ready, NO_OVERRIDE) == ("store '/state/campus.db': cannot write "
                                        "'/state/campus.db.lock': Permission denied")


@pytest.mark.parametrize("mode, cause", [
    (0o400, "database '/campus.db': is not writable"),
    (0o000, "database '/campus.db': cannot open: Permission denied"),
])
def test_a_database_of_somebody_else(ready, running, mode, cause):
    assert running.stop() == 0
    (ready.folder / "campus.db").chmod(mode)
    assert away(ready, NO_OVERRIDE) == cause


def test_a_folder_in_the_place_of_the_database(ready):
    (ready.folder / "campus.db").mkdir()
    assert away(ready) == "database '/campus.db': cannot open: Is a directory"


def test_a_socket_folder_that_does_not_exist(ready):
    edit(ready, "/api.sock", "/run/api.sock")
    assert refusal(ready) == "http: socket '/run/api.sock': its folder does not exist"


def test_a_socket_folder_of_somebody_else(ready):
    edit(ready, "/api.sock", "/run/api.sock")
    (ready.folder / "run").mkdir(mode=0o500)
    assert refusal(ready, NO_OVERRIDE) == ("http: socket '/run/api.sock': may not write in its "
                                           "folder")


def test_a_file_in_the_place_of_the_socket_is_left_alone(ready):
    (ready.folder / "api.sock").write_text("somebody's")
    assert refusal(ready) == "http: socket '/api.sock': a file that is no socket stands there"
    assert (ready.folder / "api.sock").read_text() == "somebody's"


def test_a_socket_left_by_a_gateway_that_died_is_no_obstacle(running):
    running.kill()
    assert running.socket.exists()
    rig.wait_for("it answers", running.start().answers)


def test_a_speed_without_a_school_time_is_not_left_aside(ready):
    assert refusal(ready, options=["--school-speed", "60"]) == "--school-speed needs --school-time"
