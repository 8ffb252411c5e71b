"""The shape of a scikit-learn classifier, with fit, predict, score, get_params and what else its base classes give."""

from __future__ import annotations

from typing import Final

from runs.export.module import Code
from runs.export.state import depends_on_state
from runs.export.trial import ShapeError
from tasks import Examples, Purpose, Task, instances

_CLASS: Final = '''\
class Learner(ClassifierMixin, BaseEstimator):
    """A scikit-learn classifier of rows of symbols, such as bits: columns take one of a few values.

    Values are numbered in their order, those that training did not have as the nearest below. Where there are too many
    (numbers that are measured), each column is a bit: whether it is above its median.

    Attributes:
        classes_: the classes.
        n_features_in_: columns.
        values_: the values that are told apart, or None.
        medians_: of the columns, if the values are too many.
    """

    def fit(self, X, y):
        """Learn rows X, shape (rows, columns), of classes y, shape (rows,)."""
        X, y = validate_data(self, X, y)
        check_classification_targets(y)
        self.classes_, classes = np.unique(y, return_inverse=True)
        if len(self.classes_) > {most}:
            raise ValueError(
                f"Only {binary}classification is supported, and y has {{len(self.classes_)}} classes. "
                f"The type of the target is {{type_of_target(y)}}."
            )
        self.values_, self.medians_ = np.unique(X), np.median(X, axis=0)
        if len(self.values_) > {symbols}:
            self.values_ = None
        n_symbols = max(2, {symbols} if self.values_ is not None else 2)
        self.model_ = fit(self._encoded(X), classes, n_symbols, max(2, {classes}))
        return self

    def predict(self, X):
        """The class of each row of X, shape (rows, columns)."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False)
        found = np.array([predict({model}, row) for row in self._encoded(X)], dtype=np.int64)
        return self.classes_[np.minimum(found, len(self.classes_) - 1)]

    def _encoded(self, X):
        if self.values_ is None:
            return (X > self.medians_).astype(np.uint8)
        return np.maximum(np.searchsorted(self.values_, X, side="right") - 1, 0).astype(np.uint8)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = {multi}
        tags.classifier_tags.poor_score = True  # it is made for {task}, not for clouds of points
        return tags'''


def estimator(code: Code, task: Task, source: str, seed: int) -> tuple[str, str]:
    """The text of the class; there is no `__main__`.

    Raises ShapeError if the program is no learner, or its predictions depend on those before.
    """
    [instance] = instances(task, Purpose.VERIFICATION, seed, 1)
    if not isinstance(instance, Examples):
        raise ShapeError(f"--as sklearn is for learners, and {task.name} is another kind of task")
    if depends_on_state(task, source, seed):
        raise ShapeError(
            "its predictions depend on the queries before (it adapts, or draws random numbers), which scikit-learn's "
            "do not; --as module keeps them in order"
        )
    binary = instance.n_classes == 2
    return (
        _CLASS.format(
            most=instance.n_classes,
            binary="binary " if binary else "",
            symbols=instance.n_symbols,
            classes=instance.n_classes,
            model="self.model_" if code.parts == 1 else "*self.model_",
            multi=not binary,
            task=task.name,
        ),
        "",
    )
