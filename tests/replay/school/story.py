"""A story: what happens in the school, and what alone must come of it.

A line of what happens is

    09-07 08:40:00 b1-101/desk_lux 299 until 08:58:00     a sensor; `none` is silent, `bad` fails
    09-07 08:40:00 b1-101 49 until 09:10:00               people in a room with counters
    09-07 00:10:00 point-a/checkpoint                     an event
    09-07 08:00:00 2025-P-01 49                           so many pupils of a class come that day
    09-07 08:00:00 indoors                                nobody leaves the rooms that day
    09-07 10:05:00 b1-stairs +3 until 10:05:40            three pass the counter every second
    09-07 08:40:00 do leave class=2024-P-01 count=1       an order

and a line of what must come

    09-07 08:50:00 EY-01@b1-101 unacknowledged            the state an alarm goes to, or `fact`

Several days stand with commas: 09-07,09-08.  Without `until` it holds for good; another day
stands before its time: until 09-08/08:00:00.
"""
import datetime
from typing import NamedTuple, Optional

FIRST = datetime.datetime(2026, 9, 7)


class Story(NamedTuple):
    name: str
    happens: str
    comes: str


class Entry(NamedTuple):
    start: float
    signal: str
    value: object = None
    end: Optional[float] = None
    order: Optional[dict] = None


def seconds(clock):
    hour, minute, second = (float(part) for part in (clock + ":00").split(":")[:3])
    time = 3600 * hour + 60 * minute + second
    return int(time) if time == int(time) else time


def clock_of(text):
    """Seconds since the first midnight of "09-07 08:40:00"."""
    date, clock = text.split()
    day = datetime.datetime.strptime("2026-" + date, "%Y-%m-%d")
    return (day - FIRST).days * 86400 + seconds(clock)


def number(word):
    if word.startswith("+"):
        return word
    if word in ("none", "bad"):
        return None if word == "none" else word
    return float(word) if "." in word else int(word)


def order_of(words):
    order = {"do": words[0]}
    for word in words[1:]:
        key, equals, value = word.partition("=")
        if not equals:
            key, value = ("value" if "target" in order else "target"), word
        order[key] = int(value) if value.isdigit() else value
    return order


def entry_of(date, clock, words):
    start = clock_of(f"{date} {clock}")
    if words[0] == "do":
        return Entry(start, "", order=order_of(words[1:]))
    if len(words) < 2:
        return Entry(start, words[0])
    end = None
    if len(words) == 4:
        until_date, _, until = words[3].rpartition("/")
        end = clock_of(f"{until_date or date} {until}")
    return Entry(start, words[0], number(words[1]), end)


def rows(text):
    """(date, clock, words) of each line, once for each of its days."""
    for line in text.strip().splitlines():
        words = line.partition("#")[0].split()
        if words:
            for date in words[0].split(","):
                yield date, words[1], words[2:]


def entries(text):
    return [entry_of(date, clock, [signal, *words[1:]]) for date, clock, words in rows(text)
            for signal in words[0].split(",")]


def steps(text):
    """[(seconds, "RULE@object state")] of what must come."""
    return [(clock_of(f"{date} {clock}"), " ".join(words)) for date, clock, words in rows(text)]
