"""The text check finds its author however she is written, and stops nobody for a word that is only a word."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panel.blind.submissions.redaction import (
    REMOVED,
    AuthorRecord,
    Kind,
    NotInText,
    Strength,
    hits,
    redact,
    remove_spans,
)

AUTHOR = AuthorRecord(
    names=("Siân O’Neill-Żak", "Sissy"),
    email="sian.oneillzak@rail.example",
    staff_no="BT44718",
    collar_no="2291",
    phone="07700 900123",
    station="Ebury Bridge Police Station",
    unit="Response Team B",
    manager="Inspector David Okonjo",
    colleagues=("Priya Raman",),
)
PLANTS = {
    Kind.NAME: ("Siân", "O’Neill", "Sissy", "Żak"),
    Kind.EMAIL: ("sian.oneillzak@rail.example",),
    Kind.STAFF_NO: ("BT44718",),
    Kind.COLLAR_NO: ("2291",),
    Kind.PHONE: ("07700 900123",),
    Kind.STATION: ("Ebury Bridge",),
    Kind.UNIT: ("Response Team B",),
    Kind.MANAGER: ("Okonjo", "David"),
    Kind.COLLEAGUE: ("Priya", "Raman"),
}
LOOKALIKES = str.maketrans("aceiopsxyABCEHIKMNOPST", "асеіорѕхуАВСЕНІКМΝОРЅТ")
ACCENTS = str.maketrans("âŻ’", "aZ'")
DISGUISES = {
    "plain": str,
    "capitals": str.upper,
    "small": str.lower,
    "possessive": lambda word: f"{word}’s",
    "spaced": " ".join,
    "dotted": ".".join,
    "without accents": lambda word: word.translate(ACCENTS),
    "look-alike letters": lambda word: word.translate(LOOKALIKES),
    "zero-width split": "\u200b".join,
    "soft hyphen": lambda word: word[:2] + "\u00ad" + word[2:],
    "line-break split": lambda word: word[:2] + "\n" + word[2:],
    "hyphen and line break": lambda word: word[:2] + "-\n" + word[2:],
    "full width": lambda word: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word),
    "brackets": lambda word: f"({word})",
}


def found(text: str, record: AuthorRecord | None = AUTHOR) -> list[tuple[str, Kind, Strength]]:
    return [(hit.of(text), hit.kind, hit.strength) for hit in hits(text, record)]


def stops(text: str, record: AuthorRecord) -> list[str]:
    return [hit.of(text) for hit in hits(text, record) if hit.strength is Strength.EXACT]


@pytest.mark.leak("L53")
@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES.keys())
@pytest.mark.parametrize("kind", PLANTS, ids=lambda kind: kind.name)
def test_a_planted_trace_of_the_author_is_caught_in_every_disguise(kind: Kind, disguise: object) -> None:
    for plant in PLANTS[kind]:
        text = f"The queue grew, so {disguise(plant)} and I moved the barriers."  # type: ignore[operator]
        assert stops(text, AUTHOR), text


@pytest.mark.leak("L53")
@given(
    st.sampled_from([plant for plants in PLANTS.values() for plant in plants]),
    st.lists(st.sampled_from(list(DISGUISES.values())), min_size=1, max_size=2),
    st.text(alphabet="abc, .\n", max_size=20),
)
def test_two_disguises_at_once_do_not_hide_a_trace(plant: str, disguises: list, around: str) -> None:  # type: ignore[type-arg]
    for disguise in disguises:
        plant = disguise(plant)
    assert stops(f"{around} {plant} {around}", AUTHOR)


@pytest.mark.parametrize("text", ["Si4n", "0konjo", "Pr1ya", "R@man", "PC2291", "sianoneill", "the Okonjos"])
def test_letters_swapped_for_digits_and_names_run_together_are_caught(text: str) -> None:
    assert stops(f"Then {text} said so.", AUTHOR)


@pytest.mark.parametrize(
    "text",
    [
        "The ale was warm",
        "west on the line",
        "as if nothing had happened",
        "had I known",
        "in a rush",
        "the Davidson report",
        "2,2914 people",
        "22915",
        "12291",
    ],
)
def test_words_and_figures_that_only_contain_the_letters_are_left_alone(text: str) -> None:
    author = AuthorRecord(names=("Weston Theale", "Asif Hadi", "Ina"), collar_no="2291", manager="David")
    assert not hits(text, author)


COMMON_PEOPLE = [
    AuthorRecord(names=(name,), manager=manager)
    for name, manager in [
        ("Tamsin Green", "Oluwaseun King"),
        ("Rose Idowu", "Margit Hall"),
        ("Kofi May", "Ines Young"),
        ("Grace Szabo", "Tobi Banks"),
        ("Will Achterberg", "Noor Price"),
        ("Siobhan Page", "Zoltan Rivers"),
        ("Mark Ferreira", "Ayo Field"),
        ("Hope Lindqvist", "Idris Best"),
        ("Xiu Long", "Marek Church"),
        ("Summer Vasquez", "Thandi Law"),
    ]
]
OPENINGS = [
    "I may have been the first to see that the green line was closed",
    "The hall was full by nine and the king’s guard was waiting",
    "In May the rose garden by the entrance had to be closed",
    "Young people were the ones who would mark the wall",
    "I will say what I did first, because the price of waiting was high",
]
MIDDLES = [
    "so I asked the field team to page the duty manager and hold the gates.",
    "and my best hope was to bank on the people who knew the long platform.",
    "and with good grace the church next door let us use its rooms.",
    "so in the summer timetable we wrote a law of our own: ask, then act.",
]
CLOSINGS = [
    "Grace under pressure is learnt. The result was a fall of a third in complaints.",
    "Mark my words, said one of the cleaners. Will this last? It has.",
    "Town Hall staff, King’s Lynn staff and Green Park staff now share one plan.",
    "Page three of the plan became the page that everyone used.",
    "May Day passed without an arrest, and Hope Street was open again by six.",
    "Long queues went. Young travellers stayed.",
    "Law and order is a phrase; I wanted calm. Church bells rang. Rivers of people left.",
    "Price rises had made people angry. Banks of screens told them why.",
    "Best of all, Field Road and Summer Lane stayed quiet.",
    "Rose Street was next, then King Street and Hall Place.",
]


@pytest.mark.leak("L53")
def test_two_hundred_clean_answers_stop_nobody_whose_name_is_a_word() -> None:
    answers = [f"{a} {b} {c}" for a in OPENINGS for b in MIDDLES for c in CLOSINGS]
    assert len(answers) == 200
    for author in COMMON_PEOPLE:
        assert [stop for answer in answers for stop in stops(answer, author)] == []


def test_a_name_that_is_a_word_warns_with_a_capital_and_stops_beside_the_rest_of_the_name() -> None:
    rose = AuthorRecord(names=("Rose Hall", "Tamsin Green"))
    assert found("A rose grew in the hall.", rose) == []
    assert found("Then Hall spoke.", rose) == [("Hall", Kind.NAME, Strength.SOFT)]
    assert stops("Then Rose Hall spoke.", rose) == ["Rose", "Hall"]
    assert stops("Then Hall, Rose spoke.", rose) == ["Hall", "Rose"]
    assert stops("Then Rose M. Hall spoke.", rose) == ["Rose", "Hall"]
    assert stops("Write to rose.hall today.", rose) == ["rose", "hall"]
    assert stops("Ask Tamsin green about it.", rose) == ["Tamsin green"]
    assert stops("H a l l was there.", rose) == ["H a l l"]


@pytest.mark.parametrize(
    ("text", "passage", "kind"),
    [
        ("The victim told me she was afraid.", "she", Kind.PRONOUN),
        ("My wife saw it on the news.", "wife", Kind.FAMILY),
        ("It was hard, being the only woman on the shift.", "being the only woman", Kind.GROUP),
        ("I was awarded a Chief Constable’s commendation.", "commendation", Kind.AWARD),
        ("On 12 March 2021 I was first on scene at Harlow Mill.", "12 March 2021", Kind.DATE_PLACE),
        ("On 12 March 2021 I was first on scene at Harlow Mill.", "Harlow Mill", Kind.DATE_PLACE),
        ("I briefed Sergeant Tennant.", "Sergeant Tennant", Kind.PERSON),
        ("When I was acting DI at Crowhurst, I began to log.", "acting DI at Crowhurst", Kind.POST),
        ("We ran Operation Lanternfish for a year.", "Operation Lanternfish", Kind.OPERATION),
        ("I chair the Rail Sikh Association.", "Rail Sikh Association", Kind.ASSOCIATION),
        ("Ring me on 07700 900999.", "07700 900999", Kind.CONTACT),
    ],
)
def test_soft_rules_point_without_any_record(text: str, passage: str, kind: Kind) -> None:
    assert (passage, kind, Strength.SOFT) in found(text, None)


def test_a_date_or_a_place_alone_says_little() -> None:
    assert found("It was 12 March 2021. I was at Harlow Mill.", None) == []


def test_nothing_is_exact_without_a_record() -> None:
    text = "PC Siân O’Neill-Żak, 2291, of Ebury Bridge, told her mother."
    assert {hit.strength for hit in hits(text)} == {Strength.SOFT}


@given(st.text(max_size=300))
@settings(max_examples=50)
def test_hits_lie_in_the_text_in_order_and_apart(text: str) -> None:
    places = [(hit.start, hit.end) for hit in hits(text, AUTHOR)]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(before[1] <= after[0] for before, after in pairwise(places))


def test_signs_that_mean_something_in_a_pattern_are_signs() -> None:
    text = "He wrote a.c and (a+)+ beside abc and aaaa."
    assert redact(text, ["a.c"]) == "He wrote [removed] and (a+)+ beside abc and aaaa."
    for wild in ("a{2}a", "b[a-z]c", "a|b"):
        with pytest.raises(NotInText):
            redact(text, [wild])


def test_redact_removes_every_occurrence_however_it_is_written() -> None:
    text = "At Ebury\nBridge she met the ÉBURY BRIDGE team; others were there, Ebury Bridge’s own."
    assert redact(text, ["ebury bridge", "she"]) == (
        "At [removed] met the [removed] team; others were there, [removed]’s own."
    )


def test_redact_does_not_cut_inside_longer_words() -> None:
    assert redact("Hal went to Halifax.", ["Hal"]) == f"{REMOVED} went to Halifax."


@pytest.mark.parametrize("passages", [[], [""], ["  ", "—"], ["nowhere"]])
def test_redact_refuses_nothing_and_what_is_not_there(passages: list[str]) -> None:
    with pytest.raises(NotInText):
        redact("An answer.", passages)


@pytest.mark.leak("L55")
@pytest.mark.parametrize("text", ["", "   ", "Secret", "Secret words"])
def test_a_redaction_to_nothing_prints_removed(text: str) -> None:
    assert remove_spans(text, [(0, len(text))]) == REMOVED


@pytest.mark.leak("L55")
@given(st.lists(st.sampled_from(["Okonjo", "spoke", "first", "Okonjo."]), min_size=1, max_size=8))
def test_a_redacted_passage_is_nowhere_in_the_result(words: list[str]) -> None:
    text = " ".join(["Okonjo", *words])
    assert "Okonjo" not in redact(text, ["Okonjo"])
    assert not stops(redact(text, ["Okonjo"]), AUTHOR)
