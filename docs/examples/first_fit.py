"""First fit: the item goes into the bin that was opened first; a new bin only if it fits into no other."""

from primitives import f8, zeros


def priority(item, bins):
    return zeros(len(bins), f8)
