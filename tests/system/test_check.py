"""What passes --check also starts: the sections whose owners refuse at the start."""
import datetime
import shutil
import subprocess

import pytest

from conftest import ROOT


def check(build, tmp_path, line):
    folder = tmp_path / "etc"
    shutil.copytree(ROOT / "etc", folder)
    gateway = folder / "gateway.yaml"
    kept = [row for row in gateway.read_text().splitlines()
            if not row.startswith(("http:", "  socket:", "  listen:", "store:", "  path:", "  commit_interval:"))]
    gateway.write_text("\n".join([line, *kept]) + "\n")
    done = subprocess.run([build / "campus-gatewayd", "--config", folder, "--check"],
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("line, fault", [
    ('http: {listen: ["0.0.0.0:8080"]}',
     ":1:16: http: listen '0.0.0.0:8080': not a loopback address"),
    ('http: {listen: ["127.0.0.1:80800"]}',
     ":1:16: http: listen '127.0.0.1:80800': not an address and port"),
    ('local: {broker: "127.0.0.1"}', ":1:17: local.broker: '127.0.0.1' is no broker"),
])
def test_the_check_refuses_what_the_start_would(build, tmp_path, line, fault):
    code, said = check(build, tmp_path, line)
    assert code == 1
    assert fault in said
    assert ": 1 error, " in said


@pytest.mark.parametrize("path, said", [
    ("/nowhere/at/all/campus.db", ":1:15: warning: store.path: there is no folder '/nowhere/at/all' ("),
    ("/tmp/campus.db", None),
    ("campus.db", None),
    ("/var/lib/campus-gateway/campus.db", None),  # the unit makes it
])
def test_a_folder_that_is_missing_is_warned_of(build, tmp_path, path, said):
    code, text = check(build, tmp_path, f"store: {{path: {path}}}")
    assert code == 0, text
    assert said in text if said else "there is no folder" not in text, text


@pytest.mark.parametrize("second, is_warned", [
    ("host: 192.0.2.7", True), ("host: 192.0.2.7, port: 503", False), ("host: 192.0.2.8", False)])
def test_two_buses_on_one_server_are_warned_of(build, tmp_path, second, is_warned):
    folder = tmp_path / "etc"
    shutil.copytree(ROOT / "etc", folder)
    (folder / "devices.d/two.yaml").write_text(
        "buses:\n  - {name: first-bus, driver: modbus-tcp, host: 192.0.2.7, port: 502}\n"
        f"  - {{name: second-bus, driver: modbus-tcp, {second}}}\ndevices: []\n")
    done = subprocess.run([build / "campus-gatewayd", "--config", folder, "--check"],
                          capture_output=True, text=True, check=False)
    text = done.stdout + done.stderr
    assert done.returncode == 0, text
    assert is_warned == ("two.yaml:3:12: warning: second-bus: '192.0.2.7:502' is that of bus "
                         "'first-bus' at " in text), text


def test_every_option_of_the_reload_is_in_the_help(build):
    said = subprocess.run([build / "campusctl", "--help"], capture_output=True, text=True,
                          check=True).stdout
    for option in ("--diff", "--yes", "--confirm]", "--confirm-within TIME"):
        assert option in said


@pytest.mark.parametrize("words, has, lacks", [
    (["drill", "--help"], ["usage: campusctl drill PLACE", "--comment TEXT", "--for TIME"], ["ack ALARM", "--replay"]),
    (["--help", "test-rule"], ["usage: campusctl test-rule FILE", "--replay FILE"], ["--comment", "drill"]),
    (["sheet", "--help"], ["usage: campusctl sheet\n\n  the three defenses today"], ["--for"]),
])
def test_a_command_helps_with_itself(build, words, has, lacks):
    said = subprocess.run([build / "campusctl", *words], capture_output=True, text=True, check=True).stdout
    assert all(part in said for part in has), said
    assert not any(part in said for part in lacks), said


@pytest.mark.parametrize("words, bound", [
    (["reload", "--confirm-within"], "--confirm-within takes 1s to 24h"),
    (["drill", "gate-south", "--for"], "--for takes 1min to 24h"),
])
@pytest.mark.parametrize("time", ["2d", "25h", "1441min", "0min", "5"])
def test_a_time_out_of_its_bound_is_refused_with_it(build, tmp_path, words, bound, time):
    done = subprocess.run([build / "campusctl", "--socket", tmp_path / "nowhere", *words, time],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert bound in done.stderr and f"not {time}" in done.stderr


def test_an_empty_word_is_told_before_anything_is_asked(build, tmp_path):
    done = subprocess.run([build / "campusctl", "--socket", tmp_path / "nowhere", "ack", ""],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("campusctl: the first word is empty: campusctl ack ALARM")


def test_an_address_of_this_board_passes(build, tmp_path):
    code, said = check(build, tmp_path, 'http: {listen: ["[::1]:8080"]}')
    assert code == 0, said


@pytest.mark.parametrize("bus, fault", [
    ("modbus-rtu, port: /dev/ttyS9, timeout: 300ms, late_after: 200ms",
     "late.yaml:2:5: buses.late-line: late_after is 200 ms (at least its timeout, 300 ms)"),
    ("modbus-rtu, port: /dev/ttyS9, late_after: 11s", "late_after"),
    ("modbus-tcp, host: 192.0.2.7, late_after: 1s", "late_after: unknown key"),
    ("modbus-tcp, host: 192.168.1.500",
     "late.yaml:2:5: buses.late-line: '192.168.1.500' is no IPv4 address"),
])
def test_what_a_bus_cannot_be_is_refused_at_the_bus(build, tmp_path, bus, fault):
    folder = tmp_path / "etc"
    shutil.copytree(ROOT / "etc", folder)
    places = (folder / "campus.yaml").read_text()
    place = places.split("places:", 1)[1].split("id:", 1)[1].split(",", 1)[0].strip()
    (folder / "devices.d/late.yaml").write_text(
        f"buses:\n  - {{name: late-line, driver: {bus}}}\n"
        f"devices:\n  - {{name: late-lux, bus: late-line, template: jxct-lux, unit: 3, "
        f"place: {place}, period: 5s}}\n")
    done = subprocess.run([build / "campus-gatewayd", "--config", folder, "--check"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "devices.d/late.yaml:" in done.stderr + done.stdout
    assert fault in done.stderr + done.stdout
    assert "devices.late-lux" not in done.stderr + done.stdout

def test_the_time_of_each_bus_is_told(build, tmp_path):
    config = tmp_path / "config"
    shutil.copytree(ROOT / "etc", config)
    (config / "devices.d/example.yaml").write_text(
        "buses:\n"
        "  - {name: rs485-1, driver: modbus-rtu, port: /dev/none, baud: 9600, timeout: 300ms}\n"
        "  - {name: meters, driver: modbus-tcp, host: 127.0.0.1, timeout: 1s}\n"
        "devices:\n"
        "  - {name: lux-1, bus: rs485-1, template: jxct-lux, unit: 1, place: gate-south, period: 1s}\n"
        "  - {name: meter-1, bus: meters, place: gate-south, period: 1s,"
        " points: [{metric: temperature, address: 0}]}\n")
    done = subprocess.run([build / "campus-gatewayd", "--config", config, "--check"],
                          capture_output=True, text=True, check=True)
    line, tcp, *_ = done.stdout.splitlines()
    assert line.startswith("rs485-1: 1 device, a round 0.0"), line
    assert tcp == ("meters: 1 device, a round 0.01 s, 1 % of its time; with a device that does not"
                   " answer at most 1.01 s and 1 %")


@pytest.mark.parametrize("term, says", [
    ("2020-09-01..2021-01-22", "the last term ended on 2021-01-22 and nothing is planned after it"),
    ("this one", None)])
def test_what_the_school_still_lacks_is_noted(build, tmp_path, term, says):
    """Neither is a fault of a file: a plan that ran out, rooms that nobody measures."""
    if term == "this one":
        today = datetime.date.today()
        term = f"{today - datetime.timedelta(days=30)}..{today + datetime.timedelta(days=60)}"
    config = tmp_path / "config"
    shutil.copytree(ROOT / "etc", config)
    campus = config / "campus.yaml"
    head = campus.read_text().split("calendar:\n", 1)[0]
    campus.write_text(f"{head}calendar:\n  terms: [{term}]\n")
    (config / "devices.d/example.yaml").write_text(
        "buses: [{name: meters, driver: modbus-tcp, host: 127.0.0.1}]\n"
        "devices:\n"
        "  - {name: air-1, bus: meters, place: b1-203, period: 1min, points: [{metric: co2, address: 0}]}\n")
    done = subprocess.run([build / "campus-gatewayd", "--config", config, "--check"],
                          capture_output=True, text=True, check=True)
    notes = [line for line in done.stdout.splitlines() if "note: " in line]
    assert [line for line in notes if "calendar.terms" in line and says and says in line] == notes[:-1]
    assert len(notes) == (2 if says else 1), notes
    assert notes[-1].startswith("note: no sensor in the room of 2025-P-01, 2025-P-02, 2024-P-02, 2023-P-01")
    assert "note" not in done.stderr and "calendar" not in done.stderr, "no warnings, and not counted"
