"""What tests of programs need that use mlicense: a clock to set in one place."""

from mlicense._native import Clock

__all__ = ["Clock"]
