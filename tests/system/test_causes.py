"""A broken file is told where it is broken, and accuses no good one."""
import os
import re
import shutil
import subprocess

import pytest

from conftest import ROOT


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "etc"
    shutil.copytree(ROOT / "etc", folder)
    shutil.copy(ROOT / "etc/timetable.example.csv", folder / "timetable.csv")
    edit(folder / "campus.yaml", "\ncalendar:\n", "\ncalendar:\n  terms: [2026-09-01..2027-01-22]\n")
    edit(folder / "timetable.csv", "数学", "数学/语文")  # odd and even weeks, which the terms count
    return folder


def errors(build, folder):
    """What --check says is wrong, without its warnings and its last line."""
    done = subprocess.run([build / "campus-gatewayd", "--config", folder, "--check"], capture_output=True,
                          text=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"})
    said = (done.stdout + done.stderr).replace(f"{folder}/", "").splitlines()
    assert done.returncode == (1 if "error" in said[-1] and ": 0 error" not in said[-1] else 0)
    return [line for line in said[:-1] if re.match(r"\S+:\d+:\d+: (?!warning: )", line)]


def test_the_school_as_it_is_has_no_error(build, folder):
    assert errors(build, folder) == []


def test_an_unreadable_gateway_file_misses_no_section(build, folder):
    path = folder / "gateway.yaml"
    path.write_text("store：{path: campus.db}\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    said = errors(build, folder)
    assert len(said) == 1, said
    assert re.match(r"gateway\.yaml:\d+:\d+: .*full-width '：'", said[0]), said


def test_a_gateway_file_without_a_section_is_still_told(build, folder):
    (folder / "gateway.yaml").write_text("# nothing yet\n")
    said = errors(build, folder)
    assert said == ["gateway.yaml:1:1: gateway: the section is missing (see --print-options)"]


def test_a_missing_campus_accuses_no_timetable(build, folder):
    (folder / "campus.yaml").unlink()
    said = errors(build, folder)
    assert len(said) == 1 and said[0].startswith("campus.yaml:1:1: "), said


def test_a_bad_byte_in_the_campus_accuses_no_timetable(build, folder):
    path = folder / "campus.yaml"
    path.write_bytes(path.read_bytes() + b"\nx: \xff\n")
    said = errors(build, folder)
    assert len(said) == 1 and "(allowed: a file saved as UTF-8)" in said[0], said


@pytest.mark.parametrize("right, wrong, fault", [
    ("calendar:\n", "calender:\n", "calender: unknown key (did you mean 'calendar'?)"),
    ("calendar:\n  terms:", "calendar:\n  term:", "calendar.term: unknown key (did you mean 'terms'?)"),
    ("subjects:\n", "subject:\n", "subject: unknown key (did you mean 'subjects'?)"),
    ("bells:\n", "bels:\n", "bels: unknown key (did you mean 'bells'?)"),
])
def test_a_misspelt_section_of_the_campus_is_the_only_fault(build, folder, right, wrong, fault):
    edit(folder / "campus.yaml", f"\n{right}", f"\n{wrong}")
    said = errors(build, folder)
    assert len(said) == 1 and said[0].startswith("campus.yaml:") and said[0].endswith(fault), said
