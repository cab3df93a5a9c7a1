"""gpio_expander.py - a second chip of the test machine, which goes away and returns."""
import contextlib
import pathlib

from gpio_machine import HOLDER

EXPANDER = f"""\
buses:
  - {{name: far, driver: gpio, chip: campus-expander, holder_socket: {HOLDER}}}
  - {{name: far-own, driver: gpio, chip: campus-expander, outputs: direct}}
devices:
  - {{name: horn, bus: far, line: HORN, direction: out, place: b1-205, supervision: 1min, points: [{{metric: circuit}}]}}
  - {{name: valve, bus: far, line: VALVE, direction: out, safe: "on", place: b1-204, supervision: 1min, points: [{{metric: circuit}}]}}
  - {{name: lamp, bus: far-own, line: LAMP, direction: out, place: b1-203, supervision: 1min, points: [{{metric: circuit}}]}}
  - {{name: hatch, bus: far-own, line: HATCH, place: b1-203, supervision: 1min, points: [{{metric: door}}]}}
outputs:
  - {{name: sound, points: [b1-205/circuit], places: [gate-south], severities: [P1], on_for: 3min}}
"""


class Expander:
    """A second chip, on a cable that is pulled out and put back."""

    HOME = pathlib.Path("/sys/kernel/config/gpio-sim/expander")

    def __init__(self, label, lines):
        self.lines = lines
        if self.HOME.exists():  # of the promise before
            return
        for i, line in enumerate(lines):
            (self.HOME / f"bank0/line{i}").mkdir(parents=True)
            (self.HOME / f"bank0/line{i}/name").write_text(line)
        (self.HOME / "bank0/num_lines").write_text(str(len(lines)))
        (self.HOME / "bank0/label").write_text(label)
        self.plug()

    def plug(self):
        (self.HOME / "live").write_text("1")

    def unplug(self):
        (self.HOME / "live").write_text("0")

    def wire(self, line):
        device = (self.HOME / "dev_name").read_text().strip()
        chip = (self.HOME / "bank0/chip_name").read_text().strip()  # another one each time
        return pathlib.Path("/sys/devices/platform") / device / chip / f"sim_gpio{self.lines.index(line)}"

    def pull(self, line, level):
        (self.wire(line) / "pull").write_text("pull-up" if level else "pull-down")

    def level(self, line):
        return int((self.wire(line) / "value").read_text())


@contextlib.contextmanager
def expander(m):
    """Its lines as a school has them; SY-04 without its patience."""
    chip = Expander("campus-expander", ["HORN", "VALVE", "LAMP", "HATCH"])
    (m.config / "rules.d").mkdir(exist_ok=True)
    files = {m.config / "devices.d/expander.yaml": EXPANDER,
             m.config / "rules.d/quick.yaml": "rules: [{id: SY-04, for: 1s, clear_for: 1s}]\n"}
    for path, text in files.items():
        path.write_text(text)
    try:
        yield chip
    finally:
        for path in files:
            path.unlink()
