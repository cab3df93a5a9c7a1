"""Databases as earlier versions of the gateway wrote them: schema-N.sql beside this file is a whole
database of schema N, made by the daemon of that time (keep.py), and here is the school that it was of."""
import json
import pathlib
import sqlite3
import subprocess

import rig

HERE = pathlib.Path(__file__).resolve().parent
DAY = "2026-11-23"
TOLD_AT = ("2026-11-22T18:59:40", "2026-11-23T06:59:40")  # shortly before facts of a day are told
KEPT_AT = "2026-11-23T08:44:50"  # the life whose death left the file
FIRST, LAST = 20, 40  # numbers that the county has, and all of them
OWN = 5  # messages with ids of their own
TOPICS = ("alarm", "summary", "telemetry", "evidence")  # by the column "kind"

GATEWAY = """\
gateway: {{id: gw-test}}
school: {{code: "2153012345", division: "530502", title: 隆阳区示例小学, stage: primary}}
store: {{path: {folder}/state/campus.db, commit_interval: 100ms}}
http: {{socket: {folder}/api.sock, listen: ["127.0.0.1:{http}"]}}
county: {{broker: "mqtt://127.0.0.1:{county}", telemetry: {{points: ["*/serial"], every: reading}}}}
"""
METRICS = """\
  serial: {unit: "", title: {zh: 编号, en: Number}, kind: event}
  flag: {unit: "", title: {zh: 旗, en: Flag}, kind: event}
"""
CAMPUS = """\
timezone: Asia/Shanghai
places:
  - {id: p1, kind: classroom, title: 一, class: 2024-P-01}
  - {id: p2, kind: classroom, title: 二}
  - {id: p3, kind: classroom, title: 三}
  - {id: p4, kind: classroom, title: 四}
  - {id: own, kind: hall, title: 五}
classes:
  - {id: 2024-P-01, stage: primary, enrolled: 30, limit: 45}
bells:
  primary:
    - {phase: lesson, start: "08:20", end: "09:00"}
"""
DEVICES = """\
buses:
  - {{name: school-broker, driver: mqtt, broker: "mqtt://127.0.0.1:{school}", window: 0}}
devices:
  - {{name: numbers, bus: school-broker, topic: "campus/{{place}}/{{metric}}", format: text, places: ["p*"], points: [{{metric: serial, event: true}}, {{metric: flag, event: true}}, {{metric: co2}}]}}
  - {{name: counted, bus: school-broker, topic: counted, {id}place: own, points: [{{metric: serial, path: value, event: true}}]}}
"""
RULES = """\
rules:
  - id: OWN-1
    title: {zh: 试, en: Try}
    each: {kind: classroom}
    inputs: {flag: flag}
    when: flag >= 1
    for: 0s
    severity: P2
    action: {zh: 看, en: Look}
"""


def files():
    """Schema → file, in order."""
    return {int(path.stem.rpartition("-")[2]): path for path in sorted(HERE.glob("schema-*.sql"))}


def database(folder):
    return pathlib.Path(folder) / "state/campus.db"


def write_site(folder, etc, school, county, has_ids=True):
    """A configuration in @folder/config, with what @etc ships, and its database() in a folder of its own;
    @school and @county are ports."""
    config = pathlib.Path(folder) / "config"
    database(folder).parent.mkdir(exist_ok=True)
    for name, text in {
        "gateway.yaml": GATEWAY.format(folder=folder, http=rig.free_port(), county=county),
        "campus.yaml": CAMPUS,
        "metrics.yaml": (etc / "metrics.yaml").read_text().replace("\nmetrics:\n", "\nmetrics:\n" + METRICS),
        "devices.d/school.yaml": DEVICES.format(school=school, id="id: id, " if has_ids else ""),
        "rules/own.yaml": RULES,
    }.items():
        (config / name).parent.mkdir(parents=True, exist_ok=True)
        (config / name).write_text(text)
    if (etc / "facts.yaml").exists():
        (config / "facts.yaml").symlink_to(etc / "facts.yaml")
    return config


def publish(port, topic, *messages):
    subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(port), "-q", "1", "-t", topic, "-l"],
                   input="".join(f"{message}\n" for message in messages), text=True, check=True)


def publish_own(port, numbers):
    publish(port, "counted", *(json.dumps({"id": f"x-{number}", "value": 1000 + number}) for number in numbers))


def dump(path):
    """The text that restore() makes the same database of."""
    connection = sqlite3.connect(path)
    pragmas = "".join(f"PRAGMA {name} = {connection.execute(f'PRAGMA {name}').fetchone()[0]};\n"
                      for name in ("page_size", "user_version", "application_id", "journal_mode"))
    text = pragmas + "".join(f"{line}\n" for line in connection.iterdump())
    connection.close()
    return text


def restore(schema, path):
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(files()[schema].read_text(encoding="utf-8"))
    connection.close()


def content(path):
    """All that is in it, its schema too."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        schema = connection.execute("select type, name, sql from sqlite_schema order by name").fetchall()
        return {"schema": schema, **{name: connection.execute(f"select * from {name}").fetchall()
                                     for kind, name, _ in schema if kind == "table"}}
    finally:
        connection.close()


def columns(path):
    """Of each table, in order."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        tables = connection.execute("select name from sqlite_schema where type = 'table'").fetchall()
        return {name: [row[1] for row in connection.execute(f"pragma table_info({name})")] for name, in tables}
    finally:
        connection.close()
