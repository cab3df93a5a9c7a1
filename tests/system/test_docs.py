"""What the pages say is so: their configurations pass the check, their links lead somewhere,
their commands exist, their example of a replay gives what they print.

A fence of a whole file is ```yaml NAME; ```yaml + NAME is added to the end of NAME.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest

from conftest import ROOT

GUIDES = [page for name in ("manual", "platforms", "rules", "templates")
          for page in sorted(ROOT.glob(f"docs/*/{name}.md"))]
PAGES = sorted({*ROOT.glob("README*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("county/*.md"),
                *ROOT.glob("tests/**/*.md")})
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.M | re.S)
LINK = re.compile(r"\]\(([^)\s#]+)(#[^)\s]*)?\)")
# No sensor for it, and a certificate or port that is not on this machine: no fault of a page.
EXPECTED_WARNINGS = ("never judged", "No such file or directory", "is not there on this machine")


def page_id(path):
    return str(path.relative_to(ROOT))


def fences(path, prefix):
    """(what follows @prefix in the fence's first line, text) of each."""
    return [(info[len(prefix):].strip(), text) for info, text in FENCE.findall(path.read_text())
            if info.startswith(prefix)]


def put(path, folder):
    """The page's files over the shipped ones; returns how many."""
    shutil.copytree(ROOT / "etc", folder)
    for example in folder.glob("*.d/example.yaml"):
        example.unlink()
    blocks = [block for block in fences(path, "yaml") if block[0]]
    for name, text in blocks:
        mode = "a" if name.startswith("+") else "w"
        target = folder / name.lstrip("+ ")
        target.parent.mkdir(exist_ok=True)
        with target.open(mode, encoding="utf-8") as file:
            file.write(text)
    return len(blocks)


def check(build, folder):
    return subprocess.run([build / "campus-gatewayd", "--config", folder, "--check"],
                          capture_output=True, text=True, check=False)


@pytest.mark.parametrize("path", GUIDES, ids=page_id)
def test_the_files_of_a_page_pass_the_check(build, tmp_path, path):
    assert put(path, tmp_path / "config") > 1
    done = check(build, tmp_path / "config")
    assert done.returncode == 0, done.stderr
    surprising = [line for line in done.stderr.splitlines()
                  if not any(words in line for words in EXPECTED_WARNINGS)]
    assert not surprising


@pytest.mark.parametrize("path", GUIDES, ids=page_id)
def test_a_mistake_in_any_file_of_a_page_is_found(build, tmp_path, path):
    put(path, tmp_path / "config")
    names = {name.lstrip("+ ") for name, _ in fences(path, "yaml") if name}
    for name in names:
        target = tmp_path / "config" / name
        text = target.read_text()
        target.write_text(text + "unknown_section: 1\n")
        done = check(build, tmp_path / "config")
        assert done.returncode == 1 and name in done.stderr
        target.write_text(text)
    assert len(names) > 1


def links():
    return [(path, target, anchor) for path in PAGES
            for target, anchor in LINK.findall(path.read_text())
            if "://" not in target]


@pytest.mark.parametrize("path, target, anchor", links(),
                         ids=lambda value: page_id(value) if isinstance(value, pathlib.Path) else str(value))
def test_a_link_leads_to_a_file(path, target, anchor):
    assert (path.parent / target).exists(), f"{page_id(path)} links to {target}{anchor}"


NAMED = re.compile(r"`((?:[\w.-]+/)*[\w*-]+\.(?:c|h|py|sh|yaml|md|conf)|"
                   r"(?:gateway|drivers|plugins|tests|etc|county|docs)/[\w/.*-]*)`")
DESIGN_PAGES = [path for path in PAGES if path.name.startswith(("README", "architecture", "00"))
                and "tests" not in path.parts]


@pytest.mark.parametrize("path", DESIGN_PAGES, ids=page_id)
def test_files_named_on_the_pages_exist(path):
    for name in NAMED.findall(path.read_text()):
        assert any(ROOT.glob(name)) or any(ROOT.glob(f"*/**/{name}")), name


def commands_named(path):
    """What stands behind 'campusctl' in code, fenced or not."""
    text = path.read_text()
    code = [body for _, body in FENCE.findall(text)] + re.findall(r"`([^`\n]+)`", text)
    return {word for part in code
            for word in re.findall(r"campusctl(?: --\w+(?: /\S+)?)* ([a-z][\w-]*)", part)}


def test_every_command_of_campusctl_on_the_pages_exists(build):
    done = subprocess.run([build / "campusctl", "--help"], capture_output=True, text=True,
                          check=True)
    known = set(re.findall(r"^  ([a-z][\w-]*)", done.stdout, re.M))
    named = set().union(*(commands_named(path) for path in PAGES))
    assert {"ack", "status"} <= named
    assert named <= known


@pytest.mark.parametrize("page", ["zh", "en"])
def test_every_reason_of_a_quality_is_in_the_manual(page):
    table = re.search(r"reason_names.*?};", (ROOT / "gateway/base/names.c").read_text(), re.S).group()
    reasons = set(re.findall(r'"([a-z-]+)"', table)) - {"none"}
    manual = (ROOT / f"docs/{page}/manual.md").read_text()
    assert reasons == set(re.findall(r"(?m)^\| `(?:bad|uncertain): ([a-z-]+)`", manual))


@pytest.mark.parametrize("page", ["zh", "en"])
def test_the_replay_of_the_page_gives_its_lines(build, tmp_path, page):
    guide = ROOT / f"docs/{page}/replay.md"
    put(ROOT / f"docs/{page}/manual.md", tmp_path / "config")
    (tmp_path / "config/rules.d/ours.yaml").unlink()
    script = next(text for _, text in fences(guide, "sh") if "for m in" in text)
    subprocess.run(["bash", "-ec", script], cwd=tmp_path, check=True, env=os.environ)
    told = re.findall(r"^(\d\d:\d\d)  (\S+)  (\S+) → (\S+)", guide.read_text(), re.M)
    assert len(told) == 3
    missed = re.search(r"`(\d\d:\d\d)  (SY-01)  ([\w-]+)`", guide.read_text())

    def played(objects=("b1-203", "rs485-1")):
        done = subprocess.run([build / "campus-gatewayd", "--config", tmp_path / "config",
                               "--replay", tmp_path / "morning.jsonl"],
                              capture_output=True, text=True, check=True)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        return [(row["t"][11:16], row["rule"], row["from"], row["to"]) for row in rows
                if row.get("object") in objects and "rule" in row]

    assert played() == told
    assert played([missed[3]]) == [(missed[1], missed[2], "normal", "unacknowledged")]
    (tmp_path / "config/rules.d/try.yaml").write_text(
        "rules: [{id: EY-01, parameters: {low: 280}}]\n")
    assert played() == told[2:]


def test_the_service_can_read_the_id_of_its_boot():
    """Messages of unknown time name the boot; without /proc/sys all boots are one."""
    unit = (ROOT / "systemd/campus-gateway.service").read_text()
    assert re.search(r"^ProcSubset=(?!all)", unit, re.M) is None
    assert "/proc/sys/kernel/random/boot_id" in (ROOT / "gateway/base/clock.c").read_text()
