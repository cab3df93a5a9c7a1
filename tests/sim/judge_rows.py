"""Whether a county's PostgreSQL has what a gateway's own database says that it sent: each row once, as
it was, in ranges without a gap, and in order by seq."""
import collections
import contextlib
import json
import sqlite3


def journal(database):
    """(epoch, seq) → message of every row that the gateway has made and keeps."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return {(str(epoch), seq): json.loads(body) for epoch, seq, body in connection.execute(
            "select epoch, key & 0xFFFFFFFFFFFF, body from outbox join epochs on number = key >> 48")}


def rows(postgres, database):
    """((epoch, seq), message) of every row stored."""
    return [((epoch, seq), body) for epoch, seq, body in postgres.query(
        database, "select epoch::text, seq, body from messages order by epoch, seq")]


def ranges(postgres, database):
    """Epoch → what the county says it has."""
    return dict(postgres.query(database, "select epoch::text, ranges::text from streams"))


def event(message):
    """What makes two rows the same event, whatever their seq."""
    return json.dumps([message["type"], message.get("time"), message["data"]], sort_keys=True)


def twice(keys):
    return sorted(key for key, times in collections.Counter(keys).items() if times > 1)


def out_of_order(messages):
    """Numbers of the school's readings whose time is before that of the number before."""
    readings = [(int(message["seq"]), message["time"]) for message in messages
                if message["type"] == "campus.telemetry.v1"]
    readings.sort()
    return [seq for (_, before), (seq, time) in zip(readings, readings[1:]) if time < before]


def faults(made, stored, said):
    """Sentences, none where all is well.  @made: journal(), @stored: rows(), @said: ranges()."""
    there = dict(stored)
    last = collections.Counter(epoch for epoch, _ in made)
    found = {
        "made with a gap": sorted(set((epoch, seq) for epoch, count in last.items()
                                      for seq in range(1, count + 1)) - made.keys()),
        "not at the county": sorted(made.keys() - there.keys()),
        "at the county and never made": sorted(there.keys() - made.keys()),
        "stored twice": twice(key for key, _ in stored),
        "the same event twice": twice(event(message) for _, message in stored),
        "another body": sorted(key for key, message in made.items() if key in there and there[key] != message),
        "ranges with a gap": sorted((epoch, said.get(epoch)) for epoch, count in last.items()
                                    if said.get(epoch) != f"{{[1,{count + 1})}}"),
        "out of order by seq": [seq for epoch in last for seq in out_of_order(
            message for (of, _), message in stored if of == epoch)],
    }
    return [f"{what}: {len(which)}, first {which[0]}" for what, which in found.items() if which]
