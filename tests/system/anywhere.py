"""Lines of a replay that are cut once, anywhere: the gateway goes down, is killed, reads its
files again, or its clock is set; alone, or while it is down.

A line is (time, {…}).  The time is the real one throughout: told_by() writes what the wall clock
showed then, and real() reads it back.
"""
import datetime
import json
import os
import subprocess
from typing import NamedTuple

SECOND = datetime.timedelta(seconds=1)
EVENTS = ("checkpoint", "button")


class Cut(NamedTuple):
    """@what at @moment; the clock is set by @step, and set right @right_after later."""
    what: str
    moment: datetime.datetime
    step: datetime.timedelta = datetime.timedelta(0)
    right_after: datetime.timedelta = None

    def __str__(self):
        words = [self.what, self.moment.strftime("%m-%dT%H:%M:%S.%f")[:-3]]
        words += [f"by {self.step}"] if self.step else []
        words += [f"right after {self.right_after}"] if self.right_after else []
        return " ".join(words)

    def ahead(self, moment):
        """How far the clock is ahead at @moment."""
        is_over = self.right_after and moment > self.moment + self.right_after
        return self.step if moment > self.moment and not is_over else 0 * SECOND


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


def told_by(rows, cut, silent_after=None, of_the_day=()):
    """The lines of @rows with @cut in them, by the clock as it showed."""
    lines = [{"t": text_of(at), **line} for at, line in rows if at <= cut.moment]
    here = text_of(cut.moment)
    there = text_of(cut.moment + cut.step)
    to = {"to": there} if cut.step else {}
    verb = {"change": "reload", "step": "clock-step"}.get(cut.what, cut.what)
    lines.append({"t": here, "do": verb, **to})
    if cut.step:
        lines += [{"t": there, **line} for line in said_of_the_day(rows, cut.moment, of_the_day)]
    if cut.what in ("restart", "kill"):
        lines += [{"t": there, **line} for line in levels(rows, cut.moment, silent_after)]
    is_wrong = cut.right_after is not None
    for at, line in rows:
        if at <= cut.moment:
            continue
        if is_wrong and at > cut.moment + cut.right_after:
            right = cut.moment + cut.right_after
            lines.append({"t": text_of(right + cut.step), "do": "clock-step", "to": text_of(right)})
            lines += [{"t": text_of(right), **said} for said in said_of_the_day(rows, right, of_the_day)]
            is_wrong = False
        moved = {key: text_of(time_of(line[key]) + cut.ahead(at)) for key in ("until",) if "T" in str(line.get(key, ""))}
        lines.append({"t": text_of(at + cut.ahead(at)), **line, **moved})
    return lines


def real(rows, cut, before):
    """@rows of the output, by real time.  @before: how many come up to the cut."""
    result = []
    is_right = False
    for number, row in enumerate(rows):
        at = time_of(row["t"])
        if number >= before and not is_right:
            wrong_until = cut.moment + cut.step + (cut.right_after or datetime.timedelta(days=4000))
            is_right = not cut.moment + cut.step - 61 * SECOND <= at <= wrong_until
            at -= 0 * SECOND if is_right else cut.step
        result.append({**row, "t": text_of(at)})
    return result


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
    done = subprocess.Popen([daemon, "--config", folder, "--replay", path], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})})
    try:
        with open(path, "w", encoding="utf-8") as pipe:
            if is_changed:
                change(folder)
            pipe.writelines(json.dumps(line) + "\n" for line in lines)
    except BrokenPipeError:
        pass
    out, err = done.communicate()
    path.unlink()
    assert done.returncode == 0, err
    return [json.loads(line) for line in out.splitlines()]
