"""Minutes, quarters and days are a function of the log: undisturbed, killed, and with a clock that is
set, computed a second time in Python."""
import random
import sqlite3
import subprocess
import time

import pytest

import minutes_rig as rig
from minutes_rig import DAY, HOUR, MINUTE, QUARTER

START = 1_795_395_600_000  # 2026-11-23T09:00:00+08:00


class Store:
    """log_probe at work: a kill is a SIGKILL, and the next one goes on where the disk is."""

    def __init__(self, build, path):
        self.program = [str(build / "tests/probe/log_probe"), str(path)]
        self.path = path
        self.process = None
        self.kills = 0

    def __enter__(self):
        self.process = subprocess.Popen(self.program, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        assert self.process.wait(60) == 0

    def say(self, *lines):
        self.process.stdin.write("".join(f"{line}\n" for line in lines))
        self.process.stdin.flush()

    def commit(self):
        self.say("c")
        assert self.process.stdout.readline() == "c\n"

    def peek(self, point):
        self.say(f"p {point}")
        words = self.process.stdout.readline().split()
        return {int(words[0]) + i * MINUTE: a
                for i, a in rig.decode(bytes.fromhex(words[1]), MINUTE).items()} if words else {}

    def trend(self, point, begin, end, most, level=0):
        self.say(f"q {point} {begin} {end} {most} {level}")
        name, step, count, values = self.process.stdout.readline().split()
        result = {}
        for _ in range(int(values)):
            start, *cells = self.process.stdout.readline().split()
            result[int(start)] = rig.Aggregate(*map(int, cells[:3]), *map(float, cells[3:]))
        return name, int(step), int(count), result

    def kill(self):
        self.process.kill()
        self.process.wait(60)
        self.kills += 1
        self.__enter__()

    def ask(self, sql):
        try:
            with sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=10) as db:
                return db.execute(sql).fetchone()[0]
        except sqlite3.OperationalError:
            return 0  # killed before it was made

    def settle(self, sql="SELECT count(*) FROM unfolded WHERE level = 0"):
        until = time.monotonic() + 60
        while self.ask(sql) > 0:
            assert time.monotonic() < until, "it never folds"
            self.commit()
            time.sleep(0.01)


def values(rng):
    """What five points said at a second, as (point, value, quality): a gauge with one place, a
    Modbus float, a counter that begins anew, a state, and a sensor that fails now and then."""
    total = 0.0
    for second in range(0, 400_000, 20):
        told = [(1, round(20 + rng.gauss(0, 1), 1), 0)]
        if rng.random() < 0.6:
            told.append((2, 230 + rng.random(), 0))
        total = 0.0 if rng.random() < 0.001 else round(total + rng.random(), 2)
        if second % 60 == 0:
            told.append((3, total, 0))
        if rng.random() < 0.02:
            told.append((4, float(rng.random() < 0.5), 0))
        if rng.random() < 0.05:
            told.append((70_000, float(rng.randrange(-9, 900)), rng.choice([0, 0, 0, 1, 2])))
        yield second * 1000 + rng.randrange(1000), told


def readings(hours, seed=1, steps=()):
    """Batches of (the clock, lines), a second each.  @steps: {after ms: set by ms}"""
    rng = random.Random(seed)
    set_by, era = 0, 0
    steps = sorted(steps)
    for at, told in values(rng):
        if at >= hours * HOUR:
            return
        while steps and at >= steps[0][0]:
            set_by += steps.pop(0)[1]
            era = (era + 1) % 8
        now = START + at + set_by
        yield START + at, now, [f"r {now} {point} {value!r} {quality} {era}"
                                for point, value, quality in told]


def feed(store, batches, kill_at=()):
    """All of them, with kills behind those whose numbers are in @kill_at, at a moment nobody chose."""
    batches = list(batches)
    sizes = [len(lines) for _, _, lines in batches]
    at = 0
    kill_at = set(kill_at)
    while at < len(batches):
        machine, now, lines = batches[at]
        store.say(f"t {now}", *lines)
        at += 1
        if at in kill_at:
            kill_at.remove(at)
            store.say("c")
            time.sleep(random.random() * 0.004)
            store.kill()
            stored = store.ask("SELECT count(*) FROM readings")
            at = next(i for i in range(len(sizes) + 1) if sum(sizes[:i]) >= stored)
            assert sum(sizes[:at]) == stored, "half a batch was committed"
        elif at % 7 == 0:
            store.commit()
    store.commit()


def finish(store, hours, set_by=0):
    """The clock is an hour and a half behind the last reading, a day behind it too."""
    end = int(START + hours * HOUR + set_by)
    store.say(f"t {end + 2 * HOUR}", f"r {end + 2 * HOUR} 9 1 0 0")
    store.commit()
    store.settle("SELECT count(*) FROM unfolded WHERE level = 0"
                 f" AND period < {(end + 2 * HOUR) // HOUR}")


def check(path, set_by=0):
    found = rig.blocks(path)
    running = rig.log(path)[9][-1][0] // HOUR * HOUR
    minutes = {key: a for key, a in rig.expect_minutes(path).items() if key[2] < running}
    stored = {key: a for key, a in found.items() if key[0] == MINUTE}
    assert rig.differences(minutes, stored)[:5] == []
    assert len(stored) > 500
    return minutes, found


@pytest.fixture
def store(build, tmp_path):
    return Store(build, tmp_path / "campus.db")


def test_minutes_are_what_the_log_says(store):
    with store:
        feed(store, readings(5))
        finish(store, 5)
        check(store.path)


def test_the_running_hour_is_known_at_once(store):
    with store:
        feed(store, readings(1.5))
        now = START + int(1.5 * HOUR)
        store.say(f"t {now}")
        store.settle("SELECT count(*) FROM unfolded WHERE level = 0"
                     f" AND period < {now // HOUR}")
        store.commit()
        expected = rig.expect_minutes(store.path)
        for point in (1, 2, 3, 70_000):
            found = store.peek(point)
            wanted = {start: a for (_, p, start), a in expected.items()
                      if p == point and now // HOUR * HOUR <= start and start + MINUTE <= now}
            until = time.monotonic() + 10
            while not set(wanted) <= set(found) and time.monotonic() < until:
                store.commit()
                found = store.peek(point)
            assert wanted
            for start, a in wanted.items():
                assert rig.same(a, found[start]), (point, start, a, found[start])


def test_kills_change_nothing(build, store, tmp_path):
    with store:
        feed(store, readings(4))
        finish(store, 4)
    rng = random.Random(5)
    killed = Store(build, tmp_path / "killed.db")
    with killed:
        count = len(list(readings(4)))
        feed(killed, readings(4), rng.sample(range(1, count), 25))
        finish(killed, 4)
    assert killed.kills == 25
    assert rig.hour_blocks(killed.path) == rig.hour_blocks(store.path)
    check(killed.path)


@pytest.mark.parametrize("steps", [
    [(int(1.4 * HOUR), -40 * MINUTE)],
    [(int(1.9 * HOUR), -3 * HOUR), (int(3.1 * HOUR), 3 * HOUR)],
    [(int(1.2 * HOUR), 5 * HOUR), (int(1.3 * HOUR), -5 * HOUR)],
    [(int(2.01 * HOUR), -30_000)],
], ids=["back", "back and forth", "ahead and back", "over the hour"])
def test_a_clock_that_is_set_neither_doubles_nor_loses(build, store, tmp_path, steps):
    set_by = max(0, *(sum(by for _, by in steps[:i + 1]) for i in range(len(steps))))
    with store:
        feed(store, readings(4.5, steps=steps))
        finish(store, 4.5, set_by)
        check(store.path)
    count = len(list(readings(4.5)))
    killed = Store(build, tmp_path / "killed.db")
    with killed:
        feed(killed, readings(4.5, steps=steps), random.Random(6).sample(range(1, count), 8))
        finish(killed, 4.5, set_by)
    assert rig.hour_blocks(killed.path) == rig.hour_blocks(store.path)


def check_trend(minutes, found, point, begin, end):
    """Every step is what the log says of it; the hour that runs is known up to the newest reading."""
    _, step, count, values = found
    minutes = {key: a for key, a in minutes.items() if key[1] == point}
    first = (begin + rig.OFFSET) // step * step - rig.OFFSET
    wanted = {key[2]: a for key, a in rig.expect_over(minutes, step, rig.OFFSET).items()
              if first <= key[2] < end}
    assert rig.differences(wanted, values)[:3] == []
    assert count == sum(a.count for a in wanted.values())
    return values


def test_a_span_has_the_finest_level_that_fits(store):
    hours = 30
    end = START + hours * HOUR
    with store:
        feed(store, readings(hours))
        store.say(f"t {end}")
        store.settle(f"SELECT count(*) FROM unfolded WHERE level = 0 AND period < {end // HOUR - 1}")
        store.commit()
        log, minutes = rig.log(store.path), rig.expect_minutes(store.path)
        for point in (1, 2, 3, 4, 70_000):
            for begin, until, most, level, step in (
                    (START, end, 2000, "minutes", 1), (START + 17 * MINUTE, end - HOUR, 400, "minutes", 5),
                    (START + HOUR, end, 150, "quarters", 15), (START, end, 20, "quarters", 120),
                    (START - 40 * DAY, end, 10, "days", 7 * 24 * 60)):
                found = store.trend(point, begin, until, most)
                assert found[:2] == (level, step * MINUTE)
                assert len(found[3]) <= most
                values = check_trend(minutes, found, point, begin, until)
                told = [v for at, v, good in log[point] if good and begin <= at < until - until % (step * MINUTE)]
                spans = [a for a in values.values() if a.valid]
                if told:
                    assert max(a.max for a in spans) >= max(told), "a peak is gone"
                    assert min(a.min for a in spans) <= min(told)
        assert store.trend(1, START, end, 2000, 1)[0] == "quarters"
        assert store.trend(12345, START, end, 2000)[3] == {}


def test_days_and_quarters_follow(store):
    """40 days of two points that speak each 7 minutes: 32 of them become one block."""
    begin = START // DAY // 32 * 32 * DAY - 8 * HOUR
    lines = []
    rng = random.Random(3)
    with store:
        for minute in range(0, 40 * 24 * 60, 7):
            now = begin + minute * MINUTE
            lines += [f"t {now}", f"r {now} 1 {rng.randrange(100)} 0 0", f"r {now} 9 1 0 0"]
            if minute % (7 * 30) == 0:
                store.say(*lines)
                store.commit()
                lines = []
        store.say(*lines)
        store.commit()
        store.settle(f"SELECT count(*) FROM unfolded WHERE level = 1 AND period < {now // DAY // 4}")
        store.settle(f"SELECT count(*) FROM unfolded WHERE level = 2 AND period = {begin // DAY // 32 + 1}")
        folded = store.trend(1, begin, now, 41)
        assert folded[:2] == ("days", DAY)
        halves = store.trend(1, now - 30 * DAY, now, 2000)
        assert halves[:2] == ("quarters", 30 * MINUTE)
    with store:
        for _ in range(5):  # old rows go after a commit, at most once a minute
            now += 61_000
            store.say(f"t {now}", f"r {now} 9 1 0 0")
            store.commit()
    found = rig.blocks(store.path)
    minutes = {key: a for key, a in found.items() if key[0] == MINUTE}
    assert 29 <= len({key[2] // DAY for key in minutes}) <= 35  # 30 days are kept, and go by four
    quarters = {key: a for key, a in found.items() if key[0] == QUARTER}
    days = {key: a for key, a in found.items() if key[0] == DAY}
    packed = {key[2] // DAY for key in quarters}
    wanted = {key: a for key, a in rig.expect_over(minutes, QUARTER).items() if key[2] // DAY in packed}
    oldest = min(key[2] for key in minutes)
    assert rig.differences(wanted, {key: a for key, a in quarters.items() if key[2] >= oldest}) == []
    assert sorted(key[2] for key in days if key[1] == 1) == [begin + i * DAY for i in range(32)]
    wanted = rig.expect_over(quarters, DAY, rig.OFFSET)
    assert rig.differences({key: a for key, a in wanted.items() if key in days}, days) == []
    for key, a in days.items():
        if key[1] == 1:
            assert rig.same(a, folded[3][key[2]])
    assert len(folded[3]) == 40
    wanted = rig.expect_over({key: a for key, a in quarters.items() if key[1] == 1}, 30 * MINUTE)
    for (_, _, start), a in wanted.items():
        if start >= min(halves[3]) + DAY:
            assert rig.same(a, halves[3][start])
    assert store.ask("SELECT count(*) FROM hours WHERE key >> 32 < "
                     f"{now // DAY // 4 * 96}") == 0


def test_an_older_database_gets_its_minutes(store):
    """One that was written by schema 5: what its log has is folded at the next start."""
    with store:
        feed(store, readings(3))
    with sqlite3.connect(store.path) as db:
        for table in ("hours", "minutes", "quarters", "days", "unfolded", "undated", "clocks"):
            db.execute(f"DROP TABLE {table}")
        db.execute("PRAGMA user_version = 5")
    with store:
        finish(store, 3)
        check(store.path)
