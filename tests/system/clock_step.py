"""A written day whose clock is set by the way."""
import datetime

WEEK = datetime.timedelta(days=7)


def stepped(lines, moment, step):
    """@lines, (time, line) in order, with the clock set by @step at @moment; what comes
    after it comes after the same real seconds and bears the new clock's time."""
    before = [row for row in lines if row[0] <= moment]
    after = [(at + step, line) for at, line in lines if at > moment]
    return [*before, (moment, {"do": "clock-step", "to": (moment + step).isoformat()}), *after]


def set_right(rows, count, step):
    """@rows, (time, …), with those behind the first @count as the old clock would say."""
    return [*rows[:count], *((at - step, *rest) for at, *rest in rows[count:])]
