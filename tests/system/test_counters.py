"""Counters at the doors of four classrooms, as tests/replay/counters.md has them: nights, drift, a
counter mounted the wrong way round, one that stands still, recesses and the figures of the evening."""
import json
import sys

import pytest

from conftest import ROOT
from test_replay import replay

sys.path.insert(0, str(ROOT / "tests/replay"))

from mutate import copy_of, options_of, set_option  # noqa: E402

CAMPUS = ROOT / "tests/replay/counters"
ROOMS = ("b1-101", "b1-102", "b1-103", "b1-104")
FIRST = 1000  # of each total


def moment(text):
    date, _, clock = text.rpartition("T")
    return f"2026-{date or '11-23'}T{clock}+08:00"


def lines_of(text, late=()):
    """A line: time, room, those who came and those who left since the last.  @late: rooms that say
    nothing before their first line."""
    totals = {room: [FIRST, FIRST] for room in ROOMS}
    lines = [(moment("07:00:00"), room, *totals[room]) for room in ROOMS if room not in late]
    for line in text.strip().splitlines():
        time, room, *passed = line.split()
        if room == "end":
            return [*told_of(lines), {"t": moment(time), "do": "end"}]
        totals[room] = [total + int(people) for total, people in zip(totals[room], passed)]
        lines.append((moment(time), room, *totals[room]))
    raise ValueError("a story without an end")


def told_of(lines):
    return [{"t": time, "point": f"{room}/{metric}", "v": total}
            for time, room, *totals in sorted(lines, key=lambda line: line[0])
            for metric, total in zip(("people_in", "people_out"), totals)]


# What is told of a fact, beside its time, kind and object.
FIGURES = {"counter-reversed": ("days",), "lesson": ("lesson", "pupils", "completeness"),
           "class-size-day": ("class_size", "lessons"), "recess-day": ("release", "recesses")}


def told(rows, kinds):
    result = []
    for row in rows:
        time = row["t"].removesuffix("+08:00").removeprefix("2026-").removeprefix("11-23T")
        if "rule" in row:
            result.append(f"{time} {row['rule']}@{row['object']} {row.get('to', 'fact')}")
        elif row.get("fact") in kinds and row["object"] in ("2024-P-01", "b1-101"):
            figures = (row[name] if row[name] is None else round(row[name], 3) for name in FIGURES[row["fact"]])
            result.append(" ".join([f"{time} {row['fact']}@{row['object']}", *map(str, figures)]))
    return sorted(result)


def expected(text):
    return sorted(line.strip() for line in text.strip().splitlines())


def night(came, left):
    """A Monday of which @came - @left are left over, and 51 in a room for 50 on Tuesday."""
    return f"""
        08:15:00 b1-101 {came} 0
        15:10:00 b1-101 0 {left}
        11-24T08:15:00 b1-101 51 0
        11-24T08:25:00 b1-101 0 51
        11-24T08:30:00 end
    """


CROWD = """
    11-24T08:20:00 CS-04@b1-101 unacknowledged
    11-24T08:27:00 CS-04@b1-101 returned
"""


def backwards(people, days):
    """@people come and go on each of @days, counted as going and coming."""
    return "\n".join(f"11-{day}T08:15:00 b1-101 0 {people}\n11-{day}T15:10:00 b1-101 {people} 0"
                     for day in days) + "\n11-28T04:00:00 end"


# Those of the other rooms go out in each recess.
OTHERS = "\n".join(f"{clock} {room} {people}" for room in ROOMS[1:] for clock, people in (
    ("08:16:00", "0 30" if room == "b1-102" else "30 0"), ("09:00:30", "30 0" if room == "b1-102" else "0 30"),
    ("09:08:30", "0 30" if room == "b1-102" else "30 0"), ("09:50:30", "30 0" if room == "b1-102" else "0 30"),
    ("09:58:30", "0 30" if room == "b1-102" else "30 0")))


def recesses(*left):
    """Of 40 and their teacher so many leave in the recesses at 09:00, 09:50 and 10:39."""
    steps = ["08:15:00 b1-101 41 0"]
    for (out, back), people in zip((("09:01:00", "09:08:00"), ("09:51:00", "09:57:00"), ("10:40:00", "10:47:00")),
                                   left):
        steps += [f"{out} b1-101 0 {people}", f"{back} b1-101 {people} 0"]
    return "\n".join([*steps, "11:29:30 b1-101 0 41", "18:35:00 end"])


def few_over_the_recess(people):
    """So many in the room, and nobody passes its door over the ten minutes from 09:00 on."""
    return f"08:15:00 b1-101 {people} 0\n10:00:00 end"


def one_recess(people):
    return f"""
        08:15:00 b1-101 {people} 0
        09:01:00 b1-101 0 2
        09:08:00 b1-101 2 0
        09:20:00 b1-101 0 {people}
        18:20:00 end
    """


LATE = """
    {} b1-101 0 0
    {}
    11:29:30 b1-101 0 41
    14:28:00 b1-101 41 0
    15:10:30 b1-101 0 41
    18:20:00 end
"""

# (who passed, what must come of it, facts that are looked at, rooms that say nothing at first)
STORIES = {
    # At zero_at the count begins anew; more than a tenth of those who came is drift, from 3 persons on.
    "51 of 600 stay over night": ("""
        08:15:00 b1-101 600 549
        11-24T04:00:00 end
    """, """
        08:20:00 CS-04@b1-101 unacknowledged
        11-24T03:02:00 CS-04@b1-101 returned
    """),
    "3 of 30 are left over": (night(30, 27), CROWD),
    "4 of 31 are left over": (night(31, 27), ""),
    "3 of 29 are left over": (night(29, 26), ""),
    "2 of 10 are left over": (night(10, 8), CROWD),
    "3 of 30 too many left": (night(30, 33), CROWD),
    "3 of 29 too many left": (night(29, 32), ""),
    # Further than 5 below zero nobody knows how many are there: a standing alarm does not return.
    "51 people, and 5 below zero": ("""
        08:15:00 b1-101 51 0
        08:30:00 b1-101 0 56
        08:40:00 end
    """, """
        08:20:00 CS-04@b1-101 unacknowledged
        08:32:00 CS-04@b1-101 returned
    """),
    "51 people, and 6 below zero": ("""
        08:15:00 b1-101 51 0
        08:30:00 b1-101 0 57
        08:40:00 end
    """, """
        08:20:00 CS-04@b1-101 unacknowledged
    """),
    # Ten below zero are evidence; three days of it in a row, and the fourth night names it.
    "10 come backwards on three days": (backwards(10, (23, 24, 25)), "11-26T03:00:00 counter-reversed@b1-101 3"),
    "9 come backwards on three days": (backwards(9, (23, 24, 25)), ""),
    "10 come backwards on two days": (backwards(10, (23, 24)), ""),
    "a counter that is said to hang the wrong way round": ("""
        08:15:00 b1-102 0 51
        08:25:00 b1-102 51 0
        08:30:00 end
    """, """
        08:20:00 CS-04@b1-102 unacknowledged
        08:27:00 CS-04@b1-102 returned
    """),
    # Four, of whom the last came at 08:29:30: two hours later nobody believes it.  Of the third lesson's
    # 30 minutes 10:05 to 10:29 are known; its pupils are not, as nobody passed the door in its recess.
    "four who do not move for two hours": (f"""
        08:16:00 b1-101 3 0
        08:29:30 b1-101 1 0
        {OTHERS}
        10:40:00 end
    """, """
        08:55:00 lesson@2024-P-01 1 3 1
        09:45:00 lesson@2024-P-01 2 None 1
        10:34:00 lesson@2024-P-01 3 None 0.833
    """, ("lesson",)),
    # From five on, over ten minutes of recess.
    "five over a recess of ten minutes": (few_over_the_recess(5), """
        08:55:00 lesson@2024-P-01 1 4 1
        09:45:00 lesson@2024-P-01 2 None 0
    """, ("lesson",)),
    "four over a recess of ten minutes": (few_over_the_recess(4), """
        08:55:00 lesson@2024-P-01 1 3 1
        09:45:00 lesson@2024-P-01 2 None 1
    """, ("lesson",)),
    "thirty over a recess of nine minutes": ("""
        08:15:00 b1-101 30 0
        09:01:00 b1-101 0 30
        09:08:00 b1-101 30 0
        10:38:00 end
    """, """
        08:55:00 lesson@2024-P-01 1 29 1
        09:45:00 lesson@2024-P-01 2 29 1
        10:34:00 lesson@2024-P-01 3 None 1
    """, ("lesson",)),
    # Half of the recesses let no more out: the second of three.
    "one recess of three is kept": (recesses(4, 30, 41), ""),
    "two recesses of three are kept": (recesses(4, 8, 41), "18:30:00 TT-03@2024-P-01 fact"),
    "five at the end of the only lesson": (one_recess(5), "18:15:00 recess-day@2024-P-01 0.4 1", ("recess-day",)),
    "four at the end of the only lesson": (one_recess(4), "", ("recess-day",)),
    # Three lessons make a class size, told at 18:15.
    "three lessons are known": (LATE.format("09:55:00", """09:58:00 b1-101 41 0
                                10:40:00 b1-101 0 41
                                10:47:00 b1-101 41 0"""),
                                "18:15:00 class-size-day@2024-P-01 40 3", ("class-size-day",), ("b1-101",)),
    "two lessons are known": (LATE.format("10:40:00", "10:47:00 b1-101 41 0"),
                              "18:15:00 class-size-day@2024-P-01 None 2", ("class-size-day",), ("b1-101",)),
}

OF_ANY = ("", "", ("counter-reversed",), ())  # unless the story says

OPTIONS = options_of(
    "occupancy",
    ("zero_at", "02:59", "51 of 600 stay over night"), ("zero_at", "03:01", "51 of 600 stay over night"),
    ("drift_share", "9%", "3 of 30 are left over"), ("drift_share", "11%", "3 of 29 are left over"),
    ("drift_people", 2, "2 of 10 are left over"), ("drift_people", 4, "3 of 29 are left over"),
    ("below_zero", 4, "51 people, and 5 below zero"), ("below_zero", 6, "51 people, and 6 below zero"),
    ("reversed_people", 9, "9 come backwards on three days"),
    ("reversed_people", 11, "10 come backwards on three days"),
    ("reversed_days", 2, "10 come backwards on two days"), ("reversed_days", 4, "10 come backwards on three days"),
    ("turned", [], "a counter that is said to hang the wrong way round"),
    ("frozen_after", "119min", "four who do not move for two hours"),
    ("frozen_after", "121min", "four who do not move for two hours"),
    ("frozen_recess", "9min", "thirty over a recess of nine minutes"),
    ("frozen_recess", "601s", "five over a recess of ten minutes"),
    ("recess_people", 4, "four over a recess of ten minutes"),
    ("recess_people", 6, "five over a recess of ten minutes"),
    ("recess_people", 4, "four at the end of the only lesson"),
    ("recess_people", 6, "five at the end of the only lesson"),
    # Of fewer than a hundred recesses 49 % are no other than half; of three the next is a third.
    ("recess_share", "33%", "one recess of three is kept"), ("recess_share", "67%", "two recesses of three are kept"),
    ("class_size_lessons", 2, "two lessons are known"), ("class_size_lessons", 4, "three lessons are known"),
    ("day_at", "18:14", "three lessons are known"), ("day_at", "18:16", "three lessons are known"))


def what_came(build, folder, name, path):
    """(what came, what was to come) of the story."""
    text, after, kinds, late = (*STORIES[name], *OF_ANY[len(STORIES[name]):])
    path.write_text("".join(json.dumps(line) + "\n" for line in lines_of(text, late)))
    done = replay(build, folder, path)
    assert done.returncode == 0, done.stderr
    return told(map(json.loads, done.stdout.splitlines()), kinds), expected(after)


@pytest.mark.parametrize("name", STORIES)
def test_a_story_gives_exactly_what_was_worked_out(build, tmp_path, name):
    found, after = what_came(build, CAMPUS, name, tmp_path / "lines.jsonl")
    assert found == after


@pytest.mark.parametrize("option", OPTIONS, ids=str)
def test_a_changed_option_is_noticed(build, tmp_path, option):
    folder = set_option(option, copy_of(CAMPUS, tmp_path / "campus"))
    found, after = what_came(build, folder, option.story, tmp_path / "lines.jsonl")
    assert found != after
