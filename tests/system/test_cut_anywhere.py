"""A restart, a reload and a clock that is set, in the middle of anything, change no outcome.

The written stories of the school, a shelving, the three defenses, eyes and lessons, and a night of
every sort of window, are cut at moments drawn by chance, half of them shortly before something comes:
in holds, exit and entry delays, shelvings, windows, lamp tests, tours and lessons.  What is compared
with the run that nobody cut, in real time:

- restart (a clean stop), kill (the state of the last commit) and reload, of the same files and of
  files to which another room, sensor and rule were added: every transition and fact of a rule, to
  the millisecond.
- The clock is set by whole weeks, alone or while the gateway is down, and perhaps set right again:
  the same.  By weeks, since then the bells go on as they rang.  The calendar of these copies has no
  holiday; what people had entered about the day they enter again under its right date.
- The clock is set by seconds, minutes, hours or 400 days and some milliseconds, and set right within
  ten minutes: the same, of the rules that no bell, day or date has a say in (FREE).  Of the others
  the outcome is of the time that the clock shows: a lesson that it says is over ends its alarms.
  What is to be so then, the tables of test_clock_step.py and rule_clock_test.c say.
- Both, one after the other: a restart, kill or reload within ten minutes after the clock was set,
  before or after it is set right, so that what the log says bears the stamps of two clocks.

Facts of days and months bear dates, and the sheet of the day counts minutes: they are not compared
over a step.  After a kill the minute that ran counts as it began (docs/en/eye-health.md): rules on the
screen's share, which in the stories stands at its limit to the minute, are left out (SCREEN).  Rules of
silence (SILENCE) are left out where the gateway went down: after a start every level is told again,
later than without it, and a kill keeps no silence.
"""
import collections
import datetime
import random
import shutil
import sys
from functools import cache
from typing import NamedTuple

import pytest

import test_clock_step
import test_eye_health
import test_lessons
import test_replay_defense
import test_school
from anywhere import SECOND, Cut, play, real, rows_of, text_of, time_of, told_by
from conftest import ROOT

sys.path.insert(0, str(ROOT / "tests/replay"))
sys.path.insert(0, str(ROOT / "tests/replay/windows"))

import told  # noqa: E402
from mutate import copy_of  # noqa: E402

SEED = 20261126
MINUTE = 60 * SECOND
MILLISECOND = SECOND / 1000
WEEK = datetime.timedelta(days=7)
DAY_ENTRIES = ("attendance", "leave", "swap-lesson", "exempt")


class Tale(NamedTuple):
    """Lines on a folder.  @weeks: by how many the calendar stays what it is.  @is_heard: no sensor is
    silent for too long; a silence begins anew after a kill, and what comes of it comes later."""
    name: str
    folder: str
    rows: list
    weeks: tuple = (-2, -1, 1, 2)
    silent_after: datetime.timedelta = None
    is_heard: bool = True


def tales_of(name, folder, scenarios, lines_of, **rest):
    return {f"{name}: {key}": Tale(name, folder, rows_of(lines_of(value)), **rest)
            for key, value in scenarios.items()}


@cache
def tales():
    hours = datetime.timedelta(seconds=test_school.EVERY)
    return {
        "school": Tale("school", "school/campus", rows_of(test_school.lines_of("week")), (1, 2), hours),
        "shelving": Tale("shelving", "campus", list(test_clock_step.shelved())),
        **tales_of("defense", "defense/campus", test_replay_defense.SCENARIOS,
                   lambda texts: test_replay_defense.lines_of(texts[0])),
        **tales_of("eye", "eye", test_eye_health.SCENARIOS,
                   lambda days: test_eye_health.lines_of(days[0]), weeks=(-2, -1), silent_after=MINUTE),
        **tales_of("lessons", "lessons", test_lessons.DAYS, lambda day: day[0], weeks=(-2, -1), silent_after=MINUTE),
        **tales_of("windows", "windows", {f"heard {n}": (n, 0) for n in range(3)}, lambda how: told.lines_of(*how),
                   silent_after=0 * MINUTE),
        **tales_of("windows", "windows", {f"silent {n}": (n, 0.02) for n in range(3)},
                   lambda how: told.lines_of(*how), silent_after=0 * MINUTE, is_heard=False),
    }


# Neither bells nor days nor dates: security at any hour, and windows.
FREE = ("TF-01", "TF-01-duress", "TF-03-fault", "TF-04", "TF-04-door", "TF-04-forced", "TF-07", "TF-08-share",
        "TF-09-smoke", "TF-09-fault", "TF-09-fire", "TF-10", "TF-10-co", "TF-12", "TF-12-mains", "TF-12-battery",
        "OWN-mean", "OWN-min", "OWN-max", "OWN-median", "OWN-share", "OWN-duration", "OWN-unknown")
SILENCE = ("SY-01", "SY-01-bus")
SCREEN = ("EY-04", "EY-04-day")


def campus_of(tale, folder):
    """A copy whose weeks are all alike."""
    copy_of(ROOT / "tests/replay" / tale.folder, folder)
    path = folder / "campus.yaml"
    text = path.read_text()
    head, calendar, tail = text.partition("calendar:")
    if "terms" in tail:
        term = next(line for line in tail.splitlines() if "terms" in line)
        path.write_text(f"{head}calendar:\n{term}\n")
    else:
        path.write_text(f"{head}calendar:\n  holidays: [2027-08-01]\n" if calendar else head)
    if tale.name == "defense" and not any("checkpoint" in line.get("point", "") for _, line in tale.rows):
        (folder / "rules.d/unwalked.yaml").write_text(test_replay_defense.UNWALKED)
    return folder


def compared(rows, what):
    """What rules have said, as far as it can be compared."""
    def is_left_out(row):
        goes_down = "restart" in what or "kill" in what
        return (("any step" in what and row["rule"] not in FREE) or "attic" in row["object"]
                or (goes_down and row["rule"] in SILENCE) or ("kill" in what and row["rule"] in SCREEN))
    return [row for row in rows if "rule" in row and not is_left_out(row)]


def steps_of(rows):
    return [(row["t"], row["rule"], row["object"], row.get("from"), row.get("to")) for row in rows]


def moment_of(chance, tale, steps):
    """At a millisecond of its own; half of them in the quarter of an hour before something comes."""
    first, last = tale.rows[0][0], tale.rows[-1][0]
    moment = first + SECOND * chance.randrange(1, max(2, int((last - first).total_seconds())))
    if steps and chance.random() < 0.5:
        moment = time_of(chance.choice(steps)[0]) - SECOND * chance.randrange(1, 900)
    moment = min(max(moment, first + SECOND), last - SECOND)
    return moment.replace(microsecond=0) + datetime.timedelta(milliseconds=chance.randrange(1, 400))


def of_weeks(chance, tale):
    return WEEK * chance.choice(tale.weeks)


def of_any_size(chance):
    size = chance.choice((0, 60, 3600, 86400 * 400)) * chance.choice((-1, 1)) + chance.randrange(-50, 50)
    return SECOND * (size or 7) + chance.randrange(1000) * MILLISECOND


WHATS = ("restart", "kill", "reload", "change", "step", "step and back", "restart by weeks", "kill by weeks",
         "any step and back", "step then restart", "step then kill", "step then change", "any step then restart",
         "any step and back then restart", "any step and back then kill", "any step and back then change")


def cut_of(what, tale, steps, chance):
    what, _, then = what.partition(" then ")
    moment = moment_of(chance, tale, steps)
    if "kill" in (what + then):  # not in the first minute: nothing was kept before it
        moment = max(moment, tale.rows[0][0] + 2 * MINUTE)
    back = SECOND * chance.randrange(1, 600) if "and back" in what else None
    after = (then, SECOND * chance.randrange(1, 600) + 500 * MILLISECOND) if then else ()
    if what.startswith("any step"):
        return Cut("step", moment, of_any_size(chance), back, *after)
    if what.startswith("step"):
        return Cut("step", moment, of_weeks(chance, tale), back, *after)
    if "by weeks" in what:
        return Cut(what.split()[0], moment, of_weeks(chance, tale))
    return Cut(what, moment)


@pytest.fixture(scope="module")
def whole(build, tmp_path_factory):
    """What comes of a tale that nobody cuts."""
    @cache
    def played(name):
        tale = tales()[name]
        folder = tmp_path_factory.mktemp("whole")
        lines = [{"t": text_of(at), **line} for at, line in tale.rows]
        return play(build / "campus-gatewayd", campus_of(tale, folder / "campus"), lines, folder / "lines")
    return played


def differs(daemon, folder, name, whole_rows, what, seed, environment=None):
    """What is missing and what came instead: {} if the cut changes nothing."""
    tale = tales()[name]
    cut = cut_of(what, tale, steps_of(compared(whole_rows, what)), random.Random(f"{SEED}/{name}/{what}/{seed}"))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    # Under any date a day's entry may be refused; no rule of FREE asks for it.
    rows = [row for row in tale.rows if "any step" not in what or row[1].get("do") not in DAY_ENTRIES]
    found = play(daemon, campus_of(tale, folder / "campus"), told_by(rows, cut, tale.silent_after, DAY_ENTRIES),
                 folder / "lines", "change" in (cut.what, cut.then), environment)
    wanted = compared(whole_rows, what)
    want, got = (collections.Counter(steps_of(rows))
                 for rows in (wanted, real(compared(found, what), cut, wanted)))
    return {} if want == got else {"cut": str(cut), "missing": sorted((want - got).elements()),
                                   "instead": sorted((got - want).elements())}


# Under any date it is another hour: what is told of lunch is that of a Sunday's noon.
OF_THE_HOUR = ("defense: an open gate is no matter at lunch",)


def names_of(kind, what):
    return [name for name, tale in tales().items()
            if name.startswith(kind) and (tale.is_heard or "kill" not in what)
            and not ("any step" in what and name in OF_THE_HOUR)]


def some_of(kind, what, count):
    """@count of the tales of a kind, drawn by chance."""
    names = names_of(kind, what)
    return random.Random(f"{SEED}/{kind}/{what}").sample(names, min(count, len(names)))


KINDS = ("school", "shelving", "defense", "eye", "lessons", "windows")

# How many cuts of each sort: of the week of the school, and of the short tales of each kind.
CUTS = [(name, what, name, seed) for name, count in (("school", 1), ("shelving", 2))
        for what in WHATS for seed in range(count)]
CUTS += [(kind, what, name, 0) for kind, count in (("defense", 8), ("eye", 4), ("lessons", 2), ("windows", 3))
         for what in WHATS for name in some_of(kind, what, count)]
SEEDS_OF = {"school": range(1, 40), "shelving": range(2, 40), "defense": range(1, 7), "eye": range(1, 4),
            "lessons": range(1, 4), "windows": range(1, 40)}
MORE = [(kind, what, name, seed) for kind, seeds in SEEDS_OF.items()
        for what in WHATS for name in names_of(kind, what) for seed in seeds]


@pytest.mark.parametrize("what", WHATS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_cut_changes_no_outcome(build, tmp_path, whole, kind, what):
    for other, how, name, seed in CUTS:
        if (other, how) == (kind, what):
            assert differs(build / "campus-gatewayd", tmp_path / "cut", name, whole(name), what, seed) == {}


# Which once changed one.
FOUND = [("step then kill", "defense: a lock that tells a little too late was not", 2),
         ("restart", "windows: silent 0", 16), ("restart", "windows: silent 2", 20),
         ("step and back", "windows: heard 0", 22), ("any step and back then restart", "windows: heard 2", 35)]


@pytest.mark.parametrize("what, name, seed", FOUND)
def test_a_cut_that_was_found_changes_no_outcome(build, tmp_path, whole, what, name, seed):
    assert differs(build / "campus-gatewayd", tmp_path / "cut", name, whole(name), what, seed) == {}


# A day of the plugins begins with its first whole minute.
@pytest.mark.parametrize("name", ["school", "windows: heard 0"])
def test_a_clock_set_in_the_first_minute_of_a_day_changes_no_outcome(build, tmp_path, whole, name):
    tale = tales()[name]
    for night in sorted({at.date() for at, _ in tale.rows})[1:]:
        moment = datetime.datetime.combine(night, datetime.time(0, 0, 16, 46000), tale.rows[0][0].tzinfo)
        cut = Cut("step", moment, max(tale.weeks) * WEEK)
        found = play(build / "campus-gatewayd", campus_of(tale, tmp_path / f"{night}"),
                     told_by(tale.rows, cut, tale.silent_after, DAY_ENTRIES), tmp_path / "lines")
        wanted = compared(whole(name), "step")
        assert steps_of(real(compared(found, "step"), cut, wanted)) == steps_of(wanted), night


@pytest.mark.slow
@pytest.mark.parametrize("what", WHATS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_cut_changes_an_outcome(build, tmp_path, whole, kind, what):
    for other, how, name, seed in MORE:
        if (other, how) == (kind, what):
            assert differs(build / "campus-gatewayd", tmp_path / "cut", name, whole(name), what, seed) == {}


# What the test above must see: each planted fault, by cuts of the sort that meets it.
FAULTS = {"shelving": ("step", "shelving", 1), "hold": ("step", "lessons", 12),
         "window": ("step", "eye", 12), "plugins": ("any step and back", "defense", 60),
         "reload": ("reload", "defense", 60), "restart": ("restart", "defense", 60),
         "refill": ("any step and back then restart", "windows", 6), "minute": ("any step and back", "windows", 6),
         "moment": ("restart", "windows", 6)}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_seen(build, tmp_path, whole, fault):
    """And by a cut that changes nothing where the fault is not."""
    what, kind, count = FAULTS[fault]
    cuts = [(name, seed) for seed in range(5) for name in names_of(kind, what)[:count]]
    seen = next(((name, seed) for name, seed in cuts
                 if differs(build / "campus-gatewayd-forgetful", tmp_path / "cut", name, whole(name), what, seed,
                            {"GW_SEED": fault})), None)
    assert seen, "the test is blind to it"
    assert differs(build / "campus-gatewayd", tmp_path / "cut", seen[0], whole(seen[0]), what, seen[1]) == {}
