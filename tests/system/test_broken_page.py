"""A page that only a reader meets is broken: the writer looks, and a new database takes its place."""
import random
import re
import sqlite3
import subprocess
import time

import numbered
import pytest
import rig

ROWS = 400  # several pages of each table
INNER, LEAF = 5, 13


def first_leaf(path, table):
    """The offset of the oldest rows of @table in a closed database: the first child of its root,
    and of that, and so on (fileformat2.html, 1.6)."""
    database = sqlite3.connect(path)
    (root,) = database.execute("select rootpage from sqlite_schema where name = ?", (table,)).fetchone()
    (size,) = database.execute("pragma page_size").fetchone()
    database.close()
    content = path.read_bytes()
    at = (root - 1) * size
    assert content[at] == INNER, f"{table} fits into one page: it proves nothing"
    while content[at] == INNER:
        cell = at + int.from_bytes(content[at + 12:at + 14], "big")
        at = (int.from_bytes(content[cell:cell + 4], "big") - 1) * size
    return at


def break_leaf(path, offset):
    with open(path, "r+b") as file:
        file.seek(offset)
        assert file.read(1)[0] == LEAF
        file.seek(offset)
        file.write(b"\x77")


def publish(port, rows):
    subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(port), "-q", "1", "-t",
                    "campus/p1/serial", "-l"], input="".join(f"{row}\n" for row in rows),
                   text=True, check=True)


def alarms(gateway):
    return {row["id"] for row in gateway.get("alarms")["alarms"]}


def is_alarmed(gateway):
    """As one that stands, and not one that was, by what this run has told."""
    told = [row["value"] for row in gateway.get("points?glob=gateway/store_state")["points"]]
    return told == [1] and any(row["id"] == "SY-02@gateway" and row["state"] == "unacknowledged"
                               for row in gateway.get("alarms")["alarms"])


def history(gateway):
    status, answer = gateway.request("GET", "points/p1%2Fserial/history?limit=1000")
    return status, len(answer.get("readings", []))


def fill(site, school, county_broker):
    """A gateway whose closed database has ROWS readings and as many rows for the county; the
    place of its oldest."""
    numbered.write_site(site, school.port, county_broker.port)
    metrics = (rig.ROOT / "etc/metrics.yaml").read_text()
    site.write("metrics.yaml", metrics.replace("metrics:\n", numbered.METRICS, 1))
    site.write("rules/system.yaml", (rig.ROOT / "etc/rules/system.yaml").read_text())
    gateway = site.gateway()
    rig.wait_for("the broker is there", gateway.online)
    publish(school.port, range(ROWS))
    rig.wait_for("all is stored", lambda: gateway.get("status")["county"]["messages"] >= ROWS)
    assert gateway.stop() == 0
    return gateway, site.folder / "campus.db"


def is_replaced(gateway):
    return "the database was broken" in gateway.get("status")["store"]["notice"]


def test_a_page_that_only_history_meets(site, school, county_broker):
    gateway, path = fill(site, school, county_broker)
    leaf = first_leaf(path, "readings")
    gateway.start()
    assert history(gateway) == (200, ROWS)
    assert not is_replaced(gateway)
    gateway.stop()
    gateway.start()  # whose readers have nothing in memory
    break_leaf(path, leaf)
    assert history(gateway)[0] == 503
    rig.wait_for("a new database took its place", lambda: is_replaced(gateway), 30)
    rig.wait_for("SY-02 says so", lambda: "SY-02@gateway" in alarms(gateway))
    assert len(list(path.parent.glob("campus.db.broken-*Z"))) == 1
    status, rows = history(gateway)
    assert status == 200 and 0 < rows < ROWS
    publish(school.port, [ROWS])
    rig.wait_for("it stores again", lambda: history(gateway) == (200, rows + 1))


def test_a_page_that_only_the_uplink_meets(site, school, county_broker):
    county_broker.stop()
    gateway, path = fill(site, school, county_broker)
    leaf = first_leaf(path, "outbox")
    gateway.start()
    break_leaf(path, leaf)
    county_broker.start()
    rig.wait_for("a new database took its place", lambda: is_replaced(gateway), 30)
    rig.wait_for("SY-02 says so", lambda: "SY-02@gateway" in alarms(gateway))
    notice = gateway.get("status")["store"]["notice"]
    lost = re.search(r"lost at least (\d+) messages for the county \(epoch \d+: (\d+)-(\d+)\)", notice)
    assert lost and int(lost[1]) == int(lost[3]) - int(lost[2]) + 1 and "; 1 damaged pages" in notice, notice


def test_pages_that_nobody_meets(site, school, county_broker):
    """The gateway reads its own file by and by."""
    gateway, path = fill(site, school, county_broker)
    leaf = first_leaf(path, "readings")
    gateway.start()
    with open(path, "r+b") as file:
        file.seek(leaf)
        file.write(random.Random(5).randbytes(2048))
    rig.wait_for("a new database took its place", lambda: is_replaced(gateway), 60)
    rig.wait_for("SY-02 says so", lambda: is_alarmed(gateway))


@pytest.fixture
def broken_file(site, school, county_broker):
    """A stopped gateway and its database, whose header is gone."""
    gateway, path = fill(site, school, county_broker)
    with open(path, "r+b") as file:
        file.write(bytes(100))
    return gateway, path


def kill_when_there(gateway, folder, name):
    """The repair lasts for milliseconds: looked for without a pause."""
    until = time.monotonic() + 30
    while not any(folder.glob(name)):
        assert gateway.running() and time.monotonic() < until, gateway.text()
    gateway.kill()


def check_alarm(gateway, path):
    """The start tells what became of the database, and a stop in order ends it."""
    assert is_replaced(gateway)
    rig.wait_for("SY-02 says so", lambda: is_alarmed(gateway))
    assert not list(path.parent.glob("campus.db.new*"))
    assert gateway.stop() == 0
    gateway.start()
    rig.wait_for("it is over", lambda: not is_alarmed(gateway))
    assert not is_replaced(gateway)


@pytest.mark.parametrize("name", ["campus.db.new", "campus.db.new-wal", "campus.db.broken-*Z"])
def test_a_kill_amid_the_repair_leaves_its_alarm(broken_file, name):
    gateway, path = broken_file
    gateway.start(ready=False)
    kill_when_there(gateway, path.parent, name)
    gateway.start()
    check_alarm(gateway, path)


def test_a_kill_under_the_alarm_does_not_end_it(broken_file):
    gateway, path = broken_file
    gateway.start()
    rig.wait_for("SY-02 says so", lambda: is_alarmed(gateway))
    gateway.kill()
    gateway.start()
    check_alarm(gateway, path)
