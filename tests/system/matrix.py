"""One school and its county, whole and under load, and the faults that may befall each part of them."""
import random
import time
from typing import Callable, NamedTuple

import judge_rows
import lives
import numbered
import rig
from certificates import Authority
from link import Link
from postgres import Postgres
from rabbit import Cluster

RATE = 30  # readings a second; alarms come beside them
LINE_BITS = 64_000
PATIENCE_S = 180  # until rows flow again: the keep-alive of a silent line, a node that comes back
WAIT_S = 2  # of a gateway for its county
DATABASE = "county"


class World:
    """@is_cluster: the county has three nodes of RabbitMQ in the place of a mosquitto."""

    def __init__(self, build, site, servers, is_cluster):
        self.build, self.site, self.servers = build, site, servers
        self.is_cluster = is_cluster
        self.authority = Authority(site.folder)
        self.certificate = self.authority.sign("broker", "DNS:localhost", "IP:127.0.0.1")
        for path in (*self.certificate, self.authority.ca):
            path.chmod(0o644)  # brokers give up root
        self.postgres = Postgres()
        servers.append(Closing(self.postgres))
        self.postgres.start().run("postgres", f"create database {DATABASE}")
        self.school = self.kept(rig.Broker(site.folder, "school-broker", shipped=True)).start()
        self.node = None  # that is down
        ports, address = self.make_cluster() if is_cluster else self.make_broker()
        self.link = self.kept(Link(ports))
        self.receiver = self.kept(rig.County(build, site.folder, address, database=self.postgres.address(DATABASE)))
        self.receiver.start()
        self.write_site()
        self.gateway = site.gateway(start=False).start()
        self.restarts = 0
        self.loads = []

    def kept(self, server):
        self.servers.append(server)
        return server

    def make_broker(self):
        port = rig.free_port()
        certificate, key = self.certificate
        self.county_broker = self.kept(rig.Broker(self.site.folder, "county-broker", lines=[
            f"listener {port} 127.0.0.1", "allow_anonymous true", f"certfile {certificate}", f"keyfile {key}"])).start()
        return [port], self.county_broker.port

    def make_cluster(self):
        ports = []
        certificate, key = self.certificate

        def secure():
            ports.append(rig.free_port())
            return (f"mqtt.listeners.ssl.default = 127.0.0.1:{ports[-1]}\nssl_options.versions.1 = tlsv1.2\n"
                    f"ssl_options.cacertfile = {self.authority.ca}\nssl_options.certfile = {certificate}\n"
                    f"ssl_options.keyfile = {key}\nssl_options.verify = verify_none\n")

        self.cluster = Cluster(secure)
        self.servers.append(Closing(self.cluster))
        self.cluster.start()
        balancer = self.kept(Link([node.port for node in self.cluster.nodes]))
        return ports, f"amqp://guest:guest@127.0.0.1:{balancer.port}"

    def write_site(self):
        lives.write_site(self.site, self.school.port, self.link.port)
        path = self.site.config / "gateway.yaml"
        path.write_text(path.read_text().replace(f'"mqtt://127.0.0.1:{self.link.port}"', (
            f'"mqtts://127.0.0.1:{self.link.port}", ca: {self.authority.ca}')))

    def counts(self):
        """(rows made, rows acknowledged); None while the gateway does not answer."""
        status = self.gateway.answers()
        return status and (status["county"]["messages"], status["county"]["outbox_acknowledged"])

    def acknowledged(self):
        counts = self.counts()
        return counts[1] if counts else -1

    def has_connection(self):
        status = self.gateway.answers()
        return status and status["county"]["connected"]

    def flow_on(self, names):
        """Until rows come to the county again.  Where faults follow each other so closely a gateway waits
        longer each time, up to five minutes (uplink/session.h): then it begins anew, in order."""
        before = rig.wait_for(f"the gateway answers after {names}", self.counts, PATIENCE_S)[1]
        alone_since = time.monotonic()
        until = alone_since + PATIENCE_S
        while self.acknowledged() <= before:
            now = time.monotonic()
            if now > until:
                raise TimeoutError(f"no row was acknowledged after {names}")
            if self.has_connection():
                alone_since = now
            elif now > alone_since + WAIT_S:
                assert self.gateway.stop() == 0
                self.gateway.start()
                self.restarts += 1
                alone_since = time.monotonic()
            time.sleep(0.02)
        rig.wait_for(f"all parts are there after {names}", self.is_whole, PATIENCE_S)

    def load(self):
        self.loads = [numbered.NumberedPublisher(self.school.port, RATE), lives.Alarms(self.school.port)]
        for load in self.loads:
            load.client.reconnect_delay_set(1, 1)
            self.servers.append(load)
        rig.wait_for("rows flow", lambda: self.acknowledged() > RATE, PATIENCE_S)

    def is_whole(self):
        return not self.is_cluster or self.cluster.running_nodes() == 3

    def finish(self):
        """What is wrong in the end, and how many rows were judged."""
        for load in self.loads:
            self.servers.remove(load)
            load.stop()
        rig.wait_for("the county has answered all", lambda: (counts := self.counts()) and counts[0] == counts[1],
                     2 * PATIENCE_S)
        assert self.gateway.stop() == 0
        made, stored, said = self.evidence()
        return judge_rows.faults(made, stored, said), len(made)

    def evidence(self, database=DATABASE):
        return (judge_rows.journal(self.site.folder / "state/campus.db"), judge_rows.rows(self.postgres, database),
                judge_rows.ranges(self.postgres, database))


class Closing:
    """A server with folders of its own, among those that only stop."""

    def __init__(self, server):
        self.stop = server.close


class Fault(NamedTuple):
    """do, undo: what happens to a World; hold_s: how long at least and at most.  It is over when rows flow
    again."""
    do: Callable
    undo: Callable
    hold_s: tuple = (0.0, 1.0)


def kill_node(world, chance):
    world.node = chance.choice(world.cluster.nodes)
    world.node.kill()


def line(fail, hold_s=(0.3, 1.3)):
    """Long enough that something was to pass."""
    return Fault(lambda world, _: fail(world.link), lambda world: world.link.mend(), hold_s)


SCHOOL = {
    "gateway": Fault(lambda world, _: world.gateway.kill(), lambda world: world.gateway.start(ready=False)),
    "local broker": Fault(lambda world, _: world.school.kill(), lambda world: world.school.start()),
    "receiver": Fault(lambda world, _: world.receiver.kill(), lambda world: world.receiver.start()),
    "PostgreSQL": Fault(lambda world, _: world.postgres.kill(), lambda world: world.postgres.start()),
    "line down": line(Link.go_down),
    "line half-open": line(Link.fall_silent),
    "line at 64 kbit/s": line(lambda link: link.slow_down(LINE_BITS), (1.0, 3.0)),
    "line garbage": line(Link.spoil),
}
# By the county that a World has.
FAULTS = {
    False: {**SCHOOL, "county broker": Fault(lambda world, _: world.county_broker.kill(),
                                             lambda world: world.county_broker.start())},
    True: {**SCHOOL, "RabbitMQ node": Fault(kill_node, lambda world: world.node.start())},
}


def strike(world, names, chance):
    """One fault, or several that overlap; returns when rows flow again."""
    faults = [FAULTS[world.is_cluster][name] for name in names]
    time.sleep(chance.uniform(0, 0.4))
    for fault in faults:
        fault.do(world, chance)
        time.sleep(chance.uniform(0, 0.3))
    time.sleep(chance.uniform(*max(fault.hold_s for fault in faults)))
    for fault in chance.sample(faults, len(faults)):
        fault.undo(world)
    world.flow_on(names)


def drive(world, plan, seed):
    """Does all of @plan, names of faults or of pairs of them, in an order drawn by chance."""
    chance = random.Random(seed)
    for names in chance.sample(plan, len(plan)):
        strike(world, names, chance)
