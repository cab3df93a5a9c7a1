"""Whether a figure grows: a common slope of what was measured at the same phases of a cycle.

What a phase needs (a lesson's facts, an hour's minutes, what a fault leaves for a moment) differs
from phase to phase and is no growth, so each phase has a level of its own and only the slope is
common: ordinary least squares after each phase's mean is taken away.
"""
import collections
import math


class Trend:
    """@samples: (hours, phase, value).  `slope` is a value an hour, `error` its standard error, `rest`
    the standard deviation of what the line leaves."""

    def __init__(self, samples):
        by_phase = collections.defaultdict(list)
        for hours, phase, value in samples:
            by_phase[phase].append((hours, value))
        rows = [row for group in by_phase.values() if len(group) > 1 for row in _centred(group)]
        free = len(rows) - sum(len(group) > 1 for group in by_phase.values()) - 1
        spread = sum(hours * hours for hours, _ in rows)
        if free < 1 or spread == 0:
            raise ValueError(f"{len(samples)} samples are too few for a slope")
        self.slope = sum(hours * value for hours, value in rows) / spread
        left = sum((value - self.slope * hours) ** 2 for hours, value in rows)
        self.rest = math.sqrt(left / free)
        self.error = self.rest / math.sqrt(spread)

    def grows(self, limit):
        """True when the slope is above @limit for certain: by twice its own error."""
        return self.slope - 2 * self.error > limit

    def tells(self, limit):
        """True when a slope of three times the @limit would have been seen."""
        return self.error < limit


def _centred(group):
    count = len(group)
    mean_hours = sum(hours for hours, _ in group) / count
    mean_value = sum(value for _, value in group) / count
    return [(hours - mean_hours, value - mean_value) for hours, value in group]


def growth(samples):
    """From the first of each phase to its last: the median of the phases."""
    first, last = {}, {}
    for _, phase, value in sorted(samples):
        first.setdefault(phase, value)
        last[phase] = value
    steps = sorted(last[phase] - first[phase] for phase in first)
    return steps[len(steps) // 2]
