"""Checks of accuracy: on fresh instances, at larger sizes, and on variants of the task."""

from __future__ import annotations

from fitness.interval import ONE_SIDED
from runs.verification.report import FAIL, NOT_APPLICABLE, PASS, Check
from runs.verification.trials import SURE, Subject, Trials, trials
from tasks import Task, Variant


def fresh(subject: Subject) -> Check:
    """Whether the program surely reaches the gate on instances that nothing else has looked at."""
    return _reaches(subject, "fresh instances", subject.task)


def larger(subject: Subject, task: Task) -> Check:
    """Whether it surely reaches the gate at a larger size."""
    return _reaches(subject, f"larger: {task.name}", task)


def variant(subject: Subject, changed: Variant) -> Check:
    """Whether it reaches the gate where the change makes no difference, and fails where nothing can be learned."""
    name = f"variant: {changed.name}"
    if changed.most is None:
        return _reaches(subject, name, changed.task, priced=False)
    done = trials(subject, changed.task, subject.count(subject.task), priced=False)
    figures = {**done.figures(), "most": changed.most}
    if done.accuracy is None:
        return Check(name, PASS, f"it gives no answers: {done.failure}", figures)
    low = done.interval(SURE).low
    detail = (
        f"accuracy {done.accuracy:.3f} on {_instances(done)}; with nothing to learn it has {changed.most:.3g} at most, "
        "apart from luck"
    )
    if done.failure:
        detail += f"; {done.failure}"
    if low > changed.most:
        return Check(name, FAIL, f"{detail}; it knows what it can't have learned", figures)
    return Check(name, PASS, detail, figures)


def none_of(name: str, what: str) -> Check:
    """The check for a task that names nothing to look at."""
    return Check(name, NOT_APPLICABLE, f"the task names no {what}")


def _reaches(subject: Subject, name: str, task: Task, priced: bool = True) -> Check:
    done = trials(subject, task, subject.count(task), priced)
    figures = {**done.figures(), "gate": task.gate, "best": task.best}
    if done.failure:
        return Check(name, FAIL, done.failure, figures)
    low = done.interval(ONE_SIDED).low
    detail = f"accuracy {done.accuracy:.3f}, at least {low:.3f}, on {_instances(done)}; gate {task.gate:.3g}"
    if task.best is not None and done.interval(SURE).low > task.best:
        return Check(name, FAIL, f"{detail}; no honest program exceeds {task.best:.3f}", figures)
    return Check(name, PASS if low >= task.gate else FAIL, detail, figures)


def _instances(done: Trials) -> str:
    return "1 instance" if done.count == 1 else f"{done.count} instances"
