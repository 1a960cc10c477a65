"""Connected groups: what is tied to something, however many ties away, is one group."""

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]


def gather_connected(members: Numbers, lefts: Numbers, rights: Numbers) -> Numbers:
    """The smallest member of each member's group (shape n), where `lefts` and `rights` are tied in pairs.

    Each round every group takes the smallest number beside it, then follows it as far as it leads (Shiloach and
    Vishkin 1982, without the randomness): a chain of a million takes twenty rounds.
    """
    order = np.sort(members)
    group = np.arange(order.size)
    left, right = np.searchsorted(order, lefts), np.searchsorted(order, rights)
    while (group[left] != group[right]).any():
        smaller = np.minimum(group[left], group[right])
        np.minimum.at(group, group[left], smaller)
        np.minimum.at(group, group[right], smaller)
        while (group != group[group]).any():
            group = group[group]
    return order[group[np.searchsorted(order, members)]]
