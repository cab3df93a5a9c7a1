"""Real servers for demo, system tests and benchmarks: started on loopback and free ports,
stopped by their own process."""
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def free_port():
    """Free now; each pytest worker has ports of its own, as nothing holds one until its server
    does."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    while True:
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        if port // 2 % workers == worker:  # by halves: the kernel gives odd ones only
            return port


def wait_for(what, condition, seconds=20.0):
    """Polls @condition until it is true; its last value.  A time-out is an error."""
    until = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > until:
            raise TimeoutError(f"not within {seconds} s: {what}")
        time.sleep(0.02)


def port_is_open(port):
    with socket.socket() as s:
        s.settimeout(0.2)
        return s.connect_ex(("127.0.0.1", port)) == 0


def descriptors(pid):
    """How many a gateway has open, but for its store's, which opens its file once more some
    seconds after the start."""
    folder = f"/proc/{pid}/fd"
    return sum("campus.db" not in _link(f"{folder}/{fd}") for fd in os.listdir(folder))


def _link(path):
    """What it points at; one that is closed meanwhile still counted when it was listed."""
    try:
        return os.readlink(path)
    except FileNotFoundError:
        return ""


def metrics_with(more):
    """The text of the shipped metrics.yaml with the lines @more among its metrics."""
    shipped = (ROOT / "etc/metrics.yaml").read_text()
    assert shipped.count("\nmetrics:\n") == 1
    return shipped.replace("\nmetrics:\n", "\nmetrics:\n" + more)


class Server:
    """A process with a log file; stop() ends it by its own id."""

    def __init__(self, name, folder, command, **kwargs):
        self.name = name
        self.log = pathlib.Path(folder) / f"{name}.log"
        self.command = [str(part) for part in command]
        self.kwargs = kwargs
        self.process = None

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log,
                                            stdin=subprocess.DEVNULL, **self.kwargs)
        return self

    def running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, number=signal.SIGTERM, seconds=20):
        """The exit code; SIGKILL after @seconds."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(number)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return self.process.returncode

    def kill(self):
        return self.stop(signal.SIGKILL)

    def text(self):
        return self.log.read_text(errors="replace")


class Broker(Server):
    """mosquitto on a free port; the school's runs on the configuration we ship."""

    def __init__(self, folder, name="broker", port=None, shipped=False, lines=()):
        self.port = port or free_port()
        self.folder = pathlib.Path(folder) / name
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self.folder / "mosquitto.conf"
        if shipped:
            text = self._shipped()
        else:
            text = (f"listener {self.port} 127.0.0.1\nallow_anonymous true\n"
                    "max_inflight_messages 0\nmax_queued_messages 0\nset_tcp_nodelay true\n"
                    f"persistence true\npersistence_location {self.folder}/\n"
                    "autosave_interval 5\n")
        if os.getuid() == 0:
            text = "user root\n" + text  # else it gives up root and cannot write here
        config.write_text(text + "".join(f"{line}\n" for line in lines))
        binary = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        super().__init__(name, folder, [binary, "-c", config])

    def _shipped(self):
        """etc/mosquitto/campus.conf with this machine's port and folders."""
        source = ROOT / "etc/mosquitto"
        text = (source / "campus.conf").read_text()
        text = re.sub(r"(?m)^listener \d+", f"listener {self.port}", text)
        text = re.sub(r"(?m)^(acl_file|password_file) .*/", rf"\1 {source}/", text)
        return text + f"persistence_location {self.folder}/\n"  # Debian's file has it

    def start(self):
        super().start()
        wait_for(f"{self.name} listens", lambda: port_is_open(self.port) or not self.running())
        if not self.running():
            raise RuntimeError(f"mosquitto does not start: {self.text()}")
        return self


class UnixConnection(http.client.HTTPConnection):
    """http.client over the daemon's socket."""

    def __init__(self, path, patience_s=10):
        super().__init__("localhost", timeout=patience_s)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Gateway(Server):
    """campus-gatewayd on a configuration folder; speaks its API over the Unix socket."""

    def __init__(self, build, folder, config, name="gateway", binary="campus-gatewayd",
                 arguments=(), prefix=()):
        self.socket = pathlib.Path(folder) / "api.sock"
        super().__init__(name, folder, [*prefix, pathlib.Path(build) / binary, "--config",
                                        config, *arguments])

    def start(self, ready=True):
        super().start()
        if ready:
            wait_for("the gateway answers", lambda: not self.running() or self.answers())
            if not self.running():
                raise RuntimeError(f"the gateway ended: {self.text()}")
        return self

    def answers(self):
        try:
            return self.get("status")
        except (OSError, http.client.HTTPException, ValueError):
            return None

    def online(self):
        """True when every bus has its broker or port."""
        buses = self.get("buses")["buses"]
        return bool(buses) and all(bus["health"] == "online" for bus in buses)

    def request(self, method, path, body=None):
        """(status, document)"""
        connection = UnixConnection(self.socket)
        try:
            headers = {"Content-Type": "application/json"} if body is not None else {}
            connection.request(method, f"/api/v1/{path}",
                               json.dumps(body) if body is not None else None, headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read() or b"null")
        finally:
            connection.close()

    def get(self, path):
        status, document = self.request("GET", path)
        if status != 200:
            raise ValueError(f"GET {path}: {status} {document}")
        return document


class County(Server):
    """The reference receiver; on a SQLite file unless @database says another archive, from an MQTT
    broker's port unless @broker says another address."""

    def __init__(self, build, folder, broker, name="county-receiver", database=None, arguments=()):
        self.database = database or pathlib.Path(folder) / f"{name}.db"
        address = broker if isinstance(broker, str) else f"mqtt://127.0.0.1:{broker}"
        super().__init__(name, folder, [
            pathlib.Path(build) / "campus-county", "--broker", address, "--database", self.database,
            "--schemas", ROOT / "county/schemas", *arguments])


def site(folder, values, source=ROOT / "tests/sim/site"):
    """A configuration folder: the site's own files with @NAME@ filled in, and everything
    that is shipped (metrics, templates, rules) as it is."""
    folder = pathlib.Path(folder)
    for path in source.rglob("*.yaml"):
        target = folder / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text()
        for key, value in values.items():
            text = text.replace(f"@{key}@", str(value))
        target.write_text(text)
    for shipped in ("metrics.yaml", "facts.yaml", "templates", "rules"):
        if not (folder / shipped).exists():
            (folder / shipped).symlink_to(ROOT / "etc" / shipped)
    return folder
