"""Each part between a school's readings and the county's PostgreSQL fails, alone and two at a time, at
random moments under load: in the end every row of the gateway's own database is at the county once."""
import copy
import itertools

import pytest

import judge_rows
import matrix

# With --all.
TIMES = 100
SHARES = {"line half-open": 5}  # the others in one: a gateway notices after forty seconds
NODES = 20  # a node takes some seconds to be whole again
PAIRS = 5


def run(build, site, servers, is_cluster, plan, seed=1):
    world = matrix.World(build, site, servers, is_cluster)
    world.load()
    matrix.drive(world, plan, seed)
    wrong, count = world.finish()
    print(f"{len(plan)} times, {count} rows judged, {world.restarts} restarts")
    assert wrong == []
    assert count > len(plan)
    return world


def test_a_sample_of_faults_loses_and_doubles_nothing(build, site, servers):
    """... and what would be lost or doubled is seen: in that county's PostgreSQL, afterwards."""
    plan = [(name,) for name in matrix.FAULTS[False]] + [("PostgreSQL", "gateway"), ("receiver", "PostgreSQL"),
                                                         ("local broker", "county broker")]
    planted(run(build, site, servers, False, plan))


def test_a_sample_of_faults_about_a_cluster_loses_and_doubles_nothing(build, site, servers):
    run(build, site, servers, True, [("RabbitMQ node",), ("RabbitMQ node", "gateway")])


@pytest.mark.slow
@pytest.mark.parametrize("name, seed", [(name, seed) for name in matrix.FAULTS[False]
                                        for seed in range(1, SHARES.get(name, 1) + 1)])
def test_a_fault_a_hundred_times_loses_and_doubles_nothing(build, site, servers, name, seed):
    run(build, site, servers, False, [(name,)] * (TIMES // SHARES.get(name, 1)), seed)


@pytest.mark.slow
@pytest.mark.parametrize("name", list(matrix.FAULTS[False])[:-1])
def test_each_pair_of_faults_loses_and_doubles_nothing(build, site, servers, name):
    """Those in which @name comes first in the table."""
    plan = [pair for pair in itertools.combinations(matrix.FAULTS[False], 2) if pair[0] == name]
    run(build, site, servers, False, plan * PAIRS)


@pytest.mark.slow
def test_a_node_of_three_dies_and_nothing_is_lost_or_doubled(build, site, servers):
    run(build, site, servers, True, [("RabbitMQ node",)] * NODES)


@pytest.mark.slow
def test_a_node_of_three_and_another_part_die_and_nothing_is_lost_or_doubled(build, site, servers):
    run(build, site, servers, True, [(name, "RabbitMQ node") for name in matrix.SCHOOL] * PAIRS)


# --- the judge --------------------------------------------------------------------------

# What is done to the county's tables, and how the judge tells it.
PLANTED = {
    "delete from messages where seq = 7": ["not at the county: 1, "],
    "update messages set body = jsonb_set(body, '{data,object}', '\"nowhere\"') where seq = 7": ["another body: 1, "],
    "insert into messages select gateway, epoch, seq + 1000000, month, topic, type, time, received_at, digest, body"
    " from messages where seq = 7": ["at the county and never made: 1, ", "the same event twice: 1, "],
    "update streams set ranges = ranges - '{[7,8)}'::int8multirange": ["ranges with a gap: 1, "],
}


def is_told(said, told):
    return len(said) == len(told) and all(fault.startswith(text) for fault, text in zip(said, told))


def planted(world):
    """Each in a copy of the county's database."""
    world.receiver.stop()
    for sql, told in PLANTED.items():
        world.postgres.run("postgres", f"create database planted template {matrix.DATABASE}")
        world.postgres.run("planted", sql)
        said = judge_rows.faults(*world.evidence("planted"))
        assert is_told(said, told), (sql, said)
        world.postgres.run("postgres", "drop database planted")


def message(seq, time="2026-11-23T08:20:00+08:00"):
    return {"seq": seq, "type": "campus.telemetry.v1", "time": time, "data": {"value": seq}}


def judged(change):
    """What the judge says of three rows after @change of what was made, what is stored and what is said."""
    made = {("1", seq): message(seq) for seq in (1, 2, 3)}
    evidence = [made, [(key, copy.deepcopy(row)) for key, row in made.items()], {"1": "{[1,4)}"}]
    change(*evidence)
    return judge_rows.faults(*evidence)


JUDGED = {
    "nothing": (lambda made, stored, said: None, []),
    "a row is lost": (lambda made, stored, said: stored.pop(1), ["not at the county: 1, first ('1', 2)"]),
    "a row is altered": (lambda made, stored, said: stored[1][1].update(type="campus.fact.v1"),
                         ["another body: 1, first ('1', 2)"]),
    "a row is there twice": (lambda made, stored, said: stored.append(stored[1]), [
        "stored twice: 1, first ('1', 2)", "the same event twice: 1, first "]),
    "a row under another number": (lambda made, stored, said: stored.append((("1", 9), message(2))), [
        "at the county and never made: 1, first ('1', 9)", "the same event twice: 1, first "]),
    "a row of another epoch": (lambda made, stored, said: stored.append((("2", 1), message(7))), [
        "at the county and never made: 1, first ('2', 1)"]),
    "a gap in the ranges": (lambda made, stored, said: said.update({"1": "{[1,2),[3,4)}"}), [
        "ranges with a gap: 1, first ('1', '{[1,2),[3,4)}')"]),
    "no ranges": (lambda made, stored, said: said.clear(), ["ranges with a gap: 1, first ('1', None)"]),
    "a number that was never made": (lambda made, stored, said: (made.pop(("1", 2)), stored.pop(1)), [
        "made with a gap: 1, first ('1', 2)", "ranges with a gap: "]),
    "a later number of an earlier time": (lambda made, stored, said: (
        made.update({("1", 3): message(3, "2026-11-23T08:19:00+08:00")}),
        stored.__setitem__(2, (("1", 3), message(3, "2026-11-23T08:19:00+08:00")))),
        ["out of order by seq: 1, first 3"]),
}


@pytest.mark.parametrize("what", JUDGED)
def test_the_judge_sees(what):
    change, told = JUDGED[what]
    said = judged(change)
    assert is_told(said, told), said
