"""What contradicts itself in a GPIO device is named at the check, by file and line."""
import shutil
import subprocess

import pytest

from conftest import ROOT

BUS = "buses:\n  - {{name: board, driver: gpio, chip: pinctrl-bcm2711{bus}}}\ndevices:\n"
DEVICE = "  - {{name: one, bus: board, line: GPIO17, place: gate-south, supervision: 1min, {keys}, points: [{{metric: {metric}}}]}}\n"


def check(build, tmp_path, keys, bus="", metric="gate"):
    folder = tmp_path / "etc"
    shutil.copytree(ROOT / "etc", folder)
    (folder / "devices.d/board.yaml").write_text(BUS.format(bus=bus) + DEVICE.format(keys=keys, metric=metric))
    done = subprocess.run([build / "campus-gatewayd", "--config", folder, "--check"],
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.mark.parametrize("keys, fault", [
    ("edge: leading", "edge: leading needs debounce"),
    ("edge: leading, debounce: 50ms, min_pulse: 80ms", "min_pulse goes with edge: settled"),
    ("edge: leading, debounce: 50ms, pulses: true", "edge: leading tells states, pulses counts"),
    ("debounce: 50ms, min_pulse: 50ms", "min_pulse: longer than debounce"),
    ("debounce: 6s", "debounce"),
    ("max_on: 3min", "safe and max_on go with direction: out"),
    ("safe: on", "safe and max_on go with direction: out"),
    ("direction: out, contact: normally-closed", "contact goes with direction: in"),
    ("direction: out, debounce: 50ms", "debounce, edge, min_pulse and pulses go with direction: in"),
    ("direction: out, safe: on, max_on: 3min", "max_on goes with safe: off"),
])
def test_a_contradiction_is_named(build, tmp_path, keys, fault):
    code, said = check(build, tmp_path, keys)
    assert code == 1
    assert fault in said and "board.yaml:4:" in said


@pytest.mark.parametrize("keys", ["direction: out, max_on: 3min", "direction: out, safe: on"])
def test_a_bus_that_holds_its_own_outputs_promises_nothing(build, tmp_path, keys):
    code, said = check(build, tmp_path, keys, bus=", outputs: direct")
    assert code == 1
    assert "need the bus to say outputs: holder" in said


@pytest.mark.parametrize("keys", [
    "debounce: 50ms", "debounce: 20ms, min_pulse: 60ms", "edge: leading, debounce: 300ms",
    "direction: out, max_on: 3min", 'direction: out, safe: "on"'])
def test_what_goes_together_passes(build, tmp_path, keys):
    code, said = check(build, tmp_path, keys)
    assert code == 0, said
