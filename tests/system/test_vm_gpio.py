"""The gateway on real kernel lines: tests/vm/gpio_check.py in the test machine, each promise it
prints an assertion; with this host's libgpiod, and in ./dev test --all with the other one."""
import re
import subprocess

import pytest

from conftest import ROOT

pytestmark = pytest.mark.alone  # a whole machine, emulated

VM = ROOT / "tests/vm"
CHECK = VM / "gpio_check.py"
LINES = "DOOR,LOOP,BUTTON,PANIC,METER,SLOW,NOISE,SIREN,RELEASE,BELL,RELAY,STROBE"
PROMISES = re.findall(r"(?m)^@promise\ndef (\w+)\(", CHECK.read_text())
OTHER = ROOT / "build/vm/other"


def run(*command, seconds):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False,
                          timeout=seconds)
    return done.returncode, done.stdout + done.stderr


class Verdicts:
    """What one run of the machine printed."""

    def __init__(self, root, build):
        if root != "/":
            status, text = run(VM / "other.sh", root, seconds=1800)
            assert status == 0, text
        tree = ROOT if root == "/" else "/src"
        status, _ = run(VM / "kernel.sh", ROOT / "build/vm/kernel", seconds=1800)
        assert status == 0
        self.status, self.text = run(VM / "run.sh", "--cpus", "1", "--timeout", "400", "--root", root,
                                     "--lines", LINES, "/usr/bin/python3",
                                     f"{tree}/tests/vm/gpio_check.py", build, seconds=500)
        self.ok = set(re.findall(r"(?m)^ok (\w+)", self.text))
        print(*re.findall(r"(?m)^figure .*", self.text), sep="\n")

    def assert_kept(self, promise):
        failed = re.search(rf"(?m)^not ok {promise}: .*", self.text)
        assert promise in self.ok, failed.group() if failed else self.text[-4000:]


@pytest.fixture(scope="module")
def here(build):
    return Verdicts("/", build.relative_to(ROOT))


@pytest.fixture(scope="module")
def other():
    return Verdicts(OTHER, "build/release")


@pytest.mark.parametrize("promise", PROMISES)
def test_with_the_libgpiod_of_this_host(here, promise):
    here.assert_kept(promise)


@pytest.mark.slow
@pytest.mark.parametrize("promise", PROMISES)
def test_with_the_other_libgpiod(other, promise):
    other.assert_kept(promise)


def test_every_promise_was_put_to_the_machine(here):
    assert len(PROMISES) >= 29
    assert f"figure promises {len(PROMISES)} checked" in here.text
