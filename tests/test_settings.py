"""Settings that are unsafe for real boards are refused, each with its remedy; what is only better is advice."""

from dataclasses import replace
from pathlib import Path

import pytest

from panel.config import Config
from panel.settings import Finding, settings

SOUND = Config(
    instance=Path("/nowhere"),
    database_url="postgresql://web:a@127.0.0.1/boards",
    blind_database_url="postgresql://panel:b@127.0.0.1/boards",
    trusted_hosts=("boards.force.example",),
    proxy_hops=1,
    base_url="https://boards.force.example",
    smtp_url="smtps://mail.force.example",
    mail_from="boards@force.example",
)


def wrong(**changed: object) -> list[str]:
    found = settings(replace(SOUND, **changed))  # type: ignore[arg-type]
    return [f"{each.word}: {each.sentence}" for each in found if not each.good]


def test_a_sound_installation_has_nothing_to_mend() -> None:
    assert wrong() == []
    assert wrong(trusted_hosts=(".force.example",)) == []
    assert wrong(database_url="postgresql://web@db.force.example/boards?sslmode=verify-full") == []
    assert wrong(database_url="postgresql://web@/boards?host=/run/postgresql") == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"profile": "rehearsal"}, "PROBLEM: PANEL_PROFILE is 'rehearsal'"),
        ({"secure_cookies": False}, "PROBLEM: PANEL_INSECURE_COOKIES is set"),
        ({"trusted_hosts": ()}, "PROBLEM: PANEL_TRUSTED_HOSTS is not set"),
        ({"base_url": "http://boards.force.example"}, "PROBLEM: PANEL_BASE_URL is http://boards.force.example"),
        ({"base_url": "https://elsewhere.example"}, "PROBLEM: PANEL_BASE_URL leads to elsewhere.example"),
        ({"proxy_hops": 0}, "PROBLEM: PANEL_PROXY_HOPS is 0"),
        ({"smtp_url": None}, "advice: PANEL_SMTP_URL is not set"),
        ({"mail_from": "promotion-boards@localhost"}, "PROBLEM: PANEL_MAIL_FROM is not set"),
        ({"blind_database_url": "postgresql://web:a@127.0.0.1/boards"}, "PROBLEM: PANEL_DATABASE_URL and PANEL_BLIND"),
        ({"second_factor": "optional"}, "PROBLEM: PANEL_SECOND_FACTOR is 'optional'"),
        ({"database_url": "postgresql://web:a@db.force.example/boards"}, "PROBLEM: PANEL_DATABASE_URL crosses"),
        ({"blind_database_url": "postgresql://p@db.example/b?sslmode=prefer"}, "PROBLEM: PANEL_BLIND_DATABASE_URL cr"),
        ({"owner_database_url": "postgresql://owner@127.0.0.1/boards"}, "advice: PANEL_OWNER_DATABASE_URL is set here"),
    ],
)
def test_each_unsafe_setting_is_named_with_its_remedy(changed: dict[str, object], told: str) -> None:
    found = wrong(**changed)
    assert len(found) == 1, found
    assert found[0].startswith(told)


def test_a_folder_that_others_reach_is_a_problem(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    assert wrong(instance=tmp_path)[0].endswith(f"Run: chmod 700 {tmp_path}")
    tmp_path.chmod(0o700)
    assert wrong(instance=tmp_path) == []


def test_no_password_of_a_database_is_repeated() -> None:
    url = "postgresql://web:verysecret@db.force.example/boards"
    assert "verysecret" not in "".join(wrong(database_url=url, blind_database_url=url))


def test_a_finding_says_its_word() -> None:
    words = [
        Finding(good=True, sentence=""),
        Finding(good=False, sentence="", advice=True),
        Finding(good=False, sentence=""),
    ]
    assert [each.word for each in words] == ["ok", "advice", "PROBLEM"]
