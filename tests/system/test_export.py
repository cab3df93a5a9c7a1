"""What is stored, as a table: the figures of the API, whatever the span is long, without the memory for it."""
import csv
import io
import json
import os
import stat
import subprocess
import urllib.parse

import pytest

import rig
from rig import UnixConnection
from test_backup import ROWS, ctl, enlarge, has_stored, plain  # noqa: F401
from numbered import NumberedPublisher
from test_store_away import ALARM, overfill, room, row, start  # noqa: F401

READINGS = ["time", "point", "value", "unit", "quality"]


def table(gateway, *words, **kwargs):
    """The rows of a table, the heading first."""
    return list(csv.reader(io.StringIO(ctl(gateway, "export", *words, **kwargs).stdout, newline="")))


def memory(gateway):
    """The most that it ever had resident, in bytes."""
    with open(f"/proc/{gateway.process.pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM"))


@pytest.fixture
def numbers(plain, school):  # noqa: F811
    """A gateway that has stored some numbers, and stands still."""
    gateway = plain.gateway()
    rig.wait_for("the broker is there", gateway.online)
    publisher = NumberedPublisher(school.port, 100)
    has_stored(gateway, 100)
    publisher.stop()
    total = publisher.sent
    rig.wait_for("all are stored", lambda: len(table(gateway)) == 1 + total)
    return gateway


def test_the_figures_are_those_of_the_api(numbers):
    rows = table(numbers)
    assert rows[0] == READINGS
    for place in ("p1", "p2"):
        name = urllib.parse.quote(f"{place}/serial", safe="")
        answer = numbers.get(f"points/{name}/history?limit=10000")["readings"]
        assert len(answer) > 10
        ours = [row for row in rows[1:] if row[1] == f"{place}/serial"]
        assert [(row[0], float(row[2]), row[4]) for row in ours] == [
            (reading["t"], reading["v"], reading["q"]) for reading in answer]
    assert [row[0] for row in rows[1:]] == sorted(row[0] for row in rows[1:])


def test_points_and_spans_are_chosen(numbers):
    rows = table(numbers)[1:]
    middle = rows[len(rows) // 2][0]
    assert table(numbers, "p1/*", "p3/serial")[1:] == [
        row for row in rows if row[1] in ("p1/serial", "p3/serial")]
    assert table(numbers, "--from", middle)[1:] == [row for row in rows if row[0] >= middle]
    assert table(numbers, "--to", middle)[1:] == [row for row in rows if row[0] < middle]
    assert table(numbers, "--from", "today")[1:] in (rows, [])  # the day may just have begun
    assert table(numbers, "--from", "2020-01-01", "--to", "2020-01-02T08:20") == [READINGS]


@pytest.mark.parametrize("words, says", [
    (("--from", "noon"), "from: 'noon' is no time (allowed: today, yesterday, 2026-11-23"),
    (("--from", "2026-11-24", "--to", "2026-11-23"), "from: not before to"),
    (("pupils",), "export/pupils: nothing is called so (allowed: readings, alarms, facts)"),
    (("alarms", "b1-203/*"), "point: is of readings alone")])
def test_what_cannot_be_is_told(plain, words, says):  # noqa: F811
    done = ctl(plain.gateway(), "export", *words, check=False)
    assert done.returncode == 1 and says in done.stderr and not done.stdout


def test_a_file_for_excel(numbers, plain):  # noqa: F811
    file = plain.folder / "table.csv"
    file.write_text("an older one")
    ctl(numbers, "export", "--excel", "-o", file, env={"LC_ALL": "zh_CN.UTF-8"})
    content = file.read_bytes()
    assert content.startswith("\ufeff时间,测点,数值,单位,质量\r\n".encode())
    assert content.count(b"\r\n") == content.count(b"\n") == len(table(numbers))
    refused = ctl(numbers, "export", "-o", file, "--from", "noon", check=False)
    assert refused.returncode == 1 and file.read_bytes() == content
    assert list(plain.folder.glob("table.csv*")) == [file]
    assert file.stat().st_mode & 0o777 == 0o644


@pytest.mark.skipif(os.getuid() != 0, reason="makes a device")
def test_a_device_or_fifo_is_written_to_and_stays(numbers, plain):  # noqa: F811
    expected = ctl(numbers, "export").stdout
    null = plain.folder / "null"
    os.mknod(null, 0o666 | stat.S_IFCHR, os.makedev(1, 3))
    ctl(numbers, "export", "-o", null)
    assert stat.S_ISCHR(null.lstat().st_mode)
    assert ctl(numbers, "export", "-o", "/dev/stdout").stdout == expected
    fifo = plain.folder / "fifo"
    os.mkfifo(fifo)
    with subprocess.Popen(["cat", fifo], stdout=subprocess.PIPE, text=True) as reader:
        ctl(numbers, "export", "-o", fifo)
        assert reader.communicate(timeout=30)[0] == expected
    assert stat.S_ISFIFO(fifo.lstat().st_mode)


def test_what_is_no_regular_file_is_not_replaced(numbers, plain):  # noqa: F811
    letter = plain.folder / "letter.txt"
    letter.write_text("dear parents")
    for name in ("table.csv", "table.csv.part"):  # the part bore that name once
        (plain.folder / name).symlink_to(letter)
    (plain.folder / "folder").mkdir()
    for name in ("table.csv", "folder"):
        refused = ctl(numbers, "export", "-o", plain.folder / name, check=False)
        assert refused.returncode == 1 and f"{name}' is no regular file, and is not replaced" in refused.stderr
    assert (plain.folder / "table.csv").is_symlink()
    (plain.folder / "table.csv").unlink()
    ctl(numbers, "export", "-o", plain.folder / "table.csv")
    assert letter.read_text() == "dear parents" and (plain.folder / "table.csv.part").is_symlink()
    assert sorted(path.name for path in plain.folder.glob("table.csv*")) == ["table.csv", "table.csv.part"]


def test_a_comment_is_no_formula(room):  # noqa: F811
    room.state.mkdir()
    gateway = start(room)
    overfill(room, gateway)
    comment = '=HYPERLINK("http://x","y"), or so'
    status, answer = gateway.request("POST", f"alarms/{ALARM}/ack", {"comment": comment})
    assert status == 200, answer
    rows = [dict(zip(table(gateway, "alarms")[0], cells)) for cells in table(gateway, "alarms")[1:]]
    ours = [found for found in rows if f"{found['rule']}@{found['object']}" == ALARM]
    assert [(found["from"], found["to"]) for found in ours] == [
        ("normal", "unacknowledged"), ("unacknowledged", "acknowledged")]
    assert ours[1]["comment"] == "'" + comment and ours[1]["by"]
    assert float(ours[0]["value"]) == row(gateway)["value"]
    facts = table(gateway, "facts")
    assert facts[0] == ["time", "kind", "rule", "object", "start", "end", "name", "value", "completeness"]


def test_facts_are_for_leaders(plain):  # noqa: F811
    plain.gateway()
    done = subprocess.run(["curl", "-s", f"http://127.0.0.1:{plain.http}/api/v1/export/facts"],
                          capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["status"] == 403


@pytest.fixture
def long_log(plain, school):  # noqa: F811
    gateway = plain.gateway()
    publisher = NumberedPublisher(school.port, 100)
    has_stored(gateway, 10)
    publisher.stop()
    assert gateway.stop() == 0
    enlarge(plain.database)
    return gateway.start()


def ask_for_all(gateway):
    connection = UnixConnection(gateway.socket)
    connection.request("GET", "/api/v1/export/readings")
    return connection, connection.getresponse()


def test_a_long_table_takes_no_memory(long_log):
    before = memory(long_log)
    connection, answer = ask_for_all(long_log)
    lines = size = 0
    while piece := answer.read(65536):
        lines += piece.count(b"\n")
        size += len(piece)
    connection.close()
    assert lines > ROWS and size > 30e6
    assert memory(long_log) - before < 4e6


def test_whoever_goes_away_ends_it_and_others_are_served_meanwhile(long_log):
    """Five that read slowly or not at all."""
    asked = [ask_for_all(long_log) for _ in range(5)]
    for _, answer in asked:
        assert answer.read(1000).startswith(b"time,point")
    assert long_log.get("points/p1%2Fserial/history?level=log&limit=10")["readings"]
    for connection, _ in asked:
        connection.close()
    assert len(table(long_log, "p1/serial", "--from", "today")) >= 1
    assert long_log.stop() == 0


def test_a_stop_breaks_a_table_off_and_it_does_not_look_whole(long_log, plain):  # noqa: F811
    file = plain.folder / "table.csv"
    words = [long_log.command[0].replace("campus-gatewayd", "campusctl"), "--socket", long_log.socket,
             "export", "-o", file]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as client:
        rig.wait_for("it has begun", lambda: any(
            part.stat().st_size > 100_000 for part in plain.folder.glob("table.csv.*.part")))
        assert long_log.stop() == 0
        assert client.wait(30) == 1 and "campusctl: " in client.stderr.read()
    assert not list(plain.folder.glob("table.csv*"))
