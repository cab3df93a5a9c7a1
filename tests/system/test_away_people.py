"""People in a room while there is no store: how many were there is not known, and taken up when it comes."""
import sqlite3

import rig
from test_store_away import comes, count, is_away, overfill, room, start, state  # noqa: F401 (a fixture)


def occupancy(gateway):
    row = next(row for row in gateway.get("points?glob=b1-203/*")["points"] if row["name"] == "b1-203/occupancy")
    return row["value"], row["q"], row["reason"]


def test_people_inside_are_not_forgotten_and_the_room_is_never_called_empty(room):  # noqa: F811
    room.state.mkdir()
    gateway = start(room)
    overfill(room, gateway)
    assert gateway.stop() == 0
    room.state.rename(room.folder / "unmounted")
    gateway.start()
    assert is_away(gateway)
    rig.wait_for("the counter's broker is there", gateway.online)
    count(room, 151, 100)
    rig.wait_for("nobody knows", lambda: occupancy(gateway) == (0, "uncertain", "at-least"))
    count(room, 153, 100)
    rig.wait_for("two came", lambda: occupancy(gateway) == (2, "uncertain", "at-least"))
    (room.folder / "unmounted").rename(room.state)
    comes(gateway)
    rig.wait_for("all are known", lambda: occupancy(gateway) == (53, "good", "none"))
    assert state(gateway) == "unacknowledged"
    assert gateway.stop() == 0
    assert good_people_in_the_log(room)[-2:] == [51, 53]


def good_people_in_the_log(room):
    """The values of the room's head count that are said to be good, in order, each once in a row."""
    database = sqlite3.connect(f"file:{room.state}/campus.db?mode=ro", uri=True)
    values = [value for (value,) in database.execute(
        "select value from readings join points on points.id = readings.point "
        "where points.name = 'b1-203/occupancy' and quality & 3 = 0 order by readings.key")]
    return [value for at, value in enumerate(values) if at == 0 or values[at - 1] != value]
