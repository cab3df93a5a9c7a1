"""What the county really has, read from the receiver's database."""
import json
import sqlite3


def rows(database, which=""):
    """(gateway, epoch, seq, body) of every stored message."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)
    try:
        return connection.execute(
            f"select gateway, epoch, seq, body from messages {which}").fetchall()
    finally:
        connection.close()


def newest(database, count=100):
    """Those of the highest numbers of one gateway, as rows()."""
    return rows(database, f"order by gateway desc, epoch desc, seq desc limit {count}")


def content_key(body):
    """What makes two messages the same event, whatever their seq."""
    message = json.loads(body)
    kind = message["type"]
    data = message["data"]
    if kind == "campus.alarm.v1":
        return kind, data["uid"], data["step"]
    if kind == "campus.environment.v1":
        return kind, data["object"], data.get("start", (data.get("boot"), data.get("start_mono_ms")))
    if "revision" in data:
        return kind, data["key"], data["revision"]
    return kind, message["id"]


def missing_and_doubled(database, total):
    """(rows of 1..@total that are not there, events that are there twice)"""
    stored = rows(database)
    seqs = {seq for _, _, seq, _ in stored}
    lost = sum(1 for seq in range(1, total + 1) if seq not in seqs)
    keys = [content_key(body) for _, _, _, body in stored]
    return lost, len(keys) - len(set(keys))
