"""A page that only a reader meets is broken: the writer looks, and a new database takes its place."""
import sqlite3
import subprocess

import numbered
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
