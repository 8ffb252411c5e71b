"""Sparse least squares on products of up to three columns, by matching pursuit.

The columns are -1 and +1, and the class, as a number, is approximated by a sum of a few products of them: the one that
correlates most with what is left joins the sum, until what is left correlates with none beyond chance (S. Mallat and
Z. Zhang, "Matching pursuits with time-frequency dictionaries", IEEE Transactions on Signal Processing 41, 1993). A
parity of three columns is one product and a constant, their sum is three, their AND seven. It bears noise. Of more than
32 columns only single ones are tried, which learns sums but no parity. Any symbol but 0 counts as +1.
"""

from primitives import assign, clip, f4, floor, log, u1, zeros

TERMS = 24
MOST = 32
ROWS = 300


def fit(x, y, n_symbols, n_classes):
    rows = min(len(x), ROWS)
    n = x.shape[1]
    products = 1 + n + n * (n - 1) // 2 + n * (n - 1) * (n - 2) // 6 if n <= MOST else 1 + n
    chance = 4.0 + 2.0 * log(products)
    left = zeros(rows, f4)
    assign(left, y[:rows])
    terms = zeros((TERMS, 3), u1)
    weights = zeros(TERMS, f4)
    for t in range(TERMS):
        power = 0.0
        for r in range(rows):
            power += left[r] * left[r]
        weight = best_product(x, left, terms[t])
        rest = power - weight * weight * rows
        if weight * weight * rows * rows <= chance * rest or power < 0.000001 * rows:
            break
        weights[t] = weight
        for r in range(rows):
            left[r] -= weight * product(x[r], terms[t])
    return terms, weights, zeros(n_classes, u1)


def best_product(x, left, term):
    n = x.shape[1]
    best = 0.0
    one = zeros(len(left), f4)
    two = zeros(len(left), f4)
    for i in range(n if n <= MOST else 1):
        turn(left, x, i, one)
        for j in range(i + min(i, 1), n if n <= MOST else 1):
            turn(one, x, j, two)
            for k in range(j + min(j, 1), n + 1):
                sum = agreement(two, x, k)
                if abs(sum) > abs(best):
                    best = sum
                    term[0] = i
                    term[1] = j
                    term[2] = k
    return best / len(left)


def turn(values, x, c, turned):
    for r in range(len(values)):
        turned[r] = values[r] if c == 0 or x[r, c - 1] else -values[r]


def agreement(values, x, c):
    sum = 0.0
    for r in range(len(values)):
        if c == 0 or x[r, c - 1]:
            sum += values[r]
        else:
            sum -= values[r]
    return sum


def product(row, term):
    sign = 1.0
    for t in range(len(term)):
        if term[t] > 0:
            if row[term[t] - 1] == 0:
                sign = -sign
    return sign


def predict(terms, weights, classes, q):
    sum = 0.5
    for t in range(len(terms)):
        if weights[t] != 0.0:
            sum += weights[t] * product(q, terms[t])
    return clip(floor(sum), 0, len(classes) - 1)
