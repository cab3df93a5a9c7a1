"""What a process used, read from /proc."""
import os
import pathlib
import time


def _ticks(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def cpu_s(pid):
    """What it has used since its start, in user and system mode."""
    return _ticks(pid) / os.sysconf("SC_CLK_TCK")


def _switches(pid):
    """Voluntary context switches of all threads: each is a wake-up."""
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        for line in (task / "status").read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                total += int(line.split()[1])
    return total


def usage_over(pid, seconds):
    """CPU share of a core and wake-ups a second over @seconds."""
    ticks, switches, began = _ticks(pid), _switches(pid), time.monotonic()
    time.sleep(seconds)
    elapsed = time.monotonic() - began
    return {"cpu_share": (_ticks(pid) - ticks) / os.sysconf("SC_CLK_TCK") / elapsed,
            "switches_per_s": (_switches(pid) - switches) / elapsed}


def resident_mb(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"no VmRSS of {pid}")
