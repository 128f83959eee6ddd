"""What each kind of log entry says to a person. A kind without a sentence is shown as it is, never left out. Pure."""

from collections.abc import Mapping
from typing import Final

from panel.access.roles import Role
from panel.kernel.encoding import Json

#: Parts and roles as screens call them.
_PARTS: Final = {role.value: role.label for role in Role}
#: Why the envelopes were opened once more; also in the entry that began it.
_OCCASIONS: Final = {"lost_key": "the names could not be read", "recount": "outcomes were to be counted again"}
#: By kind; `{name}` takes the fact of that name. Who did it, as what and on which day stand beside the sentence.
SENTENCES: Final[dict[str, str]] = {
    "account.readdressed": "Gave {person} another email address, to which links for a new password go.",
    "account.second_step_reset": "Reset the second step at sign-in of {person}, who can set up another.",
    "amendment.confirmed": (
        "Confirmed amendment {seq}: submission {number}, criterion {criterion}, from {before} to {after}. "
        "Proposed by {decided_by}."
    ),
    "amendment.dropped": "Dropped a proposed amendment of submission {number}, criterion {criterion}.",
    "amendment.proposed": "Proposed to amend submission {number}, criterion {criterion}, from {before} to {after}.",
    "answer.asked_again": "Asked another further marker for submission {number}, criterion {criterion}.",
    "answer.looked_at": "Looked at submission {number}, criterion {criterion}, and let its marks stand.",
    "answer.sent_on": "Sent submission {number}, criterion {criterion}, to a further marker.",
    "answers.sent_on": "Sent answers that disagree to further markers: criterion {criterion}, numbers {numbers}.",
    "attempt.given": "Gave {person} another attempt at the quiz of a course, number {attempt}.",
    "backup.begun": "Began an encrypted backup of the database, number {number}.",
    "backup.failed": "Backup number {number} of the database failed, and nothing of it was kept.",
    "backup.restored": "The service was restored from a backup taken on {taken_on}.",
    "backup.taken": "Finished the encrypted backup of the database, number {number}.",
    "backups.destroyed": "Recorded that every backup from before the close is destroyed.",
    "board.archived": "Archived the board.",
    "board.cancelled": "Cancelled the board. Reason: {reason}.",
    "board.closed": "Closed the board and dealt the numbers. Submissions: {submissions}.",
    "board.drafted": "Began the board.",
    "board.locked": "Locked the marks.",
    "board.marking": "Started marking.",
    "board.moderation": "Started moderation.",
    "board.opened": "Opened the board, fixed its rules, shared its key: {k} of {n} custodians and the panel open it.",
    "board.published": "Published the results.",
    "board.scrubbed": "Removed the traces of who applied when.",
    "board.unsealed": "Opened the names. Submissions: {submissions}; names shown: {revealed}.",
    "ceremony.aborted": "Ended the opening ceremony; its releases are gone.",
    "ceremony.expired": "Closed an opening ceremony that had run out; its releases are gone.",
    "ceremony.opened": "Began an opening ceremony for these locked marks. Numbers set aside: {exceptions}.",
    "ceremony.overtaken": "Ended an opening ceremony that a later change had overtaken; its releases are gone.",
    "ceremony.released": "Released a share for the opening ceremony (side {side}, seat {seat}).",
    "course.published": "Published version {version} of the course {key}. To be taken again by all: {retake}.",
    "course.restored": "Made the course {key} required again.",
    "course.retired": "Ended the course {key}; it is no longer required.",
    "custody.drill": "Asked {asked} keyholders to prove their shares by {by}.",
    "early.refused": "Opening one envelope early was refused by check {check}; no name was shown.",
    "envelope.opened_early": "Opened the envelope of submission {number} early, and set it aside for good.",
    "export.made": "Exported the named list as {format}. Rows: {rows}.",
    "extension.granted": "Moved the deadline for everyone, to {until}.",
    "framework.loaded": "Loaded a framework.",
    "gate.refused": "Was not let in to mark or practise. Still to do then: {reasons}.",
    "keyholder.enrolled": "Became a keyholder.",
    "keyholder.proved": "Proved passphrase and recovery code.",
    "keyholder.renewed": "Made a new passphrase with the recovery code.",
    "keyholder.retired": "Gave up a key whose passphrase and recovery code are lost. Shares under it stay lost.",
    "marker.absent": "Recorded that {marker} is away: no answers are dealt to them.",
    "marker.coached": "Coached {marker} on one criterion ({criterion}).",
    "marker.paused": "The marking of {marker} paused: seeds were marked out of tolerance.",
    "marker.present": "Recorded that {marker} is not away after all.",
    "marker.qualified": "Qualified to mark one criterion of this board ({criterion}).",
    "marker.relieved": "Recorded that {marker} dropped out. Tasks passed on: {tasks}; placed again: {dealt}.",
    "marker.resumed": "Let {marker} go on marking after coaching.",
    "marks.returned": "Had marks of {marker} made again. Marks: {marks}; given to others: {dealt}; lacking: {lacking}.",
    "names.opened_again": (
        "Opened the envelopes again in a later ceremony, because {occasion}. "
        "The names are those of the unsealing: {revealed}. Set aside: {exceptions}."
    ),
    "person.appointed": "Appointed {person} as {part}.",
    "person.released": "Ended the part of {person} as {part}.",
    "practice.extended": "Added a practice script for {criterion}.",
    "practice.opened": "Opened practice marking to the panel. Scripts: {scripts}.",
    "record.exported": "Took the record of this board. With names: {names}.",
    "recovery.renewed": "Made a new recovery code with the passphrase. The old sheet opens nothing any more.",
    "redaction.decided": "Removed words from submission {number}, criterion {criterion}.",
    "register.exported": "Exported the register of training as {format}. Rows: {rows}.",
    "role.granted": "Gave {person} the role {role}.",
    "role.revoked": "Took the role {role} from {person}.",
    "score.agreed": "Settled submission {number}, criterion {criterion}: agreed score {score}.",
    "seat.handed_over": "Handed a seat over to another keyholder (side {side}, seat {seat}), by {by}.",
    "seat.proved": "Proved that a share still opens (side {side}, seat {seat}).",
    "secret.replaced": "Made a lost secret of the service anew: {secret}.",
    "sheet.signed": "Signed their marks. Marks: {marks}.",
    "seed.decided": "Looked at a seed that may name somebody. It stays: {stays}.",
    "seeds.dealt": "Slipped seeds and repeats among the tasks. Seeds: {seeds}; repeats: {repeats}.",
    "sitting.refused": "A passphrase was wrong where several people typed theirs, so nothing was done. Wrong: {seats}.",
    "tasks.allocated": "Gave {answers} answers to {markers} markers. Answers lacking markers: {lacking}.",
    "tasks.reallocated": "Tasks passed on: {tasks}; placed again: {dealt}; answers lacking markers: {lacking}.",
    "texts.destroyed": "Destroyed every text. What is left of the marks has another root from here on.",
    "texts.left": "Left texts as they are after looking at them. Texts: {texts}.",
    "training.recorded": "Recorded that {person} was trained face to face on {completed_on}, valid to {expires_on}.",
    "training.revoked": "Withdrew the record that {person} was trained face to face on {completed_on}.",
    "training.completed": "Completed a training course, valid to {expires_on}.",
    "unseal.refused": "The opening was refused by check {check}; no name was shown.",
    "weakness.acknowledged": "Acknowledged that few submissions weaken blindness. Submissions: {submissions}.",
}


def sentence(kind: str, facts: Mapping[str, Json], names: Mapping[str, str]) -> str:
    """One plain sentence for an entry. `names`: staff by the hexadecimal id that entries carry."""
    told = SENTENCES.get(kind)
    if told is None:
        return f"{kind.replace('.', ' ').replace('_', ' ').capitalize()}."
    said = {**_PARTS, **_OCCASIONS, **names}
    return told.format_map(_Told({key: value(fact, said) for key, fact in facts.items()}))


def particulars(facts: Mapping[str, Json], names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The facts of an entry as labels and values, in alphabetical order."""
    return tuple((_label(key), value(facts[key], {**_OCCASIONS, **names})) for key in sorted(facts))


def value(fact: Json, names: Mapping[str, str]) -> str:
    """A fact in words; an id of somebody on the staff is that person's name."""
    if fact is None:
        return "none"
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    if isinstance(fact, Mapping):
        return "; ".join(f"{_label(key).lower()} {value(fact[key], names)}" for key in sorted(fact)) or "none"
    if isinstance(fact, list | tuple):
        return "; ".join(value(item, names) for item in fact) or "none"
    return names.get(str(fact), str(fact))


def _label(key: str) -> str:
    return key.replace("_", " ").capitalize()


class _Told(dict[str, str]):
    """Facts for a sentence; one that an entry lacks becomes a dash, so that whatever was written can be read."""

    def __missing__(self, key: str) -> str:
        return "–"
