"""Configurations of the benchmarks: many places, plain topics, one quick rule."""
import rig

METRICS = """\
metrics:
  temperature: {unit: °C, title: {zh: 温度, en: Temperature}, kind: gauge, min: -40, max: 85, dead_band: 0}
  co2: {unit: ppm, title: {zh: 二氧化碳, en: CO2}, kind: gauge, min: 0, max: 10000, dead_band: 20, longest_silence: 10min}
  co2_comp: {unit: ppm, title: {zh: 二氧化碳（补偿后）, en: CO2 compensated}, kind: gauge, min: 0, dead_band: 20}
  co2_day: {unit: ppm, title: {zh: 二氧化碳日均, en: CO2 of the day}, kind: gauge, min: 0}
  relay: {unit: "", title: {zh: 继电器, en: Relay}, kind: state, states: {"off": 0, "on": 1}}
  button: {unit: "", title: {zh: 按钮, en: Button}, kind: state, states: {normal: 0, pressed: 1}}
"""
RULES = """\
rules:
  - id: BENCH-01
    title: {zh: 按钮, en: Button}
    each: {devices: button}
    inputs: {pressed: button}
    when: pressed = 1
    severity: P1
    outputs: [sound]
    basis: a rule for measuring
  - id: BENCH-02
    title: {zh: 温度, en: Temperature}
    each: {kind: classroom}
    inputs: {t: temperature}
    when: t > 60
    clear: t < 55
    severity: P4
    basis: a rule for measuring
"""


def campus(places):
    rows = "\n".join(f"  - {{id: p{n}, kind: classroom, title: 教室{n}}}"
                     for n in range(1, places + 1))
    return f"timezone: Asia/Shanghai\nplaces:\n{rows}\n"


def broker_bus(name, port, window=0):
    return f'  - {{name: {name}, driver: mqtt, broker: "mqtt://127.0.0.1:{port}", window: {window}}}'


def write(folder, places, buses, devices, more="", interval="1s"):
    """A configuration folder; returns it."""
    config = folder / "config"
    (config / "devices.d").mkdir(parents=True, exist_ok=True)
    (config / "rules").mkdir(exist_ok=True)
    (config / "metrics.yaml").write_text(METRICS)
    (config / "rules/bench.yaml").write_text(RULES)
    (config / "campus.yaml").write_text(campus(places))
    (config / "devices.d/bench.yaml").write_text(
        "buses:\n" + "\n".join(buses) + "\ndevices:\n" + "\n".join(devices) + "\n")
    (config / "gateway.yaml").write_text(
        "gateway: {id: gw-bench}\n"
        'school: {code: "2153012345", division: "530502", title: 测, stage: primary}\n'
        f"store: {{path: {folder}/campus.db, commit_interval: {interval}}}\n"
        f"http: {{socket: {folder}/api.sock}}\n{more}\n")
    return config


def temperature_topics(bus="school-broker"):
    return (f'  - {{name: temperatures, bus: {bus}, topic: "bench/{{place}}/{{metric}}", '
            'places: ["p*"], points: [{metric: temperature, path: v}]}')


def button(bus="security"):
    return (f"  - {{name: button-1, bus: {bus}, topic: security/button-1, format: text, "
            "place: p1, points: [{metric: button, event: true}]}")


def relay_bus(port):
    return f"  - {{name: relays, driver: modbus-tcp, host: 127.0.0.1, port: {port}, timeout: 1s}}"


def siren():
    """A relay that is on while the button is pressed; the last device of a site."""
    return ("  - {name: relay-box, bus: relays, place: p1, period: 1s, points: "
            "[{metric: relay, name: siren, function: 1, address: 0, writable: true}]}\n"
            "outputs: [{name: sound, points: [p1/relay.siren], until: returned}]")


def gateway(build, folder, config, **kwargs):
    return rig.Gateway(build, folder, config, **kwargs)
