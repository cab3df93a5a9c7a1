"""A RabbitMQ of the tests' own, with its MQTT plugin: a node, or a cluster of three, on loopback and
free ports."""
import os
import pathlib
import shutil
import subprocess
import tempfile

import rig

PROGRAMS = pathlib.Path("/usr/lib/rabbitmq/bin")


class Rabbit(rig.Server):
    """Its name server (epmd) is its own too, and ends with close(), but for that of a cluster: @epmd is
    its port then, and @name the node's."""

    def __init__(self, more="", epmd=None, name=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="county-rabbit-"))
        self.port, self.mqtt_port = rig.free_port(), rig.free_port()
        self.name_server = epmd or rig.free_port()
        self.is_alone = epmd is None
        distribution = rig.free_port()
        (self.folder / "enabled_plugins").write_text("[rabbitmq_mqtt].\n")
        (self.folder / "rabbitmq.conf").write_text(
            f"listeners.tcp.default = 127.0.0.1:{self.port}\n"
            f"mqtt.listeners.tcp.default = 127.0.0.1:{self.mqtt_port}\n"
            "mqtt.allow_anonymous = true\nmqtt.default_user = guest\nmqtt.default_pass = guest\n"
            "mqtt.exchange = amq.topic\ndisk_free_limit.absolute = 50MB\nlog.console = true\nlog.file = false\n" + more)
        self.environment = dict(
            os.environ, HOME=str(self.folder), ERL_EPMD_PORT=str(self.name_server), ERL_EPMD_ADDRESS="127.0.0.1",
            RABBITMQ_NODENAME=name or f"county{self.port}@localhost", RABBITMQ_DIST_PORT=str(distribution),
            RABBITMQ_MNESIA_BASE=str(self.folder / "mnesia"), RABBITMQ_LOG_BASE=str(self.folder / "log"),
            RABBITMQ_CONFIG_FILE=str(self.folder / "rabbitmq"),
            RABBITMQ_ENABLED_PLUGINS_FILE=str(self.folder / "enabled_plugins"),
            RABBITMQ_CONF_ENV_FILE="/dev/null", LANG="C.UTF-8")
        cookie = self.folder / ".erlang.cookie"
        cookie.write_text("ofthetests")
        cookie.chmod(0o400)
        super().__init__("rabbit", self.folder, [PROGRAMS / "rabbitmq-server"], env=self.environment, cwd="/",
                         start_new_session=True)

    def control(self, *arguments):
        done = subprocess.run([PROGRAMS / "rabbitmqctl", "--quiet", *arguments], env=self.environment, cwd="/",
                              capture_output=True, text=True, check=True)
        return done.stdout

    def start(self):
        super().start()
        rig.wait_for("RabbitMQ answers", lambda: not self.running() or (
            rig.port_is_open(self.port) and rig.port_is_open(self.mqtt_port)), 120)
        if not self.running():
            raise RuntimeError(f"RabbitMQ does not start: {self.text()}")
        return self

    def stop(self, number=rig.signal.SIGTERM, seconds=60):
        """The script has the node as its child: the whole session is ended."""
        if self.running():
            os.killpg(self.process.pid, number)
        return super().stop(number, seconds)

    def kill(self):
        status = self.stop(rig.signal.SIGKILL)
        rig.wait_for("RabbitMQ is gone", lambda: not rig.port_is_open(self.port))
        return status

    def address(self):
        return f"amqp://guest:guest@127.0.0.1:{self.port}"

    def close(self):
        self.stop()
        if self.is_alone:
            end_name_server(self.environment)
        shutil.rmtree(self.folder, ignore_errors=True)


def end_name_server(environment):
    subprocess.run(["epmd", "-kill"], env=environment, check=False, capture_output=True)


class Cluster:
    """Three nodes of one RabbitMQ: sessions of gateways and the receivers' queue are quorum queues, so that
    any two nodes have all that was confirmed.  @more() is what a node's configuration has beside."""

    SHARED = "mqtt.durable_queue_type = quorum\ncluster_partition_handling = pause_minority\n"

    def __init__(self, more=lambda: ""):
        epmd = rig.free_port()
        names = [f"county{epmd}{letter}@localhost" for letter in "abc"]
        known = "cluster_formation.peer_discovery_backend = classic_config\n" + "".join(
            f"cluster_formation.classic_config.nodes.{i} = {name}\n" for i, name in enumerate(names, 1))
        self.nodes = [Rabbit(self.SHARED + known + more(), epmd, name) for name in names]

    def start(self):
        """One after the other, so that the later ones find the first."""
        for node in self.nodes:
            node.start()
        rig.wait_for("three nodes are one", lambda: self.running_nodes() == 3, 60)
        return self

    def running_nodes(self):
        said = self.nodes[0].control("eval", "length(rabbit_mnesia:cluster_nodes(running)).")
        return int(said)

    def close(self):
        for node in self.nodes:
            node.close()
        end_name_server(self.nodes[0].environment)
