"""Changes one figure of a rule, or one option of a plugin; a table must notice.  Those of
the rules that the written day covers stand here.

    /usr/bin/python3 tests/replay/mutate.py          lists the changes
    /usr/bin/python3 tests/replay/mutate.py N FOLDER  the day's campus with change N in FOLDER
"""
import pathlib
import shutil
import sys
from typing import NamedTuple

import yaml

CAMPUS = pathlib.Path(__file__).resolve().parent / "campus"


class Mutation(NamedTuple):
    """In @rule of rules/@file, the one place where @before stands becomes @after."""
    file: str
    rule: str
    before: str
    after: str

    def __str__(self):
        return f"{self.rule}: {self.before} -> {self.after or 'nothing'}"


def mutations_of(file, rule, *changes):
    return [Mutation(file, rule, *change) for change in changes]


MUTATIONS = [
    *mutations_of(
        "class-size.yaml", "CS-04",
        ("full: 1.0", "full: 0.99"), ("full: 1.0", "full: 1.02"),
        ("people > capacity * full", "people >= capacity * full"),
        ("again: 0.95", "again: 0.93"), ("again: 0.95", "again: 0.96"),
        ("for: 5min", "for: 4min"), ("for: 5min", "for: 299s"), ("for: 5min", "for: 301s"),
        ("clear_for: 2min", "clear_for: 1min"), ("clear_for: 2min", "clear_for: 119s"),
        ("clear_for: 2min", "clear_for: 121s")),
    *mutations_of(
        "eye-health.yaml", "EY-01",
        ("low: 300", "low: 299"), ("low: 300", "low: 301"), ("lux < low", "lux <= low"),
        ("enough: 330", "enough: 329"), ("enough: 330", "enough: 331"),
        ("lux >= enough", "lux > enough"),
        ("present: 5", "present: 4"), ("present: 5", "present: 6"),
        ("people >= present", "people > present"),
        (" and not projecting", " and projecting < 2"),
        ("over: 10min", "over: 9min"), ("over: 10min", "over: 11min"),
        ("clear_for: 5min", "clear_for: 299s"), ("clear_for: 5min", "clear_for: 301s"),
        ("during: lesson", "during: lesson_whole")),
    *mutations_of(
        "system.yaml", "SY-01",
        ("for: 1min", "for: 59s"), ("for: 1min", "for: 61s"),
        ("clear_for: 1min", "clear_for: 59s"), ("clear_for: 1min", "clear_for: 61s")),
    *mutations_of(
        "three-defense.yaml", "TF-01",
        ("latched: true", "latched: false"), ("when: pressed", "when: not pressed")),
]


def block_of(text, rule):
    """Where the rule with this id begins and ends in its file."""
    start = text.index(f"  - id: {rule}\n")
    end = text.find("\n  - id: ", start)
    return start, len(text) if end < 0 else end


def mutate(text, mutation):
    start, end = block_of(text, mutation.rule)
    block = text[start:end]
    # "for: 5min" is also the tail of "clear_for: 5min".
    plain = "\n    " + mutation.before if mutation.before.startswith("for:") else mutation.before
    if block.count(plain) != 1:
        raise ValueError(f"{mutation}: {block.count(plain)} places instead of one")
    changed = block.replace(plain, plain.replace(mutation.before, mutation.after))
    return text[:start] + changed + text[end:]


def copy_of(campus, folder):
    return shutil.copytree(campus, folder)


def put(mutation, folder):
    """Makes the one change in the rules of the copy @folder."""
    path = pathlib.Path(folder) / "rules" / mutation.file
    path.write_text(mutate(path.read_text(), mutation))
    return folder


class Option(NamedTuple):
    """@path of @plugin in gateway.yaml becomes @after; a list of the path takes it in its first entry.
    @story: the name of the one that must notice; None: any may."""
    plugin: str
    path: str
    after: object
    story: str | None = None

    def __str__(self):
        return f"{self.plugin}.{self.path}: {self.after}"


def options_of(plugin, *changes):
    return [Option(plugin, *change) for change in changes]


def set_option(option, folder):
    """Makes the one change in gateway.yaml of the copy @folder."""
    path = pathlib.Path(folder) / "gateway.yaml"
    tree = yaml.safe_load(path.read_text())
    place = tree.setdefault("plugins", {}).setdefault(option.plugin, {})
    *names, key = option.path.split(".")
    for name in names:
        place = place[name][0]
    place[key] = option.after
    path.write_text(yaml.safe_dump(tree, allow_unicode=True))
    return folder


def campus_with(mutation, folder):
    """A copy of the day's campus, its rules with the one change."""
    return put(mutation, copy_of(CAMPUS, folder))


def main(arguments):
    if len(arguments) == 2:
        campus_with(MUTATIONS[int(arguments[0])], arguments[1])
        return
    for number, mutation in enumerate(MUTATIONS):
        print(number, mutation)


if __name__ == "__main__":
    main(sys.argv[1:])
