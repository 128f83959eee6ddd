"""What pages of marking are given: a new field fails here until somebody has asked who may know it."""

from dataclasses import fields

import pytest

from panel.blind.marking.desk import Desk, Overview
from panel.blind.marking.lead import Leaver, Shortage
from panel.blind.marking.page import OwnMark, Page, Saved, Text
from panel.blind.marking.queries import Completion, Progress
from panel.blind.marking.queue import Item, Part, Queue

GIVEN = {
    Overview: {"boards", "counts"},
    Desk: {"board", "gate", "queue", "unsigned", "signed_on", "relieved", "note"},
    Queue: {"parts", "paused"},
    Part: {"criterion", "items", "reached"},
    Item: {"code", "criterion", "position", "status"},
    Page: {"code", "card", "done", "total", "texts", "saved", "in_turn", "final", "flaggable"},
    Text: {"key", "name", "question", "answer"},
    Saved: {"score", "evidence", "version", "recorded", "signed"},
    OwnMark: {"code", "criterion", "position", "score", "label", "evidence", "personal_words", "signed"},
    Leaver: {"board", "code", "marker", "open", "done", "placed", "shortfall", "relieved"},
    Shortage: {"board", "shortfall"},
    Progress: {"marker", "open", "done", "unsigned", "signed_on", "relieved"},
    Completion: {"open", "sheets", "unmarked", "shortfall"},
}


@pytest.mark.leak("L25")
@pytest.mark.parametrize("kind", GIVEN, ids=lambda kind: kind.__name__)
def test_pages_are_given_these_fields_and_no_other(kind: type) -> None:
    assert {field.name for field in fields(kind)} == GIVEN[kind]
