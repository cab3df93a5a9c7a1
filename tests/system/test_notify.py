"""What systemd hears from the daemon: ready, alive each second, silence while a worker hangs,
stopping."""
import contextlib
import os
import pathlib
import socket
import subprocess
import time

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


HANG_S = 25  # the page's events may be late for 20 s, every other worker for longer


@contextlib.contextmanager
def held(gateway, worker, seconds):
    """strace holds one thread of the daemon in its next poll(); the others go on."""
    thread = next(task.name for task in pathlib.Path(f"/proc/{gateway.process.pid}/task").iterdir()
                  if (task / "comm").read_text() == f"{worker}\n")
    holder = subprocess.Popen(
        ["strace", "-qqq", "-p", thread, "-o", "/dev/null", "-e", "trace=poll",
         "-e", f"inject=poll:delay_enter={seconds}s:when=1"])
    try:
        yield
    finally:
        holder.terminate()
        holder.wait(10)


def test_the_watchdog_starves_while_a_worker_hangs(gateway, systemd):
    def has_told(words):
        systemd.listen()  # a full socket would stop the sender
        return words in gateway.text()

    systemd.wait_for("WATCHDOG=1")
    with held(gateway, "http-events", HANG_S):
        rig.wait_for("the hang is told", lambda: has_told("worker http-events: hangs"), 60)
        heard = systemd.listen().count("WATCHDOG=1")
        assert gateway.answers(), "only that worker hangs"
        assert systemd.listen().count("WATCHDOG=1") == heard
        rig.wait_for("it is told to be over", lambda: has_told("the watchdog is fed again"), 60)
        systemd.wait_for("WATCHDOG=1", heard + 2)


def test_a_stop_says_for_whom_it_waits(gateway, systemd):
    systemd.wait_for("WATCHDOG=1")
    with held(gateway, "http-events", 15):
        time.sleep(2)  # the events' worker polls each second
        gateway.process.terminate()
        assert gateway.process.wait(25) == 0
    assert "worker http-events: has not ended within 10 s" in gateway.text()
