"""A copy of the database while the gateway runs or not, on the real daemon: consistent, whole or not
there, and no hindrance to what is committed meanwhile."""
import json
import os
import sqlite3
import subprocess

import pytest

import ledger
import numbered
import rig
from numbered import NumberedPublisher

ROWS = 1_000_000  # of old readings: a copy takes a while then


def ctl(gateway, *words, check=True, **kwargs):
    done = subprocess.run([gateway.command[0].replace("campus-gatewayd", "campusctl"), "--socket",
                           gateway.socket, *map(str, words)], capture_output=True, text=True,
                          timeout=120, check=False, **kwargs)
    assert not check or done.returncode == 0, done.stderr
    return done


def beside(site, *words):
    """The daemon's program on the site's folder, while none runs or one does."""
    return subprocess.run([site.build / "campus-gatewayd", "--config", site.config, *map(str, words)],
                          capture_output=True, text=True, timeout=120, check=False)


def numbers_of(database):
    """The numbers of its log, all of them."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return [round(value) for value, in connection.execute("select value from readings")]
    finally:
        connection.close()


def ask(database, sql):
    connection = sqlite3.connect(database)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def enlarge(database, rows=ROWS):
    """Old readings; the file has been made, and nobody has it open."""
    connection = sqlite3.connect(database)
    with connection:
        newest = connection.execute("select coalesce(max(key), 0) from readings").fetchone()[0]
        first = (newest >> 12) - 10 * rows
        connection.executemany("insert or ignore into readings values (?, 1, -1, 0)",
                               (((first + 2 * i) << 12,) for i in range(rows)))
    connection.close()


@pytest.fixture
def plain(site, school, county, county_broker):
    numbered.write_site(site, school.port, county_broker.port)
    site.database = site.folder / "campus.db"
    return site


def has_stored(gateway, count):
    """As soon as @count readings are on the disk."""
    rig.wait_for(f"{count} readings", lambda: gateway.get("status")["store"]["rows"] >= count)


@pytest.fixture
def large(plain, school):
    """A gateway on a large database."""
    gateway = plain.gateway()
    publisher = NumberedPublisher(school.port, 100)
    has_stored(gateway, 10)
    publisher.stop()
    assert gateway.stop() == 0
    enlarge(plain.database)
    gateway.start()
    return gateway


def test_a_backup_under_load_is_of_one_moment_and_nothing_is_lost(plain, large, school, county):
    """Each number is a reading and a message for the county, in one commit."""
    rig.wait_for("the broker is there", large.online)
    publisher = NumberedPublisher(school.port, 1000, sent=1000)
    has_stored(large, 1000)
    commits = large.get("status")["store"]["commits"]
    copy = plain.folder / "copy.db"
    made = json.loads(ctl(large, "--json", "backup", copy).stdout)
    assert large.get("status")["store"]["commits"] > commits, "nothing was committed meanwhile"
    publisher.stop()
    assert made["file"] == str(copy) and made["bytes"] == copy.stat().st_size > ROWS * 10
    assert copy.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in plain.folder.glob("copy.db*")] == ["copy.db"]

    assert ask(copy, "pragma integrity_check") == [("ok",)]
    (total, seq), = ask(copy, "select (select count(*) from outbox), (select seq from progress)")
    live = [number for number in numbers_of(copy) if number > 0]
    told = [round(json.loads(body)["data"]["value"])
            for body, in ask(copy, "select body from outbox order by key")]
    assert total == seq and sorted(told) == sorted(live)
    assert made["rows"] == ROWS + len(live) + total
    stored = numbered.finish(publisher, school.port, large, county)
    assert publisher.confirmed <= set(stored) and len(stored) == len(set(stored))


def test_the_folder_of_backups_is_made_and_named_by_the_time(plain):
    gateway = plain.gateway(["--school-time", "2026-11-23T08:20:00+08:00"])
    made = ctl(gateway, "backup").stdout.splitlines()
    folder = plain.folder / "backups"
    assert made[0].startswith(f"{folder}/campus-20261123T002") and made[0].endswith("Z.db")
    assert " rows, " in made[1]
    assert [str(path) for path in folder.iterdir()] == made[:1]
    assert "backup for " in gateway.text()


def test_a_backup_overwrites_nothing(plain):
    gateway = plain.gateway()
    taken = plain.folder / "letter.txt"
    taken.write_text("dear parents")
    refused = ctl(gateway, "backup", "letter.txt", check=False, cwd=plain.folder)
    assert refused.returncode == 1 and f"'{taken}' is there already" in refused.stderr
    assert taken.read_text() == "dear parents"
    status, problem = gateway.request("POST", "backup", {"file": "letter.txt"})
    assert status == 422 and "no absolute path" in problem["detail"]
    status, problem = gateway.request("POST", "backup", {"file": str(plain.folder / "no/copy.db")})
    assert status == 404 and "No such file" in problem["detail"]


@pytest.mark.parametrize("name", ["campus.db.restored", "campus.db.restoring", "campus.db-journal", "campus.db.new",
                                  "campus.db.reserve.2", "other.db-wal", "other.db-shm", "evidence.key.new"])
def test_no_backup_bears_a_name_of_the_gateway(plain, name):
    """The next start would take it for its own."""
    gateway = plain.gateway()
    (plain.folder / "link").symlink_to(plain.folder)
    for folder in (plain.folder, plain.folder / "link", plain.folder / "config" / ".."):
        status, problem = gateway.request("POST", "backup", {"file": f"{folder}/{name}"})
        assert status == 422 and f"{folder}/{name}' is a name of the gateway's own files (allowed: " in problem["detail"]
    assert not (plain.folder / name).exists()
    assert gateway.stop() == 0
    refused = beside(plain, "--backup", plain.folder / name)
    assert refused.returncode == 1 and "is a name of the gateway's own" in refused.stderr
    assert beside(plain, "--backup", plain.folder / "campus.db2").returncode == 0


def test_only_engineers_make_backups(plain):
    gateway = plain.gateway()
    done = subprocess.run(["curl", "-s", "-X", "POST", "-H", "Content-Type: application/json", "-d",
                           '{"by": "x"}', f"http://127.0.0.1:{plain.http}/api/v1/backup"],
                          capture_output=True, text=True, check=True)
    problem = json.loads(done.stdout)
    assert problem["status"] == 403 and "engineer" in problem["detail"]
    assert not (plain.folder / "backups").exists()
    assert gateway.running()


def test_one_backup_at_a_time(plain, large):
    words = [large.command[0].replace("campus-gatewayd", "campusctl"), "--socket", large.socket, "backup"]
    with subprocess.Popen([*words, plain.folder / "a.db"], stdout=subprocess.PIPE) as first:
        rig.wait_for("it has begun", (plain.folder / "a.db.part").exists)
        second = ctl(large, "backup", plain.folder / "b.db", check=False)
        assert first.wait(60) == 0
    assert second.returncode == 1 and "is being made already" in second.stderr
    ctl(large, "backup", plain.folder / "b.db")


def test_a_stop_ends_a_backup_and_says_so(plain, large):
    words = [large.command[0].replace("campus-gatewayd", "campusctl"), "--socket", large.socket, "backup"]
    with subprocess.Popen([*words, plain.folder / "a.db"], stderr=subprocess.PIPE, text=True) as client:
        rig.wait_for("it has begun", (plain.folder / "a.db.part").exists)
        assert large.stop() == 0
        assert client.wait(60) == 1 and "the gateway is stopping" in client.stderr.read()
    assert list(plain.folder.glob("a.db*")) == []


def test_a_kill_during_a_backup_leaves_nothing_that_looks_whole(plain, large):
    words = [large.command[0].replace("campus-gatewayd", "campusctl"), "--socket", large.socket, "backup"]
    with subprocess.Popen([*words, plain.folder / "a.db"], stderr=subprocess.DEVNULL) as client:
        rig.wait_for("it has begun", (plain.folder / "a.db.part").exists)
        large.kill()
        assert client.wait(60) == 1
    assert [path.name for path in plain.folder.glob("a.db*")] == ["a.db.part"]
    large.start()
    assert not large.get("status")["store"]["fault"]
    ctl(large, "backup", plain.folder / "a.db")
    assert [path.name for path in plain.folder.glob("a.db*")] == ["a.db"]


def test_without_a_gateway_campusctl_does_it_itself(plain):
    gateway = plain.gateway()
    refused = beside(plain, "--backup", plain.folder / "copy.db")
    assert refused.returncode == 1 and "a gateway is running on" in refused.stderr
    assert gateway.stop() == 0
    made = ctl(gateway, "--config", plain.config, "backup", "copy.db", cwd=plain.folder).stdout
    assert made.startswith(f"{plain.folder}/copy.db\n")
    assert ask(plain.folder / "copy.db", "pragma integrity_check") == [("ok",)]
    gateway.start()
    assert not gateway.get("status")["store"]["fault"]


@pytest.mark.parametrize("call, error", [("pwrite64", "ENOSPC"), ("fsync", "EIO")])
def test_a_disk_that_is_full_or_fails_leaves_nothing(plain, call, error):
    gateway = plain.gateway()
    assert gateway.stop() == 0
    part = plain.folder / "copy.db.part"
    done = subprocess.run(
        ["strace", "-f", "-qqq", "-o", "/dev/null", "-P", part, "-e", f"trace={call}", "-e",
         f"inject={call}:error={error}:when=1+", plain.build / "campus-gatewayd", "--config", plain.config,
         "--backup", plain.folder / "copy.db"], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and done.stderr.startswith("campus-gatewayd: "), done.stderr
    assert list(plain.folder.glob("copy.db*")) == []


@pytest.mark.skipif(os.getuid() != 0, reason="mounts a disk that cannot be written")
def test_a_place_that_cannot_be_written_is_told(plain):
    gateway = plain.gateway()
    disk = plain.folder / "stick"
    disk.mkdir()
    (plain.folder / "letter.txt").write_text("dear parents")
    cases = [(disk / "copy.db", 409, "Read-only file system (as a service"),
             (plain.folder / "letter.txt" / "copy.db", 409, "Not a directory"),
             (plain.folder / ("x" * 300), 422, "File name too long")]
    subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", disk], check=True)
    try:
        for path, expected, says in cases:
            status, problem = gateway.request("POST", "backup", {"file": str(path)})
            assert status == expected and says in problem["detail"], (path, status, problem)
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.skipif(os.getuid() != 0, reason="mounts a small disk")
def test_too_little_room_is_told_before_anything_is_written(plain):
    gateway = plain.gateway()
    disk = plain.folder / "stick"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=10m", "tmpfs", disk], check=True)
    try:
        refused = ctl(gateway, "backup", disk / "copy.db", check=False)
        assert refused.returncode == 1 and "too little room" in refused.stderr
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", disk], check=True)
