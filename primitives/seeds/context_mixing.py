"""Context mixing: contexts of 0, 1, 2, 3, 4 and 6 symbols propose one symbol each, with weights learned as it goes.

A weight is how often contexts of that length and state were right when all longer ones were wrong. From the longest
context down, each gives its weight's share of what is left to the symbol it proposes; the symbol with most is the
answer. This is interpolation by length and count (F. Jelinek and R. Mercer, "Interpolated estimation of Markov source
parameters from sparse data", Pattern Recognition in Practice, 1980) with weights learned online, as in PAQ (M. Mahoney,
"Adaptive weighing of context models for lossless data compression", Florida Tech CS-2005-16). PAQ's mixing by logistic
regression, tried on the same proposals, was no better on English. What a context proposes is a majority vote (R. Boyer
and J. Moore, "MJRTY: a fast majority vote algorithm", 1991): no exact count, but it follows what changes, which is
worth more on text. Where no symbol has half the probability the vote wavers: noisy sources are better counted.

On a stream, which it recognises by the training rows, the last symbol of a query is the truth of the query before.
Rows in any other order it learns as they are. A small alphabet, where every context occurs, gets shorter contexts.

For energy: two bytes for a context of any length, found by hashing. The first has a tag of 5 bits, a counter up to 3,
and whether a second symbol occurred; the other has the symbol, and goes on counting in the room that the alphabet
leaves. A context that was right more than once does not give way to another at once. Learning ends at the second
context, from the longest down, that was right, and the search for an answer when a symbol has half of all.
"""

from primitives import array, fill, mix, u1, zeros

MOST_ORDERS = 6
SKIPPED_ORDER = 5
SMALL_ALPHABET = 16
OCCURRENCES = 16


def context_length(rows, columns, n_symbols):
    """The symbols of the longest context: of a small alphabet so few that each context occurs a number of times."""
    orders = min(MOST_ORDERS, columns)
    while n_symbols <= SMALL_ALPHABET and orders > 1 and n_symbols**orders * OCCURRENCES > rows:
        orders -= 1
    return orders


def is_stream(x, y):
    """Whether each of the first rows ends with the class of the row before."""
    for i in range(1, min(len(x), 64)):
        if x[i, x.shape[1] - 1] != y[i - 1]:
            return False
    return True


def encode(row, orders, n_symbols):
    """The last symbols as digits of one number."""
    context = 0
    for j in range(len(row) - orders, len(row)):
        context = context * n_symbols + row[j]
    return context


def count_one(counts, contrary, cell):
    """Count up; both counts are halved when one is full, so that they follow what changes."""
    count = counts[cell] + 1
    if count == 255:
        count = 128
        contrary[cell] //= 2
    counts[cell] = count


def learn(states, leaders, right, wrong, context, orders, n_symbols, n_classes, symbol):
    """Learn a symbol after a context. A state is 8 * tag + 4 * (another symbol occurred) + a counter up to 3."""
    size = len(states)
    agreed = 0
    for k in range(orders, -1, -1):
        if k == SKIPPED_ORDER:
            continue
        h = mix(context % n_symbols**k + n_symbols**k) % (31 * size)
        at = h % size
        tag = h // size + 1
        state = states[at]
        if state // 8 != tag:
            if state % 4 > 1:
                states[at] = state - 1
            else:
                states[at] = tag * 8 + 1
                leaders[at] = symbol
            continue
        leader = leaders[at]
        if leader % n_classes == symbol:
            if agreed == 0:
                count_one(right, wrong, k * 8 + state % 8)
            if state % 4 < 3:
                states[at] = state + 1
            elif leader < 256 - n_classes:
                leaders[at] = leader + n_classes
            agreed += 1
            if agreed == 2:
                break
        else:
            if agreed == 0:
                count_one(wrong, right, k * 8 + state % 8)
            state |= 4
            if leader >= n_classes:
                leaders[at] = leader - n_classes
            elif state % 4 > 1:
                state -= 1
            else:
                leaders[at] = symbol
            states[at] = state


def fit(x, y, n_symbols, n_classes):
    rows = len(x)
    orders = context_length(rows, x.shape[1], n_symbols)
    size = rows + min(rows, 65536) + 64
    states = zeros(size, u1)
    leaders = zeros(size, u1)
    right = zeros(orders * 8 + 8, u1)
    wrong = zeros(orders * 8 + 8, u1)
    fill(wrong, 1)
    for i in range(rows):
        learn(states, leaders, right, wrong, encode(x[i], orders, n_symbols), orders, n_symbols, n_classes, y[i])
    return states, leaders, right, wrong, array([-1]), is_stream(x, y), orders, n_symbols, n_classes


def predict(states, leaders, right, wrong, last, stream, orders, n_symbols, n_classes, q):
    context = encode(q, orders, n_symbols)
    if stream:
        if last[0] >= 0:
            learn(states, leaders, right, wrong, last[0], orders, n_symbols, n_classes, q[len(q) - 1])
        last[0] = context
    size = len(states)
    shares = zeros(n_classes, u1)
    answer = 0
    most = 0
    rest = 255
    for k in range(orders, -1, -1):
        if k == SKIPPED_ORDER:
            continue
        h = mix(context % n_symbols**k + n_symbols**k) % (31 * size)
        at = h % size
        state = states[at]
        if state // 8 == h // size + 1:
            cell = k * 8 + state % 8
            share = rest * right[cell] // (right[cell] + wrong[cell])
            rest -= share
            leader = leaders[at] % n_classes
            share += shares[leader]
            shares[leader] = share
            if share > most:
                most = share
                answer = leader
                if most > 127:
                    break
    return answer
