"""A figure beside its limit: one line of the table, one line of results.jsonl."""
import json
import statistics


class Figures:
    """Collects, prints as a table, writes JSON lines."""

    def __init__(self, path):
        self.path = path
        self.rows = []

    def add(self, figure, value, unit, limit=None, ratio=None, target=None, at_most=False):
        """@ratio is held against @target (at most, or at least); without a target the
        figure is only recorded."""
        judged = ratio if ratio is not None else value
        reached = True if target is None else (judged <= target if at_most else judged >= target)
        row = {"figure": figure, "value": round_figure(value), "unit": unit,
               "limit": round_figure(limit), "ratio": round_figure(ratio), "target": target,
               "reached": reached}
        self.rows.append(row)
        with open(self.path, "a", encoding="utf-8") as out:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
        return row

    def add_line(self, line):
        """A JSON line that a bench program printed itself."""
        row = json.loads(line)
        self.rows.append(row)
        with open(self.path, "a", encoding="utf-8") as out:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")

    def table(self):
        head = ("figure", "value", "unit", "limit", "ratio", "target", "reached")
        lines = [head] + [tuple(show(row[key]) for key in head) for row in self.rows]
        widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
        return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip()
                         for line in lines)

    def all_reached(self):
        return all(row["reached"] for row in self.rows)


def round_figure(value):
    return None if value is None else float(f"{value:.4g}")


def show(value):
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "NO"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def median(values):
    return statistics.median(values)
