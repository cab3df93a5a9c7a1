"""[soak]: whether a gateway keeps memory over hours, at 15 times a school's load with a fault a minute.

It takes GW_SOAK_MINUTES (120), so it is measured only where it is named."""
import os
import pathlib

from soak import HEAP_SLOPE, RESIDENT_GROWTH, Soak, Verdict

MINUTES = int(os.environ.get("GW_SOAK_MINUTES", "120"))
LOG = pathlib.Path(__file__).resolve().parents[2] / "build/bench/soak.jsonl"


def bench_soak(build, figures):
    with Soak(build) as soak:
        with open(LOG, "w", encoding="utf-8") as log:
            soak.run(MINUTES, log)
        verdict = Verdict(soak.samples)
    for name, trend in (("heap in use", verdict.heap), ("SQLite's memory", verdict.sqlite)):
        figures.add(f"{name} over {MINUTES} min, slope at equal phases", trend.slope, "bytes/h", None, None,
                    HEAP_SLOPE + 2 * trend.error, at_most=True)
        figures.add("the same, its error", trend.error, "bytes/h", None, None, HEAP_SLOPE, at_most=True)
    figures.add("resident memory, growth after the warm-up", verdict.resident_growth, "KiB", None, None,
                RESIDENT_GROWTH, at_most=True)
    figures.add("descriptors, growth after the warm-up", verdict.descriptors_growth, "", None, None, 0, at_most=True)
    figures.add("the database, of its plan", verdict.file_share, "", None, None, 1, at_most=True)
