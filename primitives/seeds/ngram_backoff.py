"""N-grams with back-off: the symbol that most often followed the longest context that was seen.

Contexts of no to five symbols are counted, all of them for every row, and a query is answered by the longest one that
is known. Discounts or weights would change no order of counts, and so no guess (S. Katz, "Estimation of probabilities
from sparse data for the language model component of a speech recognizer", IEEE Transactions on Acoustics, Speech, and
Signal Processing 35, 1987; T. Brants et al., "Large language models in machine translation", EMNLP 2007, section 4). It
does not learn while it answers. A context seen once decides as firmly as one seen a thousand times, which is why small
alphabets, where every context occurs, get shorter contexts. Symbols farther away are beyond it.

For energy: one table of single bytes for all lengths, found by hashing, with a tag instead of the context. The table
lies above all text that is still unread, so that it is hardly larger than what it holds; where two contexts want one
place, the one seen less often loses it. A context keeps its most frequent symbol, and how often others occurred is
looked up only when they occur.
"""

from primitives import mix, u1, zeros

MOST_ORDERS = 5
SMALL_ALPHABET = 16
OCCURRENCES = 16


def context_length(rows, columns, n_symbols):
    """The symbols of the longest context: of a small alphabet so few that each context occurs a number of times."""
    orders = min(MOST_ORDERS, columns)
    while n_symbols <= SMALL_ALPHABET and orders > 1 and n_symbols**orders * OCCURRENCES > rows:
        orders -= 1
    return orders


def encode(row, orders, n_symbols):
    """The last symbols as digits of one number."""
    context = 0
    for j in range(len(row) - orders, len(row)):
        context = context * n_symbols + row[j]
    return context


def fit(x, y, n_symbols, n_classes):
    rows = len(x)
    orders = context_length(rows, x.shape[1], n_symbols)
    size = rows // 2 + min(rows, 65536) + 64
    tags = zeros(size, u1)
    leaders = zeros(size, u1)
    counts = zeros(size, u1)
    others = zeros(size + n_classes, u1)
    for i in range(rows):
        symbol = y[i]
        context = encode(x[i], orders, n_symbols)
        for k in range(orders + 1):
            h = mix(context % n_symbols**k + n_symbols**k) % (255 * size)
            at = h % size
            tag = h // size + 1
            found = tags[at]
            if found == tag:
                leader = leaders[at]
                count = counts[at]
                if leader == symbol:
                    counts[at] = min(count + 1, 255)
                else:
                    seen = others[at + symbol]
                    if seen < count:
                        others[at + symbol] = seen + 1
                    elif seen < 255:
                        others[at + leader] = count
                        leaders[at] = symbol
                        counts[at] = seen + 1
            elif found > 0 and counts[at] > 1:
                counts[at] -= 1
            else:
                tags[at] = tag
                leaders[at] = symbol
                counts[at] = 1
    return tags, leaders, orders, n_symbols


def predict(tags, leaders, orders, n_symbols, q):
    context = encode(q, orders, n_symbols)
    size = len(tags)
    answer = 0
    for k in range(orders, -1, -1):
        h = mix(context % n_symbols**k + n_symbols**k) % (255 * size)
        at = h % size
        if tags[at] == h // size + 1:
            answer = leaders[at]
            break
    return answer
