"""Frameworks: what comes with the system, and own text from TOML or CSV with every fault told by its line."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.board import framework_csv, framework_toml
from panel.board.framework import Competency, Framework, Level, Value
from panel.board.framework_data import FrameworkInvalid, parse
from panel.board.library import shipped
from panel.kernel.encoding import canonical

SHIPPED = {framework.title: framework for framework in shipped()}
LODESTAR = SHIPPED["Lodestar framework 1"]

OWN = """name = "Own"
version = "1"

[[level]]
number = 1
name = "First"

[[competency]]
name = "Listens"
[competency.descriptors]
1 = ["Asks before telling."]

[[value]]
name = "Fairness"
descriptors = ["Hears both sides."]
"""

ROWS = """kind,name,level,part,text
framework,Own,,version,1
level,First,1,,
competency,Listens,1,descriptor,Asks before telling.
value,Fairness,,descriptor,Hears both sides.
"""


def test_three_frameworks_come_with_the_system() -> None:
    assert set(SHIPPED) == {"CVF 2016", "CVF 2024", "Lodestar framework 1"}


@pytest.mark.parametrize(("title", "values"), [("CVF 2016", 4), ("CVF 2024", 3)])
def test_cvf_holds_names_and_structure_and_not_one_word_of_its_text(title: str, values: int) -> None:
    framework = SHIPPED[title]
    assert (len(framework.competencies), len(framework.values), len(framework.levels)) == (6, values, 3)
    for element in framework.elements:
        assert (element.introduction, element.descriptors, element.anchors) == ("", (), ())
    assert "College of Policing" in framework.notice


def test_cvf_2016_has_clusters_and_2024_has_none() -> None:
    assert len({competency.cluster for competency in SHIPPED["CVF 2016"].competencies}) == 3
    assert {competency.cluster for competency in SHIPPED["CVF 2024"].competencies} == {""}


def test_invented_framework_is_described_and_anchored_throughout() -> None:
    assert (len(LODESTAR.competencies), len(LODESTAR.values)) == (6, 3)
    for competency in LODESTAR.competencies:
        assert all(len(competency.at(level)) >= 4 for level in (1, 2, 3))
    for element in LODESTAR.elements:
        assert element.introduction
        assert len(element.anchors_for(5)) == 5
        assert len(element.anchors_for(7)) == 7
        assert element.anchors_for(4) == ()


@pytest.mark.parametrize("title", SHIPPED)
def test_framework_is_the_same_after_toml_csv_and_json(title: str) -> None:
    framework = SHIPPED[title]
    assert framework_toml.read(framework_toml.write(framework)) == framework
    assert framework_csv.read(framework_csv.write(framework)) == framework
    again = parse(json.loads(canonical(framework.to_json())))
    assert again == framework
    assert again.digest == framework.digest


_texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp")), min_size=1, max_size=40
)
_clean = _texts.map(str.strip).filter(bool)


@given(name=_clean, text=_clean, anchors=st.lists(_clean, min_size=3, max_size=3))
def test_any_text_survives_both_files(name: str, text: str, anchors: list[str]) -> None:
    competency = Competency(f"a{name}", "", text, ((1, (text, text)),), (tuple(anchors),))
    framework = Framework("Own", "1", text, (Level(1, "First"),), (competency,), ())
    assert framework_toml.read(framework_toml.write(framework)) == framework
    assert framework_csv.read(framework_csv.write(framework)) == framework


def test_both_files_say_the_same() -> None:
    assert framework_toml.read(OWN) == framework_csv.read(ROWS)


@pytest.mark.parametrize("mark", ["\t", ";"])
def test_rows_copied_out_of_a_spreadsheet_are_read_too(mark: str) -> None:
    assert framework_csv.read("\ufeff" + ROWS.replace(",", mark)) == framework_csv.read(ROWS)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("competency,,1,descriptor,x", "Line 6: the name is missing."),
        ("competency,Listens,one,descriptor,x", "Line 6: the level must be a number."),
        (f"level,Second,{'7' * 5000},,", "Line 6: the level must be from 1 to 9."),
        (f"competency,Listens,{'7' * 5000},descriptor,x", "Line 6: the level must be from 1 to 9."),
        ("competency,Listens,1,descriptor,", "Line 6: the text of the descriptor is missing."),
        ("competency,Listens,1,,x", "Line 6: the part is missing, so nobody can tell what the text is."),
        ("competency,Listens,1,behaviour,x", "Line 6: ‘behaviour’ is not a part of a competency."),
        ("value,Fairness,1,descriptor,x", "Line 6: a value has no levels. Leave the level empty."),
        ("value,Fairness,,cluster,x", "Line 6: ‘cluster’ is not a part of a value."),
        ("skill,Fairness,,,", "Line 6: ‘skill’ is not framework, level, competency or value."),
        ("framework,Other,,notice,x", "Line 6: the framework is called ‘Own’ further up."),
        ("framework,Own,,version,2", "Line 6: the version stands further up already."),
        ("framework,Own,,owner,x", "Line 6: ‘owner’ is not version or notice."),
        ("level,First,2,,", "Line 6: this level stands further up already."),
        ("competency,Listens,1", "Line 6: this row has 3 cells and needs 5."),
        (
            "competency,Listens,,anchor 2 of 5,x",
            "Line 6: anchor 1 must come next, since the lowest score comes first.",
        ),
        (
            "competency,Listens,,anchor 1 of 5,x",
            "Line 4: The anchors of competency 1 under 5 must be 5, one for each score.",
        ),
        (
            "competency,Listens,4,descriptor,x",
            "Line 4: The descriptors of competency 1 stand under ‘4’, which the framework does not have.",
        ),
        ('competency,Listens,1,descriptor,"x', "Line 6: a quotation mark is missing."),
    ],
)
def test_bad_row_is_told_by_its_line(line: str, sentence: str) -> None:
    with pytest.raises(FrameworkInvalid) as refusal:
        framework_csv.read(f"{ROWS}{line}\n")
    assert refusal.value.details == (sentence,)


def test_every_bad_row_is_told_at_once() -> None:
    with pytest.raises(FrameworkInvalid) as refusal:
        framework_csv.read(f"{ROWS}\nvalue,,,,\n\nskill,x,,,\n")
    assert [detail[:7] for detail in refusal.value.details] == ["Line 7:", "Line 9:"]


def test_line_of_a_row_after_a_text_of_several_lines_is_right() -> None:
    with pytest.raises(FrameworkInvalid) as refusal:
        framework_csv.read(f'{ROWS}value,Fairness,,descriptor,"two\nlines"\nskill,x,,,\n')
    assert refusal.value.details == ("Line 8: ‘skill’ is not framework, level, competency or value.",)


@pytest.mark.parametrize("text", ["", "\n \n", "name,level\n", "kind,name\n1,2"])
def test_text_that_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(FrameworkInvalid):
        framework_csv.read(text)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('name = "Own"', "name = 3", "Line 1: The name of the framework must be text."),
        ('version = "1"', "", "Line 1: Enter the version of the framework."),
        ('name = "Own"', 'name = "Own"\nowner = "x"', "Line 1: ‘owner’ is not a part of the framework."),
        ("number = 1", "number = 0", "Line 4: The number of level 1 must be from 1 to 9."),
        ("number = 1", "number = true", "Line 4: The number of level 1 must be from 1 to 9."),
        ('name = "Listens"', 'name = ""', "Line 8: Enter the name of competency 1."),
        (
            "1 = [",
            "2 = [",
            "Line 8: The descriptors of competency 1 stand under ‘2’, which the framework does not have.",
        ),
        (
            '["Hears both sides."]',
            '[""]',
            "Line 13: The descriptors of value 1 must be a list of texts, none of them empty.",
        ),
        ("Fairness", "LISTENS", "Line 1: Two competencies or values are called ‘LISTENS’, or nearly so."),
        ('name = "Fairness"', 'name = "Ω"', "Line 1: The name ‘Ω’ needs letters from A to Z or digits."),
        (
            "1 = [",
            f"{'7' * 5000} = [",
            f"Line 8: The descriptors of competency 1 stand under ‘{'7' * 100}…’, which the framework does not have.",
        ),
        ("number = 1", f"number = {'7' * 5000}", "A number in the text is too long."),
        ('["Hears both sides."]', "[" * 5000, "Too many brackets stand inside each other. A list holds texts only."),
        ("[[value]]", "[value]", "Line 1: Write each value under a [[value]] of its own."),
        ('version = "1"', "version = 1'", "Line 2, character 12: this is not TOML."),
    ],
)
def test_fault_in_toml_is_told_by_the_line_of_its_part(before: str, after: str, sentence: str) -> None:
    with pytest.raises(FrameworkInvalid) as refusal:
        framework_toml.read(OWN.replace(before, after, 1))
    assert any(detail.startswith(sentence) for detail in refusal.value.details), refusal.value.details


def test_two_of_one_name_are_refused_even_if_they_are_the_same_word_for_word() -> None:
    twice = '[[competency]]\nname = "Listens"\n' * 2
    with pytest.raises(FrameworkInvalid) as refusal:
        framework_toml.read(f'name = "Own"\nversion = "1"\n[[level]]\nnumber = 1\nname = "First"\n{twice}')
    assert refusal.value.details == ("Line 1: Two competencies or values are called ‘Listens’, or nearly so.",)


def test_every_change_of_text_is_another_digest() -> None:
    first, *rest = LODESTAR.competencies
    changed = replace(LODESTAR, competencies=(replace(first, introduction="Other"), *rest))
    assert changed.digest != LODESTAR.digest


def test_element_is_found_by_its_name_alone() -> None:
    assert isinstance(LODESTAR.element("Candour"), Value)
    assert LODESTAR.level(2) == Level(2, "Leading a team")
    assert LODESTAR.level(4) is None
    with pytest.raises(KeyError):
        LODESTAR.element("candour")


@pytest.mark.vault("V25")
def test_a_framework_of_nothing_but_faults_is_told_in_one_passage() -> None:
    """As many parts as fit the form: few enough are read to be compared with each other."""
    with pytest.raises(FrameworkInvalid) as refusal:
        framework_toml.read("".join(f'[[value]]\nname = "{number}"\n' for number in range(20_000)))
    assert len(refusal.value.details) < 300
    assert "Line 401: A framework has at most 200 of these: value." in refusal.value.details
