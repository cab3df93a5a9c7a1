"""[rtu]: the daemon on a serial line in real time (paced_line.c), and what one dead unit
costs the others there and over TCP.

Each line is asked for more than it can carry, so that every character's time counts. A dead
unit is measured beside the same bus without it, both at the same time under one gateway.
"""
import json
import subprocess
import time

import bench_site
import rig
from figure import median
from modbus_slave import TcpSlave

REGISTERS = 10
WARM_UP_S = 8
WINDOWS = 5
WINDOW_S = 6
DEAD_S = 40


class PacedLine(rig.Server):
    """paced_line with every slave but @dead; `port` is what the gateway opens."""

    def __init__(self, build, folder, baud, dead=0):
        super().__init__(f"line-{baud}-{dead}", folder,
                         [build / "tests/bench/paced_line", baud, dead])
        self.port = None

    def start(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.port = self.process.stdout.readline().strip()
        return self

    def figures(self):
        """What was on the line since the last call."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def device(bus, unit, period):
    points = ", ".join(f"{{metric: temperature, name: r{address}, address: {address}, "
                       "scale: 0.01}" for address in range(REGISTERS))
    return (f"  - {{name: {bus}-{unit}, bus: {bus}, unit: {unit}, place: p{unit}, "
            f"period: {period}, points: [{points}]}}").replace("name: r", f"name: {bus}-r")


def serial(name, line, baud):
    return f"  - {{name: {name}, driver: modbus-rtu, port: {line.port}, baud: {baud}, timeout: 300ms}}"


def start_gateway(build, work, buses, devices):
    config = bench_site.write(work.folder, 20, buses, devices)
    gateway = work.keep(bench_site.gateway(build, work.folder, config).start())
    rig.wait_for("every bus is online", gateway.online)
    time.sleep(WARM_UP_S)
    return gateway


# --- the line by itself -------------------------------------------------------

def measure_line(build, figures, work, baud):
    line = work.keep(PacedLine(build, work.folder, baud).start())
    start_gateway(build, work, [serial("line", line, baud)],
                  [device("line", unit, "50ms") for unit in range(1, 9)])
    line.figures()
    windows = []
    for _ in range(WINDOWS):
        time.sleep(WINDOW_S)
        windows.append(line.figures())
    rate = median(seen["answers"] / seen["seconds"] for seen in windows)
    limit = median(seen["answers"] / seen["limit_s"] for seen in windows)
    figures.add(f"modbus rtu at {baud}, {REGISTERS} registers a request", rate, "requests/s",
                limit, rate / limit, 0.95)
    figures.add(f"modbus rtu at {baud}, requests inside the silent gap",
                sum(seen["early"] for seen in windows), "requests", None, None, 0, at_most=True)


# --- one that does not answer -------------------------------------------------

def answers(gateway, bus, units):
    """Answers so far of @units of @bus."""
    wanted = {f"{bus}-{unit}" for unit in units}
    return sum(row["counters"]["messages"] for row in gateway.get("devices")["devices"]
               if row["name"] in wanted)


def measure_dead(build, figures, work, title, buses, units, period):
    """@units on the buses `whole` and `maimed`; on the second one more that is silent."""
    dead = max(units) + 1
    gateway = start_gateway(
        build, work, buses,
        [device(bus, unit, period) for bus in ("whole", "maimed") for unit in units]
        + [device("maimed", dead, period)])
    rig.wait_for("the dead one is known to be", lambda: any(
        row["name"] == f"maimed-{dead}" and row["health"] == "offline"
        for row in gateway.get("devices")["devices"]))
    before = {bus: answers(gateway, bus, units) for bus in ("whole", "maimed")}
    time.sleep(DEAD_S)
    after = {bus: answers(gateway, bus, units) for bus in ("whole", "maimed")}
    whole, maimed = (after[bus] - before[bus] for bus in ("whole", "maimed"))
    figures.add(title, maimed / DEAD_S, "answers/s", whole / DEAD_S, maimed / whole, 0.95)


def measure_dead_slave(build, figures, work):
    whole = work.keep(PacedLine(build, work.folder, 9600).start())
    maimed = work.keep(PacedLine(build, work.folder, 9600, dead=8).start())
    measure_dead(build, figures, work, "modbus rtu, the others beside one dead slave of eight",
                 [serial("whole", whole, 9600), serial("maimed", maimed, 9600)],
                 range(1, 8), "50ms")


def measure_dead_unit(build, figures, work):
    units = range(1, 20)
    banks = {unit: lambda: dict.fromkeys(range(REGISTERS), 7) for unit in units}
    buses = []
    for name in ("whole", "maimed"):
        server = TcpSlave(banks, is_silent=True)
        server.start()
        work.keep(server)
        buses.append(f"  - {{name: {name}, driver: modbus-tcp, host: 127.0.0.1, "
                     f"port: {server.port}, timeout: 300ms}}")
    measure_dead(build, figures, work, "modbus tcp, the others beside one dead unit of twenty",
                 buses, units, "50ms")
