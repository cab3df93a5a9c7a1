"""A gateway's lives on a new database, recorded under load, with alarms."""
import itertools
import shutil
import signal
import subprocess
import threading
from dataclasses import dataclass

import numbered
import recording
import rig
from judge import Judge, promises

RULES = """\
rules:
  - id: ALARM-1
    title: {zh: 试, en: Try}
    each: {kind: classroom}
    inputs: {flag: flag}
    when: flag >= 1
    for: 0s
    severity: P1
    action: {zh: 看, en: Look}
"""
FLAGS = ('  - {{name: flags, bus: school-broker, topic: "campus/{{place}}/{{metric}}", format: text, '
         'places: ["p*"], points: [{{metric: flag, event: true}}]}}\n')
RATE = 300


class Alarms(threading.Thread):
    """Raises and clears alarms in four rooms, as fast as mosquitto_pub is started."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port = port
        self.stopped = threading.Event()
        self.client = numbered.mqtt_client("alarms")
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        self.start()

    def run(self):
        for i in itertools.count():
            if self.stopped.wait(0.05):
                return
            self.client.publish(f"campus/p{i % 4 + 1}/flag", str(i // 4 % 2), qos=1)

    def stop(self):
        self.stopped.set()
        self.join()
        self.client.disconnect()
        self.client.loop_stop()


def write_site(site, school_port, county_port):
    numbered.write_site(site, school_port, county_port, interval="100ms")
    with open(site.config / "devices.d/numbers.yaml", "a", encoding="utf-8") as devices:
        devices.write(FLAGS.format())
    metrics = site.config / "metrics.yaml"
    metrics.write_text(metrics.read_text()
                       + '  flag: {unit: "", title: {zh: 旗, en: Flag}, kind: event}\n')
    site.write("rules/alarm.yaml", RULES)
    text = (site.config / "gateway.yaml").read_text()
    (site.config / "gateway.yaml").write_text(text.replace(f"{site.folder}/campus.db",
                                                           f"{site.folder}/state/campus.db"))
    (site.folder / "state").mkdir()


@dataclass(frozen=True)
class Life:
    """end      the signal that ends it, once is_enough(story, gateway)
    faults   that the kernel shows meanwhile, as strace's inject= wants them
    is_reloaded  it takes over a changed configuration at its beginning, under load"""
    end: int
    is_enough: object
    faults: tuple = ()
    is_reloaded: bool = False


class Story:
    """events: what the daemon did, life after life; judge: knows what it promised."""

    def __init__(self, site, school, county_broker, binary, lives):
        write_site(site, school.port, county_broker.port)
        self.site = site
        self.school_port = school.port
        self.state = site.folder / "state"
        self.events = []
        self.starts = []
        publisher = numbered.NumberedPublisher(school.port, RATE)
        alarms = Alarms(school.port)
        try:
            for life in lives:
                self.live(life, binary)
        finally:
            alarms.stop()
            publisher.stop()
        whole = site.folder / "whole.db"
        shutil.copy(self.state / "campus.db", whole)
        self.judge = Judge(whole, *promises(self.events))

    def live(self, life, binary):
        log = self.site.folder / f"trace-{len(self.starts)}"
        self.starts.append(len(self.events))
        gateway = self.site.gateway(binary=binary, start=False,
                                    prefix=recording.command(log, faults=life.faults))
        reload = numbered.Reload(self.site, gateway) if life.is_reloaded else None
        gateway.start()
        if reload:
            reload()
            assert reload.done() == (1, 0)
        rig.wait_for("enough was written", lambda: life.is_enough(self, gateway), 60)
        gateway.stop(life.end)
        process = gateway.process.pid
        rig.wait_for("the whole trace", lambda: ended(log, process))
        recording.read(log, self.state, self.events)

    def run_of(self, at):
        """Where the life of the daemon began that event number @at belongs to."""
        return max(start for start in self.starts if start <= at)

    def config_for(self, folder):
        """This configuration once more, with its state in @folder."""
        (folder / "state").mkdir()
        return Config(self, folder)


class Config:
    """A copy of a story's configuration for another folder and broker."""

    def __init__(self, story, folder):
        self.folder = folder / "config"
        shutil.copytree(story.site.config, self.folder)
        self.devices = self.folder / "devices.d/numbers.yaml"
        self.port = story.school_port
        gateway = self.folder / "gateway.yaml"
        gateway.write_text(gateway.read_text().replace(str(story.site.folder), str(folder)))

    def write_port(self, port):
        text = self.devices.read_text()
        self.devices.write_text(text.replace(f"127.0.0.1:{self.port}", f"127.0.0.1:{port}"))
        self.port = port


def ended(log, process):
    tail = subprocess.run(["tail", "-n", "3", log], capture_output=True, text=True, check=True)
    return any(line.split()[0] == str(process) and "+++" in line for line in tail.stdout.splitlines())


def is_checkpointed(story, gateway):
    """The log was written back into the database and begun anew: its header counts that
    (https://sqlite.org/fileformat2.html, "The Write-Ahead Log", offset 12)."""
    with open(story.state / "campus.db-wal", "rb") as log:
        header = log.read(16)
    return int.from_bytes(header[12:], "big") > 0 and has_rows(2000)(story, gateway)


def has_rows(count):
    """So many rows in all, over every life."""
    return lambda _story, gateway: gateway.get("status")["county"]["messages"] >= count


def is_dead(_story, gateway):
    """It has ended by itself: a fault killed it."""
    return not gateway.running()


# The first start, a checkpoint, an orderly stop; a start and a kill; a start, a reload, a stop.
ORDINARY = (Life(signal.SIGTERM, is_checkpointed), Life(signal.SIGKILL, has_rows(2300)),
            Life(signal.SIGTERM, has_rows(2800), is_reloaded=True))
