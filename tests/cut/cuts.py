"""Cuts the power again and again at moments of a recording, on every processor."""
import contextlib
import json
import multiprocessing
import os
import pathlib
import random
import shutil
import subprocess
import tempfile

import recording
from disk import FATES, Disk

FOLDER = "/dev/shm" if os.path.isdir("/dev/shm") else None
SECOND_CUT_EVERY = 20


def moments(events, count, seed, since=0):
    """(event, seed, fate) of @count cuts, in order; as many at each kind of event."""
    kinds = {}
    for at, event in enumerate(events[since:], start=since):
        if event.kind not in ("nothing", "received"):
            name = "" if event.kind == "sent" else event.name
            kinds.setdefault((event.kind, name), []).append(at)
    chance = random.Random(seed)
    found = []
    for i in range(count):
        of_kind = kinds[chance.choice(sorted(kinds))]
        found.append((chance.choice(of_kind), seed + i, chance.choice(FATES)))
    return sorted(found)


class Opener:
    """tests/probe/store_probe, kept running."""

    def __init__(self, build):
        self.path = build / "tests/probe/store_probe"
        self.process = subprocess.Popen([self.path], stdin=subprocess.PIPE, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def open(self, path):
        self.process.stdin.write(f"{path}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def record(self, path, log):
        """Opens @path once under strace; what it did to the folder."""
        subprocess.run([word for word in recording.command(log, sockets=False) if word != "-D"]
                       + [self.path], input=f"{path}\n", text=True, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        events = []
        recording.read(log, path.parent, events)
        return events

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


def lay(folder, files, chance):
    """Makes @folder hold @files and the shared memory that a dead process may leave."""
    for path in folder.iterdir():
        remove = shutil.rmtree if path.is_dir() else os.unlink
        remove(path)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    if files and chance.random() < 0.5:
        (folder / "campus.db-shm").write_bytes(chance.randbytes(32768))


def cut_again(opener, folder, files, chance):
    """Another cut while the database is being opened after the first one."""
    lay(folder, files, chance)
    steps = opener.record(folder / "campus.db", folder.parent / "trace")
    disk = Disk(files)
    end = chance.randint(0, len(steps))
    for event in steps[:end]:
        disk.take(event)
    lay(folder, disk.cut(chance, chance.choice(FATES)), chance)


def judge_cuts(build, judge, events, cuts):
    """(cut, what is wrong) of those of @cuts that broke a promise."""
    found = []
    with contextlib.closing(Opener(build)) as opener, \
            tempfile.TemporaryDirectory(dir=FOLDER) as place:
        folder = pathlib.Path(place) / "state"
        folder.mkdir()
        disk = Disk()
        for at, seed, fate in cuts:
            while disk.count <= at:
                disk.take(events[disk.count])
            chance = random.Random(seed)
            files = disk.cut(chance, fate)
            lay(folder, files, chance)
            if seed % SECOND_CUT_EVERY == 0:
                cut_again(opener, folder, files, chance)
            wrong = judge.faults(folder / "campus.db", opener.open(folder / "campus.db"), at)
            if wrong:
                found.append(((at, seed, fate), wrong))
    return found


def run(build, judge, events, count, seed, since=0):
    """All that @count cuts at event number @since or later broke, in the order of the recording."""
    cuts = moments(events, count, seed, since)
    workers = min(os.cpu_count() or 1, 8)
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        shares = pool.starmap(judge_cuts, [(build, judge, events, cuts[i::workers])
                                           for i in range(workers)])
    return sorted(fault for share in shares for fault in share)


def without_syncs(events, is_left_out):
    """The same recording by a program that leaves out those syncs."""
    return [event if event.kind != "sync" or not is_left_out(event)
            else recording.NOTHING for event in events]
