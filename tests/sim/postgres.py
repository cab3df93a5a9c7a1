"""A PostgreSQL of the tests' own: a cluster in a temporary folder, on loopback and a free port."""
import json
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile

import rig


def binary(name):
    """Debian keeps the server's programs out of PATH, one folder a version."""
    folders = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = [folder / name for folder in folders if (folder / name).exists()]
    return str(found[0]) if found else shutil.which(name) or name


class Postgres(rig.Server):
    """The server refuses to be root, so under root it is the user that Debian makes for it."""

    def __init__(self):
        self.port = rig.free_port()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="county-postgres-"))
        self.data = self.folder / "data"
        if os.getuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            prefix = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        else:
            prefix = []
        subprocess.run([*prefix, binary("initdb"), "-D", self.data, "-A", "trust", "-U", "county",
                        "-E", "UTF8", "--locale=C.UTF-8"], check=True, stdout=subprocess.DEVNULL, cwd="/")
        super().__init__("postgres", self.folder, [
            *prefix, binary("postgres"), "-D", self.data, "-p", self.port, "-k", self.folder,
            "-c", "listen_addresses=127.0.0.1", "-c", "log_statement=none"], cwd="/")

    def start(self):
        super().start()
        rig.wait_for("PostgreSQL answers", lambda: not self.running() or self.is_ready())
        if not self.running():
            raise RuntimeError(f"PostgreSQL does not start: {self.text()}")
        return self

    def is_ready(self):
        return subprocess.run([binary("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)],
                              check=False).returncode == 0

    def stop(self, number=rig.signal.SIGINT, seconds=20):  # SIGINT: at once, connections or not
        return super().stop(number, seconds)

    def kill(self):
        """Its children go a little later, and it cannot be started before."""
        pid = self.process.pid
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split() if self.running() else []
        status = super().kill()
        rig.wait_for("PostgreSQL's children are gone", lambda: not any(
            pathlib.Path(f"/proc/{child}").exists() for child in children))
        return status

    def address(self, database):
        return f"postgresql://county@127.0.0.1:{self.port}/{database}"

    def query(self, database, sql):
        """The rows, as PostgreSQL's JSON gives them."""
        done = subprocess.run([binary("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d",
                               self.address(database), "-c", f"select coalesce(json_agg(r), '[]') from ({sql}) r"],
                              capture_output=True, text=True, check=True)
        return [tuple(row.values()) for row in json.loads(done.stdout)]

    def run(self, database, sql):
        subprocess.run([binary("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.address(database),
                        "-c", sql], check=True, stdout=subprocess.DEVNULL)

    def close(self):
        self.stop()
        shutil.rmtree(self.folder)
