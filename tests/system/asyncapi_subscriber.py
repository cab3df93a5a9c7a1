"""A county platform that knows county/asyncapi.yaml and nothing else of ours.

Topics, retention, schemas and the answer come from the document; what its words promise is kept to
here: one row a (gateway, epoch, seq), answered once it is kept, gaps named, the highest revision of a
key counts.  Written apart from the receiver, so that a platform that reads only the document is seen
to get along.
"""
import collections
import json
import pathlib
import threading

import jsonschema
import yaml

from campus_sim import mqtt_client

ENVELOPES = ("birth", "state")  # not numbered, not answered


class Contract:
    """The document: what comes on which topic, and what it must look like."""

    def __init__(self, path):
        self.folder = pathlib.Path(path).parent
        self.document = yaml.safe_load(pathlib.Path(path).read_text())
        self.sent = {name for name, operation in self._operations("send")}
        self.answer_topic = next(self._channel(operation)["address"] for name, operation in
                                 self._operations("receive") if name == "receiveAck")
        self.schemas = {}
        for _, operation in self._operations("send"):
            self._learn(self._channel(operation))

    def _operations(self, action):
        return [(name, operation) for name, operation in self.document["operations"].items()
                if operation["action"] == action]

    def _at(self, reference):
        """What "#/a/b" names in the document."""
        found = self.document
        for step in reference["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return found

    def _channel(self, operation):
        return self._at(operation["channel"])

    def _learn(self, channel):
        kind = channel["address"].rsplit("/", 1)[1]
        for message in channel["messages"].values():
            path = self.folder / self._at(message)["payload"]["$ref"]
            schema = json.loads(path.read_text())
            self.schemas[kind, schema["properties"]["type"]["const"]] = jsonschema.Draft202012Validator(schema)

    def filters(self):
        """Topics to subscribe to: every parameter is a level of its own."""
        return sorted({self._pattern(self._channel(operation)["address"])
                       for _, operation in self._operations("send")})

    @staticmethod
    def _pattern(address):
        return "/".join("+" if level.startswith("{") else level for level in address.split("/"))

    def judge(self, topic, body):
        """Raises what is wrong with @body under @topic."""
        key = topic.rsplit("/", 1)[1], body["type"]
        assert key in self.schemas, f"no message of the document is {key}"
        self.schemas[key].validate(body)
        assert body["source"] == "/".join(("campus", *topic.split("/")[2:5])), "another gateway's topic"

    def answer_to(self, topic):
        """Where rows that came on @topic are answered."""
        names = self.answer_topic.split("/")
        levels = topic.split("/")
        return "/".join(levels[n] if name.startswith("{") else name for n, name in enumerate(names))


class Platform:
    """Reads all traffic of a broker, keeps each row once and answers."""

    def __init__(self, contract, port):
        self.contract = contract
        self.rows = {}  # (gateway, epoch, seq): body
        self.others = []  # birth and state
        self.wrong = []
        self.repeated = 0
        self.lock = threading.Lock()
        self.client = mqtt_client("platform-of-the-document")
        self.client.on_connect = lambda client, *_: client.subscribe([(topic, 1) for topic in contract.filters()])
        self.client.on_message = self._on_message
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()

    def _on_message(self, client, _data, message):
        if not message.payload:
            return
        try:
            body = json.loads(message.payload)
            self.contract.judge(message.topic, body)
        except Exception as error:  # pylint: disable=broad-except  # told by the test
            self.wrong.append((message.topic, message.payload, repr(error)))
            return
        with self.lock:
            self._keep(body)
        if message.topic.rsplit("/", 1)[1] not in ENVELOPES:
            client.publish(self.contract.answer_to(message.topic), json.dumps(
                {"epoch": body["epoch"], "ranges": [[body["seq"], body["seq"]]]}), qos=1)

    def _keep(self, body):
        if "seq" not in body:
            self.others.append(body)
            return
        key = body["source"], body["epoch"], body["seq"]
        if key not in self.rows:
            self.rows[key] = body
            return
        self.repeated += 1
        if self.rows[key] != body:
            self.wrong.append((key, body, "another body under the same key"))

    def gaps(self):
        """Missing numbers of each stream, up to its highest."""
        streams = collections.defaultdict(set)
        with self.lock:
            for gateway, epoch, seq in self.rows:
                streams[gateway, epoch].add(seq)
        return {stream: missing for stream, seqs in streams.items()
                if (missing := set(range(1, max(seqs) + 1)) - seqs)}

    def data(self, kind):
        """(time, data) of all rows of a type, in the order of their numbers."""
        with self.lock:
            rows = sorted(self.rows.items(), key=lambda row: row[0])
        return [(body["time"], body["data"]) for _, body in rows if body["type"] == f"campus.{kind}.v1"]

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()
