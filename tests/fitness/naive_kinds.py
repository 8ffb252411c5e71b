"""What the naive `dmc` reference may know of an expression before it runs: data or control, rank, size."""

import ast
from dataclasses import dataclass, field

CONTROL, DATA = 0, 1
Term = object  # what is known of an int: an int, a ("leaf", owner, name), or (operator, Term, Term); None for nothing


@dataclass(frozen=True)
class Scalar:
    level: int = CONTROL
    term: Term = None


@dataclass(frozen=True)
class ArrayOf:
    dims: tuple[Term, ...]
    data_shape: bool = False


@dataclass(frozen=True)
class Several:
    """The results of a call, or a tuple; () for nothing."""

    items: tuple["Abstract", ...]


@dataclass(frozen=True)
class ElementType:
    name: str


Abstract = Scalar | ArrayOf | Several | ElementType


@dataclass(eq=False)
class Unit:
    """A function of the program, or (`definition`) a primitive's definition, with the constants it sees."""

    tree: ast.FunctionDef
    constants: dict[str, bool | int | float]
    definition: bool

    @property
    def parameters(self) -> list[str]:
        return [argument.arg for argument in self.tree.args.args]


@dataclass(eq=False)
class Facts:
    """What the analysis found: `of` by syntax node (a `For` node stands for its counter), variables, results."""

    of: dict[ast.AST, Abstract] = field(default_factory=dict)
    variables: dict[str, Abstract] = field(default_factory=dict)
    results: tuple[Abstract, ...] = ()

    def is_data(self, node: ast.AST) -> bool:
        found = self.of[node]
        return isinstance(found, Scalar) and found.level > CONTROL

    def is_data_variable(self, name: str) -> bool:
        found = self.variables[name]
        return isinstance(found, Scalar) and found.level > CONTROL


def level(found: Abstract) -> int:
    return found.level if isinstance(found, Scalar) else CONTROL


def join(a: Abstract | None, b: Abstract) -> Abstract:
    """What is true of a variable that is one or the other."""
    if a is None or a == b:
        return b
    if isinstance(a, Scalar) and isinstance(b, Scalar):
        return Scalar(max(a.level, b.level))
    if isinstance(a, ArrayOf) and isinstance(b, ArrayOf):
        dims = tuple(x if x == y else None for x, y in zip(a.dims, b.dims, strict=True))
        return ArrayOf(dims, a.data_shape or b.data_shape)
    if isinstance(a, Several) and isinstance(b, Several):
        return Several(tuple(join(x, y) for x, y in zip(a.items, b.items, strict=True)))
    raise TypeError(f"{a} and {b}")


def combine(operator: str, a: Term, b: Term) -> Term:
    if a is None or b is None:
        return None
    if operator == "Sub" and b == 0:
        return a
    return (operator, a, b)


def mentions(term: Term, owner: int) -> bool:
    if not isinstance(term, tuple):
        return False
    return term[1] == owner if term[0] == "leaf" else any(mentions(part, owner) for part in term[1:])
