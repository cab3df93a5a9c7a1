"""A school of 64 rooms and 5,000 points that speaks by MQTT and Modbus, and whose hours are alike.

Each hour of its clock has a lesson and a recess, day and night, so that what is measured at the
same minute of two hours may be compared.
"""
import json
import random
import threading
import time

import bench_rules
import big_school
from campus_sim import mqtt_client
from modbus_slave import RtuSlave, TcpSlave

EVERY_S = 60     # of the school's clock: what a device is silent for
METERS = 8       # on each of the two lines
REGISTERS = 8    # points of a meter

BELLS = "bells:\n  primary:\n" + "".join(
    f'    - {{phase: lesson, start: "{hour:02}:05", end: "{hour:02}:45"}}\n' for hour in range(24))
BUSES = """\
buses:
  - {{name: rtu, driver: modbus-rtu, port: {rtu}, baud: 115200, parity: none, timeout: 200ms}}
  - {{name: tcp, driver: modbus-tcp, host: 127.0.0.1, port: {tcp}, timeout: 300ms}}
devices:
"""
MORE = """\
county: {{broker: "mqtt://127.0.0.1:{county}", resend: 2s, window: 100, heartbeat: 10s, telemetry: {{points: ["*/co2"], every: 1min}}}}
local: {{broker: "mqtt://127.0.0.1:{school}", values: true}}
"""


def registers():
    return {address: random.randrange(50, 5000) for address in range(REGISTERS)}


def meter(bus, unit):
    points = ", ".join(f"{{metric: power, name: {bus}{unit}-{n}, address: {n}, function: 3, scale: 0.1}}"
                       for n in range(REGISTERS))
    return f"  - {{name: {bus}-{unit}, bus: {bus}, unit: {unit}, place: p{unit}, period: 1s, points: [{points}]}}\n"


def write(folder, school, county, rtu, tcp):
    """The configuration, with the ports of its brokers and lines; returns its folder."""
    config = bench_rules.write(folder, school)
    lines = BUSES.format(rtu=rtu, tcp=tcp) + "".join(
        meter(bus, unit) for bus in ("rtu", "tcp") for unit in range(1, METERS + 1))
    (config / "devices.d/lines.yaml").write_text(lines)
    campus = (config / "campus.yaml").read_text()
    (config / "campus.yaml").write_text(campus.replace(bench_rules.CLASS_DAY, BELLS))
    with open(config / "gateway.yaml", "a", encoding="utf-8") as file:
        file.write(MORE.format(county=county, school=school))
    return config


class Lines:
    """The Modbus slaves; silence() and speak() are a line that is dead for a while."""

    def __init__(self):
        self.banks = {unit: registers for unit in range(1, METERS + 1)}
        self.rtu = RtuSlave(dict(self.banks))
        self.tcp = TcpSlave(dict(self.banks), is_silent=True)
        self.rtu.start()
        self.tcp.start()

    def silence(self):
        for slave in (self.rtu, self.tcp):
            slave.banks.clear()

    def speak(self):
        for slave in (self.rtu, self.tcp):
            slave.banks.update(self.banks)

    def stop(self):
        self.rtu.stop()
        self.tcp.stop()


class Crowd:
    """Every device once a minute of the school's clock, evenly, but while it is paused."""

    def __init__(self, port, speed):
        self.devices = list(bench_rules.points_of_devices())
        self.pause_s = EVERY_S / speed / len(self.devices)
        self.speaking = threading.Event()
        self.speaking.set()
        self.ended = threading.Event()
        self.client = mqtt_client("crowd")
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        self.said = 0
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        due = time.monotonic()
        while not self.ended.is_set():
            if not self.speaking.wait(0.2):
                due = time.monotonic()
                continue
            turn, index = divmod(self.said, len(self.devices))
            name, _, points = self.devices[index]
            self.say(name, {bench_rules.path(point): big_school.value(point, turn) for point in points})
            self.said += 1
            due += self.pause_s
            self.ended.wait(max(0, due - time.monotonic()))

    def say(self, device, values):
        self.client.publish(f"bench/{device}", json.dumps(values), qos=1)

    def press(self, value):
        """The panic button, with all else of its host at rest."""
        self.say("alarm-host", {bench_rules.path(point): value if point == "panic" else 0
                                for point in bench_rules.SECURITY})

    def pause(self):
        self.speaking.clear()

    def go_on(self):
        self.speaking.set()

    def stop(self):
        self.ended.set()
        self.thread.join()
        self.client.disconnect()
        self.client.loop_stop()
