"""Contracts: only types of the language, and signatures as people read them."""

import pytest

from primitives.parser import parse
from tasks import LEARNER, Contract, Parameter, Signature


def test_a_signature_reads_as_it_is_written_in_python():
    signature = Signature("priority", (Parameter("item", "int"), Parameter("bins", "i8[:]")), "f8[:, :]")
    assert str(signature) == "priority(item: int, bins: i8[:]) -> f8[:, :]"
    assert Contract((signature,), "").lines == (str(signature),)


@pytest.mark.parametrize("kind", ["str", "i2[:]", "f8", "f8[:,:]", "float[:]", ""])
def test_types_that_the_language_lacks_are_refused(kind):
    with pytest.raises(ValueError, match="there are bool; int; float; u1"):
        Parameter("a", kind)
    with pytest.raises(ValueError, match="there are bool; int; float; u1"):
        Signature("f", (), kind)


def test_an_array_is_never_control():
    with pytest.raises(ValueError, match="only a scalar is control"):
        Parameter("a", "f8[:]", control=True)


def test_the_blank_learner_is_in_the_language():
    assert LEARNER.functions is None
    assert len(LEARNER.lines) == 2
    parse(LEARNER.blank)
