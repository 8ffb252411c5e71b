"""What an exported file does when it is run: draw a fresh instance of its task, learn it, print accuracy and time.

Each task of the ladder has a text that draws one of its instances with numpy alone. A task that a person wrote
is theirs to draw from: its file has no `__main__`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from runs.export import pure_main
from runs.export.module import Code
from runs.export.words import Words
from tasks import Task
from tasks.functions import SparseAnd, SparseMajority, SparseSum
from tasks.markov import BURN_IN, COLUMNS, CONCENTRATION, SYMBOLS, UNIFORM, MarkovSource
from tasks.next_character import WINDOW, NextCharacter
from tasks.parity import FEW_BITS, SparseParity
from tasks.sparse import SparseTask
from tasks.symbols import CopySymbol

_LEARN = '''\
def learn_and_predict(x, y, queries, n_symbols, n_classes):
    """Fit to rows x of classes y, then predict the class of one query after the other."""
{numba}    model = fit(x, y, n_symbols, n_classes)
    return np.array([predict({model}, query) for query in queries])'''

_COMPILED = '''\
@njit
def compiled_learn_and_predict(x, y, queries, n_symbols, n_classes{stream}):
    model = {fit}
    predictions = np.zeros(len(queries), dtype=np.int64)
    for row in range(len(queries)):
        predictions[row] = {predict}
    return predictions


def learn_and_predict(x, y, queries, n_symbols, n_classes):
    """Fit to rows x of classes y, then predict the class of one query after the other."""
    x, y, queries = (np.asarray(each, dtype=np.int64) for each in (x, y, queries))
    return compiled_learn_and_predict(x, y, queries, n_symbols, n_classes{given})'''

_RUN = """\
def main():
    '''Learn a fresh instance; print how much of it was right, and how long that took.'''
    generator = np.random.default_rng(int(sys.argv[1]) if sys.argv[1:] else None)
    x, y, queries, answers = draw(generator)
{warm}    start = time.perf_counter()
    predictions = learn_and_predict(x, y, queries, {symbols}, {classes})
    seconds = time.perf_counter() - start
    print(f"accuracy {{np.mean(predictions == answers):.4f}} on {{len(queries)}} queries, {{1000 * seconds:.1f}} ms")


if __name__ == "__main__":
    main()"""


_WARM = """\
    learn_and_predict(x, y, queries[:1], {symbols}, {classes})  # so that it is compiled
"""

USE_NUMBA: Final = """\
    if {size} > {worth:_}:  # fewer take less than compiling does
        use_numba()
"""


def main_of(task: Task, code: Code) -> str:
    """The texts of what `__main__` needs; nothing for a task that can't be drawn without its own code.

    Args:
        task: of the program.
        code: its functions.
    """
    drawn = _draw(task)
    if drawn is None:
        return ""
    text, symbols, classes = drawn
    model = "model" if code.parts == 1 else "*model"
    numba = USE_NUMBA.format(size="len(x) + len(queries)", worth=code.worth) if code.words is Words.EITHER else ""
    learn, run, warm = _LEARN.format(model=model, numba=numba), _RUN, ""
    if code.words is Words.NUMBA:
        learn, warm = _compiled_learn(model, code.compiled), _WARM
    elif code.words is Words.PURE:
        learn, text, run = pure_main.LEARN.format(model=model), pure_main.draw_of(task), pure_main.RUN
    sizes = {"symbols": symbols, "classes": classes}
    return "\n\n\n".join([learn, text, run.format(warm=warm.format(**sizes), **sizes).replace("'''", '"""')])


def _compiled_learn(model: str, compiled: Sequence[tuple[str, bool]]) -> str:
    (fit, fit_draws), (predict, predict_draws) = compiled
    draws = fit_draws or predict_draws
    return _COMPILED.format(
        stream=", random_stream" if draws else "",
        given=", STREAM" if draws else "",
        fit=f"{fit}(x, y, n_symbols, n_classes{', random_stream' if fit_draws else ''})",
        predict=f"{predict}({model}, queries[row]{', random_stream' if predict_draws else ''})",
    )


def _draw(task: Task) -> tuple[str, int, int] | None:
    """The text of `draw`, and the sizes of the alphabets of symbols and classes."""
    if isinstance(task, SparseTask) and type(task) in _LABELS:
        return _sparse(task), 2, len(task.frequencies)
    if type(task) is CopySymbol:
        return _copy(task), task.symbols, task.symbols
    if type(task) is MarkovSource:
        return _markov(task), SYMBOLS, SYMBOLS
    if type(task) is NextCharacter and not task.shuffled:
        return _text(task), 128, 128
    return None


_LABELS: dict[type, str] = {
    SparseParity: "{bits}.sum(axis=1) % 2",
    SparseSum: "{bits}.sum(axis=1)",
    SparseAnd: "{bits}.all(axis=1)",
    SparseMajority: "2 * {bits}.sum(axis=1) > {k}",
}


def _sparse(task: SparseTask) -> str:
    label = _LABELS[type(task)].format(bits="patterns[:, secret]", k=task.k)
    if isinstance(task, SparseParity) and task.n <= FEW_BITS:
        patterns = f"""\
    codes = generator.permutation(1 << {task.n})
    patterns = (codes[:, None] >> np.arange({task.n}) & 1).astype(np.uint8)  # all of them, in random order"""
        asked = f"""\
    others = np.arange({task.rows}, 1 << {task.n})  # as many queries of one class as of the other
    asked = np.concatenate([others[label[others] == c][:{task.queries // 2}] for c in (0, 1)])"""
    else:
        patterns = f"    patterns = generator.integers(0, 2, ({task.rows + task.queries}, {task.n}), dtype=np.uint8)"
        asked = f"    asked = np.arange({task.rows}, {task.rows + task.queries})"
    noise = ""
    if task.noise:
        count = len(task.frequencies)
        other = "1" if count == 2 else f"generator.integers(1, {count}, {task.rows})"
        noise = f"""
    wrong = generator.random({task.rows}) < {task.noise:g}  # of the training labels only
    y[wrong] = ((y + {other}) % {count})[wrong]"""
    return f'''\
def draw(generator):
    """Draw an instance: {task.function} of {task.k} secret ones of {task.n} random bits."""
    secret = generator.choice({task.n}, {task.k}, replace=False)
{patterns}
    label = ({label}).astype(np.uint8)
{asked}
    x, y = patterns[:{task.rows}], label[:{task.rows}].copy(){noise}
    return x, y, patterns[asked], label[asked]'''


def _copy(task: CopySymbol) -> str:
    return f'''\
def draw(generator):
    """Draw an instance: the class is the symbol at a secret one of {task.n} places."""
    place = generator.integers({task.n})
    rows = generator.integers(0, {task.symbols}, ({task.rows + task.queries}, {task.n}), dtype=np.uint8)
    x, queries = rows[:{task.rows}], rows[{task.rows}:]
    return x, x[:, place].copy(), queries, queries[:, place]'''


def _markov(task: MarkovSource) -> str:
    shuffle = "\n    stream = generator.permutation(stream)" if task.shuffled else ""
    contexts = SYMBOLS**task.order
    return f'''\
def draw(generator):
    """Draw an instance: a stream of {SYMBOLS} symbols from a random Markov source of order {task.order}."""
    peaks = generator.dirichlet(np.full({SYMBOLS}, {CONCENTRATION}), {contexts})
    thresholds = ({1 - UNIFORM:g} * peaks + {UNIFORM / SYMBOLS:g}).cumsum(axis=1)[:, :-1]
    context, symbols = int(generator.integers({contexts})), []
    for number in generator.random({BURN_IN + task.length + COLUMNS + task.queries}):
        symbol = int(np.searchsorted(thresholds[context], number, side="right"))
        symbols.append(symbol)
        context = (context * {SYMBOLS} + symbol) % {contexts}
    stream = np.array(symbols[{BURN_IN}:], dtype=np.uint8){shuffle}
    windows = np.lib.stride_tricks.sliding_window_view(stream, {COLUMNS})
    x, y = windows[: {task.length - COLUMNS}], stream[{COLUMNS}:{task.length}]
    return x, y, windows[{task.length}:-1], stream[{task.length + COLUMNS}:]'''


def _text(task: NextCharacter) -> str:
    characters = 100_000 if task.characters is None else task.characters
    queries = min(task.queries, 10_000)
    return f'''\
def draw(generator):
    """Draw an instance: learn a slice of a text, then predict its next {queries:,} characters, one after the other.

    The text is that of the files named on the command line after the seed, else Python's own documentation.
    """
    if sys.argv[2:]:
        text = "".join(open(name, encoding="utf-8").read() for name in sys.argv[2:])
    else:
        from pydoc_data.topics import topics

        text = "".join(topics.values())
    found, places, counts = np.unique(list(text), return_inverse=True, return_counts=True)
    rank = np.minimum(np.argsort(np.argsort(-counts)), 127)  # rare characters share one symbol
    stream = generator.permutation(128).astype(np.uint8)[rank[places]]
    learned = min({characters}, len(stream) * 9 // 10)
    start = int(generator.integers(0, max(len(stream) - learned - {queries}, 1)))
    stream = stream[start : start + learned + {queries}]
    windows = np.lib.stride_tricks.sliding_window_view(stream, {WINDOW})
    x, y = windows[: learned - {WINDOW}], stream[{WINDOW}:learned]
    return x, y, windows[learned - {WINDOW} : -1], stream[learned:]'''
