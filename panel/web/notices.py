"""What a page says after something was done: fixed sentences chosen by a key, so that no address carries text."""

from typing import Final

from flask import redirect, request
from werkzeug.wrappers import Response

#: Every feature adds its own keys here. A sentence names nobody and holds no variable.
NOTICES: Final[dict[str, str]] = {
    "saved": "Your changes are saved.",
    "sign-on-linked": "Your single sign-on opens your account from now on.",
    "sign-on-unlinked": "Your single sign-on no longer opens your account.",
    "sign-in-ended": "The sign-in has ended.",
    "sign-ins-ended": "All your other sign-ins have ended.",
    "done": "Done.",
    "added": "Added.",
    "removed": "Removed.",
    "board-begun": "The board is begun. Take the steps in any order, and come back when you like.",
    "extended": "The deadline has moved, for all candidates alike.",
    "person-added": "The person has been added.",
    "person-removed": "The person has been removed.",
    "backups-recorded": "It is recorded that the backups are destroyed.",
    "weakness-acknowledged": "It is recorded that you go on with few submissions.",
    "marking-started": "Marking has started. Every answer has its markers.",
    "marking-short": "Marking has started, but some answers lack markers.",
    "moderation-started": "Moderation has started.",
    "frameworks-loaded": "The frameworks that come with this service are loaded.",
    "framework-loaded": "The framework is loaded.",
    "course-begun": "The course is begun. Panel members do not see it before you publish it.",
    "course-loaded": "The course is kept as a draft. Panel members do not see it before you publish it.",
    "course-published": "The course is published. Panel members take this version from now on.",
    "course-retired": "The course is ended. Panel members no longer need it.",
    "course-restored": "The course is required again.",
    "draft-begun": "This is the draft of the next version. Panel members do not see it before you publish it.",
    "draft-discarded": "The draft is thrown away.",
    "training-recorded": "The training is recorded.",
    "training-revoked": "The record is withdrawn.",
    "attempt-given": "The panel member can take the quiz once more.",
    "practice-opened": "Practice marking is open to the panel.",
    "practice-kept": "Your score is saved. You see the agreed scores when every script of this attempt is marked.",
    "coached": "Your note is saved, and the panel member can practise again.",
    "amendment-proposed": "The change is proposed. Ask another leader of the panel to confirm it.",
    "amendment-confirmed": "The change is confirmed. It stands beside the locked score, which stays as it was.",
    "amendment-dropped": "The proposal is dropped.",
    "settled": "The agreed score is saved.",
    "marks-stand": "You have looked at the answer, and its marks stand.",
    "sent-on": "A further marker has the answer now.",
    "sent-to-nobody": "No panel member is left who may mark this answer. You can decide without a further mark.",
    "all-sent-on": "The answers are with further markers. Where nobody is left who may mark one, settle it without.",
    "guess-sealed": "Your answer is sealed. Nobody can read it before the names are opened.",
    "mark-saved": "Your mark is saved.",
    "mark-saved-next": "Your mark is saved. This is the next answer.",
    "stepped-aside": "You have stepped aside. The answer passes to somebody else.",
    "text-flagged": "The chair or a deputy will look at the text. You can mark it after that.",
    "nothing-left": "That is done. Nothing is left to mark just now.",
    "marks-signed": "Your marks are signed.",
    "tasks-passed-on": "The panel goes on without this member. What was still to mark has passed to the others.",
    "markers-found": "Markers were found for answers that lacked some.",
    "marks-returned": "The marks will be made again. What they were stays in the record.",
    "goes-on": "The panel member can go on marking, and reads your note first.",
    "flag-decided": "Your decision about the seed is saved.",
    "handed-over": "The tasks have changed hands.",
    "away": "It is recorded that this panel member is away. No answers will be dealt to them.",
    "not-away": "This panel member will be dealt answers like the others.",
    "no-markers-found": "No panel member is free to mark the answers that lack markers.",
    "signed-out": "You are signed out.",
    "signed-out-here": "You are signed out here. You cannot be signed out of your force’s single sign-on from here.",
    "second-step-at-force": "Sign in with your force’s single sign-on: your second step is there.",
    "password-set": "Your password is set. You can sign in with it now.",
    "password-changed": "Your password has changed. Everywhere else you have been signed out.",
    "second-step-added": "It is set up. You can use it from now on.",
    "second-step-removed": "It is removed. Everywhere else you have been signed out.",
    "second-step-reset": "The second step is reset. The person is signed out, and a letter leaves with the next mail.",
    "invited": "The account is made. A link to set a password leaves with the next mail.",
    "link-posted": "A new link leaves with the next mail.",
    "role-give": "The role has been given.",
    "role-take": "The role has been taken away.",
    "key-proved": "Your key is proved. You can take a seat in a board’s custody.",
    "share-proved": "Your share opens and is the one that was made when the board opened.",
    "key-retired": "Your key is given up. Make a new one for boards to come.",
    "successor-appointed": "The person can become a keyholder now, and then take the seat over.",
    "successor-removed": "The person no longer waits for a seat.",
    "seat-handed-over": "The seat is handed over. Its new keyholder proves the share next.",
    "drill-begun": "The drill has begun. A letter that something has changed leaves with the next mail.",
    "board-opened": "The board is open. Its key was made, shared out and forgotten.",
    "board-cancelled": "The board is cancelled. Its answers and sealed names are destroyed.",
    "board-cancelled-unscrubbed": (
        "The board is cancelled. Traces may be left in the database’s files: run panel scrub."
    ),
    "board-locked": "The marks are locked. Read the eight words to the custodians and write them in the minutes.",
    "ceremony-opened": "The ceremony is open for seven days. The panel releases first.",
    "share-released": "Your share is released.",
    "open-already": "Nothing was left to do: another custodian has finished, and the names were open already.",
    "envelope-opened": "The envelope is open, its application set aside. Read the name once the others have left.",
    "ceremony-ended": "The ceremony has ended. What was released for it is deleted.",
    "account-ended": "The account has ended.",
    "feedback-saved": "What this candidate reads is saved.",
    "approved-all": "Every note is approved.",
    "approved-but": "Every note that names nobody is approved. The others are withheld.",
    "withheld-all": "Every note is withheld.",
    "archived": "The board is archived. Its texts and names are destroyed.",
    "archived-unscrubbed": "The board is archived. Traces may be left in the database’s files: run panel scrub.",
    "published": "The results are published. A letter that something has changed leaves with the next mail.",
    "answer-kept": "Your answer is saved.",
    "part-kept": "Saved.",
    "changing": "You can change your application now. The one you submitted stands until you submit this one.",
    "withdrawn": "Your application is withdrawn.",
    "stood-down": "You have stood down. Your name will not be opened.",
    "scrubbed": "The traces of who applied when are removed.",
    "text-settled": "Your decision is recorded.",
    "texts-left": "The texts stay as they are.",
}


def done(key: str, location: str) -> Response:
    """Send the person on to `location`, where the sentence of `key` is shown once at the top.

    Raises KeyError on an unknown key, so that a missing sentence is found by the first test that walks there.
    """
    NOTICES[key]
    mark = "&" if "?" in location else "?"
    return redirect(f"{location}{mark}done={key}", code=303)


def notice() -> str | None:
    """The sentence this request asks for, if it is one of ours: not on a form sent back, whose address still asks."""
    return NOTICES.get(request.args.get("done", "")) if request.method == "GET" else None
