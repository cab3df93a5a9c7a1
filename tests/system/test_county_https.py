"""The receiver's listener for batches: who is let in, what is answered, and that it goes through the same intake."""
import gzip
import json
import subprocess

import pytest

import ledger
import rig
from batch_rig import GATEWAY, NAME, Client, Identities, Receiver, check_contract, path_of
from certificates import Authority
from county_gateway import BROKEN, CONFLICT, EPOCH, last_stats, query
from county_gateway import alarm as alarm_of_one
from rig import ROOT

BIRTH = json.loads((ROOT / "county/examples/birth.json").read_text())


def alarm(seq, **changes):
    """Of this gateway; as the examples' is of gw-01, its id too."""
    message = alarm_of_one(seq, **changes)
    message.update(id=f"gw-test/{EPOCH}/{seq}", gateway="gw-test", source=f"campus/{GATEWAY}")
    return message


@pytest.fixture(scope="module")
def identities(tmp_path_factory):
    return Identities(Authority(tmp_path_factory.mktemp("authority")))


@pytest.fixture
def county(build, tmp_path, servers, identities):
    county = Receiver(build, tmp_path, identities, arguments=["--http-division", "5305"])
    servers.append(county.start())
    return county


@pytest.fixture
def client(county, identities):
    client = Client(county.port, identities.context())
    yield client
    client.close()


def ranges(document):
    return [(ack["epoch"], ack["ranges"]) for ack in document["acks"]]


def test_rows_are_stored_and_answered_in_ranges(county, client):
    status, document, headers = client.post([alarm(1), alarm(2), alarm(5)])
    assert (status, ranges(document)) == (200, [(EPOCH, [[1, 2], [5, 5]])])
    assert headers["Content-Type"] == "application/json"
    check_contract(document, "batch-answer")
    _, document, _ = client.post([alarm(3), alarm(2)])
    assert ranges(document) == [(EPOCH, [[1, 3]])]
    assert [(row[0], row[2]) for row in ledger.rows(county.database)] == [(GATEWAY, seq) for seq in (1, 2, 5, 3)]
    stats = last_stats(county)
    assert (stats["rows"], stats["repeated"], stats["gaps"]) == (4, 1, 1)


def test_birth_and_state_are_kept_and_nothing_is_answered(county, client):
    birth = dict(BIRTH, gateway="gw-test", source=f"campus/{GATEWAY}", id=BIRTH["id"].replace("gw-01", "gw-test"))
    status, document, _ = client.post([birth])
    assert (status, document) == (200, {"acks": []})
    (gateway, topic, body), = query(county, "select gateway, topic, body from presence")
    assert (gateway, topic, json.loads(body)) == (GATEWAY, "birth", birth)


def test_a_body_is_kept_as_its_bytes_came(county, client):
    texts = [json.dumps(alarm(1), indent=1), json.dumps(alarm(2), ensure_ascii=False)]
    assert client.post(f" [{texts[0]} ,\n{texts[1]}] ")[0] == 200
    kept = [body for body, in query(county, "select body from messages order by seq")]
    assert [json.loads(body) for body in kept] == [alarm(1), alarm(2)]
    assert kept[1] == texts[1] and kept[0].rstrip() == texts[0]


def test_another_body_under_a_known_key_is_a_conflict(county, client):
    client.post([alarm(1)])
    _, document, _ = client.post([alarm(1, object="other-gate")])
    assert ranges(document) == [(EPOCH, [[1, 1]])]
    assert query(county, "select fault from dead_letters") == [(CONFLICT,)]


@pytest.mark.parametrize("name", [name for name, (_, text) in BROKEN.items() if text != b'{"type": "\xff"}'])
def test_what_breaks_the_contract_is_a_dead_letter_beside_the_others(county, client, name):
    answered, text = BROKEN[name]
    text = (text if isinstance(text, bytes) else text.encode()).replace(b"gw-01", b"gw-test")
    if name in ("not JSON", "deep"):  # they would not let the array end
        assert client.post(b"[" + text + b"]")[0] == 400
        return
    status, document, _ = client.post(json.dumps([alarm(1)]).encode()[:-1] + b"," + text + b"]")
    assert status == 200
    assert ranges(document) == [(EPOCH, [[1, 2]] if answered else [[1, 1]])]
    assert query(county, "select count(*) from dead_letters") == [(1,)]
    assert [row[2] for row in ledger.rows(county.database)] == [1]


def test_a_row_that_says_it_is_another_gateways_is_not_stored(county, client):
    """The certificate is right, and the body lies."""
    status, document, _ = client.post([dict(alarm(1), gateway="gw-02"), alarm(2)])
    assert (status, ranges(document)) == (200, [(EPOCH, [[2, 2]])])
    assert query(county, "select gateway, seq from messages") == [(GATEWAY, 2)]


@pytest.mark.parametrize("who", ["no certificate", "a stranger's", "another gateway's", "another division",
                                 "the receiver's own"])
def test_who_is_not_the_gateway_of_the_path_gets_nothing(tmp_path, county, identities, who):
    certificate = {
        "no certificate": (),
        "a stranger's": Authority(tmp_path, "stranger").sign(NAME),
        "another gateway's": identities.authority.sign("2153012345-gw-02"),
        "another division": identities.client,
        "the receiver's own": identities.server,
    }[who]
    client = Client(county.port, identities.context(certificate))
    path = path_of("540502/2153012345/gw-test") if who == "another division" else None
    try:
        status, document, _ = client.post([alarm(1)], path)
    except OSError:
        assert who == "a stranger's"  # TLS ends it before
    else:
        assert (status, document["status"]) == (403, 403)
    client.close()
    assert "a batch is refused" in county.text() or who == "a stranger's"
    assert last_stats(county)["messages"] == 0


def test_what_is_no_batch_is_refused_with_why(county, client):
    def refusal(events, **kwargs):
        status, document, _ = client.post(events, **kwargs)
        return status, document["title"]

    good = [alarm(1)]
    assert refusal("{}") == (400, "the body is no JSON array")
    assert refusal("") == (400, "the body is no JSON array")
    assert refusal(good, path="/campus/v1/gw-test/batch")[0] == 404
    assert refusal(good, path=path_of() + "/more")[0] == 404
    assert refusal(good, path=path_of("53050/2153012345/gw-test"))[0] == 404
    assert refusal(good, method="PUT") == (405, "POST only")
    assert refusal(good, Content_Type="application/json")[0] == 415
    assert refusal(good, Content_Encoding="br")[0] == 415
    assert refusal([alarm(seq) for seq in range(1, 502)]) == (413, "more than 500 events")
    assert refusal("[" + " " * (2 * 1024 * 1024) + "]") == (413, "more than 2 MB")
    assert client.post([alarm(seq) for seq in range(1, 501)])[0] == 200
    assert last_stats(county)["rows"] == 500


def test_a_body_may_come_in_gzip(county, client):
    def post(body):
        status, document, headers = client.post(body, Content_Encoding="gzip")
        assert headers["Accept-Encoding"] == "gzip"
        return status, document

    packed = gzip.compress(json.dumps([alarm(1), alarm(2)]).encode())
    assert post(packed) == (200, {"acks": [{"epoch": EPOCH, "ranges": [[1, 2]]}]})
    assert post(packed[:-9])[1]["title"] == "the body is no gzip"
    assert post(b"[]")[0] == 400
    assert post(gzip.compress(b"[" + b" " * (2 * 1024 * 1024) + b"]"))[0] == 413
    assert last_stats(county)["rows"] == 2


def test_an_archive_that_is_away_is_waited_for(build, tmp_path, servers, identities, postgres):
    postgres.run("postgres", "create database batches")
    address = postgres.address("batches")
    county = Receiver(build, tmp_path, identities, database=address)
    servers.append(county.start())
    client = Client(county.port, identities.context())
    assert client.post([alarm(1)])[0] == 200
    postgres.run("postgres", "alter database batches allow_connections false")
    postgres.run("postgres", "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'batches'")
    status, document, headers = client.post([alarm(2)])
    assert (status, document["title"], headers["Retry-After"]) == (503, "the archive took nothing", "5")
    postgres.run("postgres", "alter database batches allow_connections true")

    def is_taken():
        status, document, _ = client.post([alarm(2)])
        return status == 200 and ranges(document) == [(EPOCH, [[1, 2]])]
    rig.wait_for("it is taken", is_taken)
    client.close()
    assert last_stats(county)["rows"] == 2


def test_behind_a_proxy_its_header_says_who_asks(build, tmp_path, servers):
    port = rig.free_port()
    county = rig.Server("behind", tmp_path, [
        build / "campus-county", "--http", f"127.0.0.1:{port}", "--http-name-header", "X-Client-Subject",
        "--database", tmp_path / "behind.db", "--schemas", ROOT / "county/schemas"])
    county.database = tmp_path / "behind.db"
    servers.append(county.start())
    rig.wait_for("it listens", lambda: rig.port_is_open(port))
    client = Client(port)
    assert client.post([alarm(1)])[0] == 403
    for subject in (f"O=x\\,CN={NAME}", "CN=2153012345-gw-02", f"CN=x,CN={NAME}"):
        assert client.post([alarm(1)], X_Client_Subject=subject)[0] == 403
    assert client.post([alarm(1)], X_Client_Subject=f"CN={NAME},O=Longyang")[0] == 200
    client.close()
    assert last_stats(county)["rows"] == 1


def test_options_that_do_not_fit_are_refused(build, tmp_path, identities):
    def refusal(*arguments):
        done = subprocess.run([build / "campus-county", "--database", tmp_path / "x.db", "--schemas",
                               ROOT / "county/schemas", *arguments], capture_output=True, text=True, check=False,
                              timeout=30)
        assert done.returncode == 2
        return done.stderr

    certificate, key = identities.server
    here = ["--http", "127.0.0.1:0"]
    assert "who asks must be known" in refusal(*here)
    assert "belong together" in refusal(*here, "--http-certificate", certificate)
    assert "not a loopback address" in refusal("--http", "0.0.0.0:0", "--http-name-header", "X")
    assert "No such file" in refusal(*here, "--http-certificate", tmp_path / "no.pem", "--http-key", key, "--http-ca",
                                     identities.ca)
    assert "are certificate and key a pair" in refusal(*here, "--http-certificate", certificate, "--http-key",
                                                       identities.client[1], "--http-ca", identities.ca)
    assert refusal("--http-ca", identities.ca, "--broker", "mqtt://localhost").startswith("campus-county --broker")
