"""The Modbus driver against pymodbus over TCP and a serial line, and against slaves that
misbehave: no wrong value is ever taken, and the next good answer is."""
import os
import struct
import threading
import time

import pytest

import rig
from modbus_rig import Line, Probe, Pymodbus, RtuFake, TcpFake, right_answer, tcp_frame

TYPES = {"u16": (">H", 0xABCD), "s16": (">h", -101), "u32": (">I", 132854),
         "s32": (">i", -19088744), "f32": (">f", 220.5), "u64": (">Q", 320255973501901),
         "s64": (">q", -320255973501901), "f64": (">d", -123.456)}
ORDERS = ("abcd", "cdab", "badc", "dcba")


def words(data, order):
    """The registers that hold @data (big-endian) in @order."""
    registers = [data[i:i + 2] for i in range(0, len(data), 2)]
    if order in ("cdab", "dcba"):
        registers.reverse()
    if order in ("badc", "dcba"):
        registers = [word[::-1] for word in registers]
    return [int.from_bytes(word, "big") for word in registers]


def every_type():
    """Registers, points and values of every type in every word order."""
    registers, points, values = [], [], []
    for kind, (layout, value) in TYPES.items():
        for order in ORDERS:
            if order == "cdab" and struct.calcsize(layout) == 2:
                continue  # refused: one register has no words to put in order
            points.append(f"{{}}:{len(registers)}:{kind}:{order}")
            registers += words(struct.pack(layout, value), order)
            values.append(value)
    for kind, register, value in (("u8", 0x12FB, 251), ("s8", 0x00FB, -5),
                                  ("s16o", 10250, -250), ("s16m", 0x8005, -5),
                                  ("bool", 1, 1), ("bool", 0, 0)):
        points.append(f"{{}}:{len(registers)}:{kind}:abcd")
        registers.append(register)
        values.append(value)
    for bit, value in ((0, 0), (7, 1), (15, 1)):
        points.append(f"{{}}:{len(registers)}:bool:abcd:{bit}")
        values.append(value)
    registers.append(0x8080)
    return registers, points, values


REGISTERS, POINTS, VALUES = every_type()
BITS = [1, 0, 1, 1, 0, 0, 0, 1, 0, 1]
IMAGE = {"unit": 1, "coils": BITS, "inputs": BITS[::-1], "holding": REGISTERS,
         "input": REGISTERS[:]}
ALL = ([point.format(3) for point in POINTS] + [point.format(4) for point in POINTS]
       + [f"1:{i}:bool:abcd" for i in range(len(BITS))]
       + [f"2:{i}:bool:abcd" for i in range(len(BITS))])
EXPECTED = VALUES + VALUES + BITS + BITS[::-1]


@pytest.fixture
def start(servers):
    def start(server):
        servers.append(server)
        return server
    return start


@pytest.fixture
def tcp_pymodbus(start):
    port = rig.free_port()
    start(Pymodbus(IMAGE, "tcp", port))
    rig.wait_for("pymodbus listens", lambda: rig.port_is_open(port))
    return port


def test_every_type_and_order_is_right_over_tcp(build, start, tcp_pymodbus):
    probe = start(Probe(build, "modbus-tcp", "127.0.0.1", tcp_pymodbus, ALL))
    assert probe.values() == pytest.approx(EXPECTED, rel=1e-15)
    assert probe.counts()["requests"] == 4, "one request a function"


def test_every_type_and_order_is_right_on_a_serial_line(build, start, tmp_path):
    line = start(Line(tmp_path))
    start(Pymodbus(IMAGE, "rtu", line.slave, 115200))
    probe = start(Probe(build, "modbus-rtu", line.gateway, 115200, ALL, timeout_ms=500))
    rig.wait_for("an answer", lambda: probe.poll()["fault"] == "none")
    assert probe.values() == pytest.approx(EXPECTED, rel=1e-15)


def test_what_is_written_is_read_back(build, start, tcp_pymodbus):
    points = ["1:3:bool:abcd", "3:0:s16:abcd", "3:10:f32:cdab", "4:0:u16:abcd"]
    probe = start(Probe(build, "modbus-tcp", "127.0.0.1", tcp_pymodbus, points))
    for point, value in ((0, 0), (1, -7), (2, 1.5)):
        assert probe.write(point, value)["fault"] == "none"
    assert probe.values()[:3] == [0, -7, 1.5]
    refused = probe.write(3, 1)
    assert refused["fault"] == "rejected" and "read only" in refused["text"]
    assert "cannot hold" in probe.write(1, 40000)["text"]


def test_only_the_register_that_does_not_exist_is_rejected(build, start, tcp_pymodbus):
    last = len(REGISTERS) - 1
    points = [f"3:{address}:u16:abcd" for address in range(last - 3, last + 3)]
    probe = start(Probe(build, "modbus-tcp", "127.0.0.1", tcp_pymodbus, points))
    answer = probe.poll()
    assert answer["fault"] == "rejected" and "illegal data address" in answer["text"]
    assert [answer["samples"][str(i)] for i in range(6)] == REGISTERS[-4:] + [None, None]
    assert set(answer["reasons"].values()) == {"rejected"}
    exceptions = probe.counts()["exception"]
    assert list(probe.poll()["samples"]) == ["0", "1", "2", "3"]
    assert probe.counts()["exception"] == exceptions, "the guilty ones rest"


def test_coils_and_registers_are_written_by_the_multiple_functions_too(build, start,
                                                                       tcp_pymodbus):
    probe = start(Probe(build, "modbus-tcp", "127.0.0.1", tcp_pymodbus,
                        ["1:3:bool:abcd", "3:0:u16:abcd"], options=["write=multiple"]))
    for point, value in ((0, 0), (1, 4711)):
        assert probe.write(point, value)["fault"] == "none"
    assert probe.values() == [0, 4711]


@pytest.mark.parametrize("point,value,lies", [
    ("1:3:bool:abcd", 1, ["0105000400FF00", "010500030000"]),
    ("3:7:u16:abcd", 5, ["010600080005", "010600070006"]),
    ("3:7:u32:abcd", 5, ["011000080002", "011000070001"])])
def test_write_that_is_confirmed_otherwise_is_no_write(build, start, point, value, lies):
    """Another address, another value or another count than was asked for."""
    for lie in lies:
        slave = start(RtuFake(lambda request, send, lie=lie: send(bytes.fromhex(lie)), size=None))
        probe = start(Probe(build, "modbus-rtu", slave.port, 115200, [point]))
        answer = probe.write(0, value)
        assert answer["fault"] == "transient" and "another write" in answer["text"]


def exception_fake(code):
    return TcpFake(lambda header, pdu, connection: connection.sendall(
        tcp_frame(header, bytes([pdu[0] | 0x80, code]))))


@pytest.mark.parametrize("code,fault,reason", [
    (1, "rejected", "rejected"), (2, "rejected", "rejected"), (3, "rejected", "rejected"),
    (4, "rejected", "device"), (5, "transient", None), (6, "transient", None),
    (7, "rejected", "rejected"), (8, "rejected", "device"), (10, "transient", None),
    (11, "transient", None)])
def test_exceptions_mean_what_the_standard_says(build, start, code, fault, reason):
    server = start(exception_fake(code))
    probe = start(Probe(build, "modbus-tcp", "127.0.0.1", server.port, ["3:7:u16:abcd"]))
    answer = probe.poll()
    assert answer["fault"] == fault and f"exception {code} (" in answer["text"]
    assert answer["reasons"] == ({"0": reason} if reason else {})
    again = probe.poll()
    assert again["fault"] == fault and f"exception {code} (" in again["text"]
    is_asked_again = reason != "rejected"
    assert probe.counts()["exception"] == (2 if is_asked_again else 1)
    assert server.connections == 1


@pytest.mark.parametrize("code", [0, 9, 12, 0x55, 255])
def test_exception_that_does_not_exist_is_no_answer(build, start, code):
    server = start(exception_fake(code))
    probe = start(Probe(build, "modbus-tcp", "127.0.0.1", server.port, LUX))
    answer = probe.poll()
    assert answer["fault"] == "transient" and "unknown exception" in answer["text"]


def test_what_a_device_refuses_is_remembered_when_the_connection_is_made_again(build, start,
                                                                               tcp_pymodbus):
    last = len(REGISTERS) - 1
    points = [f"3:{address}:u16:abcd" for address in range(last - 3, last + 3)]
    probe = start(Probe(build, "modbus-tcp", "127.0.0.1", tcp_pymodbus, points))
    first = probe.poll()
    before = probe.counts()
    assert probe.ask("reopen")["fault"] == "none"
    again = probe.poll()
    after = probe.counts()
    assert after["exception"] == before["exception"], "nothing is found out twice"
    assert again["fault"] == "rejected" and again["text"] == first["text"]
    assert f"registers {last + 1}..{last + 1}" in again["text"]


# --- slaves that misbehave ----------------------------------------------------

GOOD = {7: 2, 8: 0x06F6}
LUX = ["3:7:u32:abcd"]
LUX_VALUE = 132854


class Once:
    """A slave that misbehaves once, then answers right."""

    def __init__(self, misbehave):
        self.misbehave = misbehave
        self.is_done = False

    def __call__(self, request, send):
        if not self.is_done:
            self.is_done = True
            self.misbehave(request, send)
        else:
            send(request[:1] + right_answer(request[1:], GOOD))


def later(seconds, action, *arguments):
    """Does it then, if there is still anybody to do it to."""
    def act():
        try:
            action(*arguments)
        except OSError:
            pass
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()


def wrong_crc(request, send):
    send(bytes.fromhex("01030400020000D815"), frame=False)


def wrong_unit(request, send):
    send(b"\x02" + right_answer(request[1:], {7: 0, 8: 99}))


def wrong_function(request, send):
    send(bytes.fromhex("01040400000063"))


def wrong_length(request, send):
    send(bytes.fromhex("0103020063"))


def silence(request, send):
    pass


def garbage(request, send):
    send(b"\xff" * 300, frame=False)


def drip(request, send):
    frame = request[:1] + right_answer(request[1:], {7: 0, 8: 99})
    for i, byte in enumerate(frame):
        later(0.1 * i, send, bytes([byte]), False)


def half_an_answer(request, send):
    send(bytes.fromhex("01030400"), frame=False)


def late(request, send):
    later(0.3, send, request[:1] + right_answer(request[1:], {7: 0, 8: 99}))


def unknown_exception(request, send):
    send(bytes([request[0], request[1] | 0x80, 0x55]))


def unit_zero(request, send):
    send(b"\x00" + right_answer(request[1:], {7: 0, 8: 99}))


MISBEHAVIOUR = [wrong_crc, wrong_unit, unit_zero, wrong_function, wrong_length, silence, garbage, drip,
                half_an_answer, late, unknown_exception]


@pytest.mark.parametrize("misbehave", MISBEHAVIOUR, ids=lambda f: f.__name__)
def test_serial_slave_that_misbehaves_gives_no_wrong_value(build, start, misbehave):
    slave = start(RtuFake(Once(misbehave)))
    probe = start(Probe(build, "modbus-rtu", slave.port, 115200, LUX))
    assert probe.poll()["fault"] == "transient"
    assert_only_right_values(probe)


def assert_only_right_values(probe):
    """Whatever is taken is right, and after a few polls something is."""
    taken = []
    for _ in range(12):
        answer = probe.poll()
        taken += answer["samples"].values()
        if len(taken) == 3:
            break
    assert taken == [LUX_VALUE] * 3


@pytest.mark.parametrize("frame", [
    "01 03 02 01 C3 78 35", "FE 04 02 03 88 D5 C5", "01 03 04 00 79 00 7A DB EA",
    "01 01 00 00 00 04 FD CA", "01 01 00 00 00 01 FC 0A"])
def test_printed_frames_with_a_wrong_checksum_are_refused(build, start, frame):
    data = bytes.fromhex(frame)
    count = 1 if data[2] != 4 else 2
    points = [f"{min(data[1], 4)}:0:{'bool' if data[1] == 1 else 'u16'}:abcd"]
    if count == 2:
        points.append("3:1:u16:abcd")
    slave = start(RtuFake(lambda request, send: send(data, frame=False)))
    probe = start(Probe(build, "modbus-rtu", slave.port, 115200, points, unit=data[0]))
    for _ in range(3):
        answer = probe.poll()
        assert answer["fault"] == "transient" and answer["samples"] == {}


def test_published_frame_is_taken(build, start):
    slave = start(RtuFake(lambda request, send: send(
        bytes.fromhex("010304000206F6D815"), frame=False)))
    probe = start(Probe(build, "modbus-rtu", slave.port, 9600, LUX))
    assert probe.values() == [LUX_VALUE]
    assert slave.requests[0] == bytes.fromhex("01030007000275CA")


def test_unit_above_247_is_read_on_a_serial_line(build, start):
    frame = bytes.fromhex("FE04020388ADB2")
    slave = start(RtuFake(lambda request, send: send(frame, frame=False)))
    probe = start(Probe(build, "modbus-rtu", slave.port, 9600, ["4:3:u16:abcd"], unit=254))
    assert probe.values() == [904]
    assert slave.requests[0] == bytes.fromhex("FE0400030001D5C5")


def test_slave_that_is_always_late_never_gives_the_value_of_another_register(build, start):
    """Its answers come when the next request is already out."""
    registers = {address: address for address in range(40)}
    slave = start(RtuFake(lambda request, send: later(
        0.13, send, request[:1] + right_answer(request[1:], registers))))
    points = [f"3:{address}:u16:abcd" for address in (0, 10, 20, 30)]
    probe = start(Probe(build, "modbus-rtu", slave.port, 115200, points, timeout_ms=100))
    for _ in range(10):
        for index, value in probe.poll()["samples"].items():
            assert value == 10 * int(index)


def test_bytes_that_drip_do_not_move_the_deadline(build, start):
    """Nine bytes, one each quarter of a second: the poll does not wait for the last."""
    sent = []

    def slow_drip(request, send):
        for i, byte in enumerate(request[:1] + right_answer(request[1:], GOOD)):
            later(0.25 * i, lambda b=byte: sent.append(send(bytes([b]), False)))

    slave = start(RtuFake(slow_drip))
    probe = start(Probe(build, "modbus-rtu", slave.port, 115200, LUX, timeout_ms=300))
    assert probe.poll()["fault"] == "transient"
    assert 0 < len(sent) < 7


def test_port_that_vanishes_is_offline_and_comes_back(build, start, tmp_path):
    line = Line(tmp_path)
    probe = start(Probe(build, "modbus-rtu", line.gateway, 9600, LUX))
    assert probe.poll()["fault"] == "transient"
    line.stop()
    rig.wait_for("the port's end", lambda: probe.poll()["fault"] == "offline")
    answer = probe.poll()
    assert answer["fault"] == "offline" and line.gateway in answer["text"]
    line = start(Line(tmp_path))
    assert probe.poll()["fault"] == "transient"


def test_port_belongs_to_one_and_is_free_after_a_kill(build, start, tmp_path):
    line = start(Line(tmp_path))
    first = Probe(build, "modbus-rtu", line.gateway, 9600, LUX)
    assert first.poll()["fault"] == "transient"
    port = os.path.realpath(line.gateway)
    second = start(Probe(build, "modbus-rtu", port, 9600, LUX))
    answer = second.poll()
    assert answer["fault"] == "offline", answer
    assert answer["text"] == f"{port}: another program has the port (a second gateway?)"
    first.process.kill()
    first.process.wait(10)
    assert second.poll()["fault"] == "transient"


# --- the same over TCP --------------------------------------------------------

def tcp_right(header, pdu, connection):
    connection.sendall(tcp_frame(header, right_answer(pdu, GOOD)))


def tcp_late(header, pdu, connection):
    later(0.3, connection.sendall, tcp_frame(header, right_answer(pdu, {7: 0, 8: 99})))


def tcp_silence(header, pdu, connection):
    pass


def tcp_wrong_number(header, pdu, connection):
    connection.sendall(tcp_frame(header, right_answer(pdu, {7: 0, 8: 99}), transaction=9999))


def tcp_wrong_function(header, pdu, connection):
    connection.sendall(tcp_frame(header, bytes.fromhex("040400000063")))


def tcp_garbage(header, pdu, connection):
    connection.sendall(b"\xff" * 400)


def tcp_half(header, pdu, connection):
    connection.sendall(tcp_frame(header, right_answer(pdu, GOOD))[:9])


def tcp_hang_up(header, pdu, connection):
    return False


def tcp_wrong_unit(header, pdu, connection):
    connection.sendall(tcp_frame(header, right_answer(pdu, {7: 0, 8: 99}), unit=9))


def tcp_wrong_protocol(header, pdu, connection):
    frame = tcp_frame(header, right_answer(pdu, {7: 0, 8: 99}))
    connection.sendall(frame[:3] + b"\x01" + frame[4:])


def tcp_wrong_size(header, pdu, connection):
    connection.sendall(tcp_frame(header, right_answer(pdu, {7: 0, 8: 99}) + b"\0"))


def first_then_right(misbehave):
    """A server that misbehaves at its first request only; and what it was asked."""
    asked = []

    def script(header, pdu, connection):
        asked.append(header[6])
        return (misbehave if len(asked) == 1 else tcp_right)(header, pdu, connection)
    return TcpFake(script)


@pytest.mark.parametrize("misbehave", [tcp_wrong_number, tcp_wrong_function, tcp_wrong_unit,
                                       tcp_wrong_protocol, tcp_wrong_size, tcp_garbage,
                                       tcp_half, tcp_hang_up], ids=lambda f: f.__name__)
def test_tcp_slave_that_misbehaves_gives_no_wrong_value(build, start, misbehave):
    server = start(first_then_right(misbehave))
    probe = start(Probe(build, "modbus-tcp", "127.0.0.1", server.port, LUX))
    assert probe.poll()["fault"] == "transient"
    assert probe.values() == [LUX_VALUE]
    assert server.connections == 2, "a doubtful connection is not used again"
    assert probe.values() == [LUX_VALUE]
    assert server.connections == 2


@pytest.mark.parametrize("misbehave", [tcp_late, tcp_silence], ids=lambda f: f.__name__)
def test_one_silence_does_not_end_a_connection(build, start, misbehave):
    """Answers carry a number: the late one is dropped when it comes."""
    server = start(first_then_right(misbehave))
    probe = start(Probe(build, "modbus-tcp", "127.0.0.1", server.port, LUX))
    assert probe.poll()["fault"] == "transient"
    for _ in range(20):
        assert probe.values() == [LUX_VALUE]
        time.sleep(0.02)
    assert server.connections == 1


def test_two_silences_in_a_row_end_a_connection(build, start):
    server = start(TcpFake(tcp_silence))
    probe = start(Probe(build, "modbus-tcp", "127.0.0.1", server.port, LUX))
    for connections in (1, 1, 2, 2, 3):
        assert probe.poll()["fault"] == "transient"
        assert server.connections == connections


def test_answer_that_comes_twice_is_taken_once(build, start):
    def twice(header, pdu, connection):
        connection.sendall(2 * tcp_frame(header, right_answer(pdu, GOOD)))

    server = start(TcpFake(twice))
    probe = start(Probe(build, "modbus-tcp", "127.0.0.1", server.port, LUX))
    for _ in range(3):
        assert probe.values() == [LUX_VALUE]
    assert server.connections == 1


def test_connection_that_the_server_closed_while_idle_is_made_again(build, start):
    def script(header, pdu, connection):
        tcp_right(header, pdu, connection)
        return False

    server = start(TcpFake(script))
    probe = start(Probe(build, "modbus-tcp", "127.0.0.1", server.port, LUX))
    for _ in range(3):
        rig.wait_for("a value", lambda: probe.poll()["samples"] == {"0": LUX_VALUE})
    assert probe.counts()["timeout"] == 0


def test_host_that_is_gone_is_offline(build, start):
    probe = start(Probe(build, "modbus-tcp", "127.0.0.1", rig.free_port(), LUX))
    answer = probe.poll()
    assert answer["fault"] == "offline" and "refused" in answer["text"]


def test_gateway_that_does_not_reach_its_slave_is_asked_again(build, start):
    server = start(TcpFake(lambda header, pdu, connection: connection.sendall(
        tcp_frame(header, bytes([pdu[0] | 0x80, 11])))))
    probe = start(Probe(build, "modbus-tcp", "127.0.0.1", server.port, LUX))
    for _ in range(3):
        answer = probe.poll()
        assert answer["fault"] == "transient" and "does not answer" in answer["text"]
    assert server.connections == 1
    assert probe.counts()["exception"] == 3
