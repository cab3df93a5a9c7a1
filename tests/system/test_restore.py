"""A backup in place of the database: nothing that the first card sent since collides with what the
second sends, and a cut at any moment leaves the one database or the other."""
import hashlib
import json
import shutil
import sqlite3
import subprocess

import pytest

import ledger
import numbered
import rig
from numbered import NumberedPublisher
from test_backup import ask, beside, ctl, plain  # noqa: F401
from rig import ROOT

MONDAY = ["--school-time", "2026-11-16T08:20:00+08:00"]
WEEK_LATER = ["--school-time", "2026-11-23T08:20:00+08:00"]


def second_card(site, folder):
    """The same gateway on a state folder of its own."""
    config = folder / "config"
    shutil.copytree(site.config, config, symlinks=True)
    text = (config / "gateway.yaml").read_text()
    (config / "gateway.yaml").write_text(text.replace(f"{site.folder}/", f"{folder}/").replace(
        f"127.0.0.1:{site.http}", f"127.0.0.1:{rig.free_port()}"))
    return config


def publish(school, numbers):
    """Each of @numbers, taken by the broker in this order."""
    subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(school.port), "-q", "1", "-t",
                    "campus/p1/serial", "-l"], input="".join(f"{number}\n" for number in numbers),
                   text=True, check=True)


def counts(gateway):
    outbox = gateway.get("outbox")
    return outbox["total"], outbox["acknowledged"]


def waits(gateway, total, acknowledged):
    rig.wait_for(f"{total} messages, {acknowledged} of them acknowledged",
                 lambda: counts(gateway) == (total, acknowledged), 60)


def keys_of(database):
    """(epoch, number) of every message that a database has ever made."""
    epochs = ask(database, "select epoch, case when number = (select max(number) from epochs)"
                           " then (select seq from progress) else last_seq end from epochs")
    return {(epoch, seq) for epoch, last in epochs for seq in range(1, last + 1)}


def test_a_week_old_backup_on_a_second_card_collides_with_nothing(site, plain, school, county, servers):  # noqa: F811
    """The first card goes on after the backup, and after the second has run; each in its turn at the
    brokers, which know them by one name.  20 messages that the county does not have yet stand on both
    cards: they are sent by both, and are there once."""
    first = site.gateway(MONDAY)
    rig.wait_for("the broker is there", first.online)
    publish(school, range(1, 101))
    waits(first, 100, 100)
    county.stop()
    publish(school, range(101, 121))
    waits(first, 120, 100)
    copy = site.folder / "backup.db"
    ctl(first, "backup", copy)
    first.stop()

    first.command[-1] = WEEK_LATER[-1]
    first.start()
    publish(school, range(121, 201))
    county.start()
    waits(first, 200, 200)
    first.stop()

    folder = site.folder / "second"
    folder.mkdir()
    config = second_card(site, folder)
    done = subprocess.run([site.build / "campusctl", "--config", config, "restore", copy],
                          capture_output=True, text=True, check=True)
    assert "is the database now" in done.stdout and "kept as" not in done.stdout
    second = rig.Gateway(site.build, folder, config, arguments=WEEK_LATER)
    servers.append(second)
    second.start()
    publish(school, range(201, 261))
    waits(second, 180, 180)  # 120 of the copy and 60 of its own
    second.stop()
    first.start()
    publish(school, range(261, 301))
    waits(first, 240, 240)
    first.stop()

    ours, theirs = keys_of(site.folder / "campus.db"), keys_of(folder / "campus.db")
    assert len(ours) == 240 and len(theirs) == 180 and len(ours & theirs) == 120
    stored = [(int(epoch), seq) for _, epoch, seq, _ in ledger.rows(county.database)]
    assert len(stored) == len(set(stored)) and set(stored) == ours | theirs
    assert sorted(numbered.numbers(ledger.rows(county.database))) == list(range(1, 301))
    assert county.stop() == 0
    stats = json.loads(county.text().splitlines()[-1])
    assert (stats["gaps"], stats["conflicts"], stats["invalid"]) == (0, 0, 0)


def test_a_backup_without_a_message_takes_no_number_of_its_epoch(plain, school, county):  # noqa: F811
    """The first card counts from 1 in the epoch that stands in the copy."""
    gateway = plain.gateway(MONDAY)
    rig.wait_for("the broker is there", gateway.online)
    ctl(gateway, "backup", plain.folder / "copy.db")
    publish(school, range(1, 11))
    waits(gateway, 10, 10)
    epoch = gateway.get("outbox")["epoch"]
    gateway.stop()
    assert beside(plain, "--restore", plain.folder / "copy.db").returncode == 0
    gateway.start()
    assert gateway.get("outbox")["epoch"] != epoch
    publish(school, range(11, 21))
    waits(gateway, 10, 10)
    gateway.stop()
    assert sorted(numbered.numbers(ledger.rows(county.database))) == list(range(1, 21))


# --- two databases that are told apart -------------------------------------------------

@pytest.fixture
def two(plain):  # noqa: F811
    """The present database, and a backup of before; a kept state tells which is which."""
    gateway = plain.gateway()
    ctl(gateway, "backup", plain.folder / "copy.db")
    gateway.stop()
    for database, name in ((plain.folder / "copy.db", "copy"), (plain.database, "present")):
        connection = sqlite3.connect(database)
        with connection:
            connection.execute("insert into states values ('test', 'name', cast(? as blob))", (name,))
        connection.close()
    plain.stopped = gateway
    return plain


def name_of(database):
    return ask(database, "select cast(bytes as text) from states where owner = 'test'")[0][0]


def content(site):
    """All of the state folder, by name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in site.folder.glob("campus.db*") if path.suffix != ".lock"}


def test_what_was_there_is_kept_and_can_be_put_back(two):
    done = beside(two, "--restore", two.folder / "copy.db")
    assert done.returncode == 0, done.stderr
    kept, = [path for path in two.folder.glob("campus.db.before-restore-*")
             if not path.name.endswith(("-wal", "-shm"))]
    assert f"kept as '{kept}'" in done.stdout
    assert (name_of(two.database), name_of(kept)) == ("copy", "present")
    assert beside(two, "--restore", kept).returncode == 0
    assert name_of(two.database) == "present"
    two.stopped.start()
    assert not two.stopped.get("status")["store"]["fault"]


def make_link(two):
    (two.folder / "campus.db.restored").symlink_to(two.folder / "copy.db")


STRAYS = {
    "a backup": lambda two: shutil.copy(two.folder / "copy.db", two.folder / "campus.db.restored"),
    "a letter": lambda two: (two.folder / "campus.db.restored").write_text("dear parents"),
    "a link": make_link,
}


@pytest.mark.parametrize("what", STRAYS)
def test_what_no_restore_has_made_is_not_taken_for_one(two, what):
    STRAYS[what](two)
    epoch = ask(two.database, "select epoch from epochs")
    two.stopped.start()
    assert not two.stopped.get("status")["store"]["fault"]
    assert two.stopped.stop() == 0
    assert name_of(two.database) == "present" and ask(two.database, "select epoch from epochs") == epoch
    kept, = two.folder.glob("campus.db.not-restored-*")
    assert f"was made by no restore and is not taken; it is kept as '{kept}'" in two.stopped.text()
    assert not (two.folder / "campus.db.restored").is_symlink()
    assert not list(two.folder.glob("campus.db.restored*"))


def test_the_first_start_tells_of_the_restore_and_the_second_does_not(two):
    assert beside(two, "--restore", two.folder / "copy.db").returncode == 0
    two.stopped.start()
    epoch = two.stopped.get("outbox")["epoch"]
    says = f"restored from '{two.folder}/copy.db': the new epoch is {epoch}"
    assert two.stopped.text().count(says) == 1
    assert two.stopped.stop() == 0
    two.stopped.start()
    assert two.stopped.get("outbox")["epoch"] == epoch
    assert two.stopped.stop() == 0
    assert two.stopped.text().count("restored from") <= 1
    assert ask(two.database, "select * from states where owner = 'store'") == []


def misspell(file):
    file.write_text(file.read_text().replace("path: ", "paht: ", 1))


FAULTS = {
    "a misspelt key": (misspell, "gateway.yaml:", "paht"),
    "a tab": (lambda file: file.write_text(file.read_text() + "store:\n\tpath: /nowhere\n"), "gateway.yaml:", ""),
    "another section": (lambda file: file.write_text(file.read_text() + "schol: {name: x}\n"), "gateway.yaml:", "schol"),
    "no file": (lambda file: file.unlink(), "gateway.yaml", ""),
}


@pytest.mark.parametrize("what", FAULTS)
@pytest.mark.parametrize("words", [("--restore", "copy.db"), ("--backup", "other.db")])
def test_a_faulty_configuration_names_no_database(two, what, words):
    """Not the one that it would be by default, either."""
    spoil, where, says = FAULTS[what]
    spoil(two.config / "gateway.yaml")
    before = content(two)
    done = beside(two, words[0], two.folder / words[1])
    checked = beside(two, "--check").stderr.splitlines()
    *told, last = done.stderr.splitlines()
    assert done.returncode == 1 and "not certain which database is meant; nothing was done" in last
    assert told and where in told[0] and says in told[0] and set(told) <= set(checked), (told, checked)
    assert content(two) == before and not (two.folder / "other.db").exists()


def test_a_fault_in_another_file_hinders_no_backup(two):
    (two.config / "campus.yaml").write_text("places: none\n")
    assert beside(two, "--check").returncode == 1
    done = beside(two, "--backup", two.folder / "other.db")
    assert done.returncode == 0, done.stderr


def test_a_backup_of_another_gateway_takes_a_word(plain, school):  # noqa: F811
    """What waits in it bears the other one's name."""
    gateway = plain.gateway()
    rig.wait_for("the broker is there", gateway.online)
    ctl(gateway, "backup", plain.folder / "empty.db")
    publish(school, range(1, 11))
    rig.wait_for("10 messages", lambda: gateway.get("outbox")["total"] == 10)
    ctl(gateway, "backup", plain.folder / "copy.db")
    assert gateway.stop() == 0
    ours, = {json.loads(body)["gateway"] for body, in ask(plain.folder / "copy.db", "select body from outbox")}
    file = plain.config / "gateway.yaml"
    text = file.read_text()
    assert text.count(ours) == 1
    file.write_text(text.replace(ours, "another-1"))
    before = content(plain)
    refused = beside(plain, "--restore", plain.folder / "copy.db")
    assert refused.returncode == 1 and content(plain) == before
    assert f"copy.db' is of the gateway '{ours}', and this one is 'another-1': " in refused.stderr
    assert beside(plain, "--restore", plain.folder / "empty.db").returncode == 0, "it cannot be told"
    done = ctl(gateway, "--config", plain.config, "restore", plain.folder / "copy.db", "--force")
    assert "is the database now" in done.stdout
    assert len(ask(plain.database, "select * from outbox")) == 10


def test_beside_a_running_gateway_nothing_is_restored(two):
    two.stopped.start()
    refused = ctl(two.stopped, "--config", two.config, "restore", two.folder / "copy.db", check=False)
    assert refused.returncode == 1 and "a gateway is running on" in refused.stderr
    assert "systemctl stop campus-gateway" in refused.stderr
    assert name_of(two.database) == "present"


def spoil_newer(path):
    ask(path, "pragma user_version = 99")


def spoil_page(path):
    """A byte in the middle of the tree of names, which no start of the file shows."""
    size = path.stat().st_size
    with open(path, "r+b") as file:
        file.seek(size // 2 // 1024 * 1024)
        file.write(b"\xff" * 64)


def spoil_table(path):
    """One that nothing reads before every page is looked at, in the copy."""
    (page, size), = ask(path, "select rootpage, page_size from sqlite_schema, pragma_page_size where name = 'summaries'")
    with open(path, "r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * 64)


SPOILED = {
    "a letter": (lambda path: path.write_text("dear parents\n" * 100), "is no database of a gateway"),
    "nothing": (lambda path: path.write_bytes(b""), "is no database of a gateway"),
    "none": (lambda path: path.unlink(), "No such file or directory"),
    "another program's": (lambda path: (path.unlink(), ask(path, "create table pupils (name text)")),
                          "is no database of a gateway"),
    "a newer version's": (spoil_newer, "comes from a newer version of the gateway (schema 99"),
    "a cut one": (lambda path: path.write_bytes(path.read_bytes()[:10 * 1024]), ""),
    "a broken one": (spoil_page, "broken"),
    "a broken table's": (spoil_table, "copy.db': broken: "),
}


@pytest.mark.parametrize("what", SPOILED)
def test_what_is_no_sound_backup_is_refused_and_changes_nothing(two, what):
    spoil, says = SPOILED[what]
    copy = two.folder / "copy.db"
    spoil(copy)
    before = content(two)
    done = beside(two, "--restore", copy)
    assert done.returncode == 1 and says in done.stderr and len(done.stderr.splitlines()) == 1, done.stderr
    assert f"'{copy}'" in done.stderr and ".restoring" not in done.stderr, done.stderr
    assert content(two) == before


def test_the_present_database_is_no_backup_of_itself(two):
    done = beside(two, "--restore", two.database)
    assert done.returncode == 1 and "is the present database itself" in done.stderr


def test_a_foreign_file_in_its_place_stays(two):
    two.database.unlink()
    for side in two.folder.glob("campus.db[-.]*"):
        side.unlink()
    two.database.write_text("dear parents\n" * 100)
    done = beside(two, "--restore", two.folder / "copy.db")
    assert done.returncode == 1 and "is none of a gateway's" in done.stderr
    assert two.database.read_text().startswith("dear parents")


def test_a_broken_database_gives_way_too(two):
    with open(two.database, "r+b") as file:
        file.write(b"\0" * 2048)
    assert beside(two, "--restore", two.folder / "copy.db").returncode == 0
    assert name_of(two.database) == "copy"
    two.stopped.start()
    assert not two.stopped.get("status")["store"]["fault"]


def test_a_backup_of_an_older_version_is_brought_up_to_date_at_the_start(two):
    """Its message that nobody acknowledged keeps its epoch and number."""
    old = two.folder / "old.db"
    steps = ROOT / "gateway/store/migrations"
    connection = sqlite3.connect(old)
    connection.executescript((steps / "001-first.sql").read_text())
    with connection:
        connection.execute("insert into epochs values (1, 4711, 0)")
        connection.execute("update progress set seq = 7")
        connection.execute("insert into outbox values ((1 << 48) + 7, 1, 1, 0, '{}')")
        connection.execute("insert into deliveries values (9, 1, 3, 5, 0, x'0100aaaaaaaaaaaaaaaa')")
        connection.execute("pragma user_version = 1")
    connection.close()
    done = beside(two, "--restore", old)
    assert done.returncode == 0, done.stderr
    two.stopped.start()
    outbox = two.stopped.get("outbox")
    assert (outbox["total"], outbox["acknowledged"]) == (7, 0) and outbox["epoch"] != "4711"
    two.stopped.stop()
    assert ask(two.database, "pragma user_version") == [(len(list(steps.glob("*.sql"))),)]
    assert ask(two.database, "select number, last_seq from epochs order by number") == [(1, 7), (2, 0)]
    assert ask(two.database, "select key - (1 << 48) from outbox") == [(7,)]
    assert ask(two.database, "select forget from deliveries") == [(5,)]


# --- cuts -------------------------------------------------------------------------------

CALLS = "openat,pwrite64,fsync,fdatasync,rename,unlink,ftruncate"


def restore_under(site, *options):
    return subprocess.run(["strace", "-f", "-qqq", *options, site.build / "campus-gatewayd", "--config",
                           site.config, "--restore", site.folder / "copy.db"], capture_output=True, text=True,
                          check=False)


def calls_of_restore(site):
    """Those that change a file, in their order; what is read of the configuration is not among them."""
    trace = site.folder / "calls.txt"
    restore_under(site, "-y", "-o", trace, "-e", f"trace={CALLS}").check_returncode()
    return [line.split(None, 1)[1] for line in trace.read_text().splitlines()]


def cuts_of(calls, site):
    """(call, its number among those of its kind), in the order in which they are made."""
    seen = {}
    for line in calls:
        call = line.split("(")[0]
        seen[call] = seen.get(call, 0) + 1
        if str(site.folder / "campus.db") in line or str(site.folder) + ">" in line:
            yield call, seen[call]


def put(site, saved):
    for path in site.folder.glob("campus.db*"):
        path.unlink()
    for name, content in saved.items():
        (site.folder / name).write_bytes(content)


def test_a_cut_at_any_call_of_a_restore_leaves_the_one_or_the_other(two):
    """The one that was keeps its log, which nobody has written back: a kill left it."""
    two.stopped.start()
    rig.wait_for("a commit", lambda: two.stopped.get("status")["store"]["commits"] > 0)
    two.stopped.kill()
    saved = {path.name: path.read_bytes() for path in two.folder.glob("campus.db*")}
    assert len(saved["campus.db-wal"]) > 0
    found = []
    cuts = list(cuts_of(calls_of_restore(two), two))
    for call, number in cuts:
        put(two, saved)
        cut = restore_under(two, "-o", "/dev/null", "-e", f"trace={call}",
                            "-e", f"inject={call}:signal=KILL:when={number}")
        assert cut.returncode != 0, (call, number)
        two.stopped.start()
        assert not two.stopped.get("status")["store"]["fault"], (call, number)
        assert two.stopped.stop() == 0
        found.append(name_of(two.database))
        kept = [path for path in two.folder.glob("campus.db.before-restore-*Z")]
        assert len(kept) == (found[-1] == "copy"), (call, number)
        assert all(name_of(path) == "present" for path in kept), (call, number)
        assert not list(two.folder.glob("campus.db.rest*")), (call, number)
    switch = found.index("copy")
    assert switch > 10 and set(found[switch:]) == {"copy"}, found


def test_what_takes_the_name_is_on_the_disk_before(two):
    """A power cut takes what no sync has covered: each name is given after the sync of what it names, and
    the log of the one is gone for certain before the other comes."""
    calls = calls_of_restore(two)

    def where(name, text, after=0):
        return next(i for i in range(after, len(calls)) if calls[i].startswith(f"{name}(") and text in calls[i])

    copied = where("fsync", "campus.db.restoring")
    whole = where("rename", 'campus.db.restored")')
    assert max(i for i, call in enumerate(calls[:whole]) if call.startswith("pwrite64(")) < copied < whole
    assert where("fsync", f"{two.folder}>", whole) == whole + 2  # behind its openat
    moved = where("rename", '/campus.db-wal", "', whole)
    taken = where("rename", '.restored", "', whole)
    assert moved < where("fsync", f"{two.folder}>", moved) < taken
    assert where("fsync", f"{two.folder}>", taken)
