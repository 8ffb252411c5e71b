"""The class of the training row that differs from the query in the fewest columns, the first of equals.

The nearest neighbour (T. Cover and P. Hart, IEEE Transactions on Information Theory 13, 1967) in Hamming distance. It
solves parity of a few columns by remembering; of 20 columns the nearest row differs in a secret bit nearly as often as
not. Nothing is copied: the model is the training rows, and a row is left when it can't be nearer than the best one.
"""


def fit(x, y, n_symbols, n_classes):
    return x, y


def predict(x, y, q):
    best = len(q) + 1
    where = 0
    for r in range(len(x)):
        row = x[r]
        apart = 0
        for c in range(len(q)):
            if row[c] != q[c]:
                apart += 1
                if apart >= best:
                    break
        if apart < best:
            best = apart
            where = r
    return y[where]
