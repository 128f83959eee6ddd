"""Somebody who takes over a seat: hired, appointed by HR, with a key of her own that is proved."""

from panel.named.unsealing import handing_over, keyholding
from panel.named.unsealing.handing_over import Recovery
from panel.playing import company
from panel.playing.company import Member
from panel.sealed.vault.sharing import Side
from tests.named.unsealing.stage import Stage


def hired(stage: Stage, name: str = "Sam Successor") -> Member:
    """A person with an account and no part."""
    address = f"{name.split(maxsplit=1)[0].lower()}@force.example"
    with stage.database.writing() as db:
        return company.hire(
            db, name=name, email=address, staff_no=name, password="a password that is long", profile="rehearsal"
        )


def appointed(stage: Stage, side: Side = Side.HR, member: Member | None = None) -> Member:
    """The same, given the part in which she waits for a seat."""
    found = member or hired(stage)
    with stage.database.writing() as db:
        handing_over.appoint_successor(db, stage.acting(stage.people.hr), stage.board, found.account, side)
    return found


def enrolled(stage: Stage, member: Member) -> Member:
    """With a key, proved both ways."""
    person = stage.acting(member)
    sheet = keyholding.enrol(stage.database, stage.config, person)
    stage.season.passphrases.sheets[member.account] = sheet
    keyholding.prove(stage.database, stage.config, person, passphrase=sheet.passphrase, recovery=sheet.recovery)
    return member


def successor(stage: Stage, side: Side = Side.HR) -> Member:
    """Ready to take a seat over."""
    return enrolled(stage, appointed(stage, side))


def hand_over(stage: Stage, leaver: Member, to: Member, **typed: str) -> None:
    """The leaver's own act."""
    passphrase = typed.get("passphrase", stage.passphrase(leaver))
    handing_over.hand_over(
        stage.database, stage.config, stage.acting(leaver), stage.board, successor=to.account, passphrase=passphrase
    )


def recovery(stage: Stage, leaver: Member, to: Member, witness: Member, **changed: str) -> Recovery:
    """What HR and the witness type for a leaver who is not there."""
    code = changed.get("code") or stage.season.passphrases.sheets[leaver.account].recovery
    passphrase = changed.get("passphrase") or stage.passphrase(witness)
    return Recovery(leaver.account, to.account, witness.account, code, passphrase)


def recover(stage: Stage, leaver: Member, to: Member, witness: Member, **changed: str) -> None:
    """The same, done."""
    person = stage.acting(stage.people.hr)
    asked = recovery(stage, leaver, to, witness, **changed)
    handing_over.recover_seat(stage.database, stage.config, person, stage.board, asked)


def prove_seat(stage: Stage, member: Member) -> None:
    """Her share opens."""
    person = stage.acting(member)
    keyholding.prove_seat(stage.database, stage.config, person, stage.board, passphrase=stage.passphrase(member))
