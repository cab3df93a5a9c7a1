"""What a device refuses rests, and for how long: drivers/modbus/lesson.h."""
import struct

import pytest

from modbus_rig import Probe, TcpFake, right_answer, tcp_frame


@pytest.fixture
def start(servers):
    def start(server):
        servers.append(server)
        return server
    return start


class Moody:
    """A TCP slave that refuses some registers, answers others with their address, or is silent."""

    def __init__(self, start, code):
        self.code = code
        self.refused = set()
        self.is_silent = False
        self.server = start(TcpFake(self.answer))
        self.asked = 0

    def answer(self, header, pdu, connection):
        _, address, count = struct.unpack(">BHH", pdu[:5])
        wanted = range(address, address + count)
        self.asked += 1
        if self.is_silent:
            return
        refuses = any(register in self.refused for register in wanted)
        connection.sendall(tcp_frame(header, bytes([pdu[0] | 0x80, self.code]) if refuses
                                     else right_answer(pdu, {register: register for register in wanted})))

    def asked_by(self, ask):
        before = self.asked
        ask()
        return self.asked - before


WHOLE = range(20, 28)


def moody(build, start, code, refused, points=WHOLE):
    slave = Moody(start, code)
    slave.refused = set(refused)
    return slave, start(Probe(build, "modbus-tcp", "127.0.0.1", slave.server.port,
                              [f"3:{register}:u16:abcd" for register in points]))


@pytest.mark.parametrize("code", [1, 2])
def test_a_device_that_refused_all_for_a_minute_is_read_again_soon(build, start, code):
    """Wrong firmware, another device behind its address: mended, it is read within 30 s, however long it took."""
    slave, probe = moody(build, start, code, WHOLE)
    assert probe.poll()["fault"] == "rejected"
    for _ in range(40):
        probe.later(30)
        assert probe.poll()["fault"] == "rejected"
    asked = [slave.asked_by(lambda: (probe.later(30), probe.poll())) for _ in range(20)]
    assert asked.count(1) >= 19 and sum(asked) <= 20 + len(WHOLE), "one request tries, the others rest"
    slave.refused = set()
    probe.later(29)
    assert probe.poll()["fault"] == "rejected"
    probe.later(1)
    probe.poll()
    assert probe.values() == list(WHOLE)
    assert slave.asked_by(probe.values) == 1, "in one request again"


@pytest.mark.parametrize("code", [1, 2])
def test_what_stays_refused_is_asked_ever_more_seldom(build, start, code):
    slave, probe = moody(build, start, code, [40], points=[20, 40])
    probe.poll()
    usual = slave.asked_by(probe.poll)
    for rest in (30, 60, 120, 240, 480, 600, 600):
        probe.later(rest - 1)
        assert slave.asked_by(probe.poll) == usual, f"it rests {rest} s"
        probe.later(1)
        assert slave.asked_by(probe.poll) == usual + 1


def test_a_device_that_was_away_is_asked_anew_what_it_refused(build, start):
    slave, probe = moody(build, start, 2, [23])
    probe.poll()
    for rest in (30, 60, 120, 240, 480):
        probe.later(rest)
        probe.poll()
    slave.is_silent = True
    assert probe.poll()["fault"] == "transient"
    slave.is_silent, slave.refused = False, set()
    assert probe.poll()["fault"] == "rejected", "not at once: it may be away often"
    probe.later(30)
    probe.poll()
    assert probe.values() == list(WHOLE)


def test_where_one_register_answers_again_the_others_are_asked_too(build, start):
    slave, probe = moody(build, start, 2, [21, 26])
    probe.poll()
    probe.later(30)
    slave.refused = {21}
    probe.poll()
    slave.refused = set()
    probe.poll()
    assert probe.values() == list(WHOLE)
