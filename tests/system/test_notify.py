"""What systemd hears from the daemon: ready, alive each second, stopping.

That the feeding ends with a worker that hangs is in tests/unit/watchdog_test.c: one thread of
a process cannot be stopped from outside.
"""
import contextlib
import os
import socket

import pytest

import rig
from test_one_count import DEVICES


class Listener:
    """systemd's end of NOTIFY_SOCKET."""

    def __init__(self, path):
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.socket.setblocking(False)
        self.heard = []

    def listen(self):
        with contextlib.suppress(BlockingIOError):
            while True:
                self.heard += self.socket.recv(4096).decode().splitlines()
        return self.heard

    def wait_for(self, line, times=1):
        rig.wait_for(f"{times} x {line}", lambda: self.listen().count(line) >= times)

    def stop(self):
        self.socket.close()


@pytest.fixture
def systemd(tmp_path, servers):
    listener = Listener(tmp_path / "notify.sock")
    servers.append(listener)
    return listener


@pytest.fixture
def gateway(site, school, systemd):
    site.shipped()
    site.gateway_yaml()
    site.write("devices.d/room.yaml", DEVICES.format(port=school.port))
    gateway = site.gateway(start=False)
    gateway.kwargs["env"] = {**os.environ, "NOTIFY_SOCKET": str(systemd.path)}
    return gateway.start()


def test_systemd_hears_ready_then_alive_then_stopping(gateway, systemd):
    systemd.wait_for("WATCHDOG=1", 3)
    assert systemd.heard[0] == "READY=1"
    assert set(systemd.heard[1:]) == {"WATCHDOG=1"}
    assert gateway.stop() == 0
    assert systemd.listen()[-1] == "STOPPING=1"
    assert systemd.heard.count("READY=1") == 1


def test_ready_is_said_when_the_api_answers_and_every_bus_runs(gateway, systemd):
    systemd.wait_for("READY=1")
    assert gateway.answers()
    assert len(gateway.get("buses")["buses"]) == 1


def test_nothing_is_ready_with_a_faulty_configuration(site, systemd):
    site.shipped()
    site.gateway_yaml("stroe: {}")
    gateway = site.gateway(start=False)
    gateway.kwargs["env"] = {**os.environ, "NOTIFY_SOCKET": str(systemd.path)}
    gateway.start(ready=False)
    assert gateway.process.wait(20) == 1
    assert systemd.listen() == []
