"""Models for tests: what a competent one replies, and a stand-in for the client that replies what a test says."""

import threading

from evolve.chat import Completed, Usage

BETTER = """
def fit(x, y, n_symbols, n_classes):
    for i in range(x.shape[1]):
        for j in range(i):
            row = 0
            # Stop at the first row that does not fit.
            while row < len(y) and (x[row, i] ^ x[row, j]) == y[row]:
                row += 1
            if row == len(y):
                return i, j
    return 0, 1


def predict(a, b, q):
    return q[a] ^ q[b]
"""
"""Far better than the programs that the searches of tests start from."""

COMPETENT = f"Stop early, at the first row that does not fit:\n```python\n{BETTER}```\n"


def answer(request):
    """For the server of tests: the text of a good reply."""
    return COMPETENT


def completed(text="", outcome="ok", read=1000, written=200, usage=True, detail="it is broken"):
    return Completed(outcome, text, "" if outcome == "ok" else detail, Usage(read, written) if usage else None, 0.1, 1)


class Asked:
    """Replies to questions with what a list holds, the last of it for ever; it keeps the questions."""

    def __init__(self, *replies):
        self.replies = list(replies)
        self.questions = []
        self.lock = threading.Lock()

    def __call__(self, question):
        with self.lock:
            self.questions.append(question)
            return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    @property
    def prompts(self):
        return [each.messages[-1].text for each in self.questions]
