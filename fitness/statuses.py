"""How a run on the machine can end. A status is never a score."""

from __future__ import annotations

STATUSES = (
    "ok",
    "out_of_steps",
    "out_of_energy",
    "out_of_memory",
    "index_error",
    "shape_error",
    "overflow",
    "zero_division",
    "not_finite",
    "domain_error",
    "output_too_large",
    "trace_too_long",
    "unusable_answer",
)
"""All statuses; the machine uses their positions as numbers."""

(
    OK,
    OUT_OF_STEPS,
    OUT_OF_ENERGY,
    OUT_OF_MEMORY,
    INDEX_ERROR,
    SHAPE_ERROR,
    OVERFLOW,
    ZERO_DIVISION,
    NOT_FINITE,
    DOMAIN_ERROR,
    OUTPUT_TOO_LARGE,
    TRACE_TOO_LONG,
    UNUSABLE_ANSWER,
) = range(len(STATUSES))

PAUSED = 100
"""The machine stopped because its trace buffer is full, and goes on when it is called again."""

MESSAGES = {
    "ok": "finished",
    "out_of_steps": "the limit on steps was reached",
    "out_of_energy": "the limit on energy was reached",
    "out_of_memory": "the limit on live array bytes was reached",
    "index_error": "an index, view bound or window lies outside its array",
    "shape_error": "shapes don't fit each other, or a size is negative",
    "overflow": "a value is beyond its type",
    "zero_division": "division by zero",
    "not_finite": "a float operation has no finite result",
    "domain_error": "an operand is outside the operation's domain",
    "output_too_large": "the returned values are larger than the limit on output",
    "trace_too_long": "the trace of events is longer than its limit",
    "unusable_answer": "the task can do nothing with an answer",
}
"""What each status means, in words."""
