"""What the system tests share: the build, a folder, real brokers, a gateway on a small site.

They run side by side, two workers for each core (tests/system/run.sh), so each has folders and
ports of its own and asserts no time.  A new test needs no mark for that, a replay least of all.
"""
import contextlib
import os
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/sim"))
sys.path.insert(0, str(ROOT / "tests/cut"))
sys.path.insert(0, str(ROOT / "tests/bench"))
sys.path.insert(0, str(ROOT / "tests/stored"))
sys.path.insert(0, str(ROOT / "tests/soak"))
sys.path.insert(0, str(ROOT / "tests/system"))

import rig  # noqa: E402
from backlog_rig import Way  # noqa: E402
from http_rig import Probe  # noqa: E402
from postgres import Postgres  # noqa: E402
from rabbit import Rabbit  # noqa: E402

os.environ["LC_ALL"] = "C.UTF-8"  # the slips of an office's tables are told in its language


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: only in ./dev test --all")
    config.addinivalue_line("markers", "alone: needs the machine for itself, and runs after all others")


@pytest.fixture(scope="session")
def build():
    return ROOT / os.environ.get("GW_BUILD", "build/dev")


@pytest.fixture
def servers():
    """Whatever a test starts is stopped, newest first."""
    started = []
    yield started
    with contextlib.ExitStack() as stops:  # each one, also when another fails to stop
        for server in started:
            stops.callback(server.stop)


@pytest.fixture
def school(tmp_path, servers):
    broker = rig.Broker(tmp_path, "school-broker", shipped=True).start()
    servers.append(broker)
    return broker


@pytest.fixture
def county_broker(tmp_path, servers):
    broker = rig.Broker(tmp_path, "county-broker").start()
    servers.append(broker)
    return broker


@pytest.fixture(scope="session")
def postgres():
    server = Postgres().start()
    yield server
    server.close()


@pytest.fixture(scope="session")
def rabbit():
    server = Rabbit()
    try:
        yield server.start()
    finally:
        server.close()


@pytest.fixture
def county(build, tmp_path, county_broker, servers):
    receiver = rig.County(build, tmp_path, county_broker.port).start()
    servers.append(receiver)
    return receiver


GATEWAY = """\
gateway: {{id: gw-test}}
school: {{code: "2153012345", division: "530502", title: 隆阳区示例小学, stage: primary}}
store: {{path: {folder}/campus.db, commit_interval: {interval}}}
http: {{socket: {folder}/api.sock, listen: ["127.0.0.1:{http}"]}}
{more}
"""


class Site:
    """A configuration folder that a test fills, and gateways on it."""

    def __init__(self, build, folder, servers):
        self.build = build
        self.folder = folder
        self.servers = servers
        self.config = folder / "config"
        self.http = rig.free_port()
        (self.config / "devices.d").mkdir(parents=True)

    def gateway_yaml(self, more="", interval="1s"):
        (self.config / "gateway.yaml").write_text(GATEWAY.format(
            folder=self.folder, http=self.http, more=more, interval=interval))

    def write(self, name, text):
        path = self.config / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def shipped(self, *names):
        """Links etc/NAME for each of @names; all of it without names."""
        for name in names or ("metrics.yaml", "campus.yaml", "templates", "rules"):
            (self.config / name).symlink_to(ROOT / "etc" / name)

    def gateway(self, arguments=(), binary="campus-gatewayd", prefix=(), start=True):
        gateway = rig.Gateway(self.build, self.folder, self.config, binary=binary,
                              arguments=arguments, prefix=prefix)
        self.servers.append(gateway)
        return gateway.start() if start else gateway


@pytest.fixture
def site(build, tmp_path, servers):
    return Site(build, tmp_path, servers)


@pytest.fixture
def probe(build, tmp_path):
    """The API on a made-up school."""
    started = Probe(build, tmp_path)
    yield started
    assert started.stop() == 0


@pytest.fixture
def way(county_broker, servers):
    """Between the gateway and the county's broker; it can be cut."""
    proxy = Way(county_broker.port)
    servers.append(proxy)
    return proxy
