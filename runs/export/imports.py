"""The imports of a file that is a scikit-learn classifier."""

from __future__ import annotations

from typing import Final

IMPORTS: Final = (
    "from sklearn.base import BaseEstimator, ClassifierMixin",
    "from sklearn.utils.multiclass import check_classification_targets, type_of_target",
    "from sklearn.utils.validation import check_is_fitted, validate_data",
)
