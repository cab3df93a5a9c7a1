"""big_school.py PORT - every device of bench_rules' school says all its points once a second,
each value around the middle of what the rules take for good."""
import json
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "sim"))

import bench_rules  # noqa: E402
from campus_sim import mqtt_client  # noqa: E402

GAUGES = {"co2": (800, 900), "desk_lux": (600, 700), "board_lux": (600, 700), "temperature": (18, 23),
          "humidity": (40, 60), "pm25": (10, 30), "noise": (40, 50), "power": (5, 500), "co": (0, 5)}
COUNTERS = ("people_in", "people_out")  # a pupil enters and leaves each round


def value(point, turn):
    metric = point.partition(".")[0]
    if metric in COUNTERS:
        return turn
    return round(random.uniform(*GAUGES[metric]), 1) if metric in GAUGES else 0


def main():
    client = mqtt_client("big-school")
    client.connect("127.0.0.1", int(sys.argv[1]))
    client.loop_start()
    for turn in range(1 << 30):
        began = time.monotonic()
        for name, _, points in bench_rules.points_of_devices():
            said = {bench_rules.path(point): value(point, turn) for point in points}
            client.publish(f"bench/{name}", json.dumps(said), qos=1)
        time.sleep(max(0, began + 1 - time.monotonic()))


if __name__ == "__main__":
    main()
