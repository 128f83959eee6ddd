"""Custodians, chair and deputy become keyholders; then HR opens the board."""

from panel.access.actor import Person
from panel.named.unsealing import keyholding
from panel.playing.company import acting
from tests.journeys.cast import CHAIR, CUSTODIANS, DEPUTY, HR, Someone
from tests.journeys.journey import TITLE, Journey


def play(journey: Journey) -> None:
    """Five proved keys, and an open board."""
    _too_early(journey)
    for someone in (CUSTODIANS[0], CUSTODIANS[2], DEPUTY):
        _enrol(journey, someone)
        _prove(journey, someone)
    for someone in (CUSTODIANS[1], CHAIR):
        _become_keyholder(journey, someone)
    _forget(journey, CUSTODIANS[2])
    _open(journey)
    _prove_share(journey, CUSTODIANS[0])


def _too_early(journey: Journey) -> None:
    journey.later(minutes=10)
    visitor = journey.open(HR, journey.of_board("/boards/{board}/open"))
    visitor.says("To do", "The board can be opened when nothing above is left to do.")


def _enrol(journey: Journey, someone: Someone) -> None:
    visitor = journey.open(someone, "/")
    visitor.follow("Your key")
    visitor.press("Become a keyholder")
    visitor.press("Make my key")
    visitor.says("This page is shown once.")
    words = visitor.page.locator("ol.eight-words").first.locator("li").all_inner_texts()
    assert len(words) == 8
    journey.papers.passphrases[someone] = " ".join(words)
    journey.papers.recovery[someone] = visitor.page.locator(".big-code").inner_text()


def _prove(journey: Journey, someone: Someone, asks: str = "I have both, prove them") -> None:
    visitor = journey.at(someone)
    visitor.press(asks)
    if someone is CUSTODIANS[0]:
        visitor.press("Prove my key")
        visitor.says("Enter the eight words of your passphrase", "Enter the recovery code from your sheet")
        visitor.fill("Your passphrase", "these are not the words that I was given")
        visitor.fill("Your recovery code", journey.papers.recovery[someone])
        visitor.press("Prove my key")
        visitor.says("There is a problem")
    visitor.fill("Your passphrase", journey.papers.passphrases[someone])
    visitor.fill("Your recovery code", journey.papers.recovery[someone].lower())
    visitor.press("Prove my key")
    visitor.says("Your key is proved.", "Fingerprint of your key", TITLE)


def _become_keyholder(journey: Journey, someone: Someone) -> None:
    """As the others did in the browser."""
    person = _person(journey, someone)
    sheet = keyholding.enrol(journey.database, journey.config, person)
    proof = {"passphrase": sheet.passphrase, "recovery": sheet.recovery}
    keyholding.prove(journey.database, journey.config, person, **proof)
    journey.papers.passphrases[someone], journey.papers.recovery[someone] = sheet.passphrase, sheet.recovery


def _person(journey: Journey, someone: Someone) -> Person:
    member = journey.member(someone)
    with journey.database.reading() as db:
        return acting(db, member)


def _forget(journey: Journey, someone: Someone) -> None:
    visitor = journey.open(someone, "/keyholder")
    visitor.follow("I have forgotten my passphrase")
    visitor.press("Make a new passphrase")
    visitor.says("Enter the recovery code from your sheet")
    visitor.fill("Your recovery code", journey.papers.recovery[someone])
    visitor.press("Make a new passphrase")
    visitor.says("Your new passphrase", "Your recovery sheet stays as it is.")
    words = visitor.page.locator("ol.eight-words").first.locator("li").all_inner_texts()
    assert " ".join(words) != journey.papers.passphrases[someone]
    journey.papers.passphrases[someone] = " ".join(words)
    journey.open(HR, journey.of_board("/boards/{board}/open")).says("To do")
    _prove(journey, someone, "I have it, prove it")


def _open(journey: Journey) -> None:
    visitor = journey.open(HR, journey.of_board("/boards/{board}/open"))
    visitor.press("Open this board")
    visitor.says("Confirm that the rules are final")
    visitor.choose("The rules are final")
    visitor.press("Open this board")
    visitor.says("The board is open. Its key was made, shared out and forgotten.", "Rules, in eight words", "Open")
    visitor.follow("The rules as candidates see them")
    visitor.says("These rules are fixed.", *(someone.name for someone in CUSTODIANS))
    visitor.go(journey.of_board("/boards/{board}/setup"))
    visitor.says("That cannot be done now")


def _prove_share(journey: Journey, someone: Someone) -> None:
    visitor = journey.open(someone, "/keyholder")
    visitor.follow(f"Prove your share of {TITLE}")
    visitor.press("Prove my share")
    visitor.says("Enter the eight words of your passphrase")
    visitor.fill("Your passphrase", journey.papers.passphrases[someone])
    visitor.press("Prove my share")
    visitor.says("Your share opens and is the one that was made when the board opened.")
