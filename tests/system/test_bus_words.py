"""What `campusctl buses` and the API say of a bus whose devices SY-01 and SY-01-bus miss."""
import os
import struct
import subprocess

import pytest

import rig
from modbus_rig import TcpFake, right_answer, tcp_frame

DEVICES = """\
buses: [{{name: line, driver: modbus-tcp, host: 127.0.0.1, port: {port}, timeout: 50ms}}]
devices:
"""
DEVICE = ("  - {{name: meter-{unit}, bus: line, unit: {unit}, place: gate-south, period: 200ms, "
          "points: [{{metric: temperature, name: t{unit}, address: 1, type: u16}}]}}\n")
QUICK = "rules: [{id: SY-01, for: 1s, clear_for: 1s}, {id: SY-01-bus, for: 1s, clear_for: 1s}]\n"
SILENT, REFUSING = range(10, 20), range(20, 30)


class Line:
    """Units that answer 21, are silent, or refuse with exception 4, by their number."""

    def __init__(self, site, servers, units, port=None):
        self.is_mended = False
        self.server = TcpFake(self.answer)
        servers.append(self.server)
        site.shipped()
        site.gateway_yaml()
        site.write("rules.d/quick.yaml", QUICK)
        site.write("devices.d/line.yaml", DEVICES.format(port=port or self.server.port)
                   + "".join(DEVICE.format(unit=unit) for unit in units))
        self.gateway = site.gateway()

    def answer(self, header, pdu, connection):
        [unit] = struct.unpack(">6xB", header)
        if unit in SILENT and not self.is_mended:
            return
        refuses = unit in REFUSING and not self.is_mended
        connection.sendall(tcp_frame(header, bytes([pdu[0] | 0x80, 4]) if refuses
                                     else right_answer(pdu, {1: 21})))

    def alarms(self):
        return {a["id"] for a in self.gateway.get("alarms")["alarms"] if a["active"]}

    def row(self):
        [bus] = self.gateway.get("buses")["buses"]
        return bus


@pytest.fixture
def line(site, servers):
    return lambda units, **more: Line(site, servers, units, **more)


def told(build, site, language):
    """The row of the table, without its head."""
    done = subprocess.run([build / "campusctl", "--socket", site.folder / "api.sock", "buses"],
                          env={**os.environ, "LC_ALL": language}, capture_output=True, text=True,
                          check=True)
    return done.stdout.splitlines()[1]


def test_a_bus_names_its_silent_and_failed_devices_while_their_alarms_stand(build, site, line):
    some = line((1, 2, 10, 11, 20))
    rig.wait_for("their alarms", lambda: {f"SY-01@meter-{n}" for n in (10, 11, 20)} <= some.alarms())
    row = some.row()
    assert (row["health"], row["fault"]) == ("online", "")
    assert (row["devices"], row["failed"]) == (5, ["meter-10", "meter-11", "meter-20"])
    assert some.gateway.get("status")["buses"][0]["failed"] == row["failed"]
    assert told(build, site, "C.UTF-8").endswith(
        "3 of 5 devices silent or failed: meter-10, meter-11, meter-20")
    assert told(build, site, "zh_CN.UTF-8").endswith(
        "5 台设备中 3 台失联或故障：meter-10、meter-11、meter-20")

    some.is_mended = True
    rig.wait_for("none has failed", lambda: some.row()["failed"] == [], 40)
    assert told(build, site, "C.UTF-8").endswith(" -")


@pytest.mark.parametrize("units", [range(10, 20), range(20, 30)])
def test_a_bus_of_which_nothing_comes_says_so_with_as_many_names_as_help(build, site, line, units):
    silent = line(units)
    rig.wait_for("its alarm", lambda: "SY-01-bus@line" in silent.alarms())
    assert len(silent.row()["failed"]) == 10
    five = [f"meter-{unit}" for unit in units[:5]]
    assert told(build, site, "C.UTF-8").endswith(
        f"10 of 10 devices silent or failed: {', '.join(five)} and 5 more")
    assert told(build, site, "zh_CN.UTF-8").endswith(
        f"10 台设备中 10 台失联或故障：{'、'.join(five)}等")


def test_a_bus_that_is_away_says_why_and_not_also_who_is_missed(build, site, line):
    away = line((1, 2), port=rig.free_port())
    rig.wait_for("its alarm", lambda: "SY-01-bus@line" in away.alarms())
    assert away.row()["failed"] == ["meter-1", "meter-2"]
    assert told(build, site, "C.UTF-8").endswith("Connection refused")
