"""A line to the county that fails as lines do: it goes away, falls silent, slows down, spoils what it
carries.  It leads to the first of several ports that answers, as a county's balancer does."""
import contextlib
import random
import socket
import time

from proxy import Proxy

PIECE = 1024  # of a slow line, so that it is quick again soon


class Link(Proxy):
    """Half-open: what a connection had carried or tries to while the line is silent goes nowhere, also
    afterwards, and neither end hears of it."""

    def __init__(self, targets):
        self.targets = list(targets)
        self.is_down = self.is_silent = self.is_spoiling = False
        self.bytes_a_second = None
        self.silent = set()  # numbers of connections
        self.chance = random.Random(1)
        super().__init__(None)

    def _connect(self):
        if self.is_down:
            raise ConnectionError
        for target in self.chance.sample(self.targets, len(self.targets)):
            with contextlib.suppress(OSError):
                return socket.create_connection(("127.0.0.1", target), 2)
        raise ConnectionError

    def _pump(self, number, is_upward, source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(PIECE if self.bytes_a_second else 65536):
                data = self._carry(number, data)
                sink.sendall(data)
        if number in self.silent:
            self._close(source)
        else:
            self._close(source, sink)

    def _carry(self, number, data):
        """What of @data comes to the other end."""
        if self.bytes_a_second:
            time.sleep(len(data) / self.bytes_a_second)
        if self.is_silent:
            self.silent.add(number)
        if number in self.silent:
            return b""
        if self.is_spoiling:
            at = self.chance.randrange(len(data))
            return data[:at] + bytes([data[at] ^ self.chance.randint(1, 255)]) + data[at + 1:]
        return data

    def go_down(self):
        """No connection lives, none is made."""
        self.is_down = True
        self.cut()

    def fall_silent(self):
        self.is_silent = True

    def slow_down(self, bits_a_second):
        self.bytes_a_second = bits_a_second / 8

    def spoil(self):
        """In each piece that passes a byte is another."""
        self.is_spoiling = True

    def mend(self):
        """New connections work; those that were silent stay so."""
        self.is_down = self.is_silent = self.is_spoiling = False
        self.bytes_a_second = None
