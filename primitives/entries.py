"""What an entry of the catalogue is, and how each sort of entry is made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from primitives import definitions, elementwise
from primitives import special as specials
from primitives.dispatch import Ranks, dispatcher

Kind = Literal["operation", "special", "definition"]


@dataclass(frozen=True, slots=True)
class Overload:
    """What a primitive is for arguments of certain ranks.

    Attributes:
        ranks: for each argument 0 for a scalar, 1 or 2 for an array of that rank, -1 for an element type. Empty for a
            special primitive, whose arguments the compiler judges itself.
        kind: "operation" (of scalars, one instruction), "special" (the compiler knows it by name), or "definition" (a
            function in the language).
        function: the name that the definition's text defines; None if there is no definition.
    """

    ranks: Ranks
    kind: Kind
    function: str | None = None
    _text: str | None = None
    _written: Callable[..., Any] | None = None

    @property
    def source(self) -> str | None:
        """The text of the definition, one function; None if there is no definition."""
        return self._text if self._written is None else definitions.source_of(self._written)

    def python(self) -> Callable[..., Any]:
        """The definition as a function of CPython."""
        if self._written is not None:
            return self._written
        assert self._text is not None and self.function is not None
        return definitions.function(self._text, self.function)


@dataclass(frozen=True, slots=True)
class Primitive:
    """An entry of the catalogue.

    Attributes:
        name: as programs call it.
        group: the topic it is listed under.
        signature: a call with the names of the parameters.
        returns: what comes back, in words.
        doc: what it does, and where it fails.
        overloads: one for each combination of ranks it takes.
        pure: whether it neither draws random numbers nor changes an argument.
        cpython: the function that plain CPython calls.
    """

    name: str
    group: str
    signature: str
    returns: str
    doc: str
    overloads: tuple[Overload, ...]
    pure: bool
    cpython: Callable[..., Any]


def _name(signature: str) -> str:
    return signature.partition("(")[0]


def special(group: str, signature: str, returns: str, doc: str) -> Primitive:
    """A primitive that the compiler knows by name."""
    name = _name(signature)
    return Primitive(name, group, signature, returns, doc, (Overload((), "special"),), True, getattr(specials, name))


def operation(
    group: str, signature: str, returns: str, doc: str, function: Callable[..., Any], pure: bool = True
) -> Primitive:
    """A primitive on scalars, one instruction of the machine."""
    parameters = signature.partition("(")[2].rstrip(")")
    ranks = (0,) * len(parameters.split(",")) if parameters else ()
    return Primitive(_name(signature), group, signature, returns, doc, (Overload(ranks, "operation"),), pure, function)


def mapped(group: str, signature: str, returns: str, doc: str, dtype: str, function: Callable[..., Any]) -> Primitive:
    """An operation on one scalar that also takes arrays, element by element, and gives an array of type `dtype`."""
    name = _name(signature)
    texts = {rank: elementwise.function_definition(name, rank, dtype) for rank in (1, 2)}
    arrays = tuple(Overload((rank,), "definition", name, text) for rank, (text, name) in texts.items())
    choices: dict[Ranks, Callable[[], Callable[..., Any]]] = {overload.ranks: overload.python for overload in arrays}
    choices[(0,)] = lambda: function
    overloads = (Overload((0,), "operation"), *arrays)
    return Primitive(name, group, signature, returns, doc, overloads, True, dispatcher(signature, choices))


def defined(
    group: str, signature: str, returns: str, doc: str, written: dict[Ranks, Callable[..., Any]], pure: bool = True
) -> Primitive:
    """A primitive with definitions in `library`, by the ranks of the arguments."""
    overloads = tuple(
        Overload(ranks, "definition", function.__name__, None, function) for ranks, function in written.items()
    )
    choices: dict[Ranks, Callable[[], Callable[..., Any]]] = {overload.ranks: overload.python for overload in overloads}
    return Primitive(_name(signature), group, signature, returns, doc, overloads, pure, dispatcher(signature, choices))
