"""The simulated campus as a process: Modbus slaves and MQTT devices of one school.

Prints one JSON line with the ports it opened and feeds until SIGTERM; its clock stands
at --start until SIGUSR1, so that school and gateway begin the day together:
people counters by MQTT (the JSON of a Milesight VS135), light and CO2 on a real RTU line
and behind Modbus TCP, by MQTT a panic contact and one of the canteen's window, which whoever
plays with the demo opens and closes.  Both tell from time to time how they are: silence
would be a fault.

    campus_sim.py --broker PORT --start 08:18 --speed 60 --lessons 08:20-09:00,… [--without light]
"""
import argparse
import json
import signal
import sys
import threading
import time

import paho.mqtt.client as mqtt

from modbus_slave import RtuSlave, TcpSlave
from school import ROOMS, School, clock

CONTACTS_EVERY = 10  # rounds of half a second
WINDOW = "security/canteen-window"

RTU_ROOMS = ROOMS[:3]
TCP_ROOMS = ROOMS[3:]


def mqtt_client(name):
    """paho 1.6 (Debian 12) and 2.1 (Debian 13) differ in the constructor."""
    if hasattr(mqtt, "CallbackAPIVersion"):
        return mqtt.Client(mqtt.CallbackAPIVersion.VERSION1, client_id=name)
    return mqtt.Client(client_id=name)


class Campus:
    """One school day, running at `speed` times the real time."""

    def __init__(self, school, start_s, speed, broken):
        self.school = school
        self.start_s = start_s
        self.speed = speed
        self.broken = broken
        self.began = None
        self.totals = {room: [0, 0] for room in ROOMS}
        self.panic_was = False
        self.window = "closed"
        self.rounds = 0

    def now(self):
        """Seconds since local midnight in the school."""
        elapsed = time.monotonic() - self.began if self.began else 0
        return (self.start_s + elapsed * self.speed) % 86400

    def begin(self):
        """The day runs from now on."""
        self.began = time.monotonic()
        self.rounds = 0

    def banks(self, rooms):
        """Units 1.. for light, 11.. for CO2, in the order of @rooms."""
        banks = {}
        for i, room in enumerate(rooms):
            if "light" not in self.broken:
                banks[1 + i] = lambda r=room: self._light(r)
            banks[11 + i] = lambda r=room: self._air(r)
        return banks

    def _light(self, room):
        """JXCT illuminance: u32 lux at 0x0007, high word first."""
        lux = self.school.desk_lux(room, self.now())
        return {7: lux >> 16, 8: lux & 0xFFFF}

    def _air(self, room):
        """JXCT multi board: humidity 0, temperature 1 (0.1), PM2.5 4, CO2 5."""
        t = self.now()
        return {0: 550, 1: round(self.school.temperature(room, t) * 10) & 0xFFFF, 2: 0, 3: 0,
                4: 18, 5: self.school.co2(room, t), 6: 120, 7: 0, 8: 0, 9: 31}

    def counter_message(self, room):
        """What a VS135 publishes: totals of line 1 since it was mounted."""
        total = self.totals[room]
        change = self.school.people(room, self.now()) - (total[0] - total[1])
        total[0 if change > 0 else 1] += abs(change)
        return {"device_info": {"device_name": room, "running_time": int(time.monotonic())},
                "line_total_data": [{"line": 1, "total": {
                    "in_counted": total[0], "out_counted": total[1],
                    "capacity_counted": total[0] - total[1]}}]}

    def publish(self, client):
        """One round: every counter, the panic contact when it changed; sometimes both contacts."""
        for room in ROOMS:
            client.publish(f"people/{room}", json.dumps(self.counter_message(room)), qos=1)
        pressed = self.school.panic(self.now())
        is_due = self.rounds % CONTACTS_EVERY == 0
        self.rounds += 1
        if pressed != self.panic_was or is_due:
            client.publish("security/panic-gate", "pressed" if pressed else "normal", qos=1)
            self.panic_was = pressed
        if is_due:
            client.publish(WINDOW, self.window, qos=1)

    def hear(self, message):
        """Somebody moved the window."""
        if message.payload in (b"open", b"closed"):
            self.window = message.payload.decode()


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--broker", type=int, required=True)
    parser.add_argument("--start", default="08:18")
    parser.add_argument("--speed", type=float, default=60)
    parser.add_argument("--lessons", required=True, help="08:20-09:00,09:15-09:55,…")
    parser.add_argument("--without", action="append", default=[], choices=["light"])
    return parser.parse_args()


def main():
    args = parse()
    lessons = [tuple(lesson.split("-")) for lesson in args.lessons.split(",")]
    campus = Campus(School(lessons), clock(args.start), args.speed, args.without)
    rtu = RtuSlave(campus.banks(RTU_ROOMS))
    tcp = TcpSlave(campus.banks(TCP_ROOMS))
    rtu.start()
    tcp.start()

    client = mqtt_client("simulated-campus")
    client.connect("127.0.0.1", args.broker)
    client.on_message = lambda _client, _userdata, message: campus.hear(message)
    client.loop_start()
    client.subscribe(WINDOW, qos=1)
    client.publish("security/panic-gate", "normal", qos=1).wait_for_publish()

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    signal.signal(signal.SIGUSR1, lambda *_: campus.begin())
    print(json.dumps({"rtu": rtu.port, "tcp": tcp.port}), flush=True)
    while not stop.wait(0.5):
        campus.publish(client)
    client.disconnect()
    client.loop_stop()
    tcp.stop()
    rtu.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
