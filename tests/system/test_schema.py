"""Our validator and python3-jsonschema must agree on every document of a corpus."""
import copy
import json
import subprocess

import jsonschema
import pytest
import yaml

from rig import ROOT

SCHEMAS = sorted((ROOT / "county/schemas").glob("*.json"))
EXAMPLES = sorted((ROOT / "county/examples").glob("*.json"))
VALUES = [None, True, False, 0, 1, -1, 1.0, 1.5, 9007199254740992, -0.001, "", "x", "good",
          "学校", "gw-01", "a b", "P1", "2026-11-23T08:20:00+08:00", "2026-11-23", "0", "7",
          "x" * 300, [], [1], [[1, 2]], [[1, 2, 3]], [[0, 1]], {}, {"a": 1}, {"a": "学"},
          {"boot": "3f0c9a52-6a0e-4b0e-9d8e-0d6f7a3c2b11", "mono_ms": 1}]

# Keywords whose corners the contract's own schemas do not reach.
KEYWORDS = [
    {"type": "integer"}, {"type": ["number", "null"]}, {"type": "boolean"}, {"const": 1},
    {"const": "x"}, {"const": None}, {"enum": ["x", 1, None]}, {"minimum": 0, "maximum": 1},
    {"minLength": 1, "maxLength": 2}, {"pattern": "^[a-z]*$"}, {"pattern": "[0-9]{2}"},
    {"minItems": 1, "maxItems": 1}, {"items": {"type": "integer"}},
    {"items": {"items": {"minimum": 1}}}, {"required": ["a"]},
    {"properties": {"a": {"type": "integer"}}, "additionalProperties": False},
    {"additionalProperties": {"type": "string", "maxLength": 1}},
    {"anyOf": [{"type": "string", "maxLength": 1}, {"type": "array", "maxItems": 0}]},
    {"anyOf": [{"required": ["a"]}, {"const": True}], "type": ["object", "boolean"]},
]


def kind(example):
    """alarm of alarm-time-unknown, time-correction of itself."""
    return max((path.stem for path in SCHEMAS if example.stem.startswith(path.stem)), key=len)


def paths(document, at=()):
    """Every place in a document, as a tuple of keys and indexes."""
    yield at
    if isinstance(document, dict):
        for key, value in document.items():
            yield from paths(value, at + (key,))
    elif isinstance(document, list):
        for index, value in enumerate(document):
            yield from paths(value, at + (index,))


def changed(document, path, change):
    """A copy of @document in which change(parent, last key) was made."""
    result = copy.deepcopy(document)
    parent = result
    for step in path[:-1]:
        parent = parent[step]
    change(parent, path[-1])
    return result


def variants(document):
    """The document itself, and everything that one mistake makes of it."""
    yield document
    for path in paths(document):
        if not path:
            continue
        yield changed(document, path, lambda parent, key: parent.pop(key))
        for value in VALUES:
            yield changed(document, path,
                          lambda parent, key, value=value: parent.__setitem__(key, value))
    for path in paths(document):
        target = document
        for step in path:
            target = target[step]
        if isinstance(target, dict):
            yield changed(document, path + ("extra",),
                          lambda parent, key: parent.__setitem__(key, 1))


def our_verdicts(build, tmp_path, schema, documents):
    files = []
    for number, document in enumerate(documents):
        files.append(tmp_path / f"{number}.json")
        files[-1].write_text(json.dumps(document))
    done = subprocess.run([build / "campus-county", "--validate", schema, *files],
                          capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return [line.endswith(": valid") for line in done.stdout.splitlines()]


def compare(build, tmp_path, schema_path, documents):
    schema = json.loads(schema_path.read_text())
    theirs = jsonschema.Draft202012Validator(schema)
    ours = our_verdicts(build, tmp_path, schema_path, documents)
    assert len(ours) == len(documents)
    for document, verdict in zip(documents, ours):
        assert verdict == theirs.is_valid(document), json.dumps(document, ensure_ascii=False)
    return ours


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.stem)
def test_schemas_are_schemas(schema):
    jsonschema.Draft202012Validator.check_schema(json.loads(schema.read_text()))


def test_every_kind_has_an_example():
    assert {path.stem for path in SCHEMAS} == {kind(path) for path in EXAMPLES}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_both_judge_every_change_of_an_example_alike(build, tmp_path, example):
    documents = list(variants(json.loads(example.read_text())))
    ours = compare(build, tmp_path, ROOT / f"county/schemas/{kind(example)}.json", documents)
    assert ours[0]
    assert ours.count(False) > ours.count(True)


def test_a_batch_may_have_all_that_a_topic_has():
    document = yaml.safe_load((ROOT / "county/openapi.yaml").read_text())
    body = document["paths"]["/campus/v1/{division}/{school}/{gateway}/batch"]["post"]["requestBody"]
    events = body["content"]["application/cloudevents-batch+json"]["schema"]["items"]["anyOf"]
    with_envelope = {f"schemas/{path.name}" for path in SCHEMAS
                     if "specversion" in json.loads(path.read_text()).get("properties", {})}
    assert {event["$ref"] for event in events} == with_envelope and len(with_envelope) > 10


@pytest.mark.parametrize("schema", KEYWORDS, ids=json.dumps)
def test_both_read_every_keyword_alike(build, tmp_path, schema):
    path = tmp_path / "schema.json"
    path.write_text(json.dumps(schema))
    ours = compare(build, tmp_path, path, VALUES)
    assert True in ours and False in ours


def test_an_unknown_keyword_is_refused(build, tmp_path):
    path = tmp_path / "schema.json"
    path.write_text('{"properties": {"a": {"multipleOf": 2}}}')
    done = subprocess.run([build / "campus-county", "--validate", path, EXAMPLES[0]],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "/properties/a/multipleOf" in done.stderr


def test_the_documents_of_the_contract_name_files_and_parts_that_exist():
    def references(node):
        if isinstance(node, dict):
            for key, value in node.items():
                if key in ("$ref", "externalValue"):
                    yield value
                else:
                    yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    found = set()
    for name in ("asyncapi", "openapi"):
        document = yaml.safe_load((ROOT / f"county/{name}.yaml").read_text())
        for reference in references(document):
            found.add(reference)
            if not reference.startswith("#/"):
                assert (ROOT / "county" / reference).exists(), reference
                continue
            target = document
            for step in reference[2:].split("/"):
                target = target[step]
    assert {f"schemas/{path.name}" for path in SCHEMAS} <= found
    assert {f"examples/{path.name}" for path in EXAMPLES} <= found
