"""What an exported file without numpy does when it is run: the same as `main_block`, with lists and `random`."""

from __future__ import annotations

from typing import Final

from tasks import Task
from tasks.functions import SparseAnd, SparseMajority, SparseSum
from tasks.markov import BURN_IN, COLUMNS, CONCENTRATION, SYMBOLS, UNIFORM, MarkovSource
from tasks.next_character import WINDOW, NextCharacter
from tasks.parity import FEW_BITS, SparseParity
from tasks.sparse import SparseTask
from tasks.symbols import CopySymbol

LEARN: Final = '''\
def learn_and_predict(x, y, queries, n_symbols, n_classes):
    """Fit to rows x of classes y, then predict the class of one query after the other; all are lists of ints."""
    model = fit(x, y, n_symbols, n_classes)
    return [predict({model}, query) for query in queries]'''

RUN: Final = """\
def main():
    '''Learn a fresh instance; print how much of it was right, and how long that took.'''
    x, y, queries, answers = draw(random.Random(int(sys.argv[1]) if sys.argv[1:] else None))
    start = time.perf_counter()
    predictions = learn_and_predict(x, y, queries, {symbols}, {classes})
    seconds = time.perf_counter() - start
    right = sum(found == answer for found, answer in zip(predictions, answers))
    print(f"accuracy {{right / len(queries):.4f}} on {{len(queries)}} queries, {{1000 * seconds:.1f}} ms")


if __name__ == "__main__":
    main()"""

SOLVE: Final = '''\
def solve(x, y, n_bits, k_sparse):
    """Find the secret columns of a sparse parity of values -1 and +1.

    Args:
        x: rows of n_bits values -1 and +1.
        y: of each row the product of its secret columns.
        n_bits: columns.
        k_sparse: how many of them are secret.

    Returns:
        The numbers of the secret columns, a sorted list of k_sparse ints.
    """
    bits = [[int(value < 0) for value in row] for row in x]
    model = fit(bits, [int(value < 0) for value in y], 2, 2)
    changes = [0] * n_bits
    for query in bits[:16]:  # a secret column is one whose change changes the answer
        query = list(query)
        answer = predict({model}, query)
        for column in range(n_bits):
            query[column] ^= 1
            changes[column] += predict({model}, query) != answer
            query[column] ^= 1
    return sorted(sorted(range(n_bits), key=lambda column: -changes[column])[:k_sparse])'''

SOLVE_MAIN: Final = """\
if __name__ == "__main__":
    generator = random.Random(int(sys.argv[1]) if sys.argv[1:] else None)
    secret = sorted(generator.sample(range({n}), {k}))
    x = [[generator.choice((-1, 1)) for _ in range({n})] for _ in range({rows})]
    y = [(-1) ** sum(row[column] < 0 for column in secret) for row in x]
    start = time.perf_counter()
    found = solve(x, y, {n}, {k})
    seconds = time.perf_counter() - start
    print(f"secret {{secret}}, found {{found}}, {{1000 * seconds:.1f}} ms")"""

_LABELS: dict[type, str] = {
    SparseParity: "sum({bits}) % 2",
    SparseSum: "sum({bits})",
    SparseAnd: "int(all({bits}))",
    SparseMajority: "int(2 * sum({bits}) > {k})",
}


def draw_of(task: Task) -> str:
    """The text of `draw`; nothing for a task that can't be drawn without its own code."""
    if isinstance(task, SparseTask) and type(task) in _LABELS:
        return _sparse(task)
    if type(task) is CopySymbol:
        return _copy(task)
    if type(task) is MarkovSource:
        return _markov(task)
    if type(task) is NextCharacter and not task.shuffled:
        return _text(task)
    return ""


def _sparse(task: SparseTask) -> str:
    label = _LABELS[type(task)].format(bits="row[column] for column in secret", k=task.k)
    total = task.rows + task.queries
    if isinstance(task, SparseParity) and task.n <= FEW_BITS:
        half = task.queries // 2
        patterns = f"""\
    codes = generator.sample(range(1 << {task.n}), 1 << {task.n})  # all patterns, in random order
    patterns = [[code >> column & 1 for column in range({task.n})] for code in codes]"""
        asked = f"""\
    others = range({task.rows}, 1 << {task.n})  # as many queries of one class as of the other
    asked = [r for c in (0, 1) for r in [r for r in others if label[r] == c][:{half}]]"""
        queries = "[patterns[r] for r in asked], [label[r] for r in asked]"
    else:
        patterns = f"    patterns = [[generator.randrange(2) for _ in range({task.n})] for _ in range({total})]"
        asked, queries = "", f"patterns[{task.rows}:], label[{task.rows}:]"
    noise = ""
    if task.noise:
        count = len(task.frequencies)
        other = "1" if count == 2 else f"generator.randrange(1, {count})"
        noise = f"""
    wrong = [generator.random() < {task.noise:g} for _ in range({task.rows})]  # of the training labels only
    y = [(c + {other}) % {count} if w else c for c, w in zip(y, wrong)]"""
    lines = f'''\
def draw(generator):
    """Draw an instance: {task.function} of {task.k} secret ones of {task.n} random bits."""
    secret = generator.sample(range({task.n}), {task.k})
{patterns}
    label = [{label} for row in patterns]
{asked}
    x, y = patterns[:{task.rows}], label[:{task.rows}]{noise}
    return x, y, {queries}'''
    return lines.replace("\n\n", "\n")


def _copy(task: CopySymbol) -> str:
    return f'''\
def draw(generator):
    """Draw an instance: the class is the symbol at a secret one of {task.n} places."""
    place = generator.randrange({task.n})
    rows = [[generator.randrange({task.symbols}) for _ in range({task.n})] for _ in range({task.rows + task.queries})]
    x, queries = rows[:{task.rows}], rows[{task.rows}:]
    return x, [row[place] for row in x], queries, [row[place] for row in queries]'''


def _markov(task: MarkovSource) -> str:
    shuffle = "\n    generator.shuffle(stream)" if task.shuffled else ""
    contexts = SYMBOLS**task.order
    return f'''\
def draw(generator):
    """Draw an instance: a stream of {SYMBOLS} symbols from a random Markov source of order {task.order}."""
    sources = []
    for _ in range({contexts}):
        peaks = [generator.gammavariate({CONCENTRATION}, 1.0) for _ in range({SYMBOLS})]
        sources.append([{1 - UNIFORM:g} * peak / sum(peaks) + {UNIFORM / SYMBOLS:g} for peak in peaks])
    context, stream = generator.randrange({contexts}), []
    for _ in range({BURN_IN + task.length + COLUMNS + task.queries}):
        [symbol] = generator.choices(range({SYMBOLS}), sources[context])
        stream.append(symbol)
        context = (context * {SYMBOLS} + symbol) % {contexts}
    stream = stream[{BURN_IN}:]{shuffle}
    windows = [stream[start : start + {COLUMNS}] for start in range(len(stream) - {COLUMNS})]
    x, y = windows[: {task.length - COLUMNS}], stream[{COLUMNS}:{task.length}]
    return x, y, windows[{task.length}:], stream[{task.length + COLUMNS}:]'''


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
    symbols = generator.sample(range(128), 128)
    rank = {{character: min(place, 127) for place, (character, _) in enumerate(Counter(text).most_common())}}
    stream = [symbols[rank[character]] for character in text]  # rare characters share one symbol
    learned = min({characters}, len(stream) * 9 // 10)
    start = generator.randrange(max(len(stream) - learned - {queries}, 1))
    stream = stream[start : start + learned + {queries}]
    windows = [stream[place : place + {WINDOW}] for place in range(len(stream) - {WINDOW})]
    x, y = windows[: learned - {WINDOW}], stream[{WINDOW}:learned]
    return x, y, windows[learned - {WINDOW} :], stream[learned:]'''
