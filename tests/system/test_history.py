"""The history of a point as the API and campusctl tell it; what is in it, test_minutes.py knows."""
import csv
import io

import rig
from test_backup import ctl, plain  # noqa: F401
from test_export import numbers, table  # noqa: F401
from test_store_away import room  # noqa: F401

PATH = "points/p1%2Fserial/history"


def readings(gateway):
    return gateway.get(f"{PATH}?level=log&limit=10000")["readings"]


def test_few_readings_come_as_they_are_and_many_as_steps(numbers):  # noqa: F811
    told = readings(numbers)
    assert len(told) > 10
    whole = numbers.get(PATH)
    assert (whole["level"], whole["readings"]) == ("log", told)
    few = numbers.get(f"{PATH}?limit=9")
    assert few["level"] == "days" or few["step_s"] > 60
    assert sum(value["n"] for value in few["values"]) == len(told)
    assert max(value["max"] for value in few["values"]) == max(reading["v"] for reading in told)


def test_the_running_hour_is_in_it(numbers):  # noqa: F811
    told = readings(numbers)

    def minutes():
        answer = numbers.get(f"{PATH}?level=minutes")
        assert (answer["level"], answer["step_s"], answer["more"]) == ("minutes", 60, False)
        return answer["values"]
    rig.wait_for("all are folded", lambda: sum(v["n"] for v in minutes()) == len(told))
    values = minutes()
    assert values[-1]["last"] == told[-1]["v"]
    assert min(v["min"] for v in values) == min(r["v"] for r in told)
    assert all(v["min"] <= v["mean"] <= v["max"] and 0 < v["valid"] <= 1 for v in values)


def test_a_restart_knows_it_again(numbers):  # noqa: F811
    count = len(readings(numbers))
    numbers.kill()
    numbers.start()
    rig.wait_for("the hour was read again", lambda: sum(
        v["n"] for v in numbers.get(f"{PATH}?level=minutes")["values"]) >= count)


def test_it_is_a_table_too(numbers, plain):  # noqa: F811
    file = plain.folder / "history.csv"
    ctl(numbers, "history", "p1/serial", "-o", str(file))
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"), newline="")))
    assert rows[0] == ["time", "value", "quality"]
    assert [(row[0], float(row[1])) for row in rows[1:]] == [(r["t"], r["v"]) for r in readings(numbers)]
    shown = ctl(numbers, "history", "p1/serial", "--from", "yesterday").stdout.splitlines()
    assert "TIME" in shown[0] or "FROM" in shown[0]
    assert 2 <= len(shown) <= 61


def test_the_status_says_how_long_things_are_kept(numbers):  # noqa: F811
    assert numbers.get("status")["store"]["keep_days"] == {
        "readings": 3, "minutes": 30, "summaries": 400, "days": 1096, "evidence": 1096}
    assert "kept for days: readings 3, minutes 30, summaries 400, days 1096" in ctl(numbers, "status").stdout


def test_what_is_no_level_is_told(numbers):  # noqa: F811
    for query, says in (("level=hours", "level"), ("format=xml", "format"), ("from=noon", "from: 'noon' is no time")):
        status, answer = numbers.request("GET", f"{PATH}?{query}")
        assert status == 422 and says in answer["detail"]
    done = ctl(numbers, "history", "p1/nothing", check=False)
    assert done.returncode == 1 and "there is no point 'p1/nothing'" in done.stderr
