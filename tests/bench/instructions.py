"""Instructions that one MQTT message costs, counted by callgrind: what a shared machine's
load does not change.

Two runs that differ only in how many messages come; the difference leaves the start and the
end out.  By thread, in the order in which the daemon starts them: the first is the pipeline.
"""
import pathlib
import re
import subprocess
import time

import bench_site
import rig

FEW, MANY = 2000, 20000
TOPICS = 1000
PATIENCE_S = 240  # callgrind is fifty times slower


def counted(programs, build, folder, broker, messages):
    """Instructions of the whole daemon, and of its first thread, with @messages."""
    config = bench_site.write(folder, TOPICS, [bench_site.broker_bus("school-broker", broker.port)],
                              [bench_site.temperature_topics()])
    out = folder / f"callgrind.{messages}"
    gateway = bench_site.gateway(build, folder, config, prefix=[
        "valgrind", "--quiet", "--tool=callgrind", "--separate-threads=yes",
        f"--callgrind-out-file={out}"])
    gateway.start(ready=False)
    rig.wait_for("the gateway is online", lambda: gateway.answers() and gateway.online(), PATIENCE_S)
    subprocess.run([programs / "mqtt_flood", str(broker.port), str(messages), "0", str(TOPICS)],
                   check=True, capture_output=True)
    rig.wait_for("all is stored", lambda: _stored(gateway) >= messages, PATIENCE_S)
    gateway.stop(seconds=PATIENCE_S)
    threads = [_total(path) for path in sorted(folder.glob(f"{out.name}-*"))]
    if len(threads) < 2:
        raise RuntimeError(f"callgrind left {len(threads)} threads: {gateway.text()}")
    return sum(threads), threads[0]


def _stored(gateway):
    time.sleep(0.5)  # asking costs instructions, too
    status = gateway.get("status")
    return status["readings"]["mqtt"] if status["store"]["waiting"] == 0 else 0


def _total(path):
    return int(re.search(r"^(?:totals|summary): (\d+)", pathlib.Path(path).read_text(), re.M).group(1))


def bench(programs, build, workspace, figures):
    """Two figures without a target: they are for comparing one change with the next."""
    totals = {}
    for messages in (FEW, MANY):
        with workspace() as work:
            totals[messages] = counted(programs, build, work.folder, work.broker(), messages)
    for which, name in enumerate(("driver → pipeline → store", "of it in the pipeline's thread")):
        each = (totals[MANY][which] - totals[FEW][which]) / (MANY - FEW)
        figures.add(f"instructions per MQTT message, {name}", each, "instructions")
