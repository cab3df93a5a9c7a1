"""What passes --check also starts: the sections whose owners refuse at the start."""
import shutil
import subprocess

import pytest

from conftest import ROOT


def check(build, tmp_path, line):
    folder = tmp_path / "etc"
    shutil.copytree(ROOT / "etc", folder)
    gateway = folder / "gateway.yaml"
    kept = [row for row in gateway.read_text().splitlines()
            if not row.startswith(("http:", "  socket:", "  listen:"))]
    gateway.write_text("\n".join([line, *kept]) + "\n")
    done = subprocess.run([build / "campus-gatewayd", "--config", folder, "--check"],
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("line, fault", [
    ('http: {listen: ["0.0.0.0:8080"]}',
     ":1:16: http: listen '0.0.0.0:8080': not a loopback address"),
    ('http: {listen: ["127.0.0.1:80800"]}',
     ":1:16: http: listen '127.0.0.1:80800': not an address and port"),
    ('local: {broker: "127.0.0.1"}', ":1:17: local.broker: '127.0.0.1' is no broker"),
])
def test_the_check_refuses_what_the_start_would(build, tmp_path, line, fault):
    code, said = check(build, tmp_path, line)
    assert code == 1
    assert fault in said


def test_an_address_of_this_board_passes(build, tmp_path):
    code, said = check(build, tmp_path, 'http: {listen: ["[::1]:8080"]}')
    assert code == 0, said
