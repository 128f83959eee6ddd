"""Who sees what, by stage: the table that the help page shows."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Sees:
    """What one role can see from one stage until the next row's stage."""

    stage: str
    what: str


@dataclass(frozen=True)
class Part:
    """One role's view of a board: when it can see a name beside an answer, and what it sees stage by stage."""

    role: str
    names: str
    stages: tuple[Sees, ...]
    never: str


ROLES: Final = (
    Part(
        "Candidate",
        "Never anyone else's",
        (
            Sees("Open", "The board's rules, and who the chair, deputies and custodians are. Their own application."),
            Sees("Closed to unsealed", "That they applied. With their receipt code: their answers as they sent them."),
            Sees(
                "Published",
                "Their own outcome, their score for each criterion as locked and as changed since, feedback from the "
                "panel's notes. The signed heads of the board's log.",
            ),
        ),
        "Another candidate's answers, marks, outcome or whether they applied. Which panel member gave which mark.",
    ),
    Part(
        "Panel member",
        "Never",
        (
            Sees(
                "Draft to closed",
                "Training and practice scripts. Nothing about candidates, not even how many.",
            ),
            Sees("Marking", "One answer at a time under a task code, its question and anchors, and their own marks."),
            Sees("Moderation to published", "Their own marks, which can no longer be changed."),
        ),
        "A name, a candidate's number, two answers of one candidate side by side, or another member's marks.",
    ),
    Part(
        "Chair and deputies",
        "Not before the ceremony, and not in this role afterwards",
        (
            Sees("Closed", "Answers in which something may name somebody, to decide what is replaced by [removed]."),
            Sees("Marking", "How far each panel member has got. Answers reported as naming somebody."),
            Sees(
                "Moderation",
                "Answers and all marks by number, which marks lie too far apart, the agreed scores. How alike "
                "the panel marks, by letter.",
            ),
            Sees("Locked to archived", "The merit list and changes of locked scores by number."),
            Sees("Unsealed to archived", "The record of the board, which holds the answers as they were sent."),
        ),
        "Who a number is. Moderation of a board on which a candidate declared knowing them: it passes to the other.",
    ),
    Part(
        "HR",
        "From unsealed on",
        (
            Sees("Draft", "The rules, people and readiness list of the board."),
            Sees(
                "Draft to marking",
                "Which courses each panel member has completed, until when they count, and what comes next.",
            ),
            Sees(
                "Open to moderation",
                "How many have applied, and what is still needed for the next stage.",
            ),
            Sees("Locked", "The number of submissions and the eight words of the locked marks. Not the list."),
            Sees(
                "Unsealed and published",
                "The merit list with names, scores, notes, why a locked score was changed. Counts. The record.",
            ),
            Sees("Archived", "Counts by group. The answers and the link to names have been destroyed."),
        ),
        "An answer, a number or a mark before the names are open. Equality answers of any one person.",
    ),
    Part(
        "Custodian",
        "From unsealed on, and only if also HR",
        (
            Sees("Draft", "Their own key: its eight words and their recovery sheet."),
            Sees(
                "Closed to published",
                "The name to one number, if they asked for it to be opened early and enough keyholders came together.",
            ),
            Sees("Locked", "The board, the number of submissions and the eight words of the locked marks."),
        ),
        "Answers and marks. The shares of other custodians.",
    ),
    Part(
        "Successor to a seat, until they take it",
        "Never",
        (Sees("Open to locked", "Their own key: its eight words and their recovery sheet."),),
        "Anything else of the board: the part of the one who leaves comes with the seat, and not before.",
    ),
    Part(
        "Auditor",
        "Never",
        (
            Sees("Draft to moderation", "The board's log. Before the close it says nothing about any one person."),
            Sees(
                "Locked to archived",
                "The log, the merit list by number with every change, the record, whether all checks hold.",
            ),
        ),
        "The means to change anything.",
    ),
    Part(
        "System administrator",
        "Not through the service",
        (
            Sees(
                "All stages",
                "Accounts, roles, who has a second step, the state of the installation, backups. "
                "The vault is encrypted.",
            ),
        ),
        "The keys that open a board: they are not kept on the server.",
    ),
)
