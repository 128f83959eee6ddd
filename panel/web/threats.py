"""Who could try to join a name to an answer, what holds against them, and what remains: for the help page."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Threat:
    """One kind of person or accident, in plain words. What remains is stated as it is."""

    who: str
    holds: str
    remains: str


THREATS: Final = (
    Threat(
        "A candidate",
        "Cannot see others' names, answers or marks. Has one application. Cannot use another's receipt code. "
        "Her receipt proves it if her submission was lost or changed.",
        "Can tell a panel member “mine is about that”. Can write a text that names its author.",
    ),
    Threat(
        "A panel member",
        "The part that marks has no right to a name. Task codes differ for each of them, and others' marks are hidden "
        "until moderation.",
        "A way of writing, a topic, a small field of candidates, a photograph of the screen.",
    ),
    Threat(
        "The chair",
        "The same. Cannot open names alone, nor move locked marks unseen.",
        "Can refuse to lock or to consent: that is why there are deputies.",
    ),
    Threat(
        "One custodian",
        "A share alone is nothing. No answer is shown to custodians while marking runs.",
        "Could hold everything up only if all custodians were needed, and that is refused.",
    ),
    Threat(
        "Enough custodians, early",
        "Nothing opens without the panel's half. Before the lock the program makes no consent.",
        "With the chair or a deputy and a copy of the database, all of it: unseen, if done outside the program.",
    ),
    Threat(
        "A system administrator who reads",
        "Sees who applied, the answers and the marks. From the close on, not which is whose.",
        "While the board is open: traces of order in the database and its files, and two copies made around one "
        "submission. Whom a candidate declared as knowing her narrows the field.",
    ),
    Threat(
        "A system administrator who writes",
        "Swapped, forged, added or missing envelopes, keys and marks are found: by receipts, by the checks before the "
        "opening, and by the log's heads kept elsewhere.",
        "Can destroy. Can rewrite what no receipt and no head has yet carried out of the house.",
    ),
    Threat(
        "Somebody who takes over the server before or while people submit",
        "Submissions made before then.",
        "Names then pass in clear. The board's key too, if the server was taken over when the board opened.",
    ),
    Threat(
        "… during marking, or at the opening",
        "Every envelope while marking runs. Other boards.",
        "Answers, marks and signed-in pages. At the opening, that board: passphrases are typed, and the key is whole "
        "for about a second.",
    ),
    Threat(
        "A thief of a backup",
        "Names in envelopes, passphrases, drafts. After the archive, also the link between names and numbers.",
        "Who applied, and the answers. The order of applying, in backups older than the close: they are to be "
        "encrypted, made at most daily while the board is open, and destroyed after the close.",
    ),
    Threat(
        "A keyholder with a copy of the database",
        "Nothing, until a ceremony is open.",
        "Then she is the custodian who finishes it, as is meant.",
    ),
    Threat(
        "Somebody who has read a password",
        "With a part on a board a password opens nothing: a code or a passkey comes with it, and again before what "
        "cannot be undone. A new password does not replace them, and a reset is told to the person and logged.",
        "A candidate who chose no second step. A code that is typed into a false page at that very moment; passkeys "
        "withstand it. A server that somebody has taken over.",
    ),
    Threat(
        "The network and the mail; the software we build on",
        "The connection is encrypted. Mail carries no candidate's name, number or code. Few outside parts, each fixed "
        "to a version.",
        "The time at which things happen. A flaw in the cryptographic library itself.",
    ),
    Threat(
        "A quantum computer, some day",
        "Envelopes, shares and consents are locked in two ways, one of them made against such machines.",
        "Signatures on the log's heads: copies kept elsewhere still hold.",
    ),
)
