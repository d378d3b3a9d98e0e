"""The answer of a decision in one word."""

from enum import IntEnum

__all__ = ["Outcome"]


class Outcome(IntEnum):
    """The answer in one word; above 0, and so true, when it may run."""

    DENIED = 0
    """It may not run."""
    LICENSED = 1
    """It may run; it is licensed."""
    GRACE = 2
    """It may run for now; it is not licensed, or not any more."""
    LIMITED = 3
    """It may run with less than everything, as the host program sees fit. Not given yet."""
