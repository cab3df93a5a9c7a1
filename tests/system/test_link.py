"""The line that tests/sim/link.py makes fail: each fault is what it says, and is over when it is mended."""
import socket
import threading

import pytest

import rig
from link import PIECE, Link


class Echo:
    """Says again whatever it hears."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.heard = b""
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                end, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=[end], daemon=True).start()

    def _answer(self, end):
        while data := end.recv(65536):
            self.heard += data
            end.sendall(data)

    def stop(self):
        self.listener.close()


@pytest.fixture
def echo(servers):
    made = Echo()
    servers.append(made)
    return made


@pytest.fixture
def line(servers, echo):
    made = Link([echo.port])
    servers.append(made)
    return made


def connect(line):
    end = socket.create_connection(("127.0.0.1", line.port))
    end.settimeout(10)
    return end


def said(end, text=b"hello"):
    """What comes back of @text; b"" from a connection that has ended."""
    try:
        end.sendall(text)
        return end.recv(65536)
    except ConnectionError:
        return b""


def test_a_line_that_is_whole_carries(line):
    end = connect(line)
    assert said(end) == b"hello" and said(end, b"again") == b"again"


def test_a_line_that_is_down_ends_connections_and_takes_none(line):
    before = connect(line)
    assert said(before) == b"hello"
    line.go_down()
    assert said(before) == b"" and said(connect(line)) == b""
    line.mend()
    assert said(connect(line)) == b"hello"


def test_a_silent_line_swallows_and_says_nothing_of_it(line, echo):
    before = connect(line)
    assert said(before) == b"hello"
    line.fall_silent()
    before.sendall(b"lost")
    rig.wait_for("it is swallowed", lambda: line.silent)
    line.mend()
    after = connect(line)
    assert said(after, b"new") == b"new"
    before.sendall(b"lost too")
    before.settimeout(0.3)
    with pytest.raises(TimeoutError):
        before.recv(1)
    assert echo.heard == b"hellonew"


def test_a_slow_line_carries_all_and_waits_for_it(line, monkeypatch):
    """Both ways."""
    waited = []
    monkeypatch.setattr("link.time.sleep", waited.append)
    line.slow_down(800_000)
    end = connect(line)
    text = bytes(range(256)) * 20
    end.sendall(text)
    heard = b""
    while len(heard) < len(text):
        heard += end.recv(65536)
    assert heard == text
    assert sum(waited) == pytest.approx(2 * 8 * len(text) / 800_000)
    assert max(waited) <= 8 * PIECE / 800_000


def test_a_line_that_spoils_changes_a_byte_of_each_piece(line, echo):
    end = connect(line)
    line.spoil()
    said(end)
    assert len(echo.heard) == 5 and sum(a != b for a, b in zip(echo.heard, b"hello")) == 1
    line.mend()
    assert said(end) == b"hello"


def test_the_first_of_several_ports_that_answers_is_taken(servers, echo):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # nobody listens
        line = Link([closed.getsockname()[1], echo.port])
        servers.append(line)
        assert {said(connect(line)) for _ in range(10)} == {b"hello"}
