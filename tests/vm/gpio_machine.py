"""gpio_machine.py - the wires, the school's broker, the gateway and its holder, inside the test
machine."""
import contextlib
import fcntl
import json
import os
import pathlib
import struct
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/sim"))

import rig  # noqa: E402

LINES = os.environ["VM_LINES"].split(",")
CHIP = pathlib.Path(os.environ["VM_CHIP"])
BUILD = ROOT / (sys.argv[1] if len(sys.argv) > 1 else "build/release")
WORK = pathlib.Path("/run/check")
HOLDER = WORK / "outputs.sock"

MS = 0.001

DEVICES = """\
buses:
  - {{name: local, driver: mqtt, broker: "mqtt://127.0.0.1:{port}"}}
  - {{name: board, driver: gpio, chip: campus-sim, holder_socket: {holder}}}
  - {{name: own, driver: gpio, chip: campus-sim, outputs: direct}}
devices:
  - {{name: door, bus: board, line: DOOR, place: gate-south, supervision: 1min, points: [{{metric: door}}]}}
  - {{name: loop, bus: board, line: LOOP, contact: normally-closed, active: low, place: duty-room, supervision: 1min, points: [{{metric: door}}]}}
  - {{name: button, bus: board, line: BUTTON, debounce: 250ms, place: b1-201, supervision: 1min, points: [{{metric: door}}]}}
  - {{name: panic, bus: board, line: PANIC, edge: leading, debounce: 300ms, place: gate-south, supervision: 1min, points: [{{metric: panic}}]}}
  - {{name: meter, bus: board, line: METER, pulses: true, place: b1-202, supervision: 1min, points: [{{metric: pulses}}]}}
  - {{name: slow-meter, bus: board, line: SLOW, pulses: true, min_pulse: 20ms, place: b1-203, supervision: 1min, points: [{{metric: pulses}}]}}
  - {{name: noise, bus: board, line: NOISE, place: b1-204, supervision: 1min, points: [{{metric: door}}]}}
  - {{name: siren, bus: board, line: SIREN, direction: out, safe: "off", place: gate-south, supervision: 1min, points: [{{metric: circuit}}]}}
  - {{name: release, bus: board, line: RELEASE, direction: out, safe: "on", place: duty-room, supervision: 1min, points: [{{metric: circuit}}]}}
  - {{name: bell, bus: board, line: BELL, direction: out, max_on: 1s, place: b1-201, supervision: 1min, points: [{{metric: circuit}}]}}
  - {{name: relay, bus: own, line: RELAY, direction: out, active: low, place: b1-202, supervision: 1min, points: [{{metric: circuit}}]}}
  - {{name: strobe, bus: board, line: STROBE, direction: out, max_on: 5min, place: gatehouse-south, supervision: 1min, points: [{{metric: circuit}}]}}
outputs:
  - {{name: sound, points: [gatehouse-south/circuit], places: [gate-south], severities: [P1], on_for: 3min}}
"""

LACKS = """\
buses:
  - {name: other, driver: gpio, chip: pinctrl-nowhere}
  - {name: numbered, driver: gpio, chip: gpiochip0}
devices:
  - {name: horn, bus: board, line: NOWHERE, direction: out, place: b1-205, supervision: 1min, points: [{metric: circuit}]}
"""

METRICS = """\
  pulses: {unit: "", title: {zh: 脉冲数, en: Pulses}, kind: counter, min: 0}
"""


def pull(line, level):
    (CHIP / f"sim_gpio{LINES.index(line)}/pull").write_text("pull-up" if level else "pull-down")


def level(line):
    return int((CHIP / f"sim_gpio{LINES.index(line)}/value").read_text())


@contextlib.contextmanager
def held(line):
    """As by another program.  struct gpiohandle_request of <linux/gpio.h>."""
    offsets = struct.pack("64I", LINES.index(line), *[0] * 63)
    request = bytearray(offsets + struct.pack("I64s32sIi", 1, b"", b"other", 1, 0))
    with open("/dev/gpiochip0", "rb") as chip:
        fcntl.ioctl(chip, 0xC16CB403, request)  # GPIO_GET_LINEHANDLE_IOCTL
    fd = struct.unpack_from("i", request, len(request) - 4)[0]
    try:
        yield
    finally:
        os.close(fd)


class Pulls:
    """Fast changes of one line: its file stays open."""

    def __init__(self, line):
        self.fd = os.open(CHIP / f"sim_gpio{LINES.index(line)}/pull", os.O_WRONLY)

    def set(self, level):
        os.pwrite(self.fd, b"pull-up" if level else b"pull-down", 0)

    def pulse(self, width_s, rest_s):
        """(shortest, longest) that the kernel can have seen: a busy host stretches it."""
        begun = time.monotonic()
        self.set(1)
        is_on = time.monotonic()
        time.sleep(width_s)
        shortest = time.monotonic() - is_on
        self.set(0)
        longest = time.monotonic() - begun
        time.sleep(rest_s)
        return shortest, longest


class Ear(threading.Thread):
    """A subscriber of the school's broker: what the gateway tells other programs."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.process = subprocess.Popen(
            ["mosquitto_sub", "-p", str(port), "-t", "school/#", "-v"], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        self.heard = []
        self.start()

    def run(self):
        for line in self.process.stdout:
            topic, _, body = line.rstrip("\n").partition(" ")
            if body.startswith("{"):
                self.heard.append((time.monotonic(), topic, json.loads(body)))

    def values(self, topic, since):
        """[(seconds after @since, value)] of good readings; repeated ones once."""
        found = []
        for t, name, body in list(self.heard):
            if name == topic and t >= since and body.get("q") == "good":
                if not found or found[-1][1] != body["v"]:
                    found.append((t - since, body["v"]))
        return found

    def wait(self, topic, value, since, seconds=10):
        return rig.wait_for(f"{topic} = {value}",
                            lambda: [t for t, v in self.values(topic, since) if v == value], seconds)[0]


class Machine:
    def __init__(self):
        WORK.mkdir(parents=True, exist_ok=True)
        self.broker = rig.Broker(WORK).start()
        rig.wait_for("the broker", lambda: rig.port_is_open(self.broker.port))
        self.config = WORK / "config"
        (self.config / "devices.d").mkdir(parents=True)
        for name in ("campus.yaml", "templates", "rules"):
            (self.config / name).symlink_to(ROOT / "etc" / name)
        (self.config / "metrics.yaml").write_text(rig.metrics_with(METRICS))
        (self.config / "gateway.yaml").write_text(
            'gateway: {id: gw-vm}\n'
            'school: {code: "2153012345", division: "530502", title: 隆阳区示例小学, stage: primary}\n'
            f'store: {{path: {WORK}/campus.db, commit_interval: 1s}}\n'
            f'http: {{socket: {WORK}/api.sock, listen: []}}\n'
            f'local: {{broker: "mqtt://127.0.0.1:{self.broker.port}"}}\n')
        (self.config / "devices.d/gpio.yaml").write_text(
            DEVICES.format(port=self.broker.port, holder=HOLDER))
        self.holder = None
        self.gateway = None
        self.ear = Ear(self.broker.port)

    def start_holder(self):
        self.holder = rig.Server("holder", WORK, [BUILD / "campus-gpio-holder", "--socket", HOLDER]).start()
        rig.wait_for("the holder's socket", HOLDER.exists)

    def start_gateway(self):
        since = time.monotonic()
        self.gateway = rig.Gateway(BUILD, WORK, self.config).start()
        rig.wait_for("every bus online", self.gateway.online)
        return since

    @contextlib.contextmanager
    def gateway_of_nobody(self):
        """Its log; it may open no chip."""
        os.chmod("/dev/gpiochip0", 0o600)
        for path in [WORK, *WORK.rglob("*")]:
            if not path.is_symlink():
                os.chown(path, 65534, 65534)
        log = WORK / "nobody.log"
        with log.open("w") as file:
            process = subprocess.Popen([BUILD / "campus-gatewayd", "--config", self.config],
                                       stdout=file, stderr=file, user=65534, group=65534,
                                       extra_groups=[])
        try:
            yield log
        finally:
            process.terminate()
            process.wait(20)

    def check_of_what_lacks(self):
        """The lines of --check on two chips and a line that the board has not."""
        lacks = self.config / "devices.d/lacks.yaml"
        lacks.write_text(LACKS)
        done = subprocess.run([BUILD / "campus-gatewayd", "--config", self.config, "--check"],
                              capture_output=True, text=True, check=True)
        lacks.unlink()
        return (done.stdout + done.stderr).splitlines()

    def write(self, point, value):
        done = subprocess.run([BUILD / "campusctl", "--socket", WORK / "api.sock", "write", point, value],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"write {point} {value}: {done.stdout}{done.stderr}")

    def acknowledge(self, alarm):
        self.gateway.request("POST", f"alarms/{alarm}/ack", {})

    def alarm(self, name):
        return next((a for a in self.gateway.get("alarms")["alarms"] if a["id"] == name), {})

    def bus(self):
        return next(b for b in self.gateway.get("buses")["buses"] if b["name"] == "board")

    def fault(self, device):
        rows = self.gateway.get("devices")["devices"]
        return next(d for d in rows if d["name"] == device)["fault"]

    def output(self, point):
        return next(o for o in self.gateway.get("status")["outputs"] if o["point"] == point)

    def value(self, point):
        rows = self.gateway.get("points")["points"]
        return next((p["value"], p["q"]) for p in rows if p["name"] == point)

    def wait_bad(self, *points):
        for point in points:
            rig.wait_for(f"{point} is bad", lambda p=point: self.value(p)[1] == "bad", 15)

    def wait_good(self, values):
        """A bus is opened anew after a minute at the latest."""
        for point, value in values.items():
            rig.wait_for(f"{point} = {value}", lambda p=point, v=value: self.value(p) == (v, "good"), 75)
