"""Stylesheets and scripts are kept by browsers until one of them changes; pages never are."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from panel.web.assets import address

pytestmark = pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)


def test_what_a_page_loads_may_be_kept_for_good(client: FlaskClient) -> None:
    page = client.get("/sign-in")
    loaded = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    assert len(loaded) >= 5
    for each in loaded:
        with client.get(each) as file:
            assert "immutable" in file.headers["Cache-Control"]
    assert page.headers["Cache-Control"] == "no-store"


def test_script_finds_its_neighbour_of_the_same_edition(client: FlaskClient) -> None:
    script = re.search(r'src="(/static/[^"]+/)panel\.js"', client.get("/sign-in").text)
    assert script
    with client.get(f"{script[1]}words.js") as neighbour:
        assert neighbour.status_code == 200


def test_file_that_is_missing_is_not_kept(client: FlaskClient) -> None:
    assert "immutable" not in client.get("/static/0123456789abcdef/panel.css").headers.get("Cache-Control", "")


def test_address_changes_with_any_file(engine_kind: str, tmp_path: Path) -> None:
    (tmp_path / "one.css").write_text("a {}")
    before = address(tmp_path)
    (tmp_path / "two.css").write_text("")
    assert address(tmp_path) != before
