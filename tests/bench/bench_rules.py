"""A big school, 64 rooms, 5,000 points and the whole pack of rules: what a reading costs from
condition to rules, in instructions that callgrind counts and that a busy machine does not
change.

Two runs that differ only in how many readings come; the difference leaves out the start.
"""
import json
import pathlib
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROOMS, METERS = 64, 64
FEW, MANY = 10000, 60000
TARGET = 12000  # instructions a reading

# Each of 64 rooms: what the pack judges, and meters that nobody judges.
ROOM = ("people_in", "people_out", "desk_lux.a", "desk_lux.b", "desk_lux.c", "desk_lux.d",
        "board_lux", "co2", "temperature", "humidity", "pm25", "noise", "lamps", "projecting")
SECURITY = ("panic", "fire", "gas", "co", "tamper", "mains", "battery_low", "cabinet",
            "perimeter", "recorder")

CLASS_DAY = """\
bells:
  primary:
    - {phase: lesson, start: "08:20", end: "09:00"}
    - {phase: lesson, start: "09:15", end: "09:55"}
    - {phase: lesson, start: "10:30", end: "11:10"}
"""


def path(name):
    """Where a device's message holds the point."""
    return name.replace(".", "")


def point(name):
    metric, _, part = name.partition(".")
    return f"{{metric: {metric}, path: {path(name)}{f', name: {part}' if part else ''}}}"


def device(name, place, points):
    return (f"  - {{name: {name}, bus: school-broker, topic: bench/{name}, place: {place}, "
            f"supervision: 1h, points: [{', '.join(point(p) for p in points)}]}}")


def points_of_devices():
    """Each device's name, place and points."""
    meters = [f"power.m{n}" for n in range(METERS)]
    for room in range(1, ROOMS + 1):
        yield f"room-{room}", f"p{room}", ROOM
        yield f"meters-{room}", f"p{room}", meters
    yield "alarm-host", "post", SECURITY


def point_count():
    return sum(len(points) for _, _, points in points_of_devices())


def devices(port):
    rows = [f'buses: [{{name: school-broker, driver: mqtt, broker: "mqtt://127.0.0.1:{port}"}}]',
            "devices:"]
    rows += [device(*row) for row in points_of_devices()]
    return "\n".join(rows) + "\n"


def campus():
    places = [f"  - {{id: p{n}, kind: classroom, title: 教室{n}, capacity: 50, class: c{n}}}"
              for n in range(1, ROOMS + 1)]
    classes = [f"  - {{id: c{n}, stage: primary, enrolled: 40}}" for n in range(1, ROOMS + 1)]
    return "\n".join(["timezone: Asia/Shanghai", "stages: {primary: {limit: 45}}", "places:",
                      *places, "  - {id: post, kind: gatehouse, title: 门卫室}", "classes:",
                      *classes, CLASS_DAY])


def rule_count():
    return sum(len(re.findall(r"^  - id:", file.read_text(), re.M))
               for file in (ROOT / "etc/rules").glob("*.yaml"))


def write(folder, port=1883):
    """The configuration, its one bus at the broker @port; returns its folder."""
    config = folder / "config"
    (config / "devices.d").mkdir(parents=True)
    shutil.copytree(ROOT / "etc/rules", config / "rules")
    shutil.copy(ROOT / "etc/metrics.yaml", config)
    (config / "campus.yaml").write_text(campus())
    (config / "devices.d/bench.yaml").write_text(devices(port))
    (config / "gateway.yaml").write_text(
        "gateway: {id: gw-bench}\n"
        'school: {code: "2153012345", division: "530502", title: 测, stage: primary}\n'
        f"store: {{path: {folder}/campus.db}}\nhttp: {{socket: {folder}/api.sock}}\n")
    return config


def run(program, config, readings, prefix=()):
    done = subprocess.run([*prefix, program, config, str(readings)], capture_output=True, text=True,
                          check=True)
    return json.loads(done.stdout)


def instructions(program, config, readings, out):
    run(program, config, readings, ["valgrind", "--quiet", "--tool=callgrind",
                                    f"--callgrind-out-file={out}"])
    return int(re.search(r"^(?:totals|summary): (\d+)", out.read_text(), re.M).group(1))


def bench(programs, workspace, figures):
    program = programs / "rules_bench"
    with workspace() as work:
        config = write(work.folder)
        few, many = (instructions(program, config, n, work.folder / f"callgrind.{n}")
                     for n in (FEW, MANY))
        plain = run(program, config, 10 * MANY)
    size = f"{plain['points']} points, {plain['rules']} rules"
    figures.add(f"instructions a reading, condition → plugins → rules, {size}",
                (many - few) / (MANY - FEW), "instructions", None, None, TARGET, at_most=True)
    figures.add("the same, readings a second", plain["readings"] / plain["seconds"], "1/s")
    figures.add("evaluations a reading, all of them news", plain["evaluations"] / plain["readings"],
                "evaluations")
    if plain["evaluations"] == 0:
        raise RuntimeError("no rule was evaluated: nothing says that they cost little")
    if plain["resting"] < plain["points"] / 2:
        raise RuntimeError(f"only {plain['resting']} points were at rest")
    figures.add(f"evaluations while {plain['resting']} points say again what they said",
                plain["evaluations_at_rest"], "evaluations", None, None, 0, at_most=True)
