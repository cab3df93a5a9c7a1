"""What was added to the county's archive: files by another key, files beside the chain, facts that
no file attests."""
import base64
import json
import sqlite3
import subprocess

import pytest

from test_county_postgres import Database
from test_evidence import (GATEWAY, canonical, change, copy, days_of, digest, export, file, november,  # noqa: F401
                           put, retold, run, sign, take, verify, write_by_hand)

FACT = "daily/gateway/school/2026-11-30"


def fact_of(archive):
    return next(body for body in archive.bodies() if body["data"].get("key") == FACT)


def unsigned(data):
    return {name: value for name, value in data.items() if name not in ("public_key", "signature")}


def follower(before, new, folder, late=(), **changes):
    """A file of December behind @before, with the one fact @new, by another key."""
    days = days_of([new], "2026-12")
    data = unsigned(before["data"])
    data.update(key="evidence/school/2026-12", month="2026-12", days=days, key_changed=True,
                facts={"count": 1, "digest": digest(days)}, completeness=new["data"]["completeness"],
                upto={new["epoch"]: new["seq"]}, previous={"month": "2026-11", "digest": digest(before["data"])},
                late=[{"key": body["data"]["key"], "revision": body["data"]["revision"],
                       "digest": digest(body["data"])} for body in late])
    data.update(changes)
    return {**before, "seq": new["seq"] + 1, "time": "2027-01-01T07:00:00+08:00", "data": sign(data, folder)}


def of_december(fact, seq=9002):
    return retold(fact, seq, key="daily/gateway/school/2026-12-01", start="2026-12-01T00:00:00+08:00",
                  end="2026-12-02T00:00:00+08:00")


def tell_birth(database, december):
    change(database, "update presence set body = json_set(body, '$.data.public_key', ?) where topic = 'birth'",
           december["data"]["public_key"])


def faults(parts):
    return {part for part, told in parts.items() for holds, _ in told if not holds}


def test_an_earlier_key_needs_a_chain_to_the_one_that_is_known(build, copy, november, tmp_path):
    """Somebody's own November, by a key of his: December names the other one."""
    before, = november.files()
    new = of_december(fact_of(november))
    december = follower(before, new, tmp_path)
    for body in (new, december):
        put(copy, body)
    tell_birth(copy, december)
    path = tmp_path / "2026-11.json"
    path.write_text(json.dumps(before))
    status, parts = verify(build, copy, path)
    assert status == 0
    assert parts["key"] == [(True, "an earlier one: the file of 2026-12 says that it changed")]
    assert (True, "the files up to that of 2026-12 follow it") in parts["chain"]

    forged = resigned(before, tmp_path)
    change(copy, "update messages set body = ? where type = 'campus.evidence.v1' and seq = ?",
           json.dumps(forged), before["seq"])
    path.write_text(json.dumps(forged))
    status, parts = verify(build, copy, path)
    assert status == 1 and faults(parts) == {"key", "chain"} and parts["signature"][0][0]
    assert "no chain of files leads" in parts["key"][0][1]
    assert (False, "there is a file of 2026-12 that does not follow the one of 2026-11") in parts["chain"]


def resigned(message, folder):
    """By a third key, made here."""
    secret = folder / "third.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", secret], check=True)
    public = subprocess.run(["openssl", "pkey", "-in", secret, "-pubout", "-outform", "DER"],
                            capture_output=True, check=True).stdout[-32:]
    data = {**unsigned(message["data"]), "public_key": base64.b64encode(public).decode()}
    (folder / "third").write_bytes(canonical(data).encode())
    signature = subprocess.run(["openssl", "pkeyutl", "-sign", "-inkey", secret, "-rawin", "-in", folder / "third"],
                               capture_output=True, check=True).stdout
    return {**message, "data": {**data, "signature": base64.b64encode(signature).decode()}}


def test_a_key_that_changed_without_a_word_is_not_taken(build, copy, november, file, tmp_path):
    before, = november.files()
    new = of_december(fact_of(november))
    december = follower(before, new, tmp_path, key_changed=False)
    for body in (new, december):
        put(copy, body)
    tell_birth(copy, december)
    status, parts = verify(build, copy, file)
    assert status == 1 and faults(parts) == {"key"}


def told(build, database, path):
    """(exit status, the verdict and text of every line on what was added)"""
    done = run(build, "verify", "--database", database, path)
    lines = [line.split(": ", 3)[1:] for line in done.stdout.splitlines()]
    return done.returncode, [tuple(line[1:]) for line in lines if line[0] == "added"]


def test_a_fact_that_may_still_be_attested_is_open(build, copy, november, file):
    """Told after the file, and the next one has not come: neither holds nor contradicts."""
    put(copy, retold(fact_of(november), 9001, revision=2, completeness=0.5))
    status, parts = verify(build, copy, file)
    assert status == 0 and faults(parts) == {"added"}
    assert told(build, copy, file) == (0, [("open", "not yet attested: 1 facts")])


def test_a_fact_that_somebody_wrote_into_the_archive_is_named(build, copy, november, file):
    """Of the present epoch, under a number that no file will reach for years."""
    forged = retold(fact_of(november), 10 ** 12, revision=9)
    write_by_hand(copy, forged)
    assert told(build, copy, file) == (1, [("DOES NOT HOLD", (
        f"'{FACT}' revision 9 (epoch {forged['epoch']}, seq 1000000000000) was never received: somebody else wrote it"))])


def test_a_fact_behind_numbers_that_are_missing_says_so(build, copy, november, file):
    """It came through a receiver, and rows before it may still be under way; none are 10^12."""
    before, = november.files()
    forged = retold(fact_of(november), 10 ** 12, revision=9)
    write_by_hand(copy, forged)
    take(copy, forged, 10 ** 12)
    last, = sqlite3.connect(copy).execute("select max(last) from ranges where last < 1000000").fetchone()
    assert last >= before["seq"]
    assert told(build, copy, file) == (0, [
        ("open", f"'{FACT}' revision 9 (epoch {forged['epoch']}, seq 1000000000000) stands behind"
                 f" {10 ** 12 - 1 - last} numbers that are missing"),
        ("open", "not yet attested: 1 facts")])


@pytest.mark.parametrize("changes", [{}, {"time": "2020-01-01T00:00:00+08:00"}])
def test_a_fact_of_an_epoch_that_nobody_knows_is_named(build, copy, november, file, changes):
    put(copy, {**retold(fact_of(november), 1, revision=9), "epoch": "99", **changes})
    assert told(build, copy, file) == (1, [(
        "DOES NOT HOLD", f"'{FACT}' revision 9 (epoch 99, seq 1) is of an epoch that no file and no birth"
        " of the gateway names")])


def test_a_fact_that_a_later_file_leaves_out_is_named(build, copy, november, file, tmp_path):
    fact = fact_of(november)
    before, = november.files()
    late = retold(fact, 9000, revision=2, completeness=0.5)
    forged = retold(fact, 9001, revision=3, completeness=1)
    after = retold(fact, 9005, revision=4)
    new = of_december(fact)
    december = follower(before, new, tmp_path, [late])
    for body in (late, forged, new, december):
        put(copy, body)
    tell_birth(copy, december)
    fault = ("DOES NOT HOLD", f"'{FACT}' revision 3 (epoch {fact['epoch']}, seq 9001) stands in no file, and"
             " a later one would have it")
    assert told(build, copy, file) == (1, [fault])
    put(copy, after)
    assert told(build, copy, file) == (1, [fault, ("open", "not yet attested: 1 facts")])


def test_a_list_that_somebody_else_signed_attests_nothing(build, copy, november, file, tmp_path):
    """A file of December in the archive by a key that no birth tells."""
    fact = fact_of(november)
    before, = november.files()
    forged = retold(fact, 9001, revision=2, completeness=1)
    new = of_december(fact)
    for body in (forged, new, follower(before, new, tmp_path, [forged])):
        put(copy, body)
    status, parts = verify(build, copy, file)
    assert status == 1 and faults(parts) == {"chain", "added"}


def second(before, fact):
    """November of a database that was begun anew: epoch 77."""
    return {**fact, "epoch": "77", "seq": 1}, {**before, "epoch": "77", "seq": 2}


def test_two_files_of_a_month_are_told(build, copy, november, file, tmp_path):
    """Both by the same key: neither contradicts, and which is meant has to be said."""
    before, = november.files()
    fact, anew = second(before, fact_of(november))
    days = days_of([fact], "2026-11")
    anew["data"] = sign({**unsigned(before["data"]), "days": days, "upto": {"77": 1},
                         "facts": {"count": 1, "digest": digest(days)},
                         "completeness": fact["data"]["completeness"]}, tmp_path)
    put(copy, fact)
    put(copy, anew)
    status, parts = verify(build, copy, file)
    other = (False, "there is another file of 2026-11 (epoch 77, seq 2), and it is not the gateway's own")
    assert status == 1 and other in parts["archive"] and faults(parts) == {"archive", "added"}

    tell_birth(copy, anew)
    path = tmp_path / "anew.json"
    path.write_text(json.dumps(anew))
    status, parts = verify(build, copy, path)
    assert parts["key"][0][0] and any("there is another file of 2026-11" in text for _, text in parts["archive"])

    arguments = ("evidence", "--database", copy, "--gateway", GATEWAY, "--month", "2026-11")
    done = run(build, *arguments)
    assert done.returncode == 2 and done.stdout == "" and "several files" in done.stderr
    assert f"epoch {before['epoch']}, seq {before['seq']}" in done.stderr and "epoch 77, seq 2" in done.stderr
    for one, option in ((anew, ("--epoch", "77")), (before, ("--seq", str(before["seq"])))):
        done = run(build, *arguments, *option)
        assert done.returncode == 0 and json.loads(done.stdout)["data"] == one["data"]
    done = run(build, *arguments, "--epoch", "x")
    assert done.returncode == 2 and "--epoch 'x'" in done.stderr


def test_two_files_by_the_known_key_leave_the_month_open(build, copy, november, tmp_path):
    """They say the same of the facts, under two configurations."""
    before, = november.files()
    both = []
    for epoch in ("77", before["epoch"]):
        data = sign({**unsigned(before["data"]), "config": epoch.zfill(16)[:16]}, tmp_path)
        both.append({**before, "epoch": epoch, "data": data})
    change(copy, "update messages set body = ? where type = 'campus.evidence.v1'", json.dumps(both[1]))
    put(copy, both[0])
    tell_birth(copy, both[0])
    path = tmp_path / "first.json"
    path.write_text(json.dumps(both[1]))
    done = run(build, "verify", "--database", copy, path)
    assert done.returncode == 0, done.stdout
    assert f"archive: open: there is another file of 2026-11 (epoch 77, seq {before['seq']}), by the gateway" in done.stdout


COMMANDS = (("verify", "FILE"), ("evidence", "--gateway", GATEWAY, "--month", "2026-11"), ("--gaps",), ("check",))


@pytest.mark.parametrize("command", COMMANDS)
def test_an_empty_database_is_refused_and_stays_empty(build, postgres, tmp_path, command):
    """A name that was misspelt must not become an archive in which nothing is missing."""
    empty = Database(postgres)
    path = tmp_path / "empty.db"
    path.touch()
    for name, shown in ((empty.address, empty.name), (path, path)):
        done = run(build, *command, "--database", name)
        assert done.returncode == 2 and done.stdout == ""
        assert f"{shown}': it has no tables of campus-county" in done.stderr
    assert empty.query("select count(*) from pg_class where relnamespace = 'public'::regnamespace") == [(0,)]
    assert path.stat().st_size == 0


def test_a_file_that_was_kept_is_not_written_over(build, november, tmp_path):
    path = tmp_path / "2026-11.json"
    path.write_text("kept")
    done = run(build, "evidence", "--database", november.name, "--gateway", GATEWAY, "--month", "2026-11",
               "--output", path)
    assert done.returncode == 2 and f"--output '{path}': there is such a file already" in done.stderr
    assert path.read_text() == "kept"


@pytest.mark.parametrize("sql", ["type = 'campus.weekly.v1'", "body = json_set(body, '$.type', 'campus.weekly.v1')"])
def test_a_type_that_was_altered_is_noticed(build, copy, november, file, sql):
    change(copy, f"update messages set {sql} where json_extract(body, '$.data.key') = ?", FACT)
    status, parts = verify(build, copy, file)
    assert status == 1 and faults(parts) == {"days"}
    assert (False, "1 rows of the archive cannot be read, or are of another type") in parts["days"]
