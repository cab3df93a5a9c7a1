"""An MQTT 3.1.1 broker that does only what a test tells it, and remembers what came."""
import select
import socket
import struct
import time

CONNECT, CONNACK, PUBLISH, PUBACK = 1, 2, 3, 4
SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK, PINGREQ, PINGRESP, DISCONNECT = 8, 9, 10, 11, 12, 13, 14


def packet(kind, body=b"", flags=0):
    length, rest = b"", len(body)
    while True:
        rest, digit = divmod(rest, 128)
        length += bytes([digit | (0x80 if rest else 0)])
        if not rest:
            return bytes([kind << 4 | flags]) + length + body


def publish(topic, payload, mid, retain=False, again=False):
    name = topic.encode()
    flags = 2 | (1 if retain else 0) | (8 if again else 0)
    return packet(PUBLISH, struct.pack(">H", len(name)) + name + struct.pack(">H", mid)
                  + payload, flags)


class Session:
    """One accepted connection: CONNECT was read and not yet answered."""

    def __init__(self, connection):
        self.socket = connection
        self.buffer = b""
        self.packets = []  # (kind, body) in the order they came
        self.granted = 1   # what SUBACK says of every filter

    def read(self, seconds=0.0):
        """Takes what is there within @seconds; answers what a broker answers at once."""
        until = time.monotonic() + seconds
        while True:
            left = max(0.0, until - time.monotonic())
            if not select.select([self.socket], [], [], left)[0]:
                return
            data = self.socket.recv(65536)
            if not data:
                return
            self.buffer += data
            while self._take():
                pass

    def _take(self):
        length, shift, at = 0, 0, 1
        while True:
            if at >= len(self.buffer):
                return False
            length |= (self.buffer[at] & 127) << shift
            shift += 7
            at += 1
            if not self.buffer[at - 1] & 128:
                break
        if len(self.buffer) < at + length:
            return False
        kind, body = self.buffer[0] >> 4, self.buffer[at:at + length]
        self.buffer = self.buffer[at + length:]
        self.packets.append((kind, body))
        self._answer(kind, body)
        return True

    def _answer(self, kind, body):
        if kind == SUBSCRIBE:
            filters, at = 0, 2
            while at < len(body):
                at += 3 + struct.unpack_from(">H", body, at)[0]
                filters += 1
            self.send(packet(SUBACK, body[:2] + bytes([self.granted]) * filters))
        elif kind == UNSUBSCRIBE:
            self.send(packet(UNSUBACK, body[:2]))
        elif kind == PINGREQ:
            self.send(packet(PINGRESP))

    def wait_for(self, kind, seconds=5.0):
        until = time.monotonic() + seconds
        while not any(k == kind for k, _ in self.packets):
            if time.monotonic() > until:
                raise TimeoutError(f"no packet of kind {kind}: {self.packets}")
            self.read(0.02)

    def acknowledged(self):
        """Message ids of the PUBACKs that came."""
        self.read()
        return [struct.unpack(">H", body)[0] for kind, body in self.packets if kind == PUBACK]

    def accept(self, has_session=False):
        self.send(packet(CONNACK, bytes([1 if has_session else 0, 0])))

    def send(self, data):
        self.socket.sendall(data)

    def drop(self):
        """The cable is cut: nothing more of either side arrives."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


class FakeBroker:
    def __init__(self):
        self.listen(0)
        self.port = self.listener.getsockname()[1]

    def listen(self, port):
        self.listener = socket.create_server(("127.0.0.1", port))
        self.listener.settimeout(10)

    def end(self, session):
        """As a broker does, and the kernel for it: it stops listening, then its clients go."""
        self.listener.close()
        session.drop()

    def session(self):
        """The next connection, its CONNECT read; not one that only asks whether we listen."""
        while True:
            connection, _ = self.listener.accept()
            if select.select([connection], [], [], 5)[0] and not connection.recv(1, socket.MSG_PEEK):
                connection.close()
                continue
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            session = Session(connection)
            session.wait_for(CONNECT)
            return session

    def subscribed(self, has_session=False):
        """The next connection, up to its SUBSCRIBE."""
        session = self.session()
        session.accept(has_session)
        session.wait_for(SUBSCRIBE)
        return session

    def forget_waiting(self):
        """Connections that a dead client left behind."""
        while select.select([self.listener], [], [], 0)[0]:
            self.listener.accept()[0].close()

    def close(self):
        self.listener.close()
