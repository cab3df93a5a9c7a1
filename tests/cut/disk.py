"""What a disk may hold after the power was cut.

A file's content is certain up to the last sync that had covered it.  Of every write since
then, each sector of 512 bytes may be there, or not, or hold noise; whole writes may be there
while earlier ones are not, within a file and between files.  A length that was not synced may
be the old or the new one.  A name that was made, removed or changed is certain only after a
sync of the folder; until then the changes are there up to some point of their order, as
journals of file systems keep them.

What a sync failed to write stays in doubt: Linux calls such pages clean, so that no later
sync writes them, although they read well as long as they are in memory.  Only a write that
is made again, and synced, ends the doubt.
"""
from dataclasses import dataclass, field

SECTOR = 512
PAGE = 4096
FATES = ("nothing", "everything", "in order", "writes", "pages", "sectors", "noise")


@dataclass
class File:
    content: bytes = b""
    doubtful: list = field(default_factory=list)  # (offset, data) of syncs that failed
    pending: list = field(default_factory=list)  # (number of the event, event)

    def settle(self, before):
        """The writes that came before event number @before are on the disk."""
        content = bytearray(self.content)
        kept = []
        for number, event in self.pending:
            if number < before:
                put(content, event.data if event.kind == "write" else None, event.at)
                self.doubtful = [rest for piece in self.doubtful for rest in outside(piece, event)]
            else:
                kept.append((number, event))
        self.content = bytes(content)
        self.pending = kept

    def fail(self, before):
        """A sync of those writes failed; lengths are the folder's affair."""
        failed = [event for number, event in self.pending if number < before and event.kind == "write"]
        self.doubtful += [piece for event in failed for piece in pieces(event, PAGE)]
        self.pending = [(number, event) for number, event in self.pending
                        if number >= before or event.kind != "write"]


def outside(piece, event):
    """The parts of @piece that the synced @event did not write anew, or cut off."""
    at, data = piece
    end = at + len(data)
    stop = event.at + len(event.data) if event.kind == "write" else end
    if stop <= at or event.at >= end:
        return [piece]
    return [(start, data[start - at:last - at]) for start, last in ((at, event.at), (stop, end))
            if start < last]


def put(content, data, at):
    """Writes @data at @at, or cuts and extends to @at without @data."""
    if data is None:
        del content[at:]
        content.extend(bytes(at - len(content)))
        return
    content.extend(bytes(max(0, at - len(content))))
    content[at:at + len(data)] = data


def pieces(event, size):
    """(offset, data) of the parts of a write that lie in different blocks of @size."""
    at, data = event.at, event.data
    while data:
        room = size - at % size
        yield at, data[:room]
        at, data = at + room, data[room:]


class Disk:
    """Takes a recording's events, and can be cut after each of them."""

    def __init__(self, files=None):
        self.names = {name: File(content) for name, content in (files or {}).items()}
        self.certain = dict(self.names)  # the names as the folder was synced last
        self.pending = []  # changes of names since: (number of the event, event, file)
        self.count = 0

    def take(self, event):
        """The next event of the recording."""
        number, self.count = self.count, self.count + 1
        kind, name = event.kind, event.name
        if kind in ("create", "unlink", "rename"):
            self.rename(number, event)
        elif kind in ("write", "truncate"):
            self.names[name].pending.append((number, event))
        elif kind == "sync" and name == ".":
            self.settle(event.at)
        elif kind == "sync" and name in self.names:
            self.names[name].settle(event.at)
        elif kind == "failed sync" and name in self.names:
            self.names[name].fail(event.at)

    def rename(self, number, event):
        if event.kind == "create" and event.name in self.names:
            return
        change = (number, event, File())
        apply(self.names, change)
        self.pending.append(change)

    def settle(self, before):
        for change in self.pending:
            if change[0] < before:
                apply(self.certain, change)
        self.pending = [change for change in self.pending if change[0] >= before]

    def cut(self, chance, fate):
        """name → content of one disk that may be left."""
        names = dict(self.certain)
        for change in self.pending[:chance.randint(0, len(self.pending))]:
            apply(names, change)
        return {name: left(file, chance, fate) for name, file in names.items()}


def apply(names, change):
    _, event, file = change
    if event.kind == "create":
        names[event.name] = file
    elif event.kind == "unlink":
        names.pop(event.name, None)
    elif event.name in names:
        names[event.data] = names.pop(event.name)


def left(file, chance, fate):
    """What is left of @file."""
    content = bytearray(file.content)
    for at, data in file.doubtful:
        if fate == "everything" or fate != "nothing" and chance.random() < 0.5:
            put(content, data, at)
    pending = [event for _, event in file.pending]
    if fate == "nothing":
        pending = []
    elif fate == "in order":
        pending = pending[:chance.randint(0, len(pending))]
    for event in pending:
        if event.kind == "truncate" or fate in ("everything", "in order", "writes"):
            if fate in ("everything", "in order") or chance.random() < 0.5:
                put(content, event.data if event.kind == "write" else None, event.at)
            continue
        for at, data in pieces(event, PAGE if fate == "pages" else SECTOR):
            lot = chance.random()
            if lot < 0.5:
                put(content, data, at)
            elif fate == "noise" and lot < 0.75:
                put(content, chance.randbytes(len(data)), at)
    if fate == "in order" and len(pending) and pending[-1].kind == "write":
        tear(content, pending[-1], chance, file.content)
    return bytes(content)


def tear(content, event, chance, certain):
    """The last write that was under way stops in the middle of it; what lay there before, and
    was synced, stays."""
    keep = chance.randrange(len(event.data)) // SECTOR * SECTOR
    at = event.at + keep
    length = len(event.data) - keep
    if at + length == len(content):
        del content[at:]
        content.extend(certain[at:])
    else:
        content[at:at + length] = bytes(length)
