"""The same class for every query, 0: what costs nothing and learns nothing."""


def fit(x, y, n_symbols, n_classes):
    return 0


def predict(model, q):
    return model
