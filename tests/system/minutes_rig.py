"""What the store makes of its log, read and computed a second time: in Python, from the log alone.

blocks()   the tables hours, minutes, quarters and days as they are, decoded by block.h's layout
expect()   the same from the rows of readings, second by millisecond, without the store's code
"""
import collections
import math
import sqlite3
import struct

MINUTE, QUARTER, HOUR, DAY = 60_000, 900_000, 3_600_000, 86_400_000
STANDS = 20 * MINUTE
OFFSET = 8 * HOUR
NONE = math.nan

Aggregate = collections.namedtuple("Aggregate", "count valid active min max mean last fall")


# --- blocks ---------------------------------------------------------------------------------

class Bytes:
    def __init__(self, data):
        self.data = data
        self.at = 0

    def byte(self):
        self.at += 1
        return self.data[self.at - 1]

    def number(self):
        number, shift = 0, 0
        while True:
            byte = self.byte()
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
            shift += 7

    def raw(self, form):
        size, letter = (4, "<f") if form == 7 else (8, "<d")
        self.at += size
        return struct.unpack(letter, self.data[self.at - size:self.at])[0]

    def part(self, span):
        return self.byte() / 255 if span == MINUTE else (self.byte() + 256 * self.byte()) / 65535


def decode(data, span):
    """{number of the span: Aggregate}; times in ms."""
    source = Bytes(data)
    version, form = source.byte(), source.byte()
    assert version == {MINUTE: 0x11, QUARTER: 0x12, DAY: 0x13}[span]
    falls, form = form & 0x80, form & 0x0F
    scale = 10 ** form
    result, index, count, whole, last = {}, 0, 1, 0, 0.0
    while source.at < len(data):
        control = source.byte()
        if control & 0x80:
            for _ in range(control & 0x7F):
                result[index] = Aggregate(0, span, span if last else 0, last, last, last, last, 0.0)
                index += 1
            continue
        if control & 0x40:
            index += control & 0x3F
            continue
        count = source.number() if control & 2 else count
        if control & 32:
            result[index] = Aggregate(count, 0, 0, NONE, NONE, NONE, NONE, 0.0)
            index += 1
            continue
        valid = source.number() if control & 4 else span
        active = source.number() if control & 8 else None
        if form < 7:
            step = source.number()
            whole += step >> 1 if not step & 1 else -(step >> 1) - 1
            low = high = mean = last = whole / scale
            if not control & 1:
                low, high = (whole - source.number()) / scale, (whole + source.number()) / scale
                mean = low + (high - low) * source.part(span)
            fall = source.number() / scale if control & 16 else 0.0
        else:
            low = high = mean = last = source.raw(form)
            if not control & 1:
                low, high = source.raw(form), source.raw(form)
                mean = low + (high - low) * source.part(span)
            fall = source.raw(form) if control & 16 else 0.0
        if active is None:
            active = 0 if low == 0 and high == 0 else valid
        result[index] = Aggregate(count, valid, active, low, high, mean, last, fall)
        index += 1
    if not falls:
        result = {i: a._replace(fall=NONE) for i, a in result.items()}
    return result


def hours_of(data):
    """{hour: its block} of a row of minutes."""
    assert data[0] == 0x14
    at, result = 1, {}
    while at < len(data):
        size = data[at + 1] | data[at + 2] << 8
        result[data[at]] = data[at + 3:at + 3 + size]
        at += 3 + size
    return result


def rows(path, table):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10) as db:
        return dict(db.execute(f"SELECT key, block FROM {table} ORDER BY key"))


def hour_blocks(path):
    """{(point, hour since 1970): block} of both tables."""
    result = {}
    for key, data in rows(path, "minutes").items():
        for hour, block in hours_of(data).items():
            result[key >> 24, (key & 0xFFFFFF) * 96 + hour] = block
    for key, data in rows(path, "hours").items():
        result[key & 0xFFFFFFFF, key >> 32] = data
    return result


def blocks(path):
    """{(span, point, its begin in ms): Aggregate} of all that is stored."""
    result = {}
    for (point, hour), data in hour_blocks(path).items():
        for i, a in decode(data, MINUTE).items():
            result[MINUTE, point, hour * HOUR + i * MINUTE] = a
    for key, data in rows(path, "quarters").items():
        for i, a in decode(data, QUARTER).items():
            result[QUARTER, key >> 24, (key & 0xFFFFFF) * 4 * DAY + i * QUARTER] = a
    for key, data in rows(path, "days").items():
        for i, a in decode(data, DAY).items():
            result[DAY, key >> 24, ((key & 0xFFFFFF) * 32 + i) * DAY - OFFSET] = a
    return result


# --- from the log ------------------------------------------------------------------------------

def log(path):
    """{point: [(ms, value, is good)]}, in the order of the log."""
    result = collections.defaultdict(list)
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10) as db:
        for key, point, value, quality in db.execute(
                "SELECT key, point, value, quality FROM readings ORDER BY key"):
            result[point].append((key // 4096, value, quality & 3 == 0 and value is not None))
    return result


def expect_minute(readings, start):
    """One minute of one point by the meaning of it: who stood when."""
    end = start + MINUTE
    came = [r for r in readings if start <= r[0] < end]
    edges = [(start, None, None)] + came + [(end, None, None)]
    before = [r for r in readings if r[0] < start]
    stands = before[-1] if before and before[-1][2] else None
    seen, valid, active, weighted = [], 0, 0, 0.0
    for (at, value, good), (until, _, _) in zip(edges, edges[1:]):
        if good is not None:
            stands = (at, value, good) if good else None
            seen += [value] if good else []
        if stands and stands[0] + STANDS > at and until > at:
            time = min(until, stands[0] + STANDS) - at
            valid += time
            active += time if stands[1] else 0
            weighted += stands[1] * time
            seen += [] if stands[1] in seen else [stands[1]]
    goods = [r[1] for r in came if r[2]]
    if not seen:
        return Aggregate(len(came), 0, 0, NONE, NONE, NONE, NONE, 0.0)
    last = goods[-1] if goods else stands[1] if stands else seen[-1]
    return Aggregate(len(came), valid, active, min(seen), max(seen),
                     weighted / valid if valid else last, last, 0.0)


def falls(readings, hour):
    """{minute's begin: fall}, None: it fell more than once in this hour."""
    begin = hour * HOUR
    before = [r for r in readings if begin - STANDS <= r[0] < begin and r[2]]
    last, result = before[-1][1] if before else None, {}
    count = 0
    for at, value, good in readings:
        if not begin <= at < begin + HOUR or not good:
            continue
        if last is not None and value < last:
            count += 1
            minute = at - at % MINUTE
            result[minute] = result.get(minute, 0) + last - value
        last = value
    return result if count < 2 else None


def expect_minutes(path):
    """{(MINUTE, point, begin): Aggregate} of every hour in which the log has anything."""
    result = {}
    known = log(path)
    hours = {r[0] // HOUR for readings in known.values() for r in readings}
    for point, readings in known.items():
        for hour in sorted(hours & ({r[0] // HOUR for r in readings}
                                    | {(r[0] + STANDS - 1) // HOUR for r in readings if r[2]})):
            near = [r for r in readings if hour * HOUR - STANDS <= r[0] < (hour + 1) * HOUR]
            fell = falls(near, hour)
            for start in range(hour * HOUR, (hour + 1) * HOUR, MINUTE):
                a = expect_minute([r for r in near if start - STANDS <= r[0] < start + MINUTE],
                                  start)
                if a.count or not math.isnan(a.last):
                    result[MINUTE, point, start] = a._replace(
                        fall=NONE if fell is None else fell.get(start, 0.0))
    return result


def merge(parts):
    """Of spans in their order."""
    good = [a for a in parts if not math.isnan(a.last)]
    valid = sum(a.valid for a in parts)
    if not good:
        return Aggregate(sum(a.count for a in parts), 0, 0, NONE, NONE, NONE, NONE, 0.0)
    mean = sum(a.mean * a.valid for a in good) / valid if valid else good[-1].mean
    return Aggregate(sum(a.count for a in parts), valid, sum(a.active for a in parts),
                     min(a.min for a in good), max(a.max for a in good), mean, good[-1].last,
                     sum(a.fall for a in parts))


def expect_over(minutes, span, offset=0):
    groups = collections.defaultdict(list)
    for (_, point, start), a in sorted(minutes.items()):
        groups[point, (start + offset) // span * span - offset].append(a)
    return {(span, *key): merge(parts) for key, parts in groups.items()}


def same(one, other):
    """Equal but for the mean's last place; whether falls were kept is of blocks, not of spans."""
    def near(x, y, by):
        return x == y or math.isnan(x) and math.isnan(y) or abs(x - y) <= by
    by = (one.max - one.min) / 100 + 1e-9 * abs(one.mean) if not math.isnan(one.last) else 0
    least = 1e-12 * max(abs(one.min), abs(one.max)) if not math.isnan(one.min) else 0
    return (one.count == other.count and one.valid == other.valid and one.active == other.active
            and near(one.min, other.min, least) and near(one.max, other.max, least)
            and near(one.last, other.last, least) and near(one.mean, other.mean, by)
            and (near(one.fall, other.fall, 1e-6) or math.isnan(other.fall)))


def differences(expected, found):
    """What is wrong, a line each."""
    wrong = [f"{key}: missing {a}" for key, a in expected.items() if key not in found]
    wrong += [f"{key}: too much {a}" for key, a in found.items() if key not in expected]
    wrong += [f"{key}: {found[key]} instead of {a}" for key, a in expected.items()
              if key in found and not same(a, found[key])]
    return wrong
