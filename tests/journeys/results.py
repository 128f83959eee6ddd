"""Names beside the locked list: HR reads, exports, decides the feedback and publishes; candidates read their own."""

import csv
from pathlib import Path

from openpyxl import load_workbook

from tests.browser import Visitor
from tests.journeys import auditing
from tests.journeys.cast import CALLUM, CANDIDATES, CHAIR, HR, MARKERS, ROSE, SECRETS, ZEPHYRINE, Someone
from tests.journeys.journey import TITLE, Journey
from tests.journeys.texts import EVIDENCE, REASON, STEADYING


def play(journey: Journey) -> None:
    """Published results."""
    _list(journey)
    _export(journey)
    _groups(journey)
    _nothing_yet(journey, ROSE)
    _feedback(journey)
    _publish(journey)
    for someone in CANDIDATES:
        _own(journey, someone)
    _nobody_elses(journey)
    auditing.afterwards(journey)


def _list(journey: Journey) -> None:
    visitor = journey.open(HR, "/")
    visitor.follow("Merit list and results")
    page = visitor.text().casefold()
    assert all(secret in page for secret in SECRETS)
    rows = [each.inner_text() for each in visitor.page.locator("tbody tr").all()]
    for row, someone, total in zip(rows, (ZEPHYRINE, ROSE, CALLUM), ("16.33", "12.67", "8.67"), strict=True):
        assert all(each in row for each in (someone.name, someone.email, journey.papers.numbers[someone], total)), row


def _export(journey: Journey) -> None:
    visitor = journey.open(HR, journey.of_board("/results/{board}/list"))
    rows = list(csv.reader(_taken(visitor, "Plain table (CSV)").read_text("utf-8-sig").splitlines()))
    assert [row[rows[0].index("Name")] for row in rows[1:]] == [each.name for each in (ZEPHYRINE, ROSE, CALLUM)]
    book = load_workbook(_taken(visitor, "Spreadsheet (XLSX)"))
    assert [[cell.value for cell in row] for row in book.active.rows] == rows


def _taken(visitor: Visitor, name: str) -> Path:
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name=name).click()
    path = Path(download.value.path())
    named = path.with_name(download.value.suggested_filename)
    path.rename(named)
    return named


def _groups(journey: Journey) -> None:
    visitor = journey.open(HR, journey.of_board("/monitoring/{board}"))
    visitor.says("Outcomes by group", "The answers themselves are shown to nobody")
    assert "35 to 44" not in visitor.text()
    visitor.go(journey.of_board("/monitoring/{board}/recognition"))
    visitor.says("Markers who stepped aside", "Guesses after signing", "1 marker answered")


def _nothing_yet(journey: Journey, someone: Someone) -> None:
    visitor = journey.open(someone, journey.of_board("/results/{board}"))
    visitor.says("Page not found")


def _feedback(journey: Journey) -> None:
    visitor = journey.open(HR, journey.of_board("/results/{board}/feedback"))
    visitor.press("Approve every note that names nobody")
    visitor.says("Every note is approved.")
    visitor.follow(CALLUM.name)
    visitor.says(EVIDENCE[1])
    visitor.page.get_by_label(EVIDENCE[1]).first.uncheck()
    visitor.press("Save")
    visitor.says("What this candidate reads is saved.")


def _publish(journey: Journey) -> None:
    visitor = journey.open(HR, journey.of_board("/results/{board}/feedback"))
    visitor.press("Publish the results")
    journey.confirm(HR)
    visitor.press("Publish the results")
    visitor.says("There is a problem")
    visitor.page.get_by_role("checkbox").check()
    visitor.press("Publish the results")
    visitor.says("The results are published.")
    visitor.go(journey.of_board("/boards/{board}"))
    visitor.says("Published")


def _own(journey: Journey, someone: Someone) -> None:
    visitor = journey.open(someone, "/")
    visitor.follow("Your applications")
    visitor.follow(TITLE)
    visitor.press("See your result")
    visitor.says(someone.name, journey.papers.numbers[someone], STEADYING)
    others = [each for each in CANDIDATES if each is not someone]
    assert not any(each.name in visitor.text() for each in others)
    if someone is ZEPHYRINE:
        visitor.says("Score 4: Strong", EVIDENCE[2], EVIDENCE[4])
    if someone is CALLUM:
        assert EVIDENCE[1] not in visitor.text()
    letter = visitor.page.context.request.get(visitor.base + journey.of_board("/results/{board}/letter"))
    assert letter.body().startswith(b"%PDF")


def _nobody_elses(journey: Journey) -> None:
    for someone in (CHAIR, MARKERS[0]):
        visitor = journey.open(someone, journey.of_board("/results/{board}"))
        visitor.says("Page not found")
        visitor.go(journey.of_board("/results/{board}/list"))
        visitor.says("Page not found")
    assert REASON
