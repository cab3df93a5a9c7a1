"""Both ends of the county's HTTPS batches: the receiver with a listener of its own, a platform that a
test makes answer as it likes, and a client that speaks as a gateway does."""
import gzip
import http.client
import http.server
import json
import pathlib
import ssl
import threading

import jsonschema

import rig
from rig import ROOT

GATEWAY = "530502/2153012345/gw-test"
NAME = "2153012345-gw-test"
TYPE = "application/cloudevents-batch+json"


def path_of(gateway=GATEWAY):
    return f"/campus/v1/{gateway}/batch"


class Identities:
    """The county's CA, the listener's certificate, and this gateway's."""

    def __init__(self, authority, name=NAME):
        self.authority = authority
        self.ca = authority.ca
        self.server = authority.sign("platform", "DNS:localhost", "IP:127.0.0.1")
        self.client = authority.sign(name)

    def context(self, client=None):
        """A client's, which trusts the CA alone; @client: another certificate, () = none."""
        context = ssl.create_default_context(cafile=str(self.ca))
        certificate = self.client if client is None else client
        if certificate:
            context.load_cert_chain(*map(str, certificate))
        return context


class Receiver(rig.Server):
    """campus-county with a listener for batches; beside @broker's port, if there is one."""

    def __init__(self, build, folder, identities, broker=None, database=None, name="county-receiver", port=None,
                 arguments=()):
        self.port = port or rig.free_port()
        self.database = database or pathlib.Path(folder) / f"{name}.db"
        certificate, key = identities.server
        source = ["--broker", f"mqtt://127.0.0.1:{broker}"] if broker else []
        super().__init__(name, folder, [
            build / "campus-county", *source, "--database", self.database, "--schemas", ROOT / "county/schemas",
            "--http", f"127.0.0.1:{self.port}", "--http-certificate", certificate, "--http-key", key,
            "--http-ca", identities.ca, *arguments])

    def start(self):
        super().start()
        rig.wait_for(f"{self.name} listens", lambda: rig.port_is_open(self.port) or not self.running())
        assert self.running(), self.text()
        return self


class Client:
    """One connection to a listener; @context None: in clear."""

    def __init__(self, port, context=None):
        self.connection = (http.client.HTTPSConnection("localhost", port, timeout=20, context=context) if context
                           else http.client.HTTPConnection("127.0.0.1", port, timeout=20))

    def post(self, events, path=None, method="POST", **headers):
        """(status, document, headers); @events: a list, or the body as it is."""
        body = events if isinstance(events, (str, bytes)) else json.dumps(events)
        names = {"Content-Type": TYPE, **{name.replace("_", "-"): value for name, value in headers.items()}}
        self.connection.request(method, path or path_of(), body.encode() if isinstance(body, str) else body, names)
        response = self.connection.getresponse()
        return response.status, json.loads(response.read() or b"null"), response.headers

    def close(self):
        self.connection.close()


def check_contract(document, kind=None):
    """@document keeps to the schema of @kind, or of its own type's."""
    kind = kind or document["type"].split(".")[1]
    schema = json.loads((ROOT / f"county/schemas/{kind}.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(document)


def acks(events):
    """What a platform that has all of @events answers."""
    found = {}
    for event in events:
        if "seq" in event:
            found.setdefault(event["epoch"], []).append([event["seq"]] * 2)
    return {"acks": [{"epoch": epoch, "ranges": ranges} for epoch, ranges in found.items()]}


class Platform:
    """Answers each POST as @answer(number, events) says: (status, body, headers), or None to take all of it.
    Keeps what it took, and every batch that came.  @headers are in each answer."""

    headers = {}

    def __init__(self, identities, answer=lambda _number, _events: None, port=None):
        self.answer = answer
        self.batches = []
        self.taken = []
        self.lock = threading.Lock()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers["Content-Encoding"] == "gzip":
                    raw = gzip.decompress(raw)
                status, body, headers = outer.take(self.path, dict(self.headers), json.loads(raw))
                headers = {**outer.headers, **headers}
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port or 0), Handler)
        self.server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*map(str, identities.server))
        context.load_verify_locations(str(identities.ca))
        context.verify_mode = ssl.CERT_REQUIRED
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, path, headers, events):
        with self.lock:
            number = len(self.batches)
            self.batches.append((path, headers, events))
            said = self.answer(number, events)
            if said is None:
                self.taken += events
                said = (200, json.dumps(acks(events)), {})
        status, body, more = said
        return status, body.encode(), more

    def seqs(self):
        """Of the rows that were taken, copies too."""
        with self.lock:
            return [event["seq"] for event in self.taken if "seq" in event]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
