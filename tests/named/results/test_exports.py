"""Files of the list: the same values as the page, no live formula, nothing of their maker."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from panel.kernel import clock
from panel.named.results import queries
from panel.named.results.exports import FORMATS, as_csv, as_xlsx, disarmed
from panel.named.results.sheet import Sheet
from tests.named.accounts.signing import sign_in
from tests.named.results.conftest import PASSWORD, Opened

LIVE = ["=1+1", "+44", "-2", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1", "－1", "＠x"]


@pytest.fixture
def sheet(opened: Opened) -> Sheet:
    with opened.database.reading() as db:
        return queries.named_list(db, opened.keys, opened.board)


def named(sheet: Sheet, name: str) -> Sheet:
    """The list with another name in its first row."""
    first, *others = sheet.rows
    assert first.person
    return replace(sheet, rows=(replace(first, person=replace(first.person, name=name)), *others))


@pytest.mark.parametrize("cell", LIVE)
def test_a_formula_becomes_text(cell: str) -> None:
    assert disarmed(cell) == f"'{cell}"
    assert disarmed(f"x{cell}") == f"x{cell}"


@pytest.mark.vault("V25")
def test_no_export_holds_a_live_cell(sheet: Sheet) -> None:
    for name in LIVE:
        text = as_csv(named(sheet, name)).decode("utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
        assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r＝＋－＠"))]
        book = load_workbook(io.BytesIO(as_xlsx(named(sheet, name))))
        found = [cell for row in book.active.iter_rows() for cell in row]  # type: ignore[union-attr]
        assert {cell.data_type for cell in found if cell.value is not None} == {"s"}


def test_the_csv_quotes_every_cell_and_begins_with_the_mark(sheet: Sheet) -> None:
    raw = as_csv(sheet)
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = raw.decode("utf-8-sig").split("\r\n")
    assert all(line.startswith('"') and line.endswith('"') for line in lines if line)


@pytest.mark.leak("L51")
def test_page_csv_and_xlsx_hold_the_same_values(opened: Opened, sheet: Sheet) -> None:
    client = opened.client()
    sign_in(client, opened.company.hr.email, PASSWORD)
    page = client.get(f"/results/{opened.board}/list").text
    body = page.split("<tbody", 1)[1].split("</tbody>", 1)[0]
    on_page = [re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", row) for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)]
    in_csv = list(csv.reader(io.StringIO(as_csv(sheet).decode("utf-8-sig"), newline="")))[1:]
    book = load_workbook(io.BytesIO(as_xlsx(sheet)))
    in_xlsx = [[cell or "" for cell in row] for row in book.active.iter_rows(min_row=2, values_only=True)]  # type: ignore[union-attr]
    assert on_page == in_csv == in_xlsx


@pytest.mark.leak("L46")
@pytest.mark.leak("L52")
def test_two_exports_an_hour_apart_are_identical_and_tell_no_maker(sheet: Sheet) -> None:
    for make, _ in FORMATS.values():
        before = make(sheet)
        with clock.set_to(clock.now() + timedelta(hours=1)):
            assert make(sheet) == before
    with zipfile.ZipFile(io.BytesIO(as_xlsx(sheet))) as members:
        assert {member.date_time for member in members.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = members.read("docProps/core.xml").decode()
    assert "<dc:creator></dc:creator>" in core
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2000-01-01T00:00:00Z"}
