"""The register: who may mark what and until when, training face to face, further attempts, refusals, reminders."""

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from panel.access.queries import person_of
from panel.audit import queries as audit
from panel.blind.training import completion_queries, course_service, edition_queries, publishing
from panel.blind.training import queries as training
from panel.blind.training.course_toml import shipped
from panel.kernel.clock import set_to, today
from panel.kernel.ids import SYSTEM, CertificateCode, MarkerId
from panel.kernel.tables import BlindBase, OpenBase
from panel.named.accounts.models import Outgoing
from panel.named.register import reminders
from tests.blind.training.conftest import POLICY
from tests.named.register.conftest import NOW, Force, qualified

KEYS = [course.key for course in shipped()]
EVIDENCE = "Attendance register 2026/114, taught by Sgt Okafor"


@pytest.fixture
def engine_kind() -> str:
    """The verbs behind these pages run on both databases in test_service; the pages themselves are walked on one."""
    return "sqlite"


@pytest.fixture
def hr(force: Force) -> FlaskClient:
    return force.client(force.hr)


def said(response: TestResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", response.get_data(as_text=True))).split())


def send(client: FlaskClient, page: str, to: str | None = None, **boxes: str) -> TestResponse:
    token = re.findall(r'name="csrf_token" value="([0-9a-f]+)"', client.get(page).text)[0]
    return client.post(to or page, data={"csrf_token": token, **boxes})


def record(client: FlaskClient, marker: MarkerId, key: str, day: str = "1", month: str = "11") -> TestResponse:
    boxes = {"day-day": day, "day-month": month, "day-year": "2026"}
    return send(client, f"/register/{marker}/record", course=key, evidence=EVIDENCE, **boxes)


def test_register_says_who_may_mark_until_when_and_what_comes_next(hr: FlaskClient) -> None:
    page = said(hr.get("/register"))
    assert "May mark until 22 November 2027" in page
    assert "Complete the course ‘Unconscious bias in assessment’." in page
    assert page.index("=Ready Ann") < page.index("Fresh Ben")


def test_register_is_narrowed_to_a_state_and_a_board(hr: FlaskClient, force: Force) -> None:
    ready, waiting = hr.get("/register?show=ready"), hr.get(f"/register?show=not-ready&board={force.board}")
    assert ("Ready Ann" in said(ready), "Fresh Ben" in said(ready)) == (True, False)
    assert ("Ready Ann" in said(waiting), "Fresh Ben" in said(waiting)) == (False, True)
    assert "Nobody fits" in said(hr.get("/register?show=no-attempts"))
    assert "Fresh Ben" in said(hr.get("/register?show=nonsense&board=zz"))
    with set_to(NOW + timedelta(days=350)):
        assert "Ready Ann" in said(force.client(force.hr).get("/register?show=ending"))


def test_register_leaves_as_a_file_without_formulas_and_the_log_says_so(hr: FlaskClient, force: Force) -> None:
    made = send(hr, "/register", "/register/export/csv", show="ready", board="every")
    heading, row = csv.reader(io.StringIO(made.get_data().decode("utf-8-sig")))
    assert heading[:5] == ["Name", "Staff number", "Board", "May mark", "Until"]
    assert (row[0], row[2:5]) == ("'=Ready Ann", [POLICY.title, "Yes", "2027-11-22"])
    assert send(hr, "/register", "/register/export/xlsx").get_data()[:2] == b"PK"
    assert send(hr, "/register", "/register/export/exe").status_code == 404
    with force.database.reading("named") as db:
        facts = [entry.facts for entry in audit.entries(db, SYSTEM, "register.exported")]
    assert facts == [{"format": "csv", "rows": 1}, {"format": "xlsx", "rows": 2}]


def test_training_face_to_face_counts_and_withdrawn_no_longer(hr: FlaskClient, force: Force) -> None:
    found = send(hr, "/register/find", who="fresh")
    assert f"/register/{force.fresh}" in found.text
    for key in KEYS:
        assert record(hr, force.fresh, key).status_code == 303
    with force.database.writing("blind") as db:
        db.add_all(qualified(force.board, force.fresh))
    with force.database.reading("blind") as db:
        assert training.gate(db, force.fresh, force.board, today()).open
    page = hr.get(f"/register/{force.fresh}")
    assert "Counts" in page.text
    assert f"{EVIDENCE} Recorded by Hana Ross on 22 November 2026." in said(page)
    withdraw = re.findall(r"/register/record/[0-9a-f]{32}/withdraw", page.text)[0]
    assert send(hr, withdraw).status_code == 422
    assert send(hr, withdraw, reason="The wrong person.").status_code == 303
    assert "Withdrawn by Hana Ross on 22 November 2026: The wrong person." in said(hr.get(f"/register/{force.fresh}"))
    with force.database.reading("blind") as db:
        assert not training.gate(db, force.fresh, force.board, today()).open


@pytest.mark.leak("L58")
def test_log_of_training_face_to_face_holds_no_name_and_no_evidence(hr: FlaskClient, force: Force) -> None:
    record(hr, force.fresh, KEYS[0])
    page = hr.get(f"/register/{force.fresh}").text
    send(hr, re.findall(r"/register/record/[0-9a-f]{32}/withdraw", page)[0], reason="Sgt Okafor was ill")
    with force.database.reading("named") as db:
        entries = [each for kind in ("recorded", "revoked") for each in audit.entries(db, SYSTEM, f"training.{kind}")]
    assert [entry.facts["person"] for entry in entries] == [str(force.fresh)] * 2
    assert not [entry for entry in entries if "Okafor" in str(entry.facts) or "Ben" in str(entry.facts)]


def test_evidence_is_nowhere_the_blind_side_can_read(hr: FlaskClient, force: Force) -> None:
    record(hr, force.fresh, KEYS[0])
    with force.database.reading("named") as db:
        tables = [table for base in (BlindBase, OpenBase) for table in base.metadata.sorted_tables]
        assert not [table.name for table in tables for row in db.execute(select(table)) if "Okafor" in str(tuple(row))]


def test_record_names_what_is_wrong(hr: FlaskClient, force: Force) -> None:
    assert "The date must be today or earlier" in said(record(hr, force.fresh, KEYS[0], day="30"))
    assert "Select the course" in said(record(hr, force.fresh, "none"))
    record(hr, force.fresh, KEYS[0])
    assert "This training is recorded already" in said(record(hr, force.fresh, KEYS[0]))
    with force.database.writing("named") as db:
        publishing.publish(db, replace(shipped()[1], minutes=99), force.ready, retake=True)
    early = record(hr, force.fresh, KEYS[1], day="21")
    assert "The date must be 22 November 2026 or later" in said(early)
    with force.database.reading("named") as db:
        own = person_of(db, force.hr)
    assert record(hr, own, KEYS[0]).status_code == 409


def test_hr_gives_another_attempt_to_whom_none_is_left(hr: FlaskClient, force: Force) -> None:
    with force.database.writing("named") as db:
        course = publishing.publish(db, replace(shipped()[0], attempts=1), force.ready)
    with force.database.writing("blind") as db:
        for page in range(1, len(shipped()[0].pages) + 1):
            course_service.read_page(db, force.fresh, course, page)
        course_service.start_quiz(db, force.fresh, course)
        course_service.take_quiz(db, force.fresh, course, 1, [9] * 10)
    marker = force.client(force.account(force.fresh))
    assert "You have used all your attempts. Ask HR" in said(marker.get(f"/panel/training/{course}"))
    assert "Ask HR for another attempt at the quiz of ‘Unconscious" in said(marker.get("/panel/training"))
    assert "Fresh Ben" in said(hr.get("/register?show=no-attempts"))
    address = f"/register/{force.fresh}"
    assert send(hr, address, f"{address}/attempt/{KEYS[0]}").status_code == 303
    assert "HR has given you another attempt." in said(marker.get(f"/panel/training/{course}"))
    assert send(hr, address, f"{address}/attempt/{KEYS[0]}").status_code == 404


def test_what_the_gate_refused_is_kept_with_its_reasons(hr: FlaskClient, force: Force) -> None:
    marker = force.client(force.account(force.fresh))
    assert "Nobody was refused." in said(hr.get("/register/refusals"))
    address = f"/panel/{force.board}/practice/{'0' * 32}"
    token = re.findall(r'name="csrf_token" value="([0-9a-f]+)"', marker.get("/panel/training").text)[0]
    for _ in range(2):
        response = marker.get(address)
        assert (response.status_code, "Complete the course ‘Unconscious" in said(response)) == (409, True)
    assert marker.post(address, data={"csrf_token": token}).status_code == 409
    assert marker.get(f"/panel/{force.board}/marking").status_code == 409, "the marking home refuses in the same way"
    page = said(hr.get("/register/refusals"))
    assert re.search(r"22 November 2026 Fresh Ben Inspector 2026 4 Complete the course", page)
    with force.database.reading("named") as db:
        (entry,) = audit.entries(db, force.board, "gate.refused")
    assert entry.facts == {"marker": str(force.fresh), "reasons": 3}


def test_certificate_carries_the_name_for_its_holder_and_hr_alone(hr: FlaskClient, force: Force) -> None:
    with force.database.reading("named") as db:
        code = completion_queries.completions(db, (force.ready,))[0].certificate
    holder, other = force.client(force.account(force.ready)), force.client(force.account(force.fresh))
    assert f"/certificates/{code}" in holder.get("/certificates").text
    assert "=Ready Ann" in said(holder.get(f"/certificates/{code}"))
    assert "=Ready Ann" in said(hr.get(f"/certificates/{code}"))
    assert other.get(f"/certificates/{code}").status_code == 404
    assert "You have not completed a course yet." in said(other.get("/certificates"))
    checked = send(force.client(None), "/check-a-certificate", code=code.grouped.lower())
    assert "This certificate was given here." in said(checked)
    assert "Ready Ann" not in said(checked)
    assert "Given to =Ready Ann" in said(send(hr, "/check-a-certificate", code=code))
    unknown = send(force.client(None), "/check-a-certificate", code=CertificateCode.new())
    assert "There is no certificate with this code." in said(unknown)
    assert send(force.client(None), "/check-a-certificate", code="short").status_code == 422
    with set_to(NOW + timedelta(days=400)):
        late = send(force.client(None), "/check-a-certificate", code=code)
        assert "no longer counts" in said(late)


def test_home_says_which_training_needs_its_holder(force: Force) -> None:
    page = said(force.client(force.account(force.fresh)).get("/"))
    assert "Your training needs you: Complete the course ‘Unconscious" in page
    assert "needs you" not in said(force.client(force.account(force.ready)).get("/"))
    with set_to(NOW + timedelta(days=350)):
        assert "counts until 22 November 2027" in said(force.client(force.account(force.ready)).get("/"))


@pytest.mark.leak("L01")
def test_each_reminder_leaves_once_and_says_nothing_of_its_matter(force: Force) -> None:
    sent: list[int] = []
    for days in (300, 338, 338, 350, 358, 359, 366, 380, 380):
        with set_to(NOW + timedelta(days=days)), force.database.writing("named") as db:
            sent.append(reminders.remind(db))
            for row in db.scalars(select(Outgoing)):
                assert (row.account, row.letter) == (force.account(force.ready), "changed")
                db.delete(row)
    assert sent == [0, 1, 0, 0, 0, 1, 1, 0, 0]
    with force.database.writing("named") as db:
        course_service.complete(db, force.ready, edition_queries.latest(db)[0].id)
        publishing.publish(db, replace(shipped()[0], minutes=99), force.ready, retake=True)
        assert (reminders.remind(db), reminders.remind(db)) == (2, 0)  # the one who never took it hears of it too
