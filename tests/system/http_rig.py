"""The API and the page without a gateway: tests/probe/http_probe, and how tests speak to it."""
import http.client
import json
import select
import socket
import subprocess

from rig import ROOT, UnixConnection

PANIC = "TF-01@panic-gate"
LIGHT = "EY-01@b1-203"
JSON = {"Content-Type": "application/json"}
PATIENCE_S = 20


class Probe:
    """tests/probe/http_probe on a folder of its own."""

    def __init__(self, build, folder):
        self.socket = folder / "api.sock"
        (folder / "config").mkdir()
        for name in ("gateway.yaml", "metrics.yaml", "campus.yaml"):
            (folder / "config" / name).symlink_to(ROOT / "etc" / name)
        self.process = subprocess.Popen(
            [build / "tests/probe/http_probe", self.socket, "127.0.0.1:0",
             folder / "probe.db", folder / "config"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder)
        self.address = self.process.stdout.readline().strip()
        self.port = int(self.address.rstrip("/").rsplit(":", 1)[1])

    def do(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        assert select.select([self.process.stdout], [], [], PATIENCE_S)[0], f"no answer to {line}"
        assert self.process.stdout.readline() == "ok\n", line

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)

    def ask(self, method, path, body=None, headers=None, unix=False):
        """(status, headers, document or text)"""
        connection = UnixConnection(self.socket, PATIENCE_S) if unix else self.connect()
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            text = answer.read().decode()
            kind = answer.getheader("Content-Type", "")
            return answer.status, answer.headers, json.loads(text) if text and "json" in kind else text
        finally:
            connection.close()

    def raw(self, request, patience=PATIENCE_S):
        """The first bytes that come back for these very bytes, b"" = none."""
        with socket.create_connection(("127.0.0.1", self.port), patience) as connection:
            connection.sendall(request)
            try:
                return connection.recv(65536)
            except (ConnectionResetError, TimeoutError):
                return b""

    def act(self, alarm, verb, fields, **more):
        return self.ask("POST", f"/api/v1/alarms/{alarm}/{verb}", json.dumps(fields), JSON, **more)

    def state(self, alarm):
        alarms = self.ask("GET", "/api/v1/alarms?all=true")[2]["alarms"]
        return next(row["state"] for row in alarms if row["id"] == alarm)

    def stop(self):
        """The exit code; it is killed when it does not end."""
        self.process.stdin.close()
        try:
            return self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()
