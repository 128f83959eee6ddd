"""Forms that grow with the board: a box for every point of the scale, a floor for every criterion."""

import re
from dataclasses import replace
from fractions import Fraction
from typing import Any, ClassVar, Final, cast

from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from panel.board.policy import PassRule, Point, Policy, Scale
from panel.web.filters import two_decimals
from panel.web.forms import Choice, Line, Menu, Prose
from panel.web.revision import Revision

_TIES: Final = ("First", "Second", "Third", "Fourth", "Fifth")


class Exact(Line):
    """A number with at most two decimals, kept exactly. `value` once valid."""

    value = Fraction(0)

    def pre_validate(self, form: BaseForm) -> None:
        super().pre_validate(form)
        if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,2})?", self.data or ""):
            raise StopValidation(f"{self.said} must be a number, like 24 or 22.5")
        self.value = Fraction(self.data or "0")


class AnchorsForm(Revision):
    """A label and a general anchor for every point."""

    @classmethod
    def for_scale(cls, scale: Scale, sent: Any) -> "AnchorsForm":
        """Two fields for each point."""
        fields: dict[str, Any] = {}
        for point in scale.points:
            score = point.score
            fields[f"label_{score}"] = Line(
                f"Label of score {score}", f"Enter the label of score {score}", limit=60, default=point.label
            )
            fields[f"anchor_{score}"] = Prose(
                f"Anchor of score {score}", f"Enter the anchor of score {score}", limit=1000, default=point.anchor
            )
        return cast(AnchorsForm, type("ScaleAnchorsForm", (cls,), fields)(sent))

    def scale(self, before: Scale) -> Scale:
        """The same scores with the words given."""
        return Scale(
            tuple(
                Point(point.score, str(self[f"label_{point.score}"].data), str(self[f"anchor_{point.score}"].data))
                for point in before.points
            )
        )


class PassForm(Revision):
    """The pass mark, a floor for each criterion, and what decides between equals."""

    total = Exact("Pass mark", "Enter the pass mark", limit=10)
    range: ClassVar[tuple[int, int]] = (1, 1)

    @classmethod
    def for_policy(cls, policy: Policy, sent: Any) -> "PassForm":
        """A floor for each criterion and as many tie-breaks as there can be."""
        fields: dict[str, Any] = {"range": (max(policy.lowest_total, 1), policy.highest_total)}
        floors = [Choice(str(p.score), f"{p.score} {p.label}") for p in policy.scale.points[1:]]
        for criterion in policy.criteria:
            before = "" if criterion.floor is None else str(criterion.floor)
            fields[f"floor_{criterion.key}"] = Menu(f"Floor for ‘{criterion.name}’", None, floors, default=before)
        names = [Choice(criterion.key, criterion.name) for criterion in policy.criteria]
        for index in range(cls.ties(policy)):
            before = policy.tie_break[index] if index < len(policy.tie_break) else ""
            fields[f"tie_{index}"] = Menu(f"{_TIES[index]} tie-break", None, names, default=before)
        total = _written(policy.pass_rule.total)
        return cast(PassForm, type("PolicyPassForm", (cls,), fields)(sent, data={"total": total}))

    @staticmethod
    def ties(policy: Policy) -> int:
        """How many criteria may be named to break a tie."""
        return min(len(policy.criteria), len(_TIES))

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: the pass mark can be reached, and no criterion breaks a tie twice."""
        sound = super().validate(extra_validators)
        lowest, highest = self.range
        if not self.total.errors and not lowest <= self.total.value <= highest:
            self.total.errors = [f"Pass mark must be between {lowest} and {highest}"]
        named: set[str] = set()
        for tie in (field for name, field in self._fields.items() if name.startswith("tie_") and field.data):
            if tie.data in named:
                tie.errors = [f"{tie.label.text} must be another criterion than those before it"]
            named.add(tie.data)
        return sound and not self.errors

    def policy(self, before: Policy) -> Policy:
        """The rules with what was chosen."""
        criteria = tuple(replace(criterion, floor=self._floor(criterion.key)) for criterion in before.criteria)
        ties = tuple(self[f"tie_{index}"].data for index in range(self.ties(before)))
        chosen = tuple(dict.fromkeys(tie for tie in ties if tie))
        return replace(before, criteria=criteria, tie_break=chosen, pass_rule=PassRule(self.total.value))

    def _floor(self, key: str) -> int | None:
        chosen = self[f"floor_{key}"].data
        return int(chosen) if chosen else None


def _written(total: Fraction) -> str:
    if total.denominator == 1:
        return str(total.numerator) if total else ""
    return two_decimals(total)
