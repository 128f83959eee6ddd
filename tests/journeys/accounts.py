"""The first account comes from the command line; everybody else by invitation."""

import re

from click.testing import CliRunner

from panel.cli import cli
from panel.playing.company import hire
from tests.journeys.cast import ADMINISTRATOR, HIRED, HR, INVITED, ROSE, Someone
from tests.journeys.journey import Journey, links


def play(journey: Journey) -> None:
    """Everybody can sign in, and HR may make boards."""
    _set_password(journey, ADMINISTRATOR, _first_account(journey))
    _sign_in_mistakes(journey)
    _invite(journey, ADMINISTRATOR, HR)
    _invite_mistakes(journey)
    _make_hr(journey)
    _open_mail(journey, HR)
    for someone in INVITED:
        if someone is not HR:
            _invite(journey, HR, someone)
    _open_mail(journey, *(someone for someone in INVITED if someone is not HR))
    _hire(journey)
    _own_account(journey)


def command(journey: Journey, *arguments: str) -> str:
    """What the command line says."""
    environment = {"PANEL_INSTANCE": str(journey.config.instance), "PANEL_PROFILE": journey.config.profile}
    done = CliRunner().invoke(cli, arguments, env=environment, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def _first_account(journey: Journey) -> str:
    someone = ADMINISTRATOR
    particulars = ["--name", someone.name, "--staff-no", someone.staff_no, "--administrator", "--hr"]
    told = command(journey, "account", "add", someone.email, *particulars)
    found = re.search(r"http://[^/\s]+(/invitation/\S+)", told)
    assert found, told
    return found[1]


def _set_password(journey: Journey, someone: Someone, link: str) -> None:
    visitor = journey.at(None)
    visitor.go(link)
    visitor.says(f"Account of {someone.name}, {someone.email}.")
    if someone is ADMINISTRATOR:
        visitor.press("Set password")
        visitor.says("Enter a password of 15 characters or more")
        visitor.fill("New password", "passwordpassword")
        visitor.press("Set password")
        visitor.says("There is a problem", "Choose a password")
    visitor.fill("New password", someone.password)
    visitor.press("Set password")
    visitor.says("Your password is set. You can sign in with it now.")
    if someone is ADMINISTRATOR:
        visitor.go(link)
        visitor.says("Page not found")


def _sign_in_mistakes(journey: Journey) -> None:
    visitor = journey.at(None)
    visitor.go("/")
    assert visitor.path() == "/sign-in"
    visitor.press("Sign in")
    visitor.says("Enter your email address", "Enter your password")
    visitor.fill("Email address", "nobody@tsrc.example")
    visitor.fill("Password", "not the password")
    visitor.press("Sign in")
    visitor.says("Email address or password is not right")
    visitor.follow("I have forgotten my password")
    visitor.press("Send me a link")
    visitor.says("Enter your email address")
    visitor.fill("Email address", "nobody@tsrc.example")
    visitor.press("Send me a link")
    visitor.says("This page says the same for every address")
    for page in (
        "",
        "/candidates",
        "/markers",
        "/keyholders",
        "/sealed",
        "/who-sees-what",
        "/accessibility",
        "/privacy",
    ):
        visitor.go(f"/help{page}")


def _invite(journey: Journey, inviting: Someone, someone: Someone) -> None:
    visitor = journey.open(inviting, "/accounts/invite")
    _type_person(journey, inviting, someone)
    visitor.press("Invite")
    visitor.says("The account is made.", someone.name, someone.email)


def _type_person(journey: Journey, inviting: Someone, someone: Someone) -> None:
    visitor = journey.at(inviting)
    visitor.fill("Full name", someone.name)
    visitor.fill("Work email address", someone.email)
    visitor.fill("Staff number", someone.staff_no)


def _invite_mistakes(journey: Journey) -> None:
    visitor = journey.open(ADMINISTRATOR, "/accounts/invite")
    visitor.press("Invite")
    visitor.says("Enter the person’s full name", "Enter the person’s staff number")
    _type_person(journey, ADMINISTRATOR, HR)
    visitor.press("Invite")
    visitor.says("There is already an account with this email address")


def _make_hr(journey: Journey) -> None:
    visitor = journey.open(ADMINISTRATOR, "/accounts")
    visitor.follow(HR.name)
    visitor.says("May make boards (HR)", "Invited")
    visitor.follow("Give the role HR")
    journey.confirm(ADMINISTRATOR)
    visitor.press("Give the role")
    visitor.says("The role has been given.")
    visitor.follow("End this account")
    visitor.press("End the account")
    visitor.says("Confirm that the account should end")


def _open_mail(journey: Journey, *people: Someone) -> None:
    command(journey, "send-mail")
    letters = links(journey.config)
    for someone in people:
        _set_password(journey, someone, letters[someone.email])


def _hire(journey: Journey) -> None:
    with journey.database.writing() as db:
        for someone in HIRED:
            particulars = {"name": someone.name, "email": someone.email, "staff_no": someone.staff_no}
            hire(db, **particulars, password=someone.password, profile=journey.config.profile)


def _own_account(journey: Journey) -> None:
    visitor = journey.open(ROSE, "/account")
    visitor.says(ROSE.name, ROSE.email, ROSE.staff_no)
    visitor.follow("Change your password")
    visitor.press("Change password")
    visitor.says("Enter your current password")
    visitor.press("Sign out")
    visitor.says("You are signed out.")
    journey.open(ROSE, "/").says("What you can do now", "Apply for promotion")
