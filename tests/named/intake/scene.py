"""A small board that takes applications, with people to write them, for tests of intake."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.orm import Session

from panel.access import queries as access
from panel.access import service as access_service
from panel.access.actor import Person
from panel.access.roles import Role
from panel.board.models import BoardRow
from panel.board.policy import Criterion, Kind, PassRule, Point, Policy, Scale
from panel.kernel import keyfiles
from panel.kernel.clock import now, today
from panel.kernel.encoding import canonical
from panel.kernel.ids import AccountId, BoardId, ReceiptCode
from panel.named.accounts.models import Account
from panel.named.accounts.queries import email_key
from panel.named.intake import drafting, service
from panel.named.intake.draft import Details, Draft
from panel.named.intake.service import Lodging
from panel.sealed.vault.envelope import FORMAT, KeyPair
from panel.sealed.vault.models import VaultRow

POLICY = Policy(
    title="Inspector 2026",
    rank="Inspector",
    workforce_group="Officers",
    criteria=(
        Criterion("courage", Kind.VALUE, "Courage", whole=True),
        Criterion(
            "we-take-ownership",
            Kind.COMPETENCY,
            "We take ownership",
            question="Tell us about a time when you put something right that was not your fault.",
            word_limit=300,
        ),
        Criterion(
            "we-collaborate",
            Kind.COMPETENCY,
            "We collaborate",
            question="Tell us how you brought another organisation into your work.",
            word_limit=300,
        ),
    ),
    scale=Scale(tuple(Point(n, f"Label {n}", f"What an answer worth {n} looks like.") for n in range(5))),
    pass_rule=PassRule(),
)
ANSWERS = {
    "we-take-ownership": "The log was wrong. I wrote it again from the recordings and told the shift what had changed.",
    "we-collaborate": "The operator and the council met in our office each week, and the barriers moved in a month.",
}


@dataclass
class Scene:
    """The open board. `people` are accounts without a part, to apply."""

    db: Session
    keys: Path
    board: BoardId = field(default_factory=BoardId.new)
    policy: Policy = POLICY
    pair: KeyPair = field(default_factory=lambda: KeyPair.from_seed(secrets.token_bytes(32)))
    names: dict[AccountId, str] = field(default_factory=dict)
    parts: dict[Role, Person] = field(default_factory=dict)

    @classmethod
    def open(cls, db: Session, keys: Path, *, policy: Policy = POLICY) -> "Scene":
        """An open board with a deadline tomorrow, a vault, a draft key and a panel."""
        scene = cls(db, keys, policy=policy)
        db.add(
            BoardRow(
                id=scene.board,
                title=policy.title,
                stage="open",
                policy=canonical(policy.to_json()).decode(),
                policy_digest=policy.digest,
                deadline=now() + timedelta(days=1),
                draw=secrets.token_bytes(32),
            )
        )
        values = {"board": scene.board, "format": FORMAT, "public_key": scene.pair.public, "k": 2, "n": 3}
        db.execute(
            insert(VaultRow).values(**values, policy_digest=policy.digest, piece_digests="{}", founded_on=today())
        )
        keyfiles.ensure(keys, keyfiles.drafts(scene.board))
        for role in (Role.HR, Role.CHAIR, Role.DEPUTY, Role.MARKER, Role.MARKER, Role.CUSTODIAN):
            scene.parts[role] = scene.person(role, name=f"Holder of {role.value} {secrets.token_hex(2)}")
        db.commit()
        return scene

    def person(self, *roles: Role, name: str = "") -> Person:
        """An account that can sign in, with roles on this board."""
        account = AccountId.new()
        name = name or f"Tamsin Achterberg {secrets.token_hex(3)}"
        email = f"{secrets.token_hex(6)}@rail.example"
        row = Account(id=account, name=name, preferred_name=name, email=email, email_key=email_key(email), staff_no="")
        row.state = "active"
        self.db.add(row)
        self.db.flush()
        self.names[account] = name
        marker = access_service.enrol_person(self.db, account)
        for role in roles:
            access_service.grant(self.db, self.board, account, role)
        return Person(marker, access.roles(self.db, marker), account)

    def holder(self, role: Role) -> Person:
        """Somebody who holds the role."""
        return self.parts[role]

    def write(self, person: Person, answers: Mapping[str, str] = ANSWERS, details: Details | None = None) -> Draft:
        """Save a complete draft."""
        about = details or Details(self.names[person.account], "t.achterberg@rail.example", "BT44718")

        def whole(draft: Draft) -> Draft:
            for key, text in answers.items():
                draft = draft.answered(key, draft.version(key), text)
            draft = draft.detailed(draft.version("Details"), about).knowing(draft.version("Known"), frozenset())
            return draft.equal(draft.version("Equality"), {"sex": "female"})

        return drafting.save(self.db, self.keys, person, self.board, whole)

    def apply(self, person: Person, answers: Mapping[str, str] = ANSWERS) -> Lodging:
        """Write and submit."""
        return self.submit(person, self.write(person, answers))

    def submit(self, person: Person, draft: Draft) -> Lodging:
        """Submit a draft as it was checked."""
        return service.submit(self.db, self.keys, person, self.board, draft.edition, draft.code or ReceiptCode.new())

    def pass_deadline(self) -> None:
        """The deadline lies behind from now on."""
        row = self.db.get_one(BoardRow, self.board)
        row.deadline = now() - timedelta(minutes=1)
        self.db.flush()

    def with_(self, **changes: object) -> Policy:
        """The policy with changes, for boards that differ."""
        return replace(self.policy, **changes)  # type: ignore[arg-type]
