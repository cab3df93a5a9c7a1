"""What the Modbus tests share: the driver's probe, a line of two pseudo-terminals, a
pymodbus server, and slaves that misbehave by a script of their own."""
import json
import os
import pathlib
import pty
import select
import socket
import struct
import subprocess
import sys
import threading
import tty

import rig
from modbus_slave import crc16

HERE = pathlib.Path(__file__).resolve().parent


class Probe:
    """The Modbus driver alone: tests/bench/modbus_probe.c."""

    def __init__(self, build, driver, place, port, points, unit=1, timeout_ms=200,
                 options=()):
        self.points = points
        self.process = subprocess.Popen(
            [build / "tests/bench/modbus_probe", driver, place, str(port), str(unit),
             str(timeout_ms), *options, *points],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def poll(self):
        return self.ask("poll")

    def values(self):
        """The samples of a poll that must succeed, in the order of the points."""
        answer = self.poll()
        assert answer["fault"] == "none", answer
        return [answer["samples"][str(i)] for i in range(len(self.points))]

    def write(self, point, value):
        return self.ask(f"write {point} {value}")

    def counts(self):
        return self.ask("counts")

    def later(self, seconds):
        """What rests has rested so much longer."""
        self.ask(f"later {seconds}")

    def stop(self):
        self.process.stdin.close()
        code = self.process.wait(10)
        self.process.stdout.close()
        assert code == 0


class Line:
    """A serial line: two pseudo-terminals that socat joins."""

    def __init__(self, folder):
        self.gateway = str(folder / "line-gateway")
        self.slave = str(folder / "line-slave")
        self.process = subprocess.Popen(
            ["socat", f"pty,raw,echo=0,link={self.gateway}",
             f"pty,raw,echo=0,link={self.slave}"])
        rig.wait_for("both ends of the line",
                     lambda: os.path.exists(self.gateway) and os.path.exists(self.slave))

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


class Pymodbus:
    """A pymodbus server on TCP or on a line's slave end."""

    def __init__(self, image, *arguments):
        self.process = subprocess.Popen(
            [sys.executable, HERE / "pymodbus_shim.py", *map(str, arguments)],
            stdin=subprocess.PIPE, text=True)
        self.process.stdin.write(json.dumps(image) + "\n")
        self.process.stdin.flush()

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


def right_answer(request, registers):
    """The PDU that reads @registers (address → value) for the PDU @request."""
    function, address, count = struct.unpack(">BHH", request[:5])
    values = [registers[address + i] for i in range(count)]
    return struct.pack(f">BB{count}H", function, 2 * count, *values)


class RtuFake(threading.Thread):
    """A slave on a pseudo-terminal: script(request, send) for each request of @size bytes
    (None: for whatever comes at once)."""

    def __init__(self, script, size=8):
        super().__init__(daemon=True)
        self.script = script
        self.size = size
        self.requests = []
        self.master, self.terminal = pty.openpty()
        tty.setraw(self.terminal)
        self.port = os.ttyname(self.terminal)
        self._running = True
        self.start()

    def send(self, data, frame=True):
        """@frame: the checksum is added."""
        os.write(self.master, data + (crc16(data) if frame else b""))

    def run(self):
        buffer = b""
        while self._running:
            if not select.select([self.master], [], [], 0.1)[0]:
                continue
            buffer += os.read(self.master, 512)
            while len(buffer) >= (self.size or 1):
                request, buffer = buffer[:self.size], buffer[self.size or len(buffer):]
                self.requests.append(request)
                self.script(request, self.send)

    def stop(self):
        self._running = False
        self.join()
        os.close(self.master)
        os.close(self.terminal)


class TcpFake(threading.Thread):
    """A server that takes one connection after the other: script(header, pdu, connection)
    for each request; a script that returns False closes the connection."""

    def __init__(self, script):
        super().__init__(daemon=True)
        self.script = script
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self._running = True
        self.start()

    def run(self):
        while self._running:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=[connection], daemon=True).start()

    def serve(self, connection):
        with connection:
            while True:
                try:
                    request = connection.recv(512)
                    if not request or self.script(request[:7], request[7:], connection) is False:
                        return
                except OSError:
                    return

    def stop(self):
        self._running = False
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.join()


def tcp_frame(header, pdu, transaction=None, unit=None):
    number, _, _, asked = struct.unpack(">HHHB", header)
    return struct.pack(">HHHB", number if transaction is None else transaction, 0,
                       len(pdu) + 1, asked if unit is None else unit) + pdu
