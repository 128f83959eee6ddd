"""Single sign-on is set up whole or not at all, and without it there is nothing of it."""

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from panel import health
from panel.access.guards import guard_of
from panel.config import ROOT, Config, SingleSignOn, from_environment
from panel.kernel.errors import Misconfigured

ON = {"PANEL_OIDC_ISSUER": "https://idp.example", "PANEL_OIDC_CLIENT_ID": "panel"}


def test_it_is_set_up_whole_or_not_at_all(tmp_path: Any) -> None:
    assert from_environment({}).single_sign_on is None
    (tmp_path / "secret").write_text("from a file\n")
    file = {**ON, "PANEL_OIDC_CLIENT_SECRET_FILE": str(tmp_path / "secret"), "PANEL_OIDC_SECOND_FACTOR": "mfa, hwk"}
    found = from_environment(file).single_sign_on
    assert found == SingleSignOn("https://idp.example", "panel", "from a file", frozenset({"mfa", "hwk"}))
    assert "from a file" not in repr(found)
    assert from_environment(file, side="blind").single_sign_on is None
    plain = {"PANEL_OIDC_ISSUER": "http://idp.example", "PANEL_OIDC_CLIENT_SECRET": "x"}
    for wrong in (ON, {**ON, **plain}, {**ON, "PANEL_OIDC_CLIENT_SECRET_FILE": str(tmp_path / "gone")}):
        with pytest.raises(Misconfigured, match="OIDC"):
            from_environment(wrong)


def test_its_pages_are_for_who_is_signed_in_but_for_the_way_there_and_back(app: Flask) -> None:
    guards = {name: guard_of(view) for name, view in app.view_functions.items() if name.startswith("sso.")}
    signed_in = {"sso.link": "signed in", "sso.own": "signed in", "sso.confirm": "signed in"}
    assert guards == {"sso.start": "public", "sso.answer": "public", "sso.leave": "public", **signed_in}


def test_the_check_looks_at_it(config: Config, settings: SingleSignOn) -> None:
    found = {each.sentence: each.good for each in health.check(replace(config, single_sign_on=settings))}
    assert found["Single sign-on has the libraries it needs."]
    assert any(sentence.endswith("/single-sign-on/answer") and good for sentence, good in found.items())
    away = replace(config, single_sign_on=settings, base_url="http://boards.police.example")
    assert any("PANEL_BASE_URL" in each.sentence and not each.good for each in health.check(away))


_BARE = """
import sys
from panel.app import create_app
from panel.config import Config
from panel.kernel.database import Database
from pathlib import Path
app = create_app(Config(Path("x")), Database(None, None))
assert not [rule for rule in app.url_map.iter_rules() if "single-sign-on" in rule.rule]
assert not {name.partition(".")[0] for name in sys.modules} & {"authlib", "joserfc", "requests"}
"""


def test_without_it_there_are_no_pages_and_no_libraries() -> None:
    done = subprocess.run([sys.executable, "-c", _BARE], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
