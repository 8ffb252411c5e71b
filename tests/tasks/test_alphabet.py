"""The alphabet of text tasks: every character has one symbol, wherever a text is cut for reading."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks import alphabet
from tasks.alphabet import CHARACTERS, OTHER, SIZE, read_symbols, symbols

DATA = Path(__file__).parents[2] / "docs" / "data.md"
TEXTS = st.text(st.sampled_from("ab \n–é書😀"), max_size=40)


def utf8(text):
    return np.frombuffer(text.encode(), np.uint8)


def test_there_are_127_characters_and_one_symbol_for_all_others():
    assert len(CHARACTERS) == len(set(CHARACTERS)) == OTHER == SIZE - 1 == 127
    assert (symbols(CHARACTERS) == np.arange(127)).all()
    assert {"\n", *map(chr, range(32, 127))} < set(CHARACTERS)


@pytest.mark.parametrize("character", ["\t", "\r", "\0", "\x7f", "ı", "書", "\uffff", "😀", "\U00010041"])
def test_a_character_outside_the_alphabet_is_other(character):
    assert symbols(character).tolist() == [OTHER]


def test_the_documentation_lists_the_characters():
    text = DATA.read_text(encoding="utf-8")
    missing = [character for character in CHARACTERS[96:] if f"`{character}`" not in text]
    assert not missing


@given(TEXTS, st.integers(1, 9))
def test_reading_in_chunks_gives_the_symbols_of_the_text(text, chunk):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alphabet, "_CHUNK", chunk)
        encoded = utf8(text)
        assert read_symbols(encoded, 0, len(encoded)).tolist() == symbols(text).tolist()
        assert read_symbols(encoded, 0, len(encoded), 5).tolist() == symbols(text[:5]).tolist()


@given(TEXTS, st.data())
def test_parts_of_a_text_cut_at_any_byte_have_every_character_once(text, data):
    encoded = utf8(text)
    first, second = sorted(data.draw(st.integers(0, len(encoded))) for _ in range(2))
    cuts = [0, first, second, len(encoded)]
    parts = [read_symbols(encoded, start, stop) for start, stop in pairwise(cuts)]
    assert np.concatenate(parts).tolist() == symbols(text).tolist()


def test_what_is_not_utf_8_is_refused():
    with pytest.raises(UnicodeDecodeError):
        read_symbols(np.frombuffer("é".encode("latin-1"), np.uint8), 0, 1)


def test_wikitext_has_one_other_character_in_two_thousand_at_most(wikitext):
    for name in ("wiki.valid.raw", "wiki.test.raw"):
        found = read_symbols(np.fromfile(wikitext / name, np.uint8), 0, 2_000_000)
        assert np.mean(found == OTHER) < 1 / 2000
