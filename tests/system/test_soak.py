"""The soak and its judge (tests/soak): a leak that is planted is found, and without one nothing is."""
import os
import random
import subprocess

import pytest

from soak import HEAP_SLOPE, Soak, Verdict
from trend import Trend, growth

PHASES = 8
LEVELS = (0, 40960, -8192, 5 << 20, 1024, 300, 77, 20480)  # what a phase needs and leaves
MINUTES = int(os.environ.get("GW_SOAK_MINUTES", "120"))


def series(slope, minutes=120, noise=200, seed=1):
    """(hours, phase, bytes), a sample a minute."""
    chance = random.Random(seed)
    return [(minute / 60, minute % PHASES, (20 << 20) + LEVELS[minute % PHASES] + slope * minute / 60
             + chance.gauss(0, noise)) for minute in range(minutes)]


@pytest.mark.parametrize("seed", range(20))
def test_a_slope_is_told_from_what_phases_need(seed):
    flat, leaky = Trend(series(0, seed=seed)), Trend(series(2 * HEAP_SLOPE, seed=seed))
    assert flat.tells(HEAP_SLOPE) and not flat.grows(HEAP_SLOPE)
    assert leaky.grows(HEAP_SLOPE), (leaky.slope, leaky.error)
    assert abs(leaky.slope - 2 * HEAP_SLOPE) < 4 * leaky.error


def test_what_is_too_short_or_too_noisy_tells_nothing():
    assert not Trend(series(0, minutes=20, noise=2000)).tells(HEAP_SLOPE)
    assert not Trend(series(0, noise=20000)).tells(HEAP_SLOPE)
    assert Trend(series(0, noise=2000)).tells(HEAP_SLOPE), "what a sound gateway's samples differ by"
    with pytest.raises(ValueError, match="too few"):
        Trend(series(0, minutes=PHASES))


def test_growth_is_from_a_phase_to_itself():
    assert growth(series(0, noise=0)) == 0
    assert abs(growth(series(60 * 1024, noise=0)) - 60 * 1024 * (120 - PHASES) / 60) < 2


@pytest.fixture
def leak(tmp_path):
    """What makes every thousandth free() of a small piece none."""
    (tmp_path / "leak.c").write_text("""\
#define _GNU_SOURCE
#include <malloc.h>
#include <stdlib.h>
extern void __libc_free(void *piece);
void free(void *piece)
{
    static unsigned long count;
    if (piece && malloc_usable_size(piece) < 200 && __sync_add_and_fetch(&count, 1) % 1000 == 0)
        return;
    __libc_free(piece);
}
""")
    subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-o", tmp_path / "leak.so", tmp_path / "leak.c"], check=True)
    return {"LD_PRELOAD": str(tmp_path / "leak.so")}


def soaked(build, folder, minutes, seconds, environment=()):
    """The verdict on so many minutes of @seconds each."""
    with Soak(build, seconds, environment) as soak:
        with open(folder / "soak.jsonl", "w", encoding="utf-8") as log:
            soak.run(minutes, log)
        return Verdict(soak.samples)


@pytest.mark.slow
def test_a_leak_that_is_planted_is_found(build, tmp_path, leak):
    verdict = soaked(build, tmp_path, 4 * PHASES, 12, leak)
    assert verdict.heap.grows(HEAP_SLOPE) and any("heap in use grows" in fault for fault in verdict.faults())


@pytest.mark.slow
def test_hours_at_fifteen_times_the_load_with_a_fault_a_minute_leave_nothing_behind(build, tmp_path):
    verdict = soaked(build, tmp_path, MINUTES, 60)
    print(verdict.text())
    assert verdict.faults() == []
