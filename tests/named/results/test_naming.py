"""Notes that name a candidate or a member of the panel are found; ordinary words are not."""

import pytest

from panel.named.results.naming import Known, Watch

WATCH = Watch(
    [
        Known("Rose Hall", "rose.hall@fictional.police.uk", "40417"),
        Known("Zoë Müller", "zoe.mueller@fictional.police.uk", "Z-77312"),
        Known("Siân O’Dowd-Łuczak", "s.odowd@fictional.police.uk", "51"),
    ]
)


@pytest.mark.leak("L117")
@pytest.mark.parametrize(
    ("note", "names"),
    [
        ("Rose Hall led the briefing.", ("Rose Hall",)),
        ("As Hall, Rose said", ("Hall", "Rose")),
        ("Zoe asked first.", ("Zoe",)),
        ("as Mueller said", ("Mueller",)),
        ("O'Dowd's plan was sound.", ("O'Dowd",)),
        ("Luczak again", ("Luczak",)),
        ("Officer 40417 wrote this", ("40417",)),
        ("rose.hall@fictional.police.uk", ("rose.hall@fictional.police.uk",)),
    ],
)
def test_a_name_in_any_spelling_stops_a_note(note: str, names: tuple[str, ...]) -> None:
    found = WATCH.find(note)
    assert found.stops
    assert found.names == names


@pytest.mark.leak("L117")
@pytest.mark.parametrize(
    "note", ["He rose to the occasion.", "The town hall was full by nine.", "She asked the team first."]
)
def test_ordinary_words_and_pronouns_do_not_stop_a_note(note: str) -> None:
    assert not WATCH.find(note).stops


@pytest.mark.leak("L117")
@pytest.mark.parametrize(
    ("note", "hint"), [("He asked.", "He"), ("Well led, and his team followed.", "his"), ("Hall was full", "Hall")]
)
def test_pronouns_and_names_that_are_words_are_pointed_out(note: str, hint: str) -> None:
    assert WATCH.find(note).hints == (hint,)
