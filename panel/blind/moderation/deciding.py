"""What may be decided about an answer, and by whom, with a sentence for each refusal. Pure."""

from panel.blind.moderation.answers import Answer, Standing
from panel.kernel.errors import Refused


class NothingToSettle(Refused):
    """The marks agree within the tolerance and on one side of the floor, so the score is their mean."""

    sentence = "The marks of this answer agree, so its score is their mean. There is nothing to settle."


class DecidedRedaction(Refused):
    """This leader decided a redaction on the submission, so another one settles its answers."""

    sentence = "You decided which words were removed from this submission, so the other leader settles its answers."


class OutWithMarker(Refused):
    """The answer waits for its further mark, so nothing is decided about it."""

    sentence = "This answer is with a further marker. You can decide about it once their mark is signed."


class FurtherFirst(Refused):
    """The rules of the board send an answer whose marks disagree to a further marker first."""

    sentence = "Send this answer to a further marker first. The rules of the board say so."


class HadFurther(Refused):
    """The answer has been sent to a further marker once; a second time would be looking for a mark that suits."""

    sentence = "This answer has been sent to a further marker already."


class NothingToLookAt(Refused):
    """Nobody asks for a look at the answer, or somebody has looked."""

    sentence = "There is nothing to decide about this answer."


def demand_open(answer: Answer, *, redacted: bool) -> None:
    """Refuse an answer that needs no settling, not yet, or not by this leader.

    Raises OutWithMarker, NothingToSettle, FurtherFirst and DecidedRedaction.
    """
    if answer.course.waiting:
        raise OutWithMarker
    if not answer.discrepancy.disputed:
        raise NothingToSettle
    if answer.standing is Standing.TO_SEND:
        raise FurtherFirst
    if redacted:
        raise DecidedRedaction


def demand_unseen(answer: Answer, *, redacted: bool) -> None:
    """Refuse to let stand what nobody asks to look at, or by this leader. Raises NothingToLookAt, DecidedRedaction."""
    if answer.standing is not Standing.TO_LOOK_AT:
        raise NothingToLookAt
    if redacted:
        raise DecidedRedaction


def demand_unsent(answer: Answer, *, redacted: bool) -> None:
    """Refuse a second further marker, and this leader's choice. Raises OutWithMarker, HadFurther, DecidedRedaction."""
    if answer.course.waiting:
        raise OutWithMarker
    if answer.course.sent:
        raise HadFurther
    if redacted:
        raise DecidedRedaction
