#!/usr/bin/env python3
"""Keeps what a version of the gateway wrote, before a migration leaves it behind.

    git worktree add build/before COMMIT       # the last commit before the migration
    (cd build/before && ./dev build dev)
    tests/stored/keep.py build/before          # writes tests/stored/schema-N.sql

A school of that version lives two evenings and a morning with real brokers and a real receiver: facts
are told, people order, alarms stand in every state; then the receiver goes away, more comes, and the
gateway is killed.
"""
import argparse
import contextlib
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/sim"))

import ledger  # noqa: E402
import rig  # noqa: E402
import stored  # noqa: E402


def order(gateway, path, **body):
    status, answer = gateway.request("POST", path, {"by": "guard", **body})
    if status not in (200, 202, 204):
        raise RuntimeError(f"{path}: {status} {answer}")


def states(gateway):
    return {alarm["id"].partition("@")[2]: alarm["state"] for alarm in gateway.get("alarms")["alarms"]
            if alarm["id"].startswith("OWN-1@")}


def is_drained(gateway):
    county = gateway.get("status")["county"]
    return county["messages"] == county["outbox_acknowledged"]


class Lives:
    """One gateway of @tree on one folder, life after life."""

    def __init__(self, tree, folder, stops):
        self.tree = tree
        self.folder = folder
        self.school, self.county_broker = (rig.Broker(folder, name).start() for name in ("school", "county"))
        self.county = rig.County(tree / "build/dev", folder, self.county_broker.port).start()
        for server in (self.school, self.county_broker, self.county):
            stops.callback(server.stop)
        later = len(list((tree / "gateway/store/migrations").glob("*.sql"))) > 1
        self.config = stored.write_site(folder, tree / "etc", self.school.port, self.county_broker.port, later)
        self.has_facts = (self.config / "facts.yaml").exists()

    def gateway(self, time, speed):
        gateway = rig.Gateway(self.tree / "build/dev", self.folder, self.config, arguments=[
            "--school-time", f"{time}+08:00", "--school-speed", str(speed)])
        gateway.start()
        rig.wait_for("the school's broker", gateway.online)
        return gateway

    def tell_facts(self, time):
        gateway = self.gateway(time, 600)
        rig.wait_for("the facts are told", lambda: (
            gateway.get("status")["school_time"] >= time[:11] + f"{int(time[11:13]) + 1:02}:01" and is_drained(gateway)))
        gateway.stop()

    def morning(self, gateway):
        """All of it comes to the county."""
        stored.publish(self.school.port, "campus/p1/serial", *range(1, stored.FIRST + 1))
        stored.publish(self.school.port, "campus/p1/co2", *range(600, 640, 10))
        stored.publish_own(self.school.port, range(1, stored.OWN + 1))
        for place in ("p1", "p2", "p3", "p4"):
            stored.publish(self.school.port, f"campus/{place}/flag", 1)
        rig.wait_for("four alarms", lambda: list(states(gateway).values()) == ["unacknowledged"] * 4)
        order(gateway, "alarms/OWN-1@p1/ack")
        order(gateway, "alarms/OWN-1@p4/shelve", minutes=480, comment="a trial")
        if self.has_facts:
            order(gateway, "calendar/entries", do="exempt", day=stored.DAY, reason="rain",
                  **{"from": "20:00", "until": "21:00"})
        rig.wait_for("the quarter's summary", lambda: any(
            '"campus.environment.v1"' in body and '"object":"p1"' in body
            for *_, body in ledger.rows(self.county.database)), 60)
        rig.wait_for("the county has all", lambda: is_drained(gateway))

    def alone(self, gateway):
        """Nobody at the county: what comes now waits."""
        self.county.stop()
        stored.publish(self.school.port, "campus/p1/serial", *range(stored.FIRST + 1, stored.LAST + 1))
        stored.publish(self.school.port, "campus/p3/flag", 0)
        rig.wait_for("the alarm is over", lambda: states(gateway).get("p3") == "returned")
        rig.wait_for("it waits", lambda: gateway.get("status")["county"]["messages"]
                     >= gateway.get("status")["county"]["outbox_acknowledged"] + stored.LAST - stored.FIRST + 1)


def live(tree, folder):
    """The database that is left."""
    with contextlib.ExitStack() as stops:
        lives = Lives(tree, folder, stops)
        for time in stored.TOLD_AT if lives.has_facts else ():
            lives.tell_facts(time)
        gateway = lives.gateway(stored.KEPT_AT, 60)
        stops.callback(gateway.kill)
        lives.morning(gateway)
        lives.alone(gateway)
    return stored.database(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=pathlib.Path)
    tree = parser.parse_args().tree.resolve()
    schema = len(list((tree / "gateway/store/migrations").glob("*.sql")))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        database = live(tree, folder)
        path = stored.HERE / f"schema-{schema}.sql"
        path.write_text(stored.dump(database), encoding="utf-8")
        stored.restore(schema, folder / "again.db")
        if stored.content(folder / "again.db") != stored.content(database):
            raise RuntimeError(f"{path} is not what the gateway wrote")
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
