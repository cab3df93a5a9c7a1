"""The school as nature has it: who is where, how bright, what air, at a time of day.

Everything is a function of the local time of day in seconds, so that any moment can be
asked twice with the same answer.  The values that rules must notice change here and
nowhere else:

    b1-203  lamps off in the first 22 minutes of a lesson: 210 lx at the desks (EY-01)
    b1-204  53 people for 14 minutes of a lesson, in a room for 50        (CS-04)
    gate    the panic button is pressed in the middle of the lesson       (TF-01)
"""
import math

ROOMS = ["b1-201", "b1-202", "b1-203", "b1-204", "b1-205", "b1-206"]
PRESENT = {"b1-201": 38, "b1-202": 41, "b1-203": 46, "b1-204": 44, "b1-205": 36, "b1-206": 40}
ARRIVAL_S = 240


def clock(text):
    """"08:20" → seconds since midnight."""
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


class School:
    """Lessons as (start, end) in seconds; see site/campus.yaml for the same bells."""

    def __init__(self, lessons, arrive="08:14", leave="17:40"):
        self.lessons = [(clock(a), clock(b)) for a, b in lessons]
        self.arrive = clock(arrive)
        self.leave = clock(leave)

    def lesson(self, t):
        """(start, end) of the lesson at @t, or None."""
        for start, end in self.lessons:
            if start <= t < end:
                return start, end
        return None

    def people(self, room, t):
        """Persons in @room."""
        if not self.arrive <= t < self.leave:
            return 0
        present = PRESENT[room]
        if t < self.arrive + ARRIVAL_S:
            return round(present * (t - self.arrive) / ARRIVAL_S)
        lesson = self.lesson(t)
        if lesson is None:
            return max(4, present // 6)
        if room == "b1-204" and 360 <= t - lesson[0] < 1200:
            return 53
        return present

    def desk_lux(self, room, t):
        """Illuminance at the desks: daylight through the window plus lamps."""
        daylight = 180 * max(0.0, math.sin(math.pi * (t - 7 * 3600) / (12.8 * 3600)))
        lesson = self.lesson(t)
        lamps = 360 if self.arrive <= t < self.leave else 0
        if room == "b1-203" and lesson and t - lesson[0] < 1320:
            return 210
        return round(daylight + lamps)

    def co2(self, room, t):
        """ppm; rises with people, falls in recess."""
        lesson = self.lesson(t)
        if lesson is None:
            return 620
        return round(620 + self.people(room, t) * (t - lesson[0]) / 110)

    def temperature(self, room, t):
        """°C"""
        return 19.5 + 0.02 * self.people(room, t) + 1.5 * math.sin(math.pi * (t / 3600 - 8) / 12)

    def panic(self, t):
        """Pressed or not."""
        lesson = self.lesson(t)
        return lesson is not None and 1500 <= t - lesson[0] < 1620
