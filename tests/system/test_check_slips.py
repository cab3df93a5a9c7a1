"""Slips of a school's files that load and do not work: the check names each where it stands,
as an error where it can only be wrong, as a warning where it may be meant."""
import os
import shutil
import subprocess

import pytest

from conftest import ROOT

GATEWAY = "gateway: {id: gw-01}\nschool: {code: '2153012345', division: '530502', title: 示例小学, stage: primary}\n"
LONG = "/run/" + "s" * 103  # a byte more than the kernel's sun_path takes


def check(build, tmp_path, files, language="C.UTF-8"):
    folder = tmp_path / "etc"
    shutil.copytree(ROOT / "etc", folder)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.replace("TMP", str(tmp_path)), encoding="utf-8")
    done = subprocess.run([build / "campus-gatewayd", "--config", folder, "--check"],
                          capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": language})
    return done.returncode, (done.stdout + done.stderr).replace(f"{folder}/", "").replace(str(tmp_path), "TMP")


def judged(said, names):
    """The lines about @names: what else the shipped folder is warned of is no matter here."""
    return [line for line in said.splitlines() if line.startswith(tuple(names))]


def gateway(section):
    return {"gateway.yaml": GATEWAY + section + "\n"}


def buses(*rows, outputs="[]"):
    """Rows of buses, then of devices after a '--'."""
    at = rows.index("--") if "--" in rows else len(rows)
    lists = [("buses", rows[:at]), ("devices", rows[at + 1:])]
    text = "".join(f"{key}:\n" + "".join(f"  - {{{row}}}\n" for row in part) if part else f"{key}: []\n"
                   for key, part in lists)
    return {"devices.d/example.yaml": text + f"outputs: {outputs}\n"}


BOARD = "name: board, driver: gpio, chip: pinctrl-bcm2711"
GPIO = "name: {0}, bus: board, line: GPIO{1}, {2}place: gate-south, supervision: 1min, points: [{{metric: gate, name: {0}}}]"

LINE = "name: line-1, driver: modbus-rtu, port: /dev/tty"
LUX = "name: lux, bus: line-1, template: jxct-lux, place: b1-203, period: 5s, {}"

MQTT = "name: people, driver: mqtt, broker: 'mqtt://192.0.2.7'"
TOPIC = ("name: air{1}, bus: people, topic: '{0}', place: b1-203, supervision: 1h, point_name: p{1}, "
         "points: [{{metric: temperature}}]")

PANIC = "name: panic-{0}, bus: people, template: panic-mqtt, topic: panic/{0}, place: {0}, supervision: 1h"


def rules(row):
    """A row of the school's own rules, where there is a panic button."""
    return {**buses(MQTT, "--", PANIC.format("gate-south")), "rules.d/own.yaml": f"rules:\n  - {row}\n"}


def siren(words):
    """Two panic buttons, and a siren for what @words say."""
    output = GPIO.format("siren", 24, "direction: out, max_on: 5min, ").replace("gate-south", "duty-room").replace(
        "metric: gate, name: siren", "metric: circuit")
    return buses(BOARD, MQTT, "--", PANIC.format("gate-south"), PANIC.format("duty-room"), output,
                 outputs=f"\n  - {{name: sound, points: [duty-room/circuit], {words}}}")


# files, and the only line that is said of them: FILE:LINE:COLUMN: …
SLIPS = [
    # where the daemon finds its files
    (gateway(f"http: {{socket: {LONG}}}"),
     f"gateway.yaml:3:16: http.socket: '{LONG[:80]}' is too long (allowed: a path of 1..107 bytes)"),
    (gateway("http: {socket: run/api.sock}"),
     "gateway.yaml:3:16: warning: http.socket: 'run/api.sock' is no whole path: it counts from the folder that "
     "the gateway starts in, / as a service (wanted: a path that begins with /)"),
    (gateway("http: {socket: /nowhere/at/all/api.sock}"),
     "gateway.yaml:3:16: http.socket: there is no folder '/nowhere/at/all' (allowed: one that is there before the "
     "gateway starts)"),
    (gateway("http: {socket: TMP}"),
     "gateway.yaml:3:16: http.socket: 'TMP' is a folder (allowed: the path of a socket, such as TMP/api.sock)"),
    (gateway("http: {socket: TMP/etc/campus.yaml}"),
     "gateway.yaml:3:16: http.socket: 'campus.yaml' is there and is no socket (allowed: a path of its own, where the "
     "gateway makes it)"),
    (gateway("http: {listen: ['127.0.0.1:8080', '[::1]:8080', '127.0.0.1:8080']}"),
     "gateway.yaml:3:49: http.listen: '127.0.0.1:8080' is listened on already (allowed: each address once)"),
    (gateway("http: {listen: ['[::1]:8080', '[0:0:0:0:0:0:0:1]:8080']}"),
     "gateway.yaml:3:31: http.listen: '[0:0:0:0:0:0:0:1]:8080' is listened on already (allowed: each address once)"),
    *[(gateway(f"store: {{path: /var/lib/campus-gateway/campus.db{ending}}}"),
       f"gateway.yaml:3:15: store.path: '/var/lib/campus-gateway/campus.db{ending}' is the name of a file that the "
       f"gateway keeps beside a database (allowed: a name that does not end in {ending})")
      for ending in (".lock", "-wal", "-shm", "-journal", ".reserve")],
    (gateway("store: {path: /var/lib/campus-gateway/one.db}\nhttp: {socket: /var/lib/campus-gateway/one.db.lock}"),
     "gateway.yaml:4:16: http.socket: '/var/lib/campus-gateway/one.db.lock' is kept beside the database of store.path "
     "(allowed: a file of its own)"),
    (gateway("store: {path: TMP}"),
     "gateway.yaml:3:15: store.path: 'TMP' is a folder (allowed: the path of a file, such as TMP/campus.db)"),
    (gateway("store: {path: TMP/etc/gateway.yaml}"),
     "gateway.yaml:3:15: store.path: 'gateway.yaml' is no database (allowed: a file of its own, which the "
     "gateway makes)"),
    (gateway("store: {path: TMP/campus.db}"),
     "gateway.yaml:3:15: warning: store.path: 'TMP/campus.db' is outside /var/lib/campus-gateway, below which alone "
     "the service may write (wanted: below it, or ReadWritePaths for its folder as in the manual)"),
    (gateway("store: {path: /var/lib/campus-gateway/one}\nhttp: {socket: /var/lib/campus-gateway/one}"),
     "gateway.yaml:4:16: http.socket: '/var/lib/campus-gateway/one' is that of store.path, too (allowed: a file of "
     "its own)"),
    (gateway("local: {broker: 'mqtt://localhost'}\nhttp: {listen: ['127.0.0.1:1883']}"),
     "gateway.yaml:4:16: http.listen: '127.0.0.1:1883' is the port of the broker that local.broker names (allowed: "
     "another one, such as 127.0.0.1:8080)"),
    ({**gateway("http: {listen: ['[::1]:1884']}"),
      **buses("name: people, driver: mqtt, broker: 'mqtt://127.0.0.1:1884'")},
     "gateway.yaml:3:16: http.listen: '[::1]:1884' is the port of the broker that buses.people names (allowed: another "
     "one, such as 127.0.0.1:8080)"),
    (gateway("local: {broker: 'mqtt://127.0.0.1', user: gw, password_file: TMP/etc/campus.yaml}"),
     "gateway.yaml:3:62: local.password_file: 'campus.yaml' may be read by others, and is not used then (allowed: "
     "mode 0600)"),
    (gateway("county: {broker: 'mqtts://192.0.2.7', ca: TMP/etc/campus.yaml}"),
     "gateway.yaml:3:43: county.ca: 'campus.yaml' has no line with 'CERTIFICATE-----' (allowed: a file in PEM "
     "form)"),
    (gateway("county: {broker: 'mqtt://127.0.0.1', user: gw, password_file: TMP/etc/campus.yaml}"),
     "gateway.yaml:3:63: county.password_file: 'campus.yaml' may be read by others, and is not used then (allowed: "
     "mode 0600)"),
    (gateway("store: {path: campus.db}"),
     "gateway.yaml:3:15: warning: store.path: 'campus.db' is no whole path: it counts from the folder that the "
     "gateway starts in, / as a service (wanted: a path that begins with /)"),
    (gateway("store: {path: ''}"), "gateway.yaml:3:15: store.path: '' is empty (allowed: a path)"),
    (gateway("local: {broker: 'mqtt://127.0.0.1', user: gw, password_file: /nowhere/password}"),
     "gateway.yaml:3:62: warning: local.password_file: '/nowhere/password' is not there on this machine (wanted: "
     "there before the gateway starts)"),
    (buses("name: people, driver: mqtt, broker: 'mqtt://127.0.0.1', user: gw, password_file: /nowhere/password"),
     "devices.d/example.yaml:2:12: warning: buses.people.password_file: '/nowhere/password' is not there on this "
     "machine (wanted: there before the gateway starts)"),
    (buses("name: line-1, driver: modbus-rtu, port: /dev/ttyNOWHERE"),
     "devices.d/example.yaml:2:12: warning: buses.line-1.port: '/dev/ttyNOWHERE' is not there on this machine "
     "(wanted: there before the gateway starts)"),
    (buses("name: board, driver: gpio, chip: pinctrl-bcm2711, holder_socket: outputs.sock"),
     "devices.d/example.yaml:2:71: warning: buses.board.holder_socket: 'outputs.sock' is no whole path: it counts "
     "from the folder that the gateway starts in, / as a service (wanted: a path that begins with /)"),
    # what a device cannot share, or be
    (buses(BOARD, "--", GPIO.format("one", 17, ""), GPIO.format("two", 18, ""), GPIO.format("three", 17, "bias: pull-up, ")),
     "devices.d/example.yaml:6:5: devices.three: 'pinctrl-bcm2711 GPIO17' is that of 'one' at "
     "devices.d/example.yaml:4:5 (allowed: one device each, which reads it or switches it)"),
    (buses(BOARD, "--", GPIO.format("one", 22, "").replace("GPIO22", "22")),
     "devices.d/example.yaml:4:35: warning: devices.one.line: a number is mostly no line's name, and another one with "
     "the next kernel (wanted: the name that gpioinfo shows, such as GPIO22); leave it where it is meant"),
    (buses(BOARD.replace("pinctrl-bcm2711", "gpiochip0"), "--", GPIO.format("one", 17, "")),
     "devices.d/example.yaml:2:12: warning: buses.board: a chip's number is another one with the next kernel "
     "(wanted: its label, which gpiodetect shows in brackets, such as pinctrl-bcm2711)"),
    (buses(BOARD, "--", GPIO.format("one", 17, "").replace("1min", "10s")),
     "devices.d/example.yaml:4:75: warning: devices.one: tells its state every 10s, and would be missed in between "
     "(wanted: a longer supervision, such as 1min)"),
    (buses(BOARD, BOARD.replace("board", "other"), "--", GPIO.format("one", 17, ""),
           GPIO.format("two", 17, "direction: out, ").replace("bus: board", "bus: other")),
     "devices.d/example.yaml:6:5: devices.two: 'pinctrl-bcm2711 GPIO17' is that of 'one' at "
     "devices.d/example.yaml:5:5 (allowed: one device each, which reads it or switches it)"),
    (buses(BOARD, "--", GPIO.format("one", 17, "pulses: true, ").replace("metric: gate", "metric: panic")),
     "devices.d/example.yaml:4:104: devices.one: counts pulses, and 'panic' is no counter (allowed: a metric of kind "
     "counter, such as energy; or no pulses)"),
    (buses(BOARD, "--", GPIO.format("one", 17, "pulses: true, ").replace("metric: gate", "metric: energy")),
     "devices.d/example.yaml:4:104: warning: devices.one: each pulse counts as 1 kWh of 'energy' (wanted: scale, such "
     "as 0.001 where the meter gives 1000 pulses for it); leave it where it is meant"),
    (buses(BOARD, "--", GPIO.format("one", 17, "pulses: true, ").replace("metric: gate", "metric: energy, scale: .nan")),
     "devices.d/example.yaml:4:128: devices.one.points.energy.one.scale: '.nan' is not a number (allowed: a number)"),
    # Modbus
    (buses(LINE, "--", LUX.format("unit: 248")),
     "devices.d/example.yaml:4:83: warning: devices.lux.unit: units 248 to 255 are reserved on a serial line "
     "(wanted: 1..247); leave it where it is meant"),
    (buses(LINE, "--", LUX.format("unit: 3, points: [{metric: temperature, address: 1, type: u16, order: cdab}]")),
     "devices.d/example.yaml:4:5: devices.lux: point 'b1-203/temperature': order cdab has no effect on type u16 "
     "(allowed: with types of two registers and more; badc swaps the bytes of one)"),
    (buses(LINE, "--", LUX.format("unit: 3, points: [{metric: window, function: 2, address: 1, order: badc}]")),
     "devices.d/example.yaml:4:5: devices.lux: point 'b1-203/window': order badc has no effect on type auto "
     "(allowed: with types of two registers and more; badc swaps the bytes of one)"),
    (buses(LINE, "--", LUX.format("unit: 3, points: [{metric: temperature, address: 1, scale: 0}]")),
     "devices.d/example.yaml:4:136: devices.lux.points.temperature: 'scale: 0' makes every reading the same "
     "(allowed: any other number, 1 unless said)"),
    (buses(LINE, "--", LUX.format("unit: 3, points: [{metric: temperature, address: 40001}]")),
     "devices.d/example.yaml:4:95: warning: devices.lux: the address looks like the 40001 of a maker's table, which is "
     "register 0 (wanted: the offset: 0 for 40001, or 1 with base: 1); leave it where it is meant"),
    (buses(LINE, "--", LUX.format("unit: 3, points: [{metric: temperature, function: 4, address: 30003}]")),
     "devices.d/example.yaml:4:95: warning: devices.lux: the address looks like the 30001 of a maker's table, which is "
     "register 0 (wanted: the offset: 0 for 30001, or 1 with base: 1); leave it where it is meant"),
    # MQTT
    (buses(MQTT, "--", TOPIC.format("/air/1", "")),
     "devices.d/example.yaml:4:37: warning: devices.air.topic: a topic with / before it is another one than without "
     "(wanted: as the device sends it, mostly without); leave it where it is meant"),
    (buses(MQTT, "--", TOPIC.format("air/1 ", "")),
     "devices.d/example.yaml:4:37: warning: devices.air.topic: a topic with a space in it is another one than without "
     "(wanted: as the device sends it, mostly without); leave it where it is meant"),
    (buses(MQTT.replace("192.0.2.7", "localhost"), MQTT.replace("people", "doors").replace("192.0.2.7", "127.0.0.1"),
           "--", TOPIC.format("air/1", "a"), TOPIC.format("air/1", "b").replace("bus: people", "bus: doors")),
     "devices.d/example.yaml:6:37: warning: devices.airb: 'topic' is that of 'aira' on bus 'people', which hears the "
     "same broker: each message counts twice (wanted: one of them)"),
    (buses(MQTT, "--", TOPIC.format("sensors/+/co2", "")),
     "devices.d/example.yaml:4:37: warning: devices.air.topic: a topic with + or # takes every sender that fits it, "
     "and their readings mix in one place (wanted: the topic of one sender, {node} or {place} in it); leave it where "
     "it is meant"),
    (buses(MQTT, MQTT.replace("people", "doors"), "--", TOPIC.format("air/1", "a"),
           TOPIC.format("air/1", "b").replace("bus: people", "bus: doors")),
     "devices.d/example.yaml:6:37: warning: devices.airb: 'topic' is that of 'aira' on bus 'people', which hears the "
     "same broker: each message counts twice (wanted: one of them)"),
    # what the law asks for
    (rules("{id: TF-01, enabled: false}"),
     "rules.d/own.yaml:2:26: warning: rules.TF-01: switches off an alarm of P1, which is asked for by GB 50394-2007 "
     "5.2.3; GB/T 29315-2022; 云南省学校安全条例 (wanted: on, unless the school knows why)"),
    (rules("{id: TF-01, severity: P3}"),
     "rules.d/own.yaml:2:27: warning: rules.TF-01: lowers an alarm from P1 to P3, which has its rank by GB 50394-2007 "
     "5.2.3; GB/T 29315-2022; 云南省学校安全条例 (wanted: P1, unless the school knows why)"),
    (rules("{id: TF-01, severity: {default: P3, P1: pressed}}"),
     "rules.d/own.yaml:2:27: warning: rules.TF-01: lowers an alarm from P1 to P3, which has its rank by GB 50394-2007 "
     "5.2.3; GB/T 29315-2022; 云南省学校安全条例 (wanted: P1, unless the school knows why)"),
    # sirens
    (siren("places: [gate-south]"),
     "devices.d/example.yaml:9:5: warning: sound: does not come on for TF-01 (P1) at 'duty-room', and nothing else "
     "does (wanted: a row for this place, or one without places)"),
    (siren("on_for: 10min"),
     "devices.d/example.yaml:9:5: warning: sound: on_for is 10min, and 'duty-room/circuit' goes off by itself after "
     "5min, its max_on (wanted: on_for no longer than that)"),
    (siren("on_for: 0s"),
     "devices.d/example.yaml:9:5: warning: sound: on_for is 0s, and 'duty-room/circuit' goes off by itself after "
     "5min, its max_on (wanted: on_for no longer than that)"),
    # what cannot be reached, or only one can be
    ({"gateway.yml": "gateway: {id: gw-02}\n"},
     "gateway.yml:1:1: warning: is not read (wanted: the name gateway.yaml)"),
    ({"Campus.YAML.txt": "places: []\n"},
     "Campus.YAML.txt:1:1: warning: is not read (wanted: the name campus.yaml)"),
    *[({name: "班级,周一1\n"}, f"{name}:1:1: warning: is not read (wanted: the name {name.lower()}.csv, saved as CSV)")
      for name in ("Timetable", "classes", "rooms")],
    *[({f"rules.d/{name}": "rules: []\n"},
       f"rules.d/{name}:1:1: warning: is not read (wanted: a name that ends in .yaml)")
      for name in ("own.yml", "own.YAML", "own.yaml.txt", "own.yml.TXT")],
    (buses(MQTT + ", client_id: gw", MQTT.replace("people", "doors") + ", client_id: gw"),
     "devices.d/example.yaml:3:12: doors: 'gw' is that of bus 'people' at devices.d/example.yaml:2:12, too, and "
     "192.0.2.7:1883 throws out the older of two (allowed: an id for one bus only, or none)"),
    (buses(MQTT + ", password_file: /nowhere/password"),
     "devices.d/example.yaml:2:5: buses.people: user: missing (password_file needs a user)"),
    (buses(MQTT.replace("192.0.2.7", "192。0.2.7")),
     "devices.d/example.yaml:2:5: buses.people: '192。0.2.7' has a full-width '。' (allowed: '.')"),
    (buses("name: meters, driver: modbus-tcp, host: １92.0.2.7"),
     "devices.d/example.yaml:2:5: buses.meters: '１92.0.2.7' has a full-width '１' (allowed: '1')"),
    (buses("name: meters, driver: modbus-tcp, host: 电表"),
     "devices.d/example.yaml:2:5: buses.meters: '电表' is no host (allowed: a name of letters, digits, '.' and '-', or "
     "an address)"),
    (buses(LINE.replace("/dev/tty", "/dev/null")),
     "devices.d/example.yaml:2:12: warning: buses.line-1: its port is no serial device (wanted: one such as "
     "/dev/ttyUSB0, or of /dev/serial/by-id)"),
    (buses(MQTT, "--", TOPIC.format("mqtt://192.0.2.7/air/1", "")),
     "devices.d/example.yaml:4:5: devices.air: topic 'mqtt://192.0.2.7/air/1' is an address (allowed: what stands "
     "behind host and port, which are the bus's)"),
    (buses(LINE, "--", LUX.format("unit: 3, max_on: 5s")),
     "devices.d/example.yaml:4:94: warning: devices.lux: max_on ends nothing here: no point of the device is switched "
     "(wanted: writable: true at one, or no max_on)"),
    ({**gateway("county: {telemetry: {points: ['*/temperature*', 'b1-*/c02']}}"), **buses(MQTT, "--", TOPIC.format("air/1", ""))},
     "gateway.yaml:3:49: warning: county.telemetry.points: 'b1-*/c02' names no point (wanted: a glob over names such "
     "as b1-203/co2, as campusctl points shows them)"),
    # empty hosts
    (buses("name: meters, driver: modbus-tcp, host: ''"),
     "devices.d/example.yaml:2:5: buses.meters: the host is empty (allowed: a name or an address)"),
    (buses("name: people, driver: mqtt, broker: 'mqtt://'"),
     "devices.d/example.yaml:2:5: buses.people: 'mqtt://' is no broker (mqtt://host:1883)"),
    (gateway("local: {broker: ''}"),
     "gateway.yaml:3:17: local.broker: '' is no broker (mqtt://host:1883)"),
]


@pytest.mark.parametrize("files, line", SLIPS)
def test_a_slip_is_told_where_it_stands(build, tmp_path, files, line):
    code, said = check(build, tmp_path, files)
    assert judged(said, files) == [line], said
    assert code == (0 if ": warning: " in line else 1)


# The same in the language of the school's office.
CHINESE = [
    (buses(BOARD, "--", GPIO.format("one", 22, "").replace("GPIO22", "22")),
     "devices.d/example.yaml:4:35: 提醒: devices.one.line: 编号一般不是线名"),
    (buses(BOARD, "--", GPIO.format("one", 17, "pulses: true, ").replace("metric: gate", "metric: energy")),
     "devices.d/example.yaml:4:104: 提醒: devices.one: 每个脉冲都算 1 kWh（energy）（应写 scale，"),
    (gateway("local: {broker: 'mqtt://localhost'}\nhttp: {listen: ['127.0.0.1:1883']}"),
     "gateway.yaml:4:16: http.listen: “127.0.0.1:1883”是 local.broker 所写消息代理的端口"),
    (buses(MQTT, "--", TOPIC.format("/air/1", "")),
     "devices.d/example.yaml:4:37: 提醒: devices.air.topic: 主题前面多一个 / 就是另一个主题"),
    (buses(LINE, "--", LUX.format("unit: 3, points: [{metric: temperature, address: 40001}]")),
     "devices.d/example.yaml:4:95: 提醒: devices.lux: 地址像是说明书里从 40001 数起的编号"),
    (gateway("store: {path: TMP/campus.db}"),
     "gateway.yaml:3:15: 提醒: store.path: “TMP/campus.db”不在 /var/lib/campus-gateway 之下，服务只能写那里"),
    (gateway("store: {path: TMP/etc/campus.yaml}"),
     "gateway.yaml:3:15: store.path: “campus.yaml”不是数据库（应写网关自己的文件，由网关建立）"),
    (gateway("http: {socket: /nowhere/at/all/api.sock}"),
     "gateway.yaml:3:16: http.socket: 没有目录“/nowhere/at/all”（网关启动之前就要有）"),
    (gateway("http: {socket: TMP}"), "gateway.yaml:3:16: http.socket: “TMP”是目录（应写套接字的路径，如 TMP/api.sock）"),
    (gateway("http: {listen: ['127.0.0.1:8080', '127.0.0.1:8080']}"),
     "gateway.yaml:3:35: http.listen: “127.0.0.1:8080”写了两次（一个地址只写一次）"),
    (gateway("store: {path: /var/lib/campus-gateway/campus.db-wal}"),
     "gateway.yaml:3:15: store.path: “/var/lib/campus-gateway/campus.db-wal”是网关在数据库旁边自用的文件名（不要以 -wal 结尾）"),
    (gateway("store: {path: campus.db}"), "gateway.yaml:3:15: 提醒: store.path: “campus.db”不是完整路径："),
    (gateway("store: {path: TMP}"), "gateway.yaml:3:15: store.path: “TMP”是目录（应写文件的路径，如 TMP/campus.db）"),
    (buses("name: line-1, driver: modbus-rtu, port: /dev/ttyNOWHERE"),
     "devices.d/example.yaml:2:12: 提醒: buses.line-1.port: 这台机器上没有“/dev/ttyNOWHERE”"),
    (buses(BOARD, "--", GPIO.format("one", 17, ""), GPIO.format("two", 17, "")),
     "devices.d/example.yaml:5:5: devices.two: “pinctrl-bcm2711 GPIO17”已经是“one”的"),
    (rules("{id: TF-01, enabled: false}"), "rules.d/own.yaml:2:26: 提醒: rules.TF-01: 关掉了 P1 级报警，它的依据是 GB 50394"),
    (siren("places: [gate-south]"), "devices.d/example.yaml:9:5: 提醒: sound: TF-01（P1）在“duty-room”报警时不会接通"),
    (buses(LINE, "--", LUX.format("unit: 248")),
     "devices.d/example.yaml:4:83: 提醒: devices.lux.unit: 串行总线上 unit 248 到 255 是保留的（应写 1 到 247）；确实如此就不用改"),
]


# Slips of campus.yaml as the office makes them: old, new, the line that is said.
OFFICE = [
    ("2026-10-10: 周五", "2026-10-10：周五",
     "calendar.make_up: “2026-10-10：周五”里有全角的“：”（应写“:”；后面跟星期时还要空一格，如 - 2026-10-10: 周五）"),
    ("2026-10-10: 周五", "2026-10-10:周五",
     "calendar.make_up: “2026-10-10:周五”的冒号后面没有空格（应写 - 2026-10-10: 周五）"),
    ("2026-10-10: 周五", "2026-11-31: 周五",
     "calendar.make_up: 没有“2026-11-31”这一天，那个月只有 30 天（可写：2026-10-01，或一段 2026-10-01..2026-10-07）"),
    ("  make_up:", "  补课:", "calendar.补课: 没有这个键（可写：terms, holidays, make_up, exams, public_holidays, weeks）"),
    ('start: "08:20"', 'start: "8:20"',
     "bells.primary[0].start: “8:20”不是时刻（可写：时刻，如 \"08:20\"，两位小时、两位分钟）"),
    ('start: "08:20"', 'start: "08：20"',
     "bells.primary[0].start: “08：20”不是时刻：里面有全角的“：”，应是“:”（可写：时刻，如 \"08:20\"，两位小时、两位分钟）"),
    ("phase: lesson", "phase: 上课",
     "bells.primary[0].phase: “上课”没有这个词（可写：closed, lesson, recess, long_recess, lunch, after_school, "
     "evening_study, boarding_night）"),
    ("calendar:\n", "calendar：\n", "键的后面缺冒号（看看上一行）（第 93 行有全角的“：”，应写半角冒号再空一格“: ”）"),
    ("calendar:\n", "calender:\n", "calender: 没有这个键（是“calendar”吗？）"),
]


@pytest.mark.parametrize("old, new, line", OFFICE)
def test_a_slip_in_campus_yaml_is_told_in_chinese(build, tmp_path, old, new, line):
    text = (ROOT / "etc/campus.yaml").read_text(encoding="utf-8")
    assert old in text
    _, said = check(build, tmp_path, {"campus.yaml": text.replace(old, new, 1)}, language="zh_CN.UTF-8")
    faults = [row.split(": ", 1)[1] for row in judged(said, ["campus.yaml"]) if "提醒: " not in row]
    assert faults and faults[0].startswith(line), said
    assert len(faults) == 1, said


def test_a_file_of_another_encoding_is_told_in_chinese(build, tmp_path):
    folder = tmp_path / "etc"
    shutil.copytree(ROOT / "etc", folder)
    text = (folder / "campus.yaml").read_text(encoding="utf-8")
    (folder / "campus.yaml").write_bytes(text.encode("gb18030"))
    done = subprocess.run([build / "campus-gatewayd", "--config", folder, "--check"], capture_output=True, text=True,
                          check=False, env={**os.environ, "LC_ALL": "zh_CN.UTF-8"})
    assert "这里不是 UTF-8 编码（文件应存为 UTF-8：在编辑器的“另存为”里选编码）" in done.stdout + done.stderr


def own(more):
    """A rule of the school's own, right but for @more."""
    words = {"id": "OUR-1", "title": "测", "each": "{places: ['*']}", "inputs": "{c: co2}", "when": "c > 1000", "severity": "P3"} | more
    return rules("{" + ", ".join(f"{key}: {value}" for key, value in words.items()) + "}")


CHINESE += [
    (own({"when": "'c ＞ 3'"}), "rules.d/own.yaml:2:77: rules.OUR-1.when: 用了全角“＞”（应写“>”）（在“＞ 3”处）"),
    (own({"when": "'c ≥ 3'"}), "rules.d/own.yaml:2:77: rules.OUR-1.when: 条件里不能有“≥”（可写：>=）（在“≥ 3”处）"),
    (own({"when": "'c > 3 且 c < 9'"}), "rules.d/own.yaml:2:81: rules.OUR-1.when: 条件里不能有“且”（可写：and）（在“且 c < 9”处）"),
    (own({"when": "'c > 3 或者 c < 9'"}), "rules.d/own.yaml:2:81: rules.OUR-1.when: 条件里不能有“或者”（可写：or）（在“或者 c < 9”处）"),
    (own({"when": "d > 3"}), "rules.d/own.yaml:2:74: rules.OUR-1.when: 没有“d”（可写：这条规则的输入和参数名"),
    (own({"inputs": "{c: c02}"}), "rules.d/own.yaml:2:62: rules.OUR-1.inputs.c: 没有指标“c02”（是“co2”吗？）"),
    (own({"each": "{places: ['x-*']}"}), "rules.d/own.yaml:2:5: 提醒: rules.OUR-1: 从不判断：each 没有对上本校的任何对象"),
    (own({"severity": "P9"}), "rules.d/own.yaml:2:94: rules.OUR-1.severity: “P9”没有这个词（可写：P1, P2, P3, P4, INF）"),
    (gateway("plugins: {occupanci: {}}"), "gateway.yaml:3:22: plugins: 没有插件“occupanci”（"),
]


@pytest.mark.parametrize("files, start", CHINESE)
def test_a_slip_is_told_in_chinese(build, tmp_path, files, start):
    _, said = check(build, tmp_path, files, language="zh_CN.UTF-8")
    assert [line for line in judged(said, files) if line.startswith(start)], said


# What looks like one of them and is meant.
FINE = [
    {"gateway-old.yaml": "gateway: {id: gw-02}\n"},
    buses(MQTT + ", client_id: gw", MQTT.replace("people", "doors").replace("2.7", "2.8") + ", client_id: gw"),
    buses(MQTT + ", user: gw"),
    buses(LINE, "--", LUX.format("unit: 3, max_on: 5s, points: [{metric: circuit, function: 1, address: 9, writable: true}]")),
    gateway(f"http: {{socket: {LONG[:-1]}}}"),
    gateway("store: {path: /var/lib/campus-gateway/other.db}"),
    gateway("http: {socket: /run/campus-gateway/other.sock, listen: ['127.0.0.1:0', '127.0.0.1:0', '127.0.0.1:8080']}"),
    buses("name: line-1, driver: modbus-rtu, port: /dev/tty"),
    rules("{id: TF-01, severity: P1, enabled: true}"),
    rules("{id: TF-02, enabled: false}"),
    siren("severities: [P1], on_for: 5min"),
    siren("places: ['gate-*', duty-room]"),
    buses(MQTT, "--", TOPIC.format("campus/{place}/{metric}", "")),
    buses(MQTT, "--", TOPIC.format("application/+/device/{node}/up", "").replace("supervision", "node: 24e1, supervision")),
    buses(MQTT, MQTT.replace("people", "doors").replace("2.7", "2.8"), "--", TOPIC.format("air/1", "a"),
          TOPIC.format("air/1", "b").replace("bus: people", "bus: doors")),
    gateway("local: {broker: 'mqtt://192.0.2.7'}\nhttp: {listen: ['127.0.0.1:1883']}"),
    buses(LINE, "--", "name: air, bus: line-1, template: senseair-s8, place: b1-203, period: 5s"),
    buses("name: line-1, driver: modbus-tcp, host: 192.0.2.7", "--", LUX.format("unit: 255")),
    buses(LINE, "--", LUX.format("unit: 3, points: [{metric: temperature, address: 1, type: u16, order: badc}, "
                                 "{metric: power, address: 2, type: f32, order: cdab}]")),
    buses(BOARD, BOARD.replace("board", "other").replace("bcm2711", "rp1"), "--", GPIO.format("one", 17, ""),
          GPIO.format("two", 17, "").replace("bus: board", "bus: other"), GPIO.format("three", 18, "pulses: true, ").replace("metric: gate", "metric: energy, scale: 0.001")),
]


@pytest.mark.parametrize("files", FINE)
def test_what_is_meant_passes_without_a_word(build, tmp_path, files):
    code, said = check(build, tmp_path, files)
    assert (code, judged(said, files)) == (0, []), said
