"""Lines of a replay that are cut once, anywhere: the gateway goes down, is killed, reads its
files again, or its clock is set; alone, or while it is down.

A line is (time, {…}).  The time is the real one throughout: told_by() writes what the wall clock
showed then, and real() reads it back.
"""
import contextlib
import datetime
import errno
import json
import os
import subprocess
import tempfile
import time
from typing import NamedTuple

SECOND = datetime.timedelta(seconds=1)
EVENTS = ("checkpoint", "button")


class Cut(NamedTuple):
    """@what at @moment; the clock is set by @step, and set right @right_after later.  @then comes
    @then_after the moment: after a step, or between it and the right time, or after both."""
    what: str
    moment: datetime.datetime
    step: datetime.timedelta = datetime.timedelta(0)
    right_after: datetime.timedelta = None
    then: str = None
    then_after: datetime.timedelta = None

    def __str__(self):
        words = [self.what, self.moment.strftime("%m-%dT%H:%M:%S.%f")[:-3]]
        words += [f"by {self.step}"] if self.step else []
        words += [f"right after {self.right_after}"] if self.right_after else []
        words += [f"then {self.then} after {self.then_after}"] if self.then else []
        return " ".join(words)

    def ahead(self, moment):
        """How far the clock is ahead at @moment."""
        is_over = self.right_after and moment > self.moment + self.right_after
        return self.step if moment > self.moment and not is_over else 0 * SECOND

    def acts(self):
        """(real time, what is done, by how much the clock is ahead after it), in order."""
        acts = [(self.moment, self.what, self.step)]
        if self.then:
            then_at = self.moment + self.then_after
            acts.append((then_at, self.then, self.ahead(then_at)))
        if self.right_after is not None:
            acts.append((self.moment + self.right_after, "step", 0 * SECOND))
        return sorted(acts, key=lambda act: act[0])


def time_of(text):
    return datetime.datetime.fromisoformat(text)


def text_of(moment):
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")


def rows_of(lines):
    return [(time_of(line["t"]), {key: value for key, value in line.items() if key != "t"})
            for line in lines]


def levels(rows, moment, silent_after):
    """What each point told last, unless it has fallen silent; drivers see to it after a start."""
    latest, following = {}, {}
    for at, line in rows:
        if "point" in line and not line["point"].endswith(EVENTS):
            if at <= moment:
                latest[line["point"]] = at, line
            else:
                following.setdefault(line["point"], at)
    for point, (at, line) in latest.items():
        if silent_after is None or following.get(point, moment) - at <= silent_after:
            yield line


def said_of_the_day(rows, moment, names):
    """What people said of the day before its date was set: they say it again under the right one."""
    return [line for at, line in rows if at <= moment and at.date() == moment.date() and line.get("do") in names]


def act_lines(rows, act, before, silent_after, of_the_day):
    """The lines of an act: what is done, by the clock as it is set then, and what follows from it."""
    at, what, ahead = act
    verb = {"change": "reload", "step": "clock-step"}.get(what, what)
    there = text_of(at + ahead)
    yield {"t": text_of(at + before), "do": verb, **({"to": there} if ahead != before else {})}
    if ahead != before:
        yield from ({"t": there, **line} for line in said_of_the_day(rows, at, of_the_day))
    if what in ("restart", "kill"):
        yield from ({"t": there, **line} for line in levels(rows, at, silent_after))


def told_by(rows, cut, silent_after=None, of_the_day=()):
    """The lines of @rows with @cut in them, by the clock as it showed."""
    lines, acts, ahead = [], cut.acts(), 0 * SECOND
    for at, line in rows:
        while acts and acts[0][0] < at:
            lines += act_lines(rows, acts[0], ahead, silent_after, of_the_day)
            ahead = acts.pop(0)[2]
        moved = {}
        if "T" in line.get("until", ""):
            moved["until"] = text_of(time_of(line["until"]) + ahead)
        lines.append({"t": text_of(at + ahead), **line, **moved})
    return lines


def real(rows, cut, whole):
    """@rows of the output by real time.  Which were told by a clock that was wrong, the @whole run
    says: so many come before the cut, and before the clock is set right."""
    def told_until(moment):
        return sum(time_of(row["t"]) <= moment for row in whole)

    first = told_until(cut.moment)
    last = told_until(cut.moment + cut.right_after) if cut.right_after else len(rows)
    return [{**row, "t": text_of(time_of(row["t"]) - (cut.step if first <= number < last else 0 * SECOND))}
            for number, row in enumerate(rows)]


def change(folder):
    """Another room, its sensor and a rule on it: nothing that the stories are about."""
    campus = folder / "campus.yaml"
    place = "  - {id: attic, kind: attic, title: 阁楼}\n"
    campus.write_text(campus.read_text().replace("places:\n", "places:\n" + place, 1))
    (folder / "devices.d/attic.yaml").write_text(
        "buses: [{name: attic-bus, driver: mqtt, broker: \"mqtt://127.0.0.1\"}]\n"
        "devices: [{name: attic-air, bus: attic-bus, place: attic, topic: attic, supervision: 1h,\n"
        "  points: [{metric: temperature, path: a}]}]\n")
    (folder / "rules.d").mkdir(exist_ok=True)
    (folder / "rules.d/attic.yaml").write_text(
        "rules: [{id: OUR-99, title: attic, each: {kind: attic}, inputs: {t: temperature},\n"
        "  when: t > 100, severity: P4}]\n")


def play(daemon, folder, lines, path, is_changed=False, environment=None):
    """What came out.  @is_changed: the files are others once the daemon has read them; it opens its
    lines only then, and they are a pipe."""
    os.mkfifo(path)
    # Not pipes: what nobody reads yet would stop it in the middle of its lines.
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        done = subprocess.Popen([daemon, "--config", folder, "--replay", path], stdout=out, stderr=err,
                                env={**os.environ, **(environment or {})})
        feed(done, path, folder if is_changed else None, lines)
        is_good = done.wait() == 0
        path.unlink()
        out.seek(0)
        err.seek(0)
        assert is_good, err.read()
        return [json.loads(line) for line in out]


def opened(done, path):
    """The pipe's end to write into, once the daemon reads it; None if it has ended before."""
    while done.poll() is None:
        try:
            pipe = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            time.sleep(0.001)
        else:
            os.set_blocking(pipe, True)
            return open(pipe, "w", encoding="utf-8")
    return None


def feed(done, path, changed, lines):
    """One that stops at a bad line reads no more."""
    pipe = opened(done, path)
    if changed:
        change(changed)
    with contextlib.suppress(BrokenPipeError), pipe or contextlib.nullcontext():
        if pipe:
            pipe.writelines(json.dumps(line) + "\n" for line in lines)
