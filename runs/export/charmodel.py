"""The shape of a character model: `train(text)` gives an object with `reset`, `predict` and `observe`."""

from __future__ import annotations

from typing import Final

from runs.export.main_block import USE_NUMBA
from runs.export.module import Code
from runs.export.trial import ShapeError
from runs.export.words import Words
from tasks import Task
from tasks.alphabet import SIZE
from tasks.next_character import WINDOW, NextCharacter

_MODEL: Final = '''\
class CharacterModel:
    """Predicts a text one character after the other: `predict`, then `observe` what it was, and so on.

    Attributes:
        characters: those it knows, the most frequent first; all others share the last symbol.
    """

    def __init__(self, characters, model):
        self.characters = characters
        self._symbols = {{character: symbol for symbol, character in enumerate(characters)}}
        self._trained = model
        self.reset()

    def reset(self):
        """Start a new text, with what was learned in training."""
        self._model = tuple(part.copy() if isinstance(part, np.ndarray) else part for part in self._trained)
        self._window = np.full({window}, self._symbols.get("\\\\n", {other}), dtype=np.int64)
        self._answer = None

    def predict(self):
        """The probability of each known character to be the next: nearly all is the learner's answer's."""
        if self._answer is None:  # once for each character, since a learner may adapt when it is asked
            self._answer = int(predict(*self._model, self._window))
        rest = 0.1 / len(self.characters)
        probabilities = dict.fromkeys(self.characters, rest)
        if self._answer < len(self.characters):
            probabilities[self.characters[self._answer]] += 0.9
        return probabilities

    def observe(self, char):
        """Be shown the character that came next."""
        if self._answer is None:
            self.predict()
        self._window = np.append(self._window[1:], self._symbols.get(char, {other}))
        self._answer = None


def train(train_text, valid_text=None):
    """Learn from a text; `valid_text` is not looked at. Gives a `CharacterModel`."""
{numba}    found, places, counts = np.unique(list(train_text), return_inverse=True, return_counts=True)
    by_count = np.argsort(-counts, kind="stable")
    rank = np.empty(len(found), dtype=np.int64)
    rank[by_count] = np.minimum(np.arange(len(found)), {other})
    stream = rank[places]
    windows = np.lib.stride_tricks.sliding_window_view(stream[:-1], {window})
    model = fit(windows, stream[{window}:], {size}, {size})
    characters = [str(each) for each in found[by_count[:{other}]]]
    return CharacterModel(characters, model if isinstance(model, tuple) else (model,))'''

_MAIN: Final = '''\
def main():
    """Learn a text, and predict the last tenth of it: the file named on the command line, or Python's documentation."""
    if sys.argv[1:]:
        text = open(sys.argv[1], encoding="utf-8").read()
    else:
        from pydoc_data.topics import topics

        text = "".join(topics.values())[:100_000]
    learned = len(text) * 9 // 10
    start = time.perf_counter()
    model, right = train(text[:learned]), 0
    for character in text[learned:]:
        probabilities = model.predict()
        right += max(probabilities, key=probabilities.get) == character
        model.observe(character)
    seconds = time.perf_counter() - start
    print(f"accuracy {{right / len(text[learned:]):.4f}} on {{len(text[learned:])}} characters, {{seconds:.1f}} s")


if __name__ == "__main__":
    main()'''


def charmodel(code: Code, task: Task, source: str, seed: int) -> tuple[str, str]:
    """The texts of `train` and its model, and of `__main__`. Raises ShapeError for a task that is no text."""
    if not isinstance(task, NextCharacter):
        raise ShapeError(f"--as charmodel is for learners of text, and {task.name} is another task")
    numba = USE_NUMBA.format(size="len(train_text)", worth=code.worth) if code.words is Words.EITHER else ""
    return _MODEL.format(numba=numba, window=WINDOW, other=SIZE - 1, size=SIZE).replace("\\\\n", "\\n"), _MAIN.format()
