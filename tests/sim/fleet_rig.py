"""The simulated fleet (tests/sim/fleet) as a process, and what it made beside what the county has."""
import json
import pathlib

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


def differences(made, stored):
    """What the county has otherwise than it was made: @stored is (gateway, epoch, seq) of every row."""
    seqs = {}
    for gateway, epoch, seq in stored:
        seqs.setdefault((gateway, epoch), []).append(seq)
    return [(stream, made.get(stream), len(seqs.get(stream, [])))
            for stream in sorted(made.keys() | seqs.keys())
            if sorted(seqs.get(stream, [])) != list(range(1, made.get(stream, 0) + 1))]
