"""closed_in.py UNIT COMMAND... - runs it under the SystemCallFilter= of a unit of systemd/, as
strictly as can be: what the list leaves out kills.

Excepted is what the program tries and may be refused: adjtimex(2) gives EPERM, if the unit says
so.  Root, whom the unit does not know, may give SQLite's files their owner.
"""
import errno
import os
import re
import subprocess
import sys

import seccomp

REFUSED = ("adjtimex", "clock_adjtime")
OF_ROOT = ("fchown",)


def calls(group):
    """The system calls of a group, those of groups in it too."""
    said = subprocess.run(["systemd-analyze", "--no-pager", "syscall-filter", group],
                          capture_output=True, text=True, check=True).stdout
    found = set()
    for name in re.findall(r"^ +(@?[a-z0-9_-]+)$", said, re.M):
        found |= calls(name) if name.startswith("@") else {name}
    return found


def allowed(unit):
    """What the unit's lines leave, read in their order."""
    found = set()
    for line in re.findall(r"^SystemCallFilter=(.*)$", unit, re.M):
        names = set()
        for name in line.removeprefix("~").split():
            names |= calls(name) if name.startswith("@") else {name}
        found = found - names if line.startswith("~") else found | names
    return found


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        unit = file.read()
    closed = seccomp.SyscallFilter(seccomp.KILL_PROCESS)
    for name in sorted(allowed(unit) | set(OF_ROOT)):
        try:
            closed.add_rule(seccomp.ALLOW, name)
        except RuntimeError:
            pass  # a call of another processor
    for name in REFUSED if "\nSystemCallErrorNumber=EPERM\n" in unit else ():
        closed.add_rule(seccomp.ERRNO(errno.EPERM), name)
    closed.load()
    os.execv(sys.argv[2], sys.argv[2:])


if __name__ == "__main__":
    main()
