"""Writes five weeks of the school: what its sensors tell on ordinary days, and the incidents
of the stories laid over them.

    /usr/bin/python3 tests/replay/school/month.py day|week|month > lines.jsonl

Ordinary: each class comes, sits where its timetable says, leaves its room in the recesses and
at noon, stays for the service or evening study where its room has the tag.  A sensor tells a
change at once, and every two hours that it is there.
"""
import csv
import datetime
import json
import pathlib
import sys
from functools import cache
from itertools import accumulate

import yaml

from story import clock_of, entries, seconds
from stories import STORIES

CAMPUS = pathlib.Path(__file__).resolve().parent / "campus"
FIRST = datetime.date(2026, 9, 7)
ENDS = {"day": "09-08 00:05:00", "week": "09-14 06:05:00", "month": "10-12 00:05:00"}
EVERY = 2 * 3600
DAY = 24 * 3600
STAYED = 6  # who stay in the room in a recess
RECESS, LONG_RECESS = 20 * 60, 40 * 60  # the long one empties the room
STAFF = 1
SERVICE, EVENING = 25, 30
HOLIDAYS = {datetime.date(2026, 9, d) for d in range(25, 28)} | {
    datetime.date(2026, 10, d) for d in range(1, 8)}
MADE_UP = {datetime.date(2026, 9, 20): 3, datetime.date(2026, 10, 10): 4}
DOOR = ("people_in", "people_out")
EVENTS = ("checkpoint", "button")


def load():
    campus = yaml.safe_load((CAMPUS / "campus.yaml").read_text())
    devices = [device for path in sorted((CAMPUS / "devices.d").glob("*.yaml"))
               for device in yaml.safe_load(path.read_text())["devices"]]
    with open(CAMPUS / "timetable.csv", newline="") as file:
        rows = list(csv.reader(file))
    grid = {row[0]: {(int("一二三四五".index(head[1])), int(head[2])): cell
                     for head, cell in zip(rows[0][1:], row[1:])} for row in rows[1:]}
    return campus, devices, grid


SCHOOL, DEVICES, GRID = load()
SPECIAL = {"indoors", *(klass["id"] for klass in SCHOOL["classes"])}
STAIRS = {place["id"] for place in SCHOOL["places"] if place["kind"] == "stairs"}
ROOM_OF = {place["class"]: place for place in SCHOOL["places"] if "class" in place}


def weekday(day):
    """Whose timetable is taught, Monday 0; None on a day without school."""
    if day in MADE_UP:
        return MADE_UP[day]
    return day.weekday() if day.weekday() < 5 and day not in HOLIDAYS else None


@cache
def bells(stage, is_summer):
    known = SCHOOL["seasons"][0]["bells"] if is_summer else SCHOOL["bells"]
    return [(phase["phase"], seconds(phase["start"]), seconds(phase["end"]))
            for phase in known[stage]]


def lessons(klass, day):
    """[(start, end, place)] of the class's day."""
    own = ROOM_OF[klass["id"]]["id"]
    result = []
    rows = [row for row in bells(klass["stage"], day.month < 10) if row[0] == "lesson"]
    for number, (_, start, end) in enumerate(rows, 1):
        cell = GRID[klass["id"]][weekday(day), number]
        place = "sports-ground" if cell == "体育" else cell.partition("@")[2] or own
        result.append((start, end, place))
    return result


def people_of(klass, day, pupils, is_indoors):
    """{place: [(second of the day, people)]} of one class on a day of school."""
    room = ROOM_OF[klass["id"]]
    here, everybody = room["id"], pupils + STAFF
    plan = lessons(klass, day)
    if is_indoors:
        plan = [(start, end, here if place == "sports-ground" else place)
                for start, end, place in plan]
    steps = {here: [(plan[0][0] - 900, everybody)]}
    for (start, end, place), (later, _, following) in zip(plan, [*plan[1:], (DAY, 0, None)]):
        if place != here:
            steps.setdefault(place, []).extend([(start - 30, everybody), (end + 30, 0)])
        elif is_indoors and later - end <= LONG_RECESS:
            pass
        elif later - end <= RECESS:
            steps[here].append((end + 30, STAYED))
        else:
            steps[here].append((end + 30, 0))
        if following == here:
            steps[here].append((later - 30, everybody))
        elif following:
            steps[here].append((later - 30, 0))
    if "after_school_service" in room.get("tags", ()):
        steps[here] += [(seconds("16:25"), SERVICE), (seconds("17:35"), 0)]
    if "evening_study" in room.get("tags", ()):
        steps[here] += [(seconds("18:55"), EVENING + 1), (seconds("20:42"), 0)]
    return steps


# A day of the sensors that follow the sun, the lessons and the night.
COURSES = {
    "desk_lux": [("00:00", 0), ("07:30", 420), ("18:00", 180), ("19:30", 0)],
    "board_lux": [("00:00", 0), ("07:30", 620), ("18:00", 150), ("19:30", 0)],
    "co2": [("00:00", 480), ("08:40", 750), ("11:00", 980), ("12:30", 520), ("15:10", 900),
            ("18:00", 500)],
    "temperature": [("00:00", 19), ("08:00", 21), ("13:00", 24), ("20:00", 20)],
    "noise": [("00:00", 36), ("07:00", 42), ("18:30", 38)],
    "panel_power": [("00:00", 3), ("09:30", 120), ("09:45", 3)],
    "pm25": [("00:00", 22), ("09:00", 30)],
    "gate": [("00:00", 0), ("07:20", 1), ("08:20", 0), ("16:20", 1), ("18:00", 0)],
    "door_lock": [("00:00", 0)],
    "presence": [("00:00", 1), ("07:00", 0), ("20:50", 1)],
    "circuit": [("00:00", 0), ("06:30", 1), ("07:10", 0), ("19:00", 1), ("21:15", 0)],
}
STANDING = {"color_temperature": 4000, "flicker_svm": 0.4, "window": 0, "guard_present": 1,
            "cameras": 9, "camera": 1, "recorder": 1, "video_days": 40, "mains": 1, "co": 2}
ROUNDS = ("00:00", "04:50", "09:40", "14:30", "19:20")


def points():
    for device in DEVICES:
        for point in device["points"]:
            name = point["metric"] + ("." + point["name"] if "name" in point else "")
            yield device, point["metric"], f"{device['place']}/{name}"


def signal_of(metric, point):
    """Of a door the signal is its place: the people in it."""
    return point.partition("/")[0] if metric in DOOR else point


def ordinary(days, special):
    """{signal: [(second since the first midnight, value)]}; @special: {(class or "indoors",
    number of the day): pupils}."""
    steps = {signal_of(metric, point): [(0, STANDING.get(metric, 0))]
             for _, metric, point in points() if metric not in (*COURSES, *EVENTS)}
    for number, day in enumerate(days):
        for signal, known in [*course_of(day), *people_on(day, number, special)]:
            steps.setdefault(signal, []).extend((number * DAY + at, value) for at, value in known)
    return {signal: sorted(known, key=lambda step: step[0]) for signal, known in steps.items()}


def course_of(day):
    for _, metric, point in points():
        if metric in COURSES:
            yield point, [(seconds(clock), value) for clock, value in COURSES[metric]]
    for number, reader in enumerate(("point-a", "point-b", "point-c")):
        yield f"{reader}/checkpoint", [(seconds(clock) + 300 * number, 1) for clock in ROUNDS]


def people_on(day, number, special):
    if weekday(day) is None:
        return
    for klass in SCHOOL["classes"]:
        pupils = special.get((klass["id"], number), klass["enrolled"])
        yield from people_of(klass, day, pupils, ("indoors", number) in special).items()


def value_at(steps, at):
    return ([value for time, value in steps if time <= at] or [0])[-1]


def lay_over(steps, start, end, value):
    """@value from @start until @end (None: for good) instead of the ordinary steps."""
    if end is None:
        return [*(s for s in steps if s[0] < start), (start, value)]
    after = value_at(steps, end)
    return [*(s for s in steps if s[0] < start), (start, value), (end, after),
            *(s for s in steps if s[0] > end)]


def without(steps, start, end):
    return [step for step in steps if not start <= step[0] < end]


def passing(entry):
    """So many more every second; a word before the first, which says since when."""
    more = int(entry.value)
    return [(entry.start + n, n and more) for n in range(int(entry.end - entry.start) + 1)]


def with_incidents(steps, incidents):
    for entry in incidents:
        known = steps.get(entry.signal, [])
        if str(entry.value).startswith("+"):
            known = sorted([*known, *passing(entry)])
        elif not entry.signal.endswith(EVENTS):
            known = lay_over(known, entry.start, entry.end, entry.value)
        elif entry.end:
            known = without(known, entry.start, entry.end)
        else:
            known = sorted([*known, (entry.start, 1)])
        steps[entry.signal] = known
    return steps


def told(steps, offset, last):
    """The steps and what stands every two hours; None is silence, "bad" a failure."""
    at, standing, beat = 0, None, offset
    for time, value in [*steps, (last, None)]:
        while beat < min(time, last):
            if beat > at and standing is not None:
                yield beat, standing
            beat += EVERY
        if time < last and value is not None:
            yield time, value
        at, standing = time, value


def reading(point, value):
    return {"point": point, "q": "bad"} if value == "bad" else {"point": point, "v": value}


def stairs(place, steps, offset, last):
    """All go up."""
    totals = list(zip([time for time, _ in steps], accumulate(more for _, more in steps)))
    for time, total in told(totals, offset, last):
        yield time, reading(f"{place}/people_in", total)
        yield time, reading(f"{place}/people_out", 0)


def door(place, steps, offset, last):
    came = went = inside = 0
    for time, people in told(steps, offset, last):
        if people != "bad":
            came, went, inside = (came + max(people - inside, 0), went + max(inside - people, 0),
                                  people)
        for metric, total in (("people_in", came), ("people_out", went)):
            yield time, reading(f"{place}/{metric}", "bad" if people == "bad" else total)


def lines_of(span, stories=STORIES):
    """The lines of the first day, week or month as replay reads them."""
    last = clock_of(ENDS[span])
    days = [FIRST + datetime.timedelta(days=n) for n in range(last // DAY + 1)]
    said = [entry for story in stories for entry in entries(story.happens)]
    special = {(entry.signal, entry.start // DAY): entry.value for entry in said
               if entry.signal in SPECIAL}
    steps = with_incidents(ordinary(days, special), [entry for entry in said if not entry.order
                                                     and entry.signal not in SPECIAL])
    lines = [(entry.start, entry.order) for entry in said if entry.order and entry.start < last]
    for number, (_, metric, point) in enumerate(points()):
        known, offset = steps.get(signal_of(metric, point), []), 60 + 7 * number
        place = point.partition("/")[0]
        if metric == "people_in":
            lines += (stairs if place in STAIRS else door)(place, known, offset, last)
        elif metric in EVENTS:
            lines += [(time, reading(point, value)) for time, value in known if time < last]
        elif metric not in DOOR:
            lines += [(time, reading(point, value)) for time, value in told(known, offset, last)]
    lines.append((last, {"do": "end"}))
    lines.sort(key=lambda line: line[0])
    return [{"t": stamp(time), **line} for time, line in lines]


def stamp(time):
    moment = datetime.datetime.combine(FIRST, datetime.time()) + datetime.timedelta(seconds=time)
    return moment.isoformat(timespec="milliseconds" if time % 1 else "seconds") + "+08:00"


def time_of(text):
    """Seconds since the first midnight of what stamp() gives."""
    moment = datetime.datetime.fromisoformat(text).replace(tzinfo=None)
    return (moment - datetime.datetime.combine(FIRST, datetime.time())).total_seconds()


if __name__ == "__main__":
    for row in lines_of(sys.argv[1]):
        print(json.dumps(row, separators=(",", ":")))
