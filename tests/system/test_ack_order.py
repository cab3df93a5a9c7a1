"""The daemon under strace: the PUBACK leaves after the commit is on the disk, and a build
that acknowledges too early is seen to do so."""
import re
import subprocess

import pytest

import rig
from numbered import write_site

TOPIC = "campus/p1/serial"
PUBACK = r'"\\x40\\x02'
DISK = re.compile(r"fdatasync(\(| resumed).*\)\s+= 0")


def hexed(text):
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


def events(trace):
    """The order of what happened after the message arrived: "disk", "puback", …"""
    seen = None
    for line in trace.read_text().splitlines():
        if seen is None:
            if hexed(TOPIC) in line and re.search(r"(read|recv|recvfrom)\b", line):
                seen = []
        elif DISK.search(line):
            seen.append("disk")
        elif re.search(r"\b(write|send|sendto)\(", line) and re.search(PUBACK, line):
            seen.append("puback")
    return seen


@pytest.fixture
def order(site, school, county_broker, tmp_path):
    """What happens between a message and its PUBACK in a build."""
    def run(binary):
        write_site(site, school.port, county_broker.port)
        trace = tmp_path / "trace"
        gateway = site.gateway(binary=binary, prefix=[
            "strace", "-D", "-f", "-xx", "-s", "96", "-o", trace,
            "-e", "trace=read,recvfrom,write,sendto,fdatasync"])
        rig.wait_for("subscribed", gateway.online)
        subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(school.port), "-q", "1",
                        "-t", TOPIC, "-m", "7"], check=True)
        return rig.wait_for("a PUBACK", lambda: (seen := events(trace)) and "puback" in seen and seen)
    return run


def test_the_puback_follows_the_commit(order):
    seen = order("campus-gatewayd")
    assert "disk" in seen[:seen.index("puback")], seen


def test_the_seeded_build_is_seen_to_acknowledge_first(order):
    seen = order("campus-gatewayd-seeded")
    assert seen[0] == "puback", seen
