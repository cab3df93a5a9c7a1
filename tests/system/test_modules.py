"""A school's own module: built from the example, loaded by the real daemon, or refused."""
import ctypes
import hashlib
import json
import os
import re
import shutil
import subprocess

import pytest

import rig
from conftest import ROOT
from test_docs import fences
from test_one_count import publish

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="a module's folder is root's")

# As the page says it: who follows the page has a module that works.
[(METRIC_FILE, METRIC)] = [block for block in fences(ROOT / "docs/en/modules.md", "yaml") if block[0]]
DEVICES = """\
buses:
  - {{name: school-broker, driver: mqtt, broker: "mqtt://127.0.0.1:{port}", window: 0}}
devices:
  - {{name: air-203, bus: school-broker, topic: air/203, place: b1-203, supervision: 1h,
     points: [{{metric: co2, path: co2}}]}}
"""
STALE_RULE = """\
rules:
  - {id: XX-10, title: Ten minutes, each: {kind: classroom}, inputs: {m: stale_minutes}, when: m >= 10, severity: P4}
  - {id: XX-11, title: Eleven, each: {kind: classroom}, inputs: {m: stale_minutes}, when: m >= 11, severity: P4}
"""
PLUGIN = """
#include "gw/plugin.h"
{more}
static const struct gw_plugin p = {{.struct_size = sizeof(struct gw_plugin) + {extra},
                                    .name = "{name}", .summary = "made by a test"{fields}}};
GW_PLUGINS_EXPORT(&p);
"""


@pytest.fixture(scope="session")
def example(build, tmp_path_factory):
    """stale-air.so, built by its own CMakeLists.txt on the headers as they are installed."""
    folder = tmp_path_factory.mktemp("example")
    subprocess.run(["cmake", "--install", build, "--prefix", "/usr"], check=True,
                   stdout=subprocess.DEVNULL, env={**os.environ, "DESTDIR": folder / "root"})
    headers = folder / "root/usr/include/campus-gateway"
    shutil.copytree(ROOT / "plugins/example", folder / "source")
    subprocess.run(["cmake", "-S", folder / "source", "-B", folder / "build",
                    f"-DGW_INCLUDE={headers}"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", folder / "build"], check=True, stdout=subprocess.DEVNULL)
    return folder / "build/stale-air.so"


class Modules:
    """A folder of modules and the section of gateway.yaml that names them."""

    def __init__(self, site):
        self.site = site
        self.folder = site.folder / "modules"
        self.folder.mkdir(mode=0o755)
        self.files = []
        site.shipped("metrics.yaml", "campus.yaml", "templates")

    def add(self, source, name=None):
        target = self.folder / (name or source.name)
        shutil.copyfile(source, target)
        target.chmod(0o644)
        self.name(target.name, hashlib.sha256(target.read_bytes()).hexdigest())
        return target

    def name(self, name, sha256):
        self.files.append(f'    - {{file: "{name}", sha256: "{sha256}"}}\n')

    def compile(self, text, name="own.so"):
        source = self.site.folder / "own.c"
        source.write_text(text)
        built = self.site.folder / f"built-{name}"
        subprocess.run(["cc", "-shared", "-fPIC", "-I", ROOT / "gateway/include", "-o", built,
                        source], check=True)
        return self.add(built, name)

    def write(self):
        self.site.gateway_yaml(f"modules:\n  folder: {self.folder}\n  files:\n"
                               + "".join(self.files))
        self.site.write(METRIC_FILE, METRIC)

    def check(self, **how):
        self.write()
        done = subprocess.run([self.site.build / "campus-gatewayd", "--config", self.site.config,
                               "--check"], capture_output=True, text=True, check=False, **how)
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def modules(site):
    site.write("devices.d/air.yaml", DEVICES.format(port=1883))
    return Modules(site)


def test_the_example_publishes_its_point(modules, example, school):
    modules.add(example)
    modules.write()
    modules.site.write("devices.d/air.yaml", DEVICES.format(port=school.port))
    gateway = modules.site.gateway(["--school-time", "2026-11-23T08:26:00+08:00",
                                    "--school-speed", "60"])
    rig.wait_for("the bus is online", gateway.online)
    publish(school.port, "air/203", json.dumps({"co2": 2100}))

    def minutes():
        rows = gateway.get("points?glob=b1-203/stale_minutes")["points"]
        return rows and rows[0].get("value")
    rig.wait_for("two minutes of a lesson", lambda: (minutes() or 0) >= 2)
    assert gateway.stop() == 0


def test_the_example_counts_lessons_and_begins_anew_each_day(modules, example):
    """Seen by a rule, as a school would use it: over the limit from 08:20 to 08:30:30."""
    modules.add(example)
    modules.write()
    modules.site.write("rules/stale.yaml", STALE_RULE)
    lines = [{"t": "2026-11-23T08:20:00+08:00", "point": "b1-203/co2", "v": 2100},
             {"t": "2026-11-23T08:30:30+08:00", "point": "b1-203/co2", "v": 600},
             {"t": "2026-11-24T00:05:00+08:00", "do": "end"}]
    done = subprocess.run([modules.site.build / "campus-gatewayd", "--config",
                           modules.site.config, "--replay", "-"], text=True, check=True,
                          input="".join(json.dumps(line) + "\n" for line in lines),
                          capture_output=True)
    told = [(row["t"][:16], row["rule"], row["to"]) for row in map(json.loads, done.stdout.splitlines())
            if row.get("rule", "").startswith("XX-")]
    assert told == [("2026-11-23T08:30", "XX-10", "unacknowledged"),
                    ("2026-11-24T00:00", "XX-10", "returned")], done.stdout


def test_a_module_that_fits_passes_the_check(modules, example):
    modules.add(example)
    code, said = modules.check()
    assert code == 0, said


def test_a_module_loads_where_no_memory_may_become_code(modules, example):
    """As under the unit's MemoryDenyWriteExecute: no page is ever writable and executable."""
    modules.add(example)
    prctl = ctypes.CDLL(None).prctl
    pid = os.fork()
    if pid == 0:
        os._exit(0 if prctl(65, 1, 0, 0, 0) == 0 else 1)  # PR_SET_MDWE, Linux 6.3
    if os.waitpid(pid, 0)[1] != 0:
        pytest.skip("this kernel has no PR_SET_MDWE")
    code, said = modules.check(preexec_fn=lambda: prctl(65, 1, 0, 0, 0))
    assert code == 0, said


def other_hash(modules, path):
    modules.files = []
    modules.name(path.name, "0" * 64)


def replaced_by(kind):
    def change(modules, path):
        path.unlink()
        kind(modules, path)
    return change


def beside(modules, path):
    other = modules.site.folder / "beside.so"
    other.write_bytes(b"")
    path.symlink_to(other)


def world_above(modules, path):
    modules.site.folder.chmod(0o777)


def renamed(name, sha256="0" * 64):
    def change(modules, path):
        modules.files = []
        modules.name(name, sha256)
    return change


@pytest.mark.parametrize("change, says", [
    (other_hash, r"'stale-air.so' is not what was checked: its SHA-256 is [0-9a-f]{64}"),
    (lambda m, p: p.chmod(0o664), "'stale-air.so' can be written by others than root"),
    (lambda m, p: p.chmod(0o646), "'stale-air.so' can be written by others than root"),
    (lambda m, p: os.chown(p, 65534, 0), "'stale-air.so' is not owned by root"),
    (replaced_by(beside), "stale-air.so': is a symbolic link"),
    (replaced_by(lambda m, p: os.mkfifo(p)), "'stale-air.so' is no regular file"),
    (replaced_by(lambda m, p: p.touch()), r"'stale-air.so' has 0 bytes \(allowed: 1"),
    (replaced_by(lambda m, p: None), "stale-air.so': No such file"),
    (lambda m, p: m.folder.chmod(0o775), "modules' can be written by others than root"),
    (lambda m, p: os.chown(m.folder, 65534, 0), "modules' is not owned by root"),
    (world_above, "a folder above '.*modules' can be written by others"),
    (renamed("../stale-air.so"), "'../stale-air.so' is no name of a file"),
    (renamed("stale-air.so", "12ab"), "'12ab' is no SHA-256"),
])
def test_what_others_could_change_is_refused(modules, example, change, says):
    change(modules, modules.add(example))
    code, said = modules.check()
    assert code == 1
    assert re.search(rf"gateway\.yaml:\d+:\d+: modules\.files\[0\]: .*{says}", said), said


def test_a_folder_that_is_a_link_is_refused(modules, example):
    modules.add(example)
    real = modules.folder
    modules.folder = modules.site.folder / "link"
    modules.folder.symlink_to(real)
    code, said = modules.check()
    assert code == 1
    assert "is no folder, or a symbolic link" in said


@pytest.mark.parametrize("text, says", [
    ("int x;", "neither gw_drivers_v1 nor gw_plugins_v1"),
    (PLUGIN.format(name="own", extra=8, more="", fields=""), "made for a newer gateway"),
    (PLUGIN.format(name="occupancy", extra=0, more="", fields=""),
     "there is a plugin 'occupancy' already"),
    (PLUGIN.format(name="own", extra=0, fields=", .start = s", more="int clock_secret(void);"
                   "static int s(void *a, struct gw_host *b, struct gw_error *c)"
                   "{ (void)a, (void)b, (void)c; return clock_secret(); }"),
     "undefined symbol: clock_secret"),
    (PLUGIN.format(name="own", extra=0, fields=", .start = s", more="void clock_release(void);"
                   "static int s(void *a, struct gw_host *b, struct gw_error *c)"
                   "{ (void)a, (void)b, (void)c; clock_release(); return 0; }"),
     "undefined symbol: clock_release"),
])
def test_what_this_daemon_cannot_run_is_refused(modules, text, says):
    modules.compile(text)
    code, said = modules.check()
    assert code == 1
    assert re.search(rf"gateway\.yaml:\d+:\d+: modules\.files\[0\]: .*{says}", said), said


def test_a_file_that_is_no_module_is_refused(modules):
    text = modules.site.folder / "text.so"
    text.write_text("not a module\n")
    modules.add(text)
    code, said = modules.check()
    assert code == 1
    assert "'text.so' cannot be loaded: " in said


def test_two_modules_are_two(modules, example):
    modules.add(example)
    modules.compile(PLUGIN.format(name="own", extra=0, more="", fields=""))
    code, said = modules.check()
    assert code == 0, said
    modules.add(example, "again.so")
    code, said = modules.check()
    assert code == 1
    assert "there is a plugin 'stale-air' already" in said


def reload(modules):
    modules.write()
    return subprocess.run([modules.site.build / "campusctl", "--socket",
                           modules.site.folder / "api.sock", "reload", "--yes"],
                          capture_output=True, text=True, timeout=60, check=False,
                          stdin=subprocess.DEVNULL)


def mapped(gateway):
    """How many sealed copies of modules the daemon runs, and how many files it has open."""
    with open(f"/proc/{gateway.process.pid}/maps") as maps:
        copies = {row.split()[4] for row in maps if "memfd:" in row}
    return len(copies), rig.descriptors(gateway.process.pid)


def test_a_reload_adds_a_module(modules, example, school):
    modules.write()
    modules.site.write("devices.d/air.yaml", DEVICES.format(port=school.port))
    gateway = modules.site.gateway()
    rig.wait_for("the bus is online", gateway.online)
    assert mapped(gateway)[0] == 0
    modules.add(example)
    done = reload(modules)
    assert done.returncode == 0, done.stdout + done.stderr
    assert mapped(gateway)[0] == 1
    assert gateway.get("points?glob=b1-203/stale_minutes")["points"]
    assert gateway.stop() == 0


def test_a_reload_refuses_another_version_of_a_loaded_module(modules, example, school):
    modules.compile(PLUGIN.format(name="own", extra=0, more="", fields=""))
    modules.write()
    modules.site.write("devices.d/air.yaml", DEVICES.format(port=school.port))
    gateway = modules.site.gateway()
    rig.wait_for("the bus is online", gateway.online)
    before = gateway.get("status")["config"]["hash"]
    modules.files = []
    modules.compile(PLUGIN.format(name="own", extra=0, more="int newer = 1;", fields=""))
    refused = reload(modules)
    assert refused.returncode != 0
    assert "another version of 'own.so' is loaded" in refused.stdout + refused.stderr
    assert gateway.get("status")["config"]["hash"] == before
    assert mapped(gateway)[0] == 1
    assert gateway.stop() == 0


def test_a_file_that_is_refused_again_and_again_leaves_nothing_open(modules, school):
    modules.write()
    modules.site.write("devices.d/air.yaml", DEVICES.format(port=school.port))
    gateway = modules.site.gateway()
    rig.wait_for("the bus is online", gateway.online)
    text = modules.site.folder / "text.so"
    text.write_text("not a module\n")
    modules.add(text)
    assert reload(modules).returncode != 0
    before = mapped(gateway)[1]
    for _ in range(10):
        assert "cannot be loaded" in reload(modules).stderr
    assert mapped(gateway)[1] < before + 5  # one connection may still be closing
    assert gateway.stop() == 0


def test_the_daemon_shows_modules_the_api_and_nothing_else(build):
    declared = set()
    for header in (ROOT / "gateway/include/gw").glob("*.h"):
        text = re.sub(r"(?ms)^static inline .*?^}", "", header.read_text())
        declared |= set(re.findall(r"\b(gw_[a-z_0-9]+)\(", text))
    table = subprocess.run(["nm", "-D", "--defined-only", build / "campus-gatewayd"],
                           capture_output=True, text=True, check=True).stdout
    shown = {row.split()[-1] for row in table.splitlines()}
    of_libc = {name for name in shown if "@GLIBC" in name}  # its variables, copied
    assert shown - of_libc == declared
