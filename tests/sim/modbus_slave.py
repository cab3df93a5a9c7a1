"""Modbus slaves of the simulated school: RTU on a real pseudo-terminal, and TCP.

One bank of registers per unit, asked at the moment of the request, so that a value is
never older than the answer.  Function codes 3 and 4; everything else is exception 1,
an unknown register exception 2, an unknown unit silence (RTU) or exception 11 (TCP).
"""
import os
import pty
import select
import socket
import socketserver
import struct
import threading
import tty


def crc16(frame):
    """Modbus CRC, low byte first on the wire (Modbus over serial line V1.02, 6.2.2)."""
    crc = 0xFFFF
    for byte in frame:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return struct.pack("<H", crc)


def answer(banks, unit, pdu):
    """The answering PDU of @unit, or None when nobody has that address."""
    bank = banks.get(unit)
    if bank is None:
        return None
    if len(pdu) != 5 or pdu[0] not in (3, 4):
        return bytes([pdu[0] | 0x80, 1])
    address, count = struct.unpack(">HH", pdu[1:])
    registers = bank()
    values = [registers.get(address + i) for i in range(count)]
    if not 1 <= count <= 125 or None in values:
        return bytes([pdu[0] | 0x80, 2])
    return struct.pack(">BB", pdu[0], 2 * count) + struct.pack(f">{count}H", *values)


class RtuSlave(threading.Thread):
    """Units on one pseudo-terminal; `port` is what the gateway opens."""

    def __init__(self, banks):
        super().__init__(daemon=True)
        self.banks = banks
        self.master, slave = pty.openpty()
        tty.setraw(slave)
        self.port = os.ttyname(slave)
        self._slave = slave  # kept open: no hang-up while the gateway is away
        self._running = True

    def run(self):
        request = b""
        while self._running:
            readable, _, _ = select.select([self.master], [], [], 0.2)
            if not readable:
                request = b""
                continue
            request += os.read(self.master, 256)
            while len(request) >= 8:
                frame, request = request[:8], request[8:]
                if frame[-2:] != crc16(frame[:-2]):
                    request = b""
                    break
                pdu = answer(self.banks, frame[0], frame[1:-2])
                if pdu is not None:
                    body = bytes([frame[0]]) + pdu
                    os.write(self.master, body + crc16(body))

    def stop(self):
        self._running = False
        self.join()


class _TcpHandler(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        buffer = b""
        while True:
            part = self.request.recv(512)
            if not part:
                return
            buffer += part
            while len(buffer) >= 8:
                transaction, _, length, unit = struct.unpack(">HHHB", buffer[:7])
                if len(buffer) < 6 + length:
                    break
                pdu, buffer = buffer[7:6 + length], buffer[6 + length:]
                reply = answer(self.server.banks, unit, pdu)
                if reply is None and self.server.is_silent:
                    continue
                if reply is None:
                    reply = bytes([pdu[0] | 0x80, 11])
                self.request.sendall(
                    struct.pack(">HHHB", transaction, 0, len(reply) + 1, unit) + reply)


class TcpSlave(socketserver.ThreadingTCPServer):
    """Units behind one TCP address; `port` is chosen by the kernel."""
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, banks, is_silent=False):
        """@is_silent: nobody answers for a unit that is not there, as some gateways do."""
        super().__init__(("127.0.0.1", 0), _TcpHandler)
        self.banks = banks
        self.is_silent = is_silent
        self.port = self.server_address[1]
        self._thread = threading.Thread(target=self.serve_forever, daemon=True)

    def handle_error(self, request, client_address):
        """A gateway that hangs up is no news."""

    def start(self):
        self._thread.start()

    def stop(self):
        self.shutdown()
        self.server_close()
