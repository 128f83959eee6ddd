"""A result amended after the lock: in HR’s list and files, on the candidate’s page and letter, in mail and archive."""

import csv
import io
import re
from datetime import timedelta
from fractions import Fraction

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import insert, select

from panel.blind.merit import amending
from panel.blind.merit import queries as merit
from panel.blind.merit.amending import Change
from panel.blind.merit.models import AmendmentRow
from panel.board.retention import DESTROYED
from panel.kernel import clock
from panel.kernel.ids import AccountId, MarkerId, Number
from panel.named.accounts import posting
from panel.named.accounts.models import Outgoing, Told
from panel.named.intake.queries import states
from panel.named.results import archiving, queries, service
from panel.named.results.exports import as_csv, as_xlsx
from panel.named.results.telling import tell_amended
from panel.named.unsealing import queries as unsealing
from panel.playing.company import Member, acting
from panel.web.filters import day, fraction
from tests.named.accounts.signing import sign_in
from tests.named.results.conftest import PASSWORD, Opened

pytestmark = [pytest.mark.vault("V16"), pytest.mark.leak("L102")]

BECAUSE = "The appeal was upheld: a second example had been overlooked."
YEARS = timedelta(days=3 * 366)


def numbers(opened: Opened) -> dict[AccountId, Number]:
    with opened.database.reading() as db:
        return {each.account: each.number for each in unsealing.revealed(db, opened.keys, opened.board)}


def amend(opened: Opened, member: Member, score: int = 1) -> tuple[str, Fraction]:
    """Two leaders change the first criterion of one candidate's number; which, and from what."""
    number = numbers(opened)[member.account]
    with opened.database.writing("blind") as db:
        place = next(each for each in merit.merit_list(db, opened.board) if each.number == number)
        criterion, before = next(iter(sorted(place.scores.items())))
        chair = acting_on(opened, opened.company.chair)
        amending.propose(db, opened.board, chair, number, criterion, Change(score, BECAUSE))
        waiting = merit.proposals(db, opened.board)[0]
        deputy = acting_on(opened, opened.company.deputy)
        amending.confirm(db, opened.board, deputy, number, criterion, waiting.seen)
    return criterion, before


def acting_on(opened: Opened, member: Member):  # type: ignore[no-untyped-def]
    with opened.database.reading() as db:
        return acting(db, member)


def publish(opened: Opened) -> None:
    with opened.database.writing() as db:
        service.approve_all(db, opened.keys, opened.board)
        service.publish(db, opened.keys, acting(db, opened.company.hr), opened.board)


def as_member(opened: Opened, member: Member) -> FlaskClient:
    client = opened.client()
    sign_in(client, member.email, PASSWORD)
    return client


def criterion_name(opened: Opened, key: str) -> str:
    with opened.database.reading() as db:
        return queries.opened(db, opened.board).policy.criterion(key).name


def test_without_an_amendment_list_and_files_have_no_such_column(opened: Opened) -> None:
    with opened.database.reading() as db:
        sheet = queries.named_list(db, opened.keys, opened.board)
    assert not [column for column in sheet.columns if "amended" in column or "locked" in column]
    client = as_member(opened, opened.company.hr)
    assert "as amended" not in client.get(f"/results/{opened.board}/list").text


def test_list_and_files_show_the_locked_and_the_amended_side_by_side(opened: Opened) -> None:
    member = opened.company.candidates[2]
    key, before = amend(opened, member)
    name = criterion_name(opened, key)
    with opened.database.reading() as db:
        sheet = queries.named_list(db, opened.keys, opened.board)
        locked = merit.merit_list(db, opened.board)
    assert [row.place for row in sheet.rows] == list(locked)
    in_csv = list(csv.reader(io.StringIO(as_csv(sheet).decode("utf-8-sig"), newline="")))
    columns = in_csv[0]
    assert columns[:4] == ["Rank as locked", "Name", "Outcome as locked", "Total as locked"]
    assert {"Rank as amended", "Outcome as amended", "Total as amended", f"{name} as locked"} < set(columns)
    (hers,) = (dict(zip(columns, row, strict=True)) for row in in_csv[1:] if member.email in row)
    assert (hers[f"{name} as locked"], hers[f"{name} as amended"]) == (fraction(before), "1")
    assert hers["Total as locked"] != hers["Total as amended"]
    assert hers["Rank as amended"] == "6"
    others = [dict(zip(columns, row, strict=True)) for row in in_csv[1:] if member.email not in row]
    assert all(row["Total as locked"] == row["Total as amended"] for row in others)
    client = as_member(opened, opened.company.hr)
    page = client.get(f"/results/{opened.board}/list").text
    body = page.split("<tbody", 1)[1].split("</tbody>", 1)[0]
    on_page = [re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", row) for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)]
    book = load_workbook(io.BytesIO(as_xlsx(sheet)))
    in_xlsx = [[cell or "" for cell in row] for row in book.active.iter_rows(min_row=2, values_only=True)]  # type: ignore[union-attr]
    assert on_page == in_csv[1:] == in_xlsx
    assert BECAUSE in page


def test_a_candidate_reads_both_results_on_her_page_and_in_her_letter_and_no_reason(opened: Opened) -> None:
    member = opened.company.candidates[2]
    publish(opened)
    client = as_member(opened, member)
    assert "was changed" not in client.get(f"/results/{opened.board}").text
    key, before = amend(opened, member)
    page = client.get(f"/results/{opened.board}").text
    pdf = PdfReader(io.BytesIO(client.get(f"/results/{opened.board}/letter").data))
    letter = re.sub(r"\s+", " ", " ".join(found.extract_text() for found in pdf.pages))
    with opened.database.reading() as db:
        result = queries.own_result(db, opened.keys, opened.board, member.account)
    assert result is not None
    assert result.total == result.locked_total - (before - 1) * result.board.policy.criterion(key).weight
    for said in (page, letter):
        assert "You did not pass." in said
        assert "By the scores as locked, you had passed." in said
        assert f"Your weighted total as locked was {fraction(result.locked_total)}." in said
        assert f"Changed from {fraction(before)} to 1 on {day(clock.today())}, after the marks were locked." in said
        assert "The appeal" not in said
        assert str(opened.company.chair.marker) not in said
        assert opened.company.chair.name not in said


def test_nobody_else_reads_of_it(opened: Opened) -> None:
    publish(opened)
    amend(opened, opened.company.candidates[2])
    page = as_member(opened, opened.company.candidates[3]).get(f"/results/{opened.board}").text
    assert "Changed from" not in page
    assert "as locked" not in page


def test_hr_deciding_feedback_reads_both_scores(opened: Opened) -> None:
    member = opened.company.candidates[2]
    amend(opened, member)
    client = as_member(opened, opened.company.hr)
    page = client.get(f"/results/{opened.board}/feedback/{numbers(opened)[member.account]}").text
    assert f"changed to 1 on {day(clock.today())}" in page


def test_she_gets_one_letter_and_nothing_kept_ties_her_to_the_amendment(opened: Opened) -> None:
    publish(opened)
    with opened.database.writing() as db:
        posting.tell_changes(db, states(db))
        tell_amended(db, opened.keys)
        db.query(Outgoing).delete()
    member = opened.company.candidates[2]
    amend(opened, member)
    with opened.database.writing() as db:
        before = [tuple(row) for row in db.execute(select(Told.account, Told.state).order_by(Told.account))]
        assert tell_amended(db, opened.keys) == 1
        assert tell_amended(db, opened.keys) == 0
        waiting = db.execute(select(Outgoing.account, Outgoing.letter).order_by(Outgoing.account)).all()
        assert [tuple(row) for row in waiting] == [(member.account, "changed")]
        assert [tuple(row) for row in db.execute(select(Told.account, Told.state).order_by(Told.account))] == before


def test_before_publication_an_amendment_posts_nothing(opened: Opened) -> None:
    amend(opened, opened.company.candidates[2])
    with opened.database.writing() as db:
        assert tell_amended(db, opened.keys) == 0


def test_archiving_keeps_the_amended_scores_and_destroys_why(opened: Opened) -> None:
    publish(opened)
    amend(opened, opened.company.candidates[2])
    with clock.set_to(clock.now() + YEARS):
        with opened.database.writing() as db:
            archiving.archive(db, opened.keys, acting(db, opened.company.hr), opened.board)
        assert archiving.finish(opened.database, opened.keys, opened.board)
    with opened.database.reading() as db:
        (kept,) = merit.amendments(db, opened.board)
        assert (kept.reason, kept.after) == (DESTROYED, 1)
        assert any(each.moved for each in merit.standings(db, opened.board))
    raw = b"".join(path.read_bytes() for path in opened.config.instance.rglob("panel.sqlite3*"))
    assert b"The appeal was upheld" not in raw


def test_a_row_that_no_log_knows_reaches_no_list_no_letter_and_no_candidate(opened: Opened) -> None:
    member = opened.company.candidates[2]
    publish(opened)
    row = {"board": opened.board, "seq": 1, "number": numbers(opened)[member.account], "reason": BECAUSE}
    row |= {"before": "3/1", "after": "5/1", "decided_by": MarkerId.new(), "confirmed_by": MarkerId.new()}
    with opened.database.writing("blind") as db:
        key = queries.opened(db, opened.board).policy.keys[0]
        db.execute(insert(AmendmentRow).values(**row, what=key, on=clock.today()))
    hr = as_member(opened, opened.company.hr)
    for who, path in ((hr, f"/results/{opened.board}/list"), (as_member(opened, member), f"/results/{opened.board}")):
        refused = who.get(path)
        assert refused.status_code == 409
        assert "The amendments in the database are not those in the log. Tell the auditor." in refused.text
    with opened.database.writing() as db:
        assert tell_amended(db, opened.keys) == 0
    with clock.set_to(clock.now() + YEARS), opened.database.writing() as db, pytest.raises(merit.NotLogged):
        archiving.archive(db, opened.keys, acting(db, opened.company.hr), opened.board)


def test_nothing_is_published_over_a_row_that_no_log_knows(opened: Opened) -> None:
    row = {"board": opened.board, "seq": 1, "number": numbers(opened)[opened.company.candidates[0].account]}
    row |= {"reason": BECAUSE, "decided_by": MarkerId.new(), "confirmed_by": MarkerId.new()}
    with opened.database.writing("blind") as db:
        db.execute(insert(AmendmentRow).values(**row, what="care", before="3/1", after="5/1", on=clock.today()))
    with pytest.raises(merit.NotLogged):
        publish(opened)
