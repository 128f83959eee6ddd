"""No name is a setting away: what a browser adds or alters shows none, and what else a candidate writes stays put."""

import re
from collections.abc import Iterator
from dataclasses import fields
from typing import Final
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from panel.blindcheck.canaries import Family, word
from panel.blindcheck.scanner import Scanner
from panel.board.lifecycle import Stage
from panel.kernel.tables import BlindBase, OpenBase
from panel.named.intake import drafting, service
from panel.named.intake.draft import DETAILS, Details, Draft
from panel.playing import applying
from panel.playing.company import acting
from panel.playing.wording import answer_text
from tests.blindcheck.test_channels import blind_doors, said
from tests.web.fuzzing import FORM
from tests.world import Visit

STAGE: Final = Stage.MARKING
SWITCHES: Final = (
    *("show_names", "names", "reveal", "unblind", "blind", "anonymous", "mask", "debug", "admin", "role", "board"),
    *("user", "stage", "preview"),
)
_HIDDEN: Final = re.compile(r"<input[^>]*type=\"hidden\"[^>]*name=\"([^\"]+)\"[^>]*value=\"([^\"]*)\"")


@pytest.mark.leak("L71")
@pytest.mark.parametrize("part", ["marker", "chair"])
def test_no_cookie_or_header_beside_the_session_changes_a_page(visit: Visit, part: str) -> None:
    client = visit.client(visit.cast(STAGE)[part])
    odd = [_with_switches(visit, client, value) for value in "01"]
    headers = {f"X-{name.replace('_', '-')}": "1" for name in SWITCHES}
    pages = 0
    for door in blind_doors(visit):
        plain = said(client.get(door.path))
        pages += plain[0] == 200
        assert [said(each.get(door.path, headers=headers)) for each in odd] == [plain, plain], door
    assert pages > 5


def _with_switches(visit: Visit, client: FlaskClient, value: str) -> FlaskClient:
    """The same session in another browser, with such cookies beside it."""
    other, token = visit.app.test_client(), client.get_cookie("panel")
    assert token
    for name in SWITCHES:
        other.set_cookie(name, value)
    other.set_cookie("panel", token.value)
    return other


@pytest.mark.leak("L71")
@pytest.mark.parametrize("part", ["marker", "chair"])
def test_no_hidden_field_altered_names_anybody(visit: Visit, part: str) -> None:
    client, scanner = visit.client(visit.cast(STAGE)[part]), Scanner(visit.boards[STAGE].canaries())
    tried = 0
    for door in blind_doors(visit):
        page = client.get(door.path).get_data(as_text=True)
        for sent in _altered(page):
            answer = client.post(door.path, data=sent, content_type=FORM)
            told = [hit for hit in scanner.find(answer.data) if hit.canary.family is Family.WHO]
            assert (told, answer.status_code < 500) == ([], True), (door, sent)
            tried += 1
    assert tried > 5


def _altered(page: str) -> Iterator[str]:
    """The form's hidden fields with each in turn altered, and all as they are with every switch beside them."""
    hidden = dict(_HIDDEN.findall(page))
    for each in hidden.keys() - {"csrf_token"}:
        yield urlencode({**hidden, each: "1"})
    if hidden:
        yield urlencode({**hidden, **dict.fromkeys(SWITCHES, "1")})


@pytest.mark.leak("L80")
def test_nothing_else_that_a_candidate_writes_reaches_the_panels_tables(visit: Visit) -> None:
    """Before the close, too: whoever applies writes to the panel in her answers alone."""
    season, member = visit.boards[Stage.OPEN], visit.hire("Talkative")
    text = {each.name: word(12) for each in fields(Details) if each.name != "colleagues"}
    told = Details(**text, colleagues=(colleague := word(12),))
    answers = {each.key: f"{answer_text(each.key, 3)} {word(12)}" for each in season.policy.questions}
    keys, policy = visit.config.keys, season.policy

    def detailed(draft: Draft) -> Draft:
        return draft.detailed(draft.version(DETAILS), told)

    with visit.database.writing() as db:
        applying.write(db, keys, season.board, policy, applying.Application(member, answers))
        person = acting(db, member)
        draft = drafting.save(db, keys, person, season.board, detailed)
        assert draft.code
        service.submit(db, keys, person, season.board, draft.edition, draft.code)
        db.flush()
        tables = [table for base in (BlindBase, OpenBase) for table in base.metadata.sorted_tables]
        rows = "".join(str(tuple(row)) for table in tables for row in db.execute(select(table)))
    assert all(answer.rpartition(" ")[2] in rows for answer in answers.values())
    assert [each for each in (*text.values(), colleague) if each in rows] == []
