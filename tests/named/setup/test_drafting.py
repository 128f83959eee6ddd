"""HR's choices change a draft, and keep what still fits."""

from dataclasses import replace

from panel.board.policy import Kind
from panel.board.scales import SCALES
from panel.kernel.ids import FrameworkId
from panel.named.setup import drafting
from tests.named.setup.policies import CVF, LODESTAR, complete, drafted


def test_criteria_stand_in_the_order_of_the_framework_with_its_text() -> None:
    policy = drafted()
    assert policy.keys == ("deciding-on-evidence", "growing-a-team", "candour")
    first = policy.criteria[0]
    assert (first.level, first.level_name) == (2, "Leading a team")
    assert first.descriptors == LODESTAR.element("Deciding on evidence").at(2)
    assert first.anchors == LODESTAR.element("Deciding on evidence").anchors_for(5)


def test_competency_starts_with_a_question_and_a_value_over_the_whole_submission() -> None:
    policy = drafted()
    assert [(each.kind, each.whole) for each in policy.criteria] == [
        (Kind.COMPETENCY, False),
        (Kind.COMPETENCY, False),
        (Kind.VALUE, True),
    ]


def test_what_was_chosen_before_keeps_its_question() -> None:
    policy = drafting.with_criteria(complete(), LODESTAR, ["Growing a team", "Care"])
    assert policy.keys == ("growing-a-team", "care")
    assert policy.criteria[0].question == "Tell us about growing a team."


def test_criterion_that_goes_takes_its_tie_break_with_it() -> None:
    policy = replace(complete(), tie_break=("candour", "growing-a-team"))
    assert drafting.with_criteria(policy, LODESTAR, ["Growing a team"]).tie_break == ("growing-a-team",)


def test_another_framework_takes_level_and_criteria_with_it() -> None:
    policy = drafting.with_framework(complete(), FrameworkId.new(), CVF)
    assert (policy.framework.name, policy.level, policy.criteria) == ("CVF", None, ())
    assert policy.title == "Inspector 2027"


def test_same_framework_again_changes_nothing() -> None:
    assert drafting.with_framework(complete(), FrameworkId(bytes(16)), LODESTAR) == complete()


def test_level_of_the_board_moves_every_competency_and_no_value() -> None:
    policy = drafting.with_level(complete(), LODESTAR, 3)
    assert [each.level for each in policy.criteria] == [3, 3, None]
    assert policy.criteria[1].descriptors == LODESTAR.element("Growing a team").at(3)


def test_one_competency_can_have_a_level_of_its_own() -> None:
    policy = drafting.at_level(complete(), LODESTAR, "growing-a-team", 1)
    assert [each.level for each in policy.criteria] == [2, 1, None]


def test_competency_with_a_level_of_its_own_keeps_it_when_the_board_has_another() -> None:
    policy = drafting.at_level(complete(), LODESTAR, "growing-a-team", 1)
    assert drafting.with_level(policy, LODESTAR, 2) == policy
    assert [each.level for each in drafting.with_level(policy, LODESTAR, 3).criteria] == [3, 1, None]


def test_scale_takes_the_anchors_that_fit_it_or_none() -> None:
    assert len(drafting.with_scale(complete(), LODESTAR, SCALES["1-7"], own=True).criteria[0].anchors) == 7
    assert drafting.with_scale(complete(), LODESTAR, SCALES["1-7"], own=False).criteria[0].anchors == ()


def test_floor_that_no_longer_fits_the_scale_goes() -> None:
    policy = drafting.with_scale(complete(), LODESTAR, SCALES["1-7"], own=True)
    policy = replace(policy, criteria=tuple(replace(each, floor=6) for each in policy.criteria))
    assert {each.floor for each in drafting.with_scale(policy, LODESTAR, SCALES["1-5"], own=True).criteria} == {None}


def test_criterion_added_later_follows_the_choice_of_anchors() -> None:
    general = drafting.with_scale(complete(), LODESTAR, SCALES["1-5"], own=False)
    assert drafting.with_criteria(general, LODESTAR, ["Care", "Candour"]).criterion("care").anchors == ()
    assert len(drafting.with_criteria(complete(), LODESTAR, ["Care", "Candour"]).criterion("care").anchors) == 5


def test_names_alone_do_not_describe_what_to_look_for() -> None:
    assert drafting.is_described(complete(), LODESTAR)
    names = drafted(CVF, ("We take ownership", "Courage"))
    assert not drafting.is_described(names, CVF)


def test_framework_that_is_gone_or_another_describes_nothing() -> None:
    assert not drafting.is_described(complete(), None)
    assert not drafting.is_described(complete(), replace(LODESTAR, notice="changed"))
