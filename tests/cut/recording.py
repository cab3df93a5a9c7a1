"""What a traced program did to the files of one folder and said on its sockets, in order.

The trace is strace's, so it is the kernel's word: whatever library wrote, and in whatever way.
A call that could change a file in a way that is not understood here is an error.
"""
import re
from dataclasses import dataclass

FILE_CALLS = ("openat,creat,write,writev,pwrite64,pwritev,pwritev2,ftruncate,truncate,fallocate,fsync,"
              "fdatasync,sync_file_range,rename,renameat,renameat2,unlink,unlinkat,link,linkat")
SOCKET_CALLS = "read,recvfrom,recvmsg,sendto,sendmsg"
# Rebuilt by whoever opens the database first; never holds a record; only takes room; the gateway's
# own key, of which a new one is made (test_evidence.py).
IGNORED = ("-shm", ".lock", ".reserve", "evidence.key", "evidence.key.new")

CALL = re.compile(r"([\w?]+)\((.*)", re.DOTALL)
FILE = re.compile(r"\d+<((?:\\x[0-9a-f]{2})+)>")
CONNECTION = re.compile(r"\d+<TCP:\[([^\]]*)\]>")
STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
RESULT = re.compile(r"\)\s+= (-?\d+)[^\"]*$")


def command(log, sockets=True, faults=()):
    """strace's words before the program's: -D leaves the program our own child.
    @faults: as strace's inject= wants them."""
    calls = FILE_CALLS + ("," + SOCKET_CALLS if sockets else "")
    injected = [word for fault in faults for word in ("-e", f"inject={fault}")]
    return ["strace", "-D", "-f", "-yy", "-xx", "-s", "1000000", "-o", log,
            "-e", f"trace={calls}", *injected]


@dataclass(frozen=True)
class Event:
    """kind      create write truncate sync unlink rename, sent received, failed sync or nothing
    name      of the file, "." for the folder itself; the connection's two ends
    data      what was written, sent or received; the new name of a rename
    at        offset of a write, length of a truncate; of a sync: how many events came
              before it was called, which are those that it covers, or should have"""
    kind: str
    name: str
    data: object = b""
    at: int = 0


NOTHING = Event("nothing", "")


def unhex(text):
    return bytes.fromhex(text.replace("\\x", ""))


class Reader:
    """Turns lines of strace into events.  An event stands where its call began: what is
    written or sent may reach disk or wire from there on."""

    def __init__(self, folder, events):
        self.folder = str(folder)
        self.events = events
        self.begun = {}  # thread → (the call that has not returned, its place)

    def line(self, line):
        thread, _, rest = line.rstrip("\n").partition(" ")
        rest = rest.lstrip()
        if rest.startswith(("+++", "---")):
            return
        if rest.endswith("<unfinished ...>"):
            self.begun[thread] = rest[:-len("<unfinished ...>")], len(self.events)
            self.events.append(NOTHING)
        elif rest.startswith("<..."):
            first, place = self.begun.pop(thread)
            event = self.event(first + rest.partition(" resumed>")[2], place)
            if event.kind in ("write", "truncate", "sent"):
                self.events[place] = event
            elif event is not NOTHING:
                self.events.append(event)
        else:
            event = self.event(rest, len(self.events))
            if event is not NOTHING:
                self.events.append(event)

    def end(self):
        """What never returned, because the process was killed in it."""
        for first, place in self.begun.values():
            self.events[place] = self.event(first, place)
        self.begun.clear()

    def name(self, path):
        """The file's name in the folder; None for other files and what holds no record."""
        if path == self.folder:
            return "."
        parent, _, name = path.rpartition("/")
        return name if parent == self.folder and not name.endswith(IGNORED) else None

    def event(self, text, place):
        """What a call did that began at @place; NOTHING when it failed or concerns nobody."""
        call, rest = CALL.match(text).groups()
        result = RESULT.search(rest)
        if not result:
            return cut_off(call, rest)
        if int(result[1]) < 0:
            return self.failure(call, rest, place)
        if connection := CONNECTION.match(rest):
            return on_socket(call, connection[1], rest, int(result[1]))
        if call in ("openat", "creat", "unlink", "unlinkat", "rename", "renameat", "renameat2"):
            return self.on_folder(call, rest)
        file = FILE.match(rest)
        name = file and self.name(unhex(file[1]).decode())
        if not name or call in ("read", "recvfrom", "recvmsg"):
            return NOTHING
        return on_file(call, name, rest, place)

    def failure(self, call, rest, place):
        """Only a failed sync changes anything."""
        file = FILE.match(rest)
        name = file and self.name(unhex(file[1]).decode())
        if name and call in ("fsync", "fdatasync"):
            return Event("failed sync", name, b"", place)
        return NOTHING

    def on_folder(self, call, rest):
        names = [self.name(unhex(found).decode()) for found in STRING.findall(rest)]
        if not any(names) or names[0] == ".":
            return NOTHING
        if call.startswith("unlink"):
            return Event("unlink", names[0])
        if call.startswith("rename"):
            return Event("rename", *names)
        if "O_TRUNC" in rest or call == "creat":
            raise ValueError(f"{call} of {names[0]} is not understood")
        return Event("create", names[0]) if "O_CREAT" in rest else NOTHING


def on_file(call, name, rest, place):
    if call == "pwrite64":
        length, offset = (int(part) for part in
                          rest.rpartition('"')[2].partition(")")[0].strip(", ").split(", "))
        data = unhex(STRING.search(rest)[1])
        if len(data) != length:
            raise ValueError(f"{call} of {name}: {len(data)} of {length} bytes were recorded")
        return Event("write", name, data, offset)
    if call == "ftruncate":
        return Event("truncate", name, b"", int(rest.rpartition(", ")[2].partition(")")[0]))
    if call in ("fsync", "fdatasync"):
        return Event("sync", name, b"", place)
    raise ValueError(f"{call} of {name} is not understood")


def on_socket(call, ends, rest, result):
    found = STRING.search(rest)
    if not found:
        return NOTHING
    kind = "received" if call in ("read", "recvfrom") else "sent"
    return Event(kind, ends, unhex(found[1])[:result])


def cut_off(call, rest):
    """Of a call in which the process was killed: what it sent may have left, and a broker that has
    its PUBACK sends no more; what it wrote or received never counted."""
    connection = CONNECTION.match(rest)
    if not connection or call in ("read", "recvfrom", "recvmsg"):
        return NOTHING
    return on_socket(call, connection[1], rest, None)


def read(log, folder, events):
    """Appends what @log tells of @folder to @events."""
    reader = Reader(folder, events)
    with open(log, encoding="ascii") as lines:
        for line in lines:
            reader.line(line)
    reader.end()
