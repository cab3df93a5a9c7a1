"""The pack is whole: the forty rules, each with its words, its law and its figures as parameters."""
import re

import pytest
import yaml

from conftest import ROOT

RULES = [rule for path in sorted((ROOT / "etc/rules").glob("*.yaml"))
         for rule in yaml.safe_load(path.read_text()).get("rules", [])]
FORTY = """
    CS-01 CS-02 CS-03 CS-04 SC-01 AT-01 AT-02 TT-01 TT-02 TT-03 EX-01 AS-01 AS-02 SL-01 SL-02 CR-01
    EY-01 EY-02 EY-03 EY-04 EY-05 EY-06 AQ-01 AQ-02 AQ-03 TH-01 NZ-01
    TF-01 TF-02 TF-03 TF-04 TF-05 TF-06 TF-07 TF-08 TF-09 TF-10 TF-11 TF-12 SY-01
""".split()
# The verdict "suspect" of the plugin, and rounding up: no policy's figures.
NO_POLICY = {"3", "0.4999"}


def test_all_forty_are_there_and_no_id_twice():
    ids = [rule["id"] for rule in RULES]
    assert len(FORTY) == 40
    assert set(FORTY) <= set(ids)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["id"])
def test_a_rule_says_what_it_is_on_whose_authority_and_what_to_do(rule):
    for words in (rule["title"], rule["action"]):
        assert re.search("[一-鿿]", words["zh"]) and re.search("[A-Za-z]", words["en"])
        assert not re.search("[一-鿿]", words["en"])
    assert rule["basis"] and rule["basis_edition"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["id"])
def test_a_figure_of_a_condition_is_a_parameter(rule):
    conditions = [rule.get("when", ""), rule.get("clear", "")]
    conditions += [step for step in (rule["severity"].values() if isinstance(rule["severity"], dict) else [])
                   if isinstance(step, str) and step not in ("P1", "P2", "P3", "P4")]
    figures = {number for text in conditions for number in re.findall(r"(?<![\w.])\d+(?:\.\d+)?", text)}
    assert figures - {"0", "1"} <= NO_POLICY, figures
