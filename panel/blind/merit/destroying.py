"""What was written of and about applications, destroyed: part of archiving a board and of cancelling one."""

from sqlalchemy.orm import Session

from panel.blind.allocation import service as allocation
from panel.blind.marking import service as marking
from panel.blind.merit import amending
from panel.blind.moderation import service as moderation
from panel.blind.submissions import service as submissions
from panel.board.queries import Board


def destroy_texts(db: Session, board: Board) -> None:
    """Answers, evidence, reasons and declarations are gone. Scores by number stay, for the marks root and appeals."""
    submissions.destroy_texts(db, board)
    marking.destroy_evidence(db, board.id)
    moderation.destroy_reasons(db, board.id)
    amending.destroy_reasons(db, board.id)
    allocation.destroy_exclusions(db, board.id)
