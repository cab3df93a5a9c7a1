"""Connections that come and go, and connections that are dead without a word."""
import os
import pathlib
import subprocess
import time

import pytest

import numbered
import rig
from modbus_rig import Pymodbus
from proxy import Proxy

FLAPS = 60
FLAP_S = 1  # the fault itself: a connection lives so long
RATE = 200
COUNTY_KEEPALIVE_S = 20
METER = """\
  - {{name: meter, driver: modbus-tcp, host: {host}, port: {port}, timeout: 500ms}}
devices:
  - {{name: light, bus: meter, template: jxct-lux, unit: 1, place: p1, period: 500ms}}
"""


class Process:
    """What a process holds."""

    def __init__(self, pid):
        self.pid = pid
        self.folder = pathlib.Path(f"/proc/{pid}")

    def descriptors(self):
        return rig.descriptors(self.pid)

    def resident_kb(self):
        return int((self.folder / "status").read_text().split("VmRSS:")[1].split()[0])


def test_a_broker_that_flaps_each_second_costs_nothing(site, school, servers, county, county_broker):
    """A minute of it: all numbers are there once, descriptors and memory stay as they were."""
    proxy = Proxy(school.port)
    servers.append(proxy)
    numbered.write_site(site, proxy.port, county_broker.port)
    gateway = site.gateway()
    rig.wait_for("online", gateway.online)
    process = Process(gateway.process.pid)
    publisher = numbered.NumberedPublisher(school.port, RATE)
    descriptors = process.descriptors()
    resident = []
    try:
        for _ in range(FLAPS):
            time.sleep(FLAP_S)
            proxy.cut()
            resident.append(process.resident_kb())
        rig.wait_for("it is back", gateway.online, 30)
    finally:
        publisher.stop()
    stored = numbered.finish(publisher, school.port, gateway, county)
    print(f"{proxy.accepted} connections, resident {resident[FLAPS // 3]} kB, then {resident[-1]} kB")
    assert proxy.accepted > FLAPS / 10, "it waits longer and longer: ten seconds at most"
    assert sorted(publisher.confirmed - set(stored)) == []
    assert len(stored) == len(set(stored))
    witness = 1  # for a minute after the last flap: drivers/mqtt/witness.h
    assert descriptors <= process.descriptors() <= descriptors + witness
    assert resident[-1] < 1.1 * resident[FLAPS // 3]


class Cable:
    """A network name space at the end of a cable that can lose every packet, both ways, while
    both ends believe that all is well."""

    def __init__(self):
        self.name = f"gw-{os.getpid()}"
        net = f"10.251.{os.getpid() % 250}"
        self.host = f"{net}.1"
        self.near = f"gwa{os.getpid()}"
        self.far = f"gwb{os.getpid()}"
        self.root = [] if os.getuid() == 0 else ["sudo", "-n"]
        self.prefix = [*self.root, "ip", "netns", "exec", self.name]
        self.do("ip", "netns", "add", self.name)
        self.do("ip", "link", "add", self.near, "type", "veth", "peer", "name", self.far, "netns", self.name)
        self.do("ip", "addr", "add", f"{self.host}/30", "dev", self.near)
        self.do("ip", "link", "set", self.near, "up")
        self.within("ip", "addr", "add", f"{net}.2/30", "dev", self.far)
        self.within("ip", "link", "set", self.far, "up")
        self.within("ip", "link", "set", "lo", "up")

    def do(self, *words):
        subprocess.run([*self.root, *words], check=True)

    def within(self, *words):
        subprocess.run([*self.prefix, *words], check=True)

    def lose(self):
        """A queue that has room for a byte: no packet fits."""
        self.do("tc", "qdisc", "replace", "dev", self.near, "root", "bfifo", "limit", "1")
        self.within("tc", "qdisc", "replace", "dev", self.far, "root", "bfifo", "limit", "1")

    def mend(self):
        self.do("tc", "qdisc", "del", "dev", self.near, "root")
        self.within("tc", "qdisc", "del", "dev", self.far, "root")

    def stop(self):
        self.do("ip", "netns", "del", self.name)


@pytest.fixture
def cable(servers):
    made = Cable()
    servers.append(made)
    return made


def test_dead_connections_are_noticed_and_made_anew(site, school, servers, county, county_broker,
                                                    cable):
    """No end says goodbye: the keep-alive and TCP's own timeout notice, on the bus, on Modbus TCP
    and towards the county; what was on its way comes again and is taken once."""
    meter = rig.free_port()
    servers.append(Pymodbus({"unit": 1, "coils": [], "inputs": [], "holding": [7] * 20, "input": []},
                            "tcp", meter))
    ends = {name: Proxy(port, host=cable.host) for name, port in (
        ("school", school.port), ("county", county_broker.port), ("meter", meter))}
    servers.extend(ends.values())
    numbered.write_site(site, ends["school"].port, ends["county"].port)
    for path in (site.config / "gateway.yaml", site.config / "devices.d/numbers.yaml"):
        text = path.read_text().replace("127.0.0.1:" + str(ends["county"].port),
                                        f"{cable.host}:{ends['county'].port}")
        text = text.replace(f"127.0.0.1:{ends['school'].port}", f"{cable.host}:{ends['school'].port}")
        path.write_text(text.replace("window: 0", "window: 0, keepalive: 5s"))
    site.shipped("templates")
    site.write("metrics.yaml", rig.metrics_with(numbered.METRICS.removeprefix("metrics:\n")))
    site.write("devices.d/meter.yaml", "buses:\n" + METER.format(host=cable.host, port=ends["meter"].port))
    gateway = site.gateway(prefix=cable.prefix)

    def health():
        status = gateway.get("status")
        return {**{row["name"]: row["health"] == "online" for row in status["buses"]},
                "county": status["county"]["connected"]}

    rig.wait_for("all are online", lambda: all(health().values()), 30)
    publisher = numbered.NumberedPublisher(school.port, RATE)
    try:
        rig.wait_for("numbers flow", lambda: gateway.get("status")["county"]["outbox_acknowledged"] > RATE)
        began = time.monotonic()
        cable.lose()
        noticed = {}

        def all_noticed():
            for name, is_online in health().items():
                if not is_online:
                    noticed.setdefault(name, time.monotonic() - began)
            return len(noticed) == 3

        rig.wait_for("all are noticed to be dead", all_noticed, 2 * (1.5 * COUNTY_KEEPALIVE_S + 1))
        cable.mend()
        rig.wait_for("all are online again", lambda: all(health().values()), 150)
    finally:
        publisher.stop()
    print("noticed after " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in noticed.items()))
    assert noticed["meter"] < noticed["school-broker"] < noticed["county"], "by their patience"
    stored = numbered.finish(publisher, school.port, gateway, county)
    assert sorted(publisher.confirmed - set(stored)) == []
    assert len(stored) == len(set(stored))
