"""The example files of a deployment are true: settings that exist, and a proxy that sends each address to its side."""

import re

import pytest
from flask import Flask

from panel.app import create_app
from panel.cli import cli
from panel.config import ROOT, Config, from_environment
from panel.kernel.database import Database

EXAMPLES = {path.name: path.read_text() for path in sorted((ROOT / "instance").glob("*.example"))}
README = (ROOT / "README.md").read_text()
CONFIG = (ROOT / "panel" / "config.py").read_text()
PORTS = {"8000": "named", "8001": "blind"}


def port(example: str) -> str:
    found = re.search(r'^bind = "127\.0\.0\.1:(\d+)"$', EXAMPLES[example], re.MULTILINE)
    assert found
    return found[1]


def test_every_setting_exists_and_is_in_the_readme() -> None:
    named = {setting for text in EXAMPLES.values() for setting in re.findall(r"\bPANEL_\w+", text)}
    assert {"PANEL_SIDE", "PANEL_BLIND_DATABASE_URL"} <= named
    assert {setting for setting in named if f'"{setting}"' not in CONFIG} == set()
    assert {setting for setting in named if f"`{setting}`" not in README} == set()


def test_every_command_exists_and_every_file_is_named_in_its_list() -> None:
    commands = {word for text in EXAMPLES.values() for word in re.findall(r"bin/panel ([\w-]+)", text)}
    assert commands == {"send-mail", "backup"} & set(cli.commands)
    listed = (ROOT / "instance" / "README.md").read_text()
    assert [name for name in EXAMPLES if f"`{name}`" not in listed] == []


def test_the_settings_of_the_units_make_a_configuration_without_the_other_sides_address() -> None:
    def environment(*examples: str) -> dict[str, str]:
        lines = (line for name in examples for line in EXAMPLES[name].splitlines() if line and not line.startswith("#"))
        return dict(line.split("=", 1) for line in lines)

    blind = from_environment(environment("panel.env.example", "blind.env.example") | {"PANEL_SIDE": "blind"})
    named = from_environment(environment("panel.env.example", "named.env.example") | {"PANEL_SIDE": "named"})
    assert (blind.database_url, blind.owner_database_url) == (None, None)
    assert (named.blind_database_url, named.owner_database_url) == (None, None)
    assert blind.proxy_hops == named.proxy_hops == 1


def locations(example: str) -> list[tuple[str, str]]:
    """Path prefix → port, the longest first, as both proxies choose."""
    if example == "Caddyfile.example":
        found = re.findall(r"reverse_proxy (?:(/\S*)\* )?127\.0\.0\.1:(\d+)", EXAMPLES[example])
    else:
        plain = re.sub(r"location = .*", "", EXAMPLES[example])
        found = re.findall(r"location (/\S*)\s+\{ proxy_pass http://127\.0\.0\.1:(\d+); \}", plain)
    return sorted(((path or "/", port) for path, port in found), key=lambda each: -len(each[0]))


def side_of(example: str, address: str) -> str:
    return next(PORTS[port] for path, port in locations(example) if address.startswith(path))


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Flask]:
    config = Config(instance=tmp_path_factory.mktemp("apps"), profile="rehearsal", secure_cookies=False)
    database = Database.sqlite(config.instance / "panel.sqlite3")
    return {side: create_app(config, database, side=side) for side in ("named", "blind")}  # type: ignore[arg-type]


@pytest.mark.parametrize("example", ["nginx.conf.example", "Caddyfile.example"])
def test_the_proxy_sends_every_address_to_a_process_that_has_it(example: str, apps: dict[str, Flask]) -> None:
    rules = {side: {rule.rule for rule in app.url_map.iter_rules()} for side, app in apps.items()}
    assert len(locations(example)) == 2
    for side, other in (("named", "blind"), ("blind", "named")):
        for rule in rules[side] - rules[other]:
            assert side_of(example, rule) == side, rule
    assert all(side_of(example, rule) == "named" for rule in rules["named"] & rules["blind"])


def test_gunicorn_listens_where_the_proxy_sends_and_logs_no_request() -> None:
    for example, side in (("gunicorn-named.conf.py.example", "named"), ("gunicorn-blind.conf.py.example", "blind")):
        assert PORTS[port(example)] == side
        settings: dict[str, object] = {}
        exec(compile(EXAMPLES[example], example, "exec"), settings)  # noqa: S102 - our own file, as gunicorn reads it
        assert settings["accesslog"] is None
        assert settings["wsgi_app"] == "panel.installation:application()"


def test_nothing_of_names_is_within_reach_of_the_blind_unit() -> None:
    unit = EXAMPLES["panel-blind.service.example"]
    assert "EnvironmentFile=/etc/panel/named.env" not in unit
    assert "InaccessiblePaths=-/var/lib/panel " in unit
    assert "User=panel-blind" in unit
    assert "User=panel\n" in EXAMPLES["panel.service.example"]


def test_caddy_refuses_the_probes_before_it_asks_a_process() -> None:
    # outside a route Caddy orders by kind, and a proxy comes before a refusal
    _, route = EXAMPLES["Caddyfile.example"].split("route {")
    steps = re.findall(r"^\s*(@watching|respond|reverse_proxy)\b.*$", route, re.MULTILINE)
    assert steps == ["@watching", "respond", "reverse_proxy", "reverse_proxy"]
    assert "@watching path /health /ready /panel/health /panel/ready\n" in route
