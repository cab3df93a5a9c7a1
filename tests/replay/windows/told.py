"""A night in the laboratory: carbon dioxide, dust and people, who come and go by chance.

The sensors speak at odd seconds, about once a minute; now and then one is silent for longer than it
may be, or says that it is broken.
"""
import datetime
import random

BEGIN = datetime.datetime.fromisoformat("2026-11-23T20:00:00+08:00")
HOURS = 6


def gauge(chance, point, middle, width, pace, silent):
    """A random walk that is pulled back to @middle; @silent: the share of long silences."""
    at, value = BEGIN + datetime.timedelta(seconds=chance.randrange(1, 50)), middle
    while at < BEGIN + datetime.timedelta(hours=HOURS):
        value += (middle - value) * 0.1 + chance.uniform(-width, width)
        is_broken = chance.random() < 0.01
        yield at, {"point": point, **({"q": "bad", "reason": "device"} if is_broken else {"v": round(value, 1)})}
        at += datetime.timedelta(seconds=chance.randrange(*(300, 900) if chance.random() < silent else pace))


def people(chance):
    at, is_there = BEGIN + datetime.timedelta(seconds=7), 0
    while at < BEGIN + datetime.timedelta(hours=HOURS):
        yield at, {"point": "lab/presence", "v": is_there}
        at += datetime.timedelta(seconds=chance.randrange(60, 1500))
        is_there = 1 - is_there


def lines_of(seed, silent):
    chance = random.Random(f"windows/{seed}")
    rows = [*gauge(chance, "lab/co2", 1005, 30, (31, 97), silent),
            *gauge(chance, "lab/pm25", 50, 8, (13, 61), silent), *people(chance)]
    rows.sort(key=lambda row: row[0])
    rows.append((BEGIN + datetime.timedelta(hours=HOURS), {"do": "end"}))
    return [{"t": at.isoformat(), **line} for at, line in rows]
