"""All that a school may set in the pack and the plugins, read from the rules and from what the
daemon prints of its option tables; and what a change of a rule's text changes of it."""
import re
import subprocess
import sys
from typing import NamedTuple

import yaml

from conftest import ROOT

sys.path.insert(0, str(ROOT / "tests/replay"))

from mutate import block_of, mutate  # noqa: E402

RULES = sorted((ROOT / "etc/rules").glob("*.yaml"))
UNITS = {"ms": 0.001, "s": 1, "min": 60, "h": 3600, "d": 86400, "%": 0.01, "": 1}


class Setting(NamedTuple):
    """@figure: it has a less and a more; else it is a word, which can only be another."""
    owner: str
    path: str
    value: object
    figure: bool


def size_of(value):
    """300, 5min, 80 %, "3 of 5", "school_day 18:30" as a number."""
    clock = re.search(r"(\d+):(\d+)$", str(value))
    if clock:
        return 60 * int(clock[1]) + int(clock[2])
    number, unit = re.match(r"(-?[\d.]+)(ms|s|min|h|d|%|)", str(value)).groups()
    return float(number) * UNITS[unit]


# --- rules ---------------------------------------------------------------------------

# What a rule is about, and what people read.
NO_SETTINGS = {"id", "title", "each", "outputs", "basis", "basis_edition", "action"}
# Where a number comes from, and what it is where there is no such point.
NO_FIGURES = {"metric", "attribute", "faulty", "absent", "of", "indicative"}
WINDOWS = {"mean", "min", "max", "median", "count", "last", "changes", "delta", "share", "duration"}
FIGURES = {"for", "clear_for", "days", "clear_days", "at"}
WORDS = {"during", "latched", "exempt", "expect"}


def settings_of_input(rule, name, source):
    for key, value in source.items() if isinstance(source, dict) else ():
        if key in NO_FIGURES | WINDOWS or value == "phase":
            continue
        yield Setting(rule, f"inputs.{name}.{key}", value, True)


def numbers_in(rule, key, condition):
    """The numbers that are no parameter."""
    return [Setting(rule, f"{key}: {number}", number, False)
            for number in re.findall(r"(?<![\w.])\d+(?:\.\d+)?", str(condition))]


def settings_of_rule(rule):
    own = rule["id"]
    for key, value in rule.items():
        if key == "parameters":
            yield from (Setting(own, f"parameters.{name}", v, True) for name, v in value.items())
        elif key == "inputs":
            for name, source in value.items():
                yield from settings_of_input(own, name, source)
        elif key in ("when", "clear"):
            yield from numbers_in(own, key, value)
        elif key == "severity":
            steps = value if isinstance(value, dict) else {}
            yield from (Setting(own, f"severity.{step}", v, False)
                        for step, v in steps.items() if step != "default")
        elif key not in NO_SETTINGS:
            yield Setting(own, key, value, key not in WORDS)


def settings_of_pack(files=RULES):
    return [setting for path in files for rule in yaml.safe_load(path.read_text()).get("rules", [])
            for setting in settings_of_rule(rule)]


def rule_in(text, rule):
    start, end = block_of(text, rule)
    return yaml.safe_load(text[start:end])[0]


def settings_by_path(rule):
    return {setting.path: setting.value for setting in settings_of_rule(rule)}


def changes_of(mutation):
    """(rule, path, value afterwards or None) of all that @mutation changes."""
    text = (ROOT / "etc/rules" / mutation.file).read_text()
    before = settings_by_path(rule_in(text, mutation.rule))
    after = settings_by_path(rule_in(mutate(text, mutation), mutation.rule))
    return [(mutation.rule, path, after.get(path))
            for path, value in before.items() if after.get(path) != value]


# --- options --------------------------------------------------------------------------

FIGURE_TYPES = {"whole", "number", "share", "duration", "clock"}


def stated(tree, path):
    """What a gateway.yaml says of @path, of a list its first entry's; None: nothing."""
    *groups, key = path.split(".")
    for group in groups:
        tree = tree.get(group, [{}])[0]
    return tree.get(key)


def printed_tables(build):
    """What the daemon prints of gateway.yaml's part `plugins:`."""
    done = subprocess.run([build / "campus-gatewayd", "--config", ROOT / "tests/replay/lessons",
                           "--print-options"], capture_output=True, text=True, check=True)
    return re.search(r"^plugins:\n((?:  .*\n)+)", done.stdout, re.M)[1]


def plugins_of(build):
    return re.findall(r"^  (\w+):$", printed_tables(build), re.M)


def printed_options(build, plugin):
    """(path, type, default) of each option; an empty default is none."""
    block = re.search(rf"^  {plugin}:\n((?:    .*\n)+)", printed_tables(build), re.M)[1]
    group, kind = "", None
    for line in block.splitlines():
        word = line.strip()
        if word in ("- # each", ""):
            continue
        if word.startswith("# "):
            kind = re.search(r"\(([^()]*(?:\{[^}]*\}[^()]*)?)\)$", word)
            kind = kind[1] if kind else None
        elif word.startswith("#"):
            name, _, default = word[1:].partition(":")
            path = f"{group}.{name}" if line.startswith("        ") else name
            yield path, kind, default.strip()
        else:
            group = word.rstrip(":")


def settings_of_plugin(build, plugin):
    return [Setting(plugin, path, default, re.split("[,;]", kind)[0] in FIGURE_TYPES)
            for path, kind, default in printed_options(build, plugin) if path != "enabled"]
