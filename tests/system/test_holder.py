"""campus-gpio-holder at its socket, on a machine without a chip: who may speak, what is
understood, what a stranger cannot do.  What it does to lines is in test_vm_gpio.py."""
import os
import random
import re
import shutil
import socket
import struct
import subprocess

import pytest

import rig
from conftest import ROOT

HEADER = (ROOT / "drivers/gpio/holder_protocol.h").read_text()
BYTES = int(re.search(r"HOLDER_BYTES = (\d+)", HEADER).group(1))
CLAIM, SET, BEAT, LEAVE, STATE, REFUSED = range(1, 7)
CLIENTS_MAX = 8


def message(kind, sequence=1, line=0, flags=0, max_on_ms=0, chip=b"", name=b""):
    body = struct.pack("<4sBBBxHxxII32s32s", b"CGH1", kind, flags, 0, line, sequence, max_on_ms, chip, name)
    return body.ljust(BYTES, b"\0")


class Client:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.settimeout(10)
        # there is a moment between the file and the listening
        rig.wait_for("the holder listens", lambda: self.socket.connect_ex(str(path)) == 0)

    def ask(self, packet):
        """(kind, sequence, text) of the answer, None when the connection was ended."""
        try:
            self.socket.send(packet)
            answer = self.socket.recv(BYTES + 1)
        except (BrokenPipeError, ConnectionResetError):
            return None
        if not answer:
            return None
        assert len(answer) == BYTES
        return answer[4], struct.unpack_from("<I", answer, 12)[0], answer[84:].rstrip(b"\0").decode()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "outputs.sock"


@pytest.fixture
def holder(build, tmp_path, path, servers):
    server = rig.Server("holder", tmp_path, [build / "campus-gpio-holder", "--socket", path]).start()
    servers.append(server)
    rig.wait_for("the socket", path.exists)
    return server


def test_a_beat_is_answered_with_its_number(holder, path):
    client = Client(path)
    for sequence in (1, 2, 0xFFFFFFFF):
        assert client.ask(message(BEAT, sequence)) == (BEAT, sequence, "")
    assert client.ask(message(LEAVE, 7)) == (LEAVE, 7, "")
    assert holder.running()


def test_a_line_that_is_not_there_is_refused_in_words_and_the_client_goes_on(holder, path):
    client = Client(path)
    kind, sequence, text = client.ask(message(CLAIM, 5, chip=b"campus-no-such-chip", name=b"GPIO17"))
    assert (kind, sequence) == (REFUSED, 5)
    assert "campus-no-such-chip" in text or "permission" in text
    kind, _, text = client.ask(message(SET, 6, flags=1))
    assert kind == REFUSED and "not claimed" in text
    assert client.ask(message(BEAT, 8)) == (BEAT, 8, "")


@pytest.mark.parametrize("packet", [
    b"", b"x", message(BEAT)[:-1], message(BEAT) + b"\0", message(0), message(99), message(BEAT, 0),
    message(SET, 1, line=64), message(CLAIM, 1, chip=b"c"), message(CLAIM, 1, max_on_ms=2**32 - 1, chip=b"c", name=b"n"),
    message(BEAT).replace(b"CGH1", b"CGH2"),
], ids=range(11))
def test_what_is_not_the_protocol_ends_its_own_connection_only(holder, path, packet):
    good, bad = Client(path), Client(path)
    assert good.ask(message(BEAT)) == (BEAT, 1, "")
    assert bad.ask(packet) is None
    assert good.ask(message(BEAT, 2)) == (BEAT, 2, "")


def test_noise_ends_nothing_but_its_connection(holder, path):
    dice = random.Random(5)
    for _ in range(500):
        client = Client(path)
        packet = bytearray(message(dice.randint(0, 8), dice.randint(0, 3), chip=b"c", name=b"n"))
        for _ in range(dice.randint(0, 4)):
            packet[dice.randrange(len(packet))] = dice.randrange(256)
        client.ask(bytes(packet))
        client.socket.close()
    assert Client(path).ask(message(BEAT)) == (BEAT, 1, "")
    assert holder.running()


def test_there_is_a_limit_of_clients_and_a_place_is_free_again(holder, path):
    clients = [Client(path) for _ in range(CLIENTS_MAX)]
    assert all(client.ask(message(BEAT)) for client in clients)
    assert Client(path).ask(message(BEAT)) is None
    clients.pop().socket.close()
    rig.wait_for("a free place", lambda: Client(path).ask(message(BEAT)))


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
def test_another_users_program_is_sent_away(build, tmp_path, servers):
    """The holder runs as one user, the stranger as another, of no common group."""
    tmp_path.chmod(0o777)
    for folder in tmp_path.parents:
        folder.chmod(folder.stat().st_mode | 0o011)  # the holder's user passes, wherever the tests lie
    program = shutil.copy(build / "campus-gpio-holder", tmp_path)  # from a build that may lie in root's home
    path = tmp_path / "outputs.sock"
    server = rig.Server("holder", tmp_path, [program, "--socket", path],
                        user=65533, group=65533, extra_groups=[], umask=0).start()
    servers.append(server)
    rig.wait_for("the socket", path.exists)
    script = ("import socket,sys; s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET); s.settimeout(10);"
              "s.connect(sys.argv[1]); s.send(bytes.fromhex(sys.argv[2])); sys.exit(len(s.recv(999)) and 3)")

    def status(user, group):
        return subprocess.run(["/usr/bin/python3", "-c", script, path, message(BEAT).hex()], check=False, cwd="/",
                              capture_output=True, user=user, group=group, extra_groups=[]).returncode

    assert status(65532, 65533) == 3            # of its group
    assert status(0, 0) == 3
    assert status(65532, 65532) in (0, 1)       # closed, or reset before it was read
    assert "not of this program's group" in server.text()


def test_it_stops_when_it_is_told_to(holder, path):
    client = Client(path)
    assert client.ask(message(BEAT))
    assert holder.stop() == 0


def test_without_a_socket_it_says_so(build):
    done = subprocess.run([build / "campus-gpio-holder"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "no --socket" in done.stderr
