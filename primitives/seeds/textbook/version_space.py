"""Candidate elimination: of all hypotheses each row strikes those that contradict it.

The hypotheses are the parities of three columns. What is left of them is the version space (T. M. Mitchell, "Version
spaces: a candidate elimination approach to rule learning", IJCAI 1977); its first member answers.
"""

from primitives import u1, zeros


def fit(x, y, n_symbols, n_classes):
    n = x.shape[1]
    members = zeros((n * (n - 1) * (n - 2) // 6, 3), u1)
    count = 0
    for i in range(n):
        for j in range(i + 1, n):
            for k in range(j + 1, n):
                members[count, 0] = i
                members[count, 1] = j
                members[count, 2] = k
                count += 1
    for r in range(len(x)):
        left = 0
        for m in range(count):
            if answer(members[m], x[r]) == y[r]:
                members[left, :] = members[m]
                left += 1
        count = left
    return members[0]


def answer(member, q):
    total = q[member[0]] + q[member[1]] + q[member[2]]
    return total % 2


def predict(member, q):
    return answer(member, q)
