"""The simulated fleet (tests/sim/fleet) as a process, and what it made beside what the county has."""
import json
import pathlib
import re

import rig


class Fleet(rig.Server):
    """Ends by itself: 0 when the county has answered every row."""

    def __init__(self, build, folder, port, *options, name="fleet"):
        self.journal = pathlib.Path(folder) / f"{name}.journal"
        super().__init__(name, folder, [pathlib.Path(build) / "tests/sim/fleet/fleet", "--port", port, "--journal",
                                        self.journal, *options])

    def finish(self, seconds):
        """Its counts."""
        status = self.process.wait(seconds)
        text = self.text()
        if status != 0:
            raise RuntimeError(f"the fleet ended with {status}: {text[-2000:]}")
        return json.loads(text.splitlines()[-1])

    def made(self):
        """Rows by (gateway, epoch)."""
        lines = map(json.loads, self.journal.read_text().splitlines())
        return {(line["gateway"], line["epoch"]): line["rows"] for line in lines if line["rows"]}


    def gone(self):
        """What it said will never come, by (gateway, epoch), as PostgreSQL writes a multirange."""
        lines = map(json.loads, self.journal.read_text().splitlines())
        return {(line["gateway"], line["epoch"]): line["gone"] for line in lines if line["gone"] != "{}"}


def numbers(multirange):
    """{1, 2, 5} of "{[1,3),[5,6)}"."""
    return {seq for first, end in re.findall(r"\[(\d+),(\d+)\)", multirange) for seq in range(int(first), int(end))}


def differences(made, stored, gone=None):
    """What the county has otherwise than it was made: @stored is (gateway, epoch, seq) of every row, of which
    those that are @gone are none."""
    seqs = {}
    for gateway, epoch, seq in stored:
        seqs.setdefault((gateway, epoch), []).append(seq)
    return [(stream, made.get(stream), len(seqs.get(stream, [])))
            for stream in sorted(made.keys() | seqs.keys())
            if sorted(seqs.get(stream, [])) != sorted(
                set(range(1, made.get(stream, 0) + 1)) - numbers((gone or {}).get(stream, "{}")))]
