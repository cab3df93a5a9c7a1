"""kill -9 at moments that are hard to hit by chance: strace kills the daemon as it makes its
nth call of a kind, before the kernel does anything of it."""
import contextlib
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from dataclasses import dataclass

import rig

RELOAD_S = 0.05  # twice what a reload takes, from the command's start on

@dataclass(frozen=True)
class Kind:
    """call   the system call, "" = any moment of the first half second
    suffix    only on the database's file with that suffix; None = on any file
    last      a kill comes at call 1..@last
    is_stop   the daemon is asked to stop before: then it writes the log back
    is_reload  it is asked to take over a changed configuration, and killed meanwhile"""
    call: str = ""
    suffix: object = None
    last: int = 0
    is_stop: bool = False
    is_reload: bool = False


# How many calls there are was counted in a start, and in half a second under load.
KINDS = {
    "any moment": Kind(),
    "start, file": Kind("openat", None, 45),
    "start, anywhere": Kind("mmap", None, 130),
    "commit, write": Kind("pwrite64", "-wal", 120),
    "commit, sync": Kind("fdatasync", "-wal", 4),
    "checkpoint, write": Kind("pwrite64", "", 60, is_stop=True),
    "checkpoint, sync": Kind("fdatasync", "", 1, is_stop=True),
    "reload": Kind(is_reload=True),
}


class Killer:
    """Starts and kills one gateway again and again.  done: how many of each kind; missed:
    those that the daemon outlived, so that an ordinary kill ended it; broken: databases
    that were not whole afterwards.  @reload() begins a reload and does not wait for it."""

    def __init__(self, gateway, database, chance, reload, patience_s=6.0):
        self.gateway = gateway
        self.database = pathlib.Path(database)
        self.chance = chance
        self.reload = reload
        self.patience_s = patience_s
        self.command = gateway.command
        gateway.kwargs["process_group"] = 0  # to end a strace that lost its daemon too early
        self.done = dict.fromkeys(KINDS, 0)
        self.missed = dict.fromkeys(KINDS, 0)
        self.broken = []

    def kill(self, name):
        """One life and death; the gateway is not running before and after."""
        kind = KINDS[name]
        self.gateway.command = self._prefix(kind) + self.command
        self.gateway.start(ready=False)
        if kind.is_reload:
            rig.wait_for("it is up", self.gateway.answers)
            self.reload()
            time.sleep(self.chance.uniform(0.0, RELOAD_S))
        elif kind.is_stop or not kind.call:
            time.sleep(self.chance.uniform(0.0, 0.5))
        if kind.is_stop:
            self.gateway.process.send_signal(signal.SIGTERM)
        if not kind.call or not self._died():
            self.missed[name] += bool(kind.call)
            self.gateway.kill()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.gateway.process.pid, signal.SIGKILL)
        self.done[name] += 1
        self.check(name)

    def start(self):
        """An ordinary life."""
        self.gateway.command = self.command
        self.gateway.start()

    def _prefix(self, kind):
        if not kind.call:
            return []
        number = self.chance.randint(1, kind.last)
        where = ["-P", f"{self.database}{kind.suffix}"] if kind.suffix is not None else []
        return ["strace", "-D", "-f", "-qqq", "-o", "/dev/null", *where,
                "-e", f"trace={kind.call}",
                "-e", f"inject={kind.call}:signal=SIGKILL:when={number}"]

    def _died(self):
        try:
            self.gateway.process.wait(self.patience_s)
        except subprocess.TimeoutExpired:
            return False
        return self.gateway.process.returncode == -signal.SIGKILL

    def check(self, name, pragma="quick_check"):
        """On a copy: whoever opens the database itself would mend it."""
        if not self.database.exists():
            return
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / "copy.db"
            for suffix in ("", "-wal"):
                source = self.database.with_name(self.database.name + suffix)
                if source.exists():
                    shutil.copy(source, f"{copy}{suffix}")
            db = sqlite3.connect(copy)
            found = [row[0] for row in db.execute(f"PRAGMA {pragma}")]
            db.close()
        if found != ["ok"]:
            self.broken.append((name, found))
