"""Context mixing: contexts of 0, 1, 2, 3, 4 and 6 symbols propose one symbol each; their weights are learned as it runs.

A context's weight is how often contexts of its length and with its confidence were right when all longer ones were
wrong, counted online. From the longest context down each gives its weight's share of what is left to its symbol; the symbol with
most is the answer. That is interpolation with weights by length and count (F. Jelinek and R. Mercer, "Interpolated
estimation of Markov source parameters from sparse data", 1980) on estimates that are themselves measured (M. Mahoney,
"Adaptive weighing of context models for lossless data compression", Florida Tech CS-2005-16: PAQ). PAQ mixes by logistic
regression over all symbols; here that was no better on text, and far more work. The symbol proposed is a majority vote
of the latest occurrences (R. Boyer and J. Moore, "MJRTY", 1991) and no count of all: a context forgets, which on text is worth more
than exactness.

On a stream, which it recognises in the training rows, the last symbol of a query is the truth of the query before.
Where no symbol has half the probability the vote wavers: sources of much noise are better counted. Small alphabets get shorter contexts.

For energy: two bytes for each context of whatever length, found by hashing: a tag of 5 bits with the confidence, and the
symbol. The confidence is a counter up to 3, and whether another symbol ever occurred; the byte of the symbol goes on counting
with the room that the alphabet leaves there. A context that proved right gives its place to no other at once. Training
ends at the second context, from the longest down, that is right, and a query's search when a symbol has half of the total.
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
