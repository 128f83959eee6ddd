"""Single changes to a module that its tests ought to notice, made on its syntax tree."""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

_FLIPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
#: The same comparison with its boundary on the other side.
_EDGED: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}

#: Changes a node of the tree where it stands; each is given only nodes of its own kind.
_Apply = Callable[[Any], None]


@dataclass(frozen=True)
class Mutant:
    """One change: where, what it is called, what stood there, and the whole module with it."""

    line: int
    change: str
    before: str
    source: str

    @property
    def place(self) -> str:
        """How a list of explained survivors calls it: no line number, for those move."""
        return f"{self.change}: {self.before}"


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its nodes."""
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    skipped = {id(inner) for node in nodes if _said_only(node) for inner in ast.walk(node)}
    for index, node in enumerate(nodes):
        if id(node) in skipped:
            continue
        for change, apply in _changes(node):
            mutated = copy.deepcopy(tree)
            apply(list(ast.walk(mutated))[index])
            yield Mutant(node.lineno, change, ast.unparse(node).splitlines()[0][:90], ast.unparse(mutated))


def _said_only(node: ast.AST) -> bool:
    """Annotations, docstrings, sentences for people, imports and decorators: nothing that a test should pin."""
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.JoinedStr)):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {"sentence", "__tablename__"}


def _changes(node: ast.AST) -> Iterator[tuple[str, _Apply]]:
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in _FLIPPED:
            yield "comparison flipped", _compare(_FLIPPED[type(operator)])
            if type(operator) in _EDGED:
                yield "boundary moved", _compare(_EDGED[type(operator)])
        case ast.BoolOp():
            yield "and/or changed", _other_bool
        case ast.If() | ast.IfExp():
            yield "condition negated", _negate
        case ast.Constant(value=bool()):
            yield "constant turned", _constant(lambda value: not value)
        case ast.Constant(value=int()):
            yield "constant plus one", _constant(lambda value: value + 1)
        case ast.Constant(value=bytes(value)) if value:
            yield "bytes changed", _constant(lambda value: bytes([value[0] ^ 1]) + value[1:])
        case ast.Return(value=value) if value is not None and not _none(value):
            yield "returns None", _returns_none
        case ast.Expr(value=ast.Call()) | ast.Raise() | ast.AugAssign():
            yield "statement dropped", _drop


def _none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _compare(operator: type[ast.cmpop]) -> _Apply:
    return lambda node: node.ops.__setitem__(0, operator())


def _constant(change: Callable[[Any], Any]) -> _Apply:
    return lambda node: setattr(node, "value", change(node.value))


def _other_bool(node: ast.BoolOp) -> None:
    node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()


def _negate(node: ast.If | ast.IfExp) -> None:
    node.test = ast.UnaryOp(ast.Not(), node.test)


def _returns_none(node: ast.Return) -> None:
    node.value = ast.Constant(None)


def _drop(node: ast.AST) -> None:
    """Whatever statement it was, it becomes one that does nothing."""
    places = {key: value for key, value in vars(node).items() if key.endswith(("lineno", "offset"))}
    node.__class__, node.__dict__ = ast.Pass, places
