"""The Walsh-Hadamard spectrum of the label: its correlation with the parity of every set of at most three columns.

The set with the largest coefficient is chosen, and the coefficient's sign says whether the class is the parity or its
opposite (N. Linial, Y. Mansour and N. Nisan, "Constant depth circuits, Fourier transform, and learnability", Journal of
the ACM 40, 1993). Wrong labels shrink all coefficients alike, so that it bears noise. Parities of four and more columns
are beyond it, and so are more than two classes.

Coefficients are estimated from 32 rows, and if all might be chance, from twice as many, and so on. One of 5.4 standard
deviations ends the search: of 1,350 coefficients chance makes such a one once in 10,000 tries. Rows are packed eight to
a byte, so that a byte of a parity is the XOR of three, and a sum is given up as soon as it can't become the largest.
"""

from primitives import ceil, fill, popcount, sqrt, u1, zeros

START = 32


def fit(x, y, n_symbols, n_classes):
    chosen = zeros(7, u1)
    for doubling in range(20):
        if doubling == 0 or START << doubling < 2 * len(x):
            if search(x, y, min(START << doubling, len(x)), chosen):
                return chosen
    return chosen


def search(x, y, rows, chosen):
    n = x.shape[1]
    size = (rows + 7) // 8
    columns = zeros((n + 1, size), u1)
    label = zeros(size, u1)
    for w in range(size):
        for c in range(n):
            columns[c + 1, w] = pack_byte(x[8 * w : min(8 * w + 8, rows), c])
        label[w] = pack_byte(y[8 * w : min(8 * w + 8, rows)])
    enough = min(ceil(5.4 * sqrt(rows)), rows)
    best = enough - 1 if rows < len(x) else 0
    for i in range(max(n - 1, 1)):
        one = label ^ columns[i]
        for j in range(i + min(i, 1), n):
            pair = one ^ columns[j]
            for k in range(j + 1, n + 1):
                sum = correlation(pair, columns[k], rows, best)
                if sum:
                    choose(chosen, n, i, j, k, sum < 0)
                    best = abs(sum)
                    if best >= enough:
                        return True
    return False


def correlation(pair, column, rows, best):
    sum = 0
    for w in range(len(pair)):
        sum += min(8, rows - 8 * w) - 2 * popcount(pair[w] ^ column[w])
        if abs(sum) <= best - max(rows - 8 * w - 8, 0):
            return 0
    return sum


def choose(chosen, n, i, j, k, opposite):
    chosen[0] = n
    if not opposite and j == 0:
        fill(chosen[:3], k - 1)
    elif not opposite and i > 0:
        chosen[0] = i - 1
        chosen[1] = j - 1
        chosen[2] = k - 1
    chosen[3] = opposite
    chosen[4] = i
    chosen[5] = j
    chosen[6] = k


def pack_byte(bits):
    byte = 0
    for r in range(len(bits)):
        byte = byte << 1 | bits[r]
    return byte & 255


def predict(chosen, q):
    if chosen[0] < len(q):
        return q[chosen[0]] ^ q[chosen[1]] ^ q[chosen[2]]
    s = chosen[3]
    for t in range(4, 7):
        if chosen[t] > 0:
            s ^= q[chosen[t] - 1]
    return s
