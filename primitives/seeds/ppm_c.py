"""Prediction by partial matching, escape method C, contexts of up to six symbols. It goes on learning while it answers.

A context in which a symbol occurred c of n times, and d different ones in all, gives it the probability c / (n + d) and
leaves d / (n + d) to the context that is one symbol shorter (A. Moffat, "Implementing the PPM data compression scheme",
IEEE Transactions on Communications 38, 1990). Counts are updated from the longest context down to the first one that
knows the symbol (update exclusion, the same paper). Prediction is without exclusion: a shorter context counts symbols
that a longer one knows as well. Only the likeliest symbol is asked for, so that each context proposes its most frequent
one, and the search ends where what is left can't win.

On a stream, which it recognises by the training rows, the last symbol of a query is the truth of the query before.
Rows in any other order it learns as they are. A small alphabet, where every context occurs, gets shorter contexts: a
long one decides on few occurrences. Symbols more than six away are beyond it.

For energy: four tables of single bytes for all lengths, found by hashing, with a tag instead of the context. They lie
above all text that is still unread, so that they are hardly larger than what they hold; a context that was seen once
gives way to another. One byte holds c, up to 15 (no loss: texts drift), and d. The d - 1 other symbols count as one
occurrence each in n. On text, update exclusion visits two contexts of the seven for a symbol.
"""

from primitives import array, mix, u1, zeros

MOST_ORDERS = 6
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


def learn(tags, leaders, counts, others, context, orders, n_symbols, symbol):
    """Count a symbol after a context: `counts` holds c of the leader, and d - 1 in the upper half of its byte."""
    size = len(tags)
    for k in range(orders, -1, -1):
        h = mix(context % n_symbols**k + n_symbols**k) % (255 * size)
        at = h % size
        tag = h // size + 1
        found = tags[at]
        if found == tag:
            leader = leaders[at]
            count = counts[at]
            if leader == symbol:
                if count % 16 < 15:
                    counts[at] = count + 1
                break
            seen = others[at + symbol]
            if seen < count % 16:
                others[at + symbol] = seen + 1
            elif seen < 15:
                others[at + leader] = seen
                leaders[at] = symbol
                count += 1
            if seen == 0 and count < 240:
                count += 16
            counts[at] = count
            if seen > 0:
                break
        elif found > 0 and counts[at] % 16 > 1:
            counts[at] -= 1
        else:
            tags[at] = tag
            leaders[at] = symbol
            counts[at] = 1


def fit(x, y, n_symbols, n_classes):
    rows = len(x)
    orders = context_length(rows, x.shape[1], n_symbols)
    size = rows // 3 + min(rows, 65536) + 64
    tags = zeros(size, u1)
    leaders = zeros(size, u1)
    counts = zeros(size, u1)
    others = zeros(size + n_classes, u1)
    for i in range(rows):
        learn(tags, leaders, counts, others, encode(x[i], orders, n_symbols), orders, n_symbols, y[i])
    return tags, leaders, counts, others, array([-1]), is_stream(x, y), orders, n_symbols


def predict(tags, leaders, counts, others, last, stream, orders, n_symbols, q):
    context = encode(q, orders, n_symbols)
    if stream:
        if last[0] >= 0:
            learn(tags, leaders, counts, others, last[0], orders, n_symbols, q[len(q) - 1])
        last[0] = context
    size = len(tags)
    answer = 0
    likeliest = 0
    rest = 65535
    for k in range(orders, -1, -1):
        h = mix(context % n_symbols**k + n_symbols**k) % (255 * size)
        at = h % size
        if tags[at] == h // size + 1:
            count = counts[at]
            kinds = count // 16 + 1
            count %= 16
            total = count + 2 * kinds - 1
            probability = rest * count // total
            if probability > likeliest:
                likeliest = probability
                answer = leaders[at]
            rest = rest * kinds // total
            if likeliest >= rest:
                break
    return answer
