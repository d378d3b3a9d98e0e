"""Fixtures."""

import os
import pathlib
from collections.abc import Iterator

import hypothesis
import pytest

from support import Shop

# A busy machine is slow now and then; that is no fault of what is tested. A gate has to say the
# same of the same code twice; whoever works on the code, and `make soak`, try new lives each time.
hypothesis.settings.register_profile("patient", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("patient")
# `make soak` lives many more lives.
hypothesis.settings.register_profile("soak", deadline=None)


@pytest.fixture
def shop(tmp_path: pathlib.Path) -> Iterator[Shop]:
    """A vendor with one customer and one system."""
    shop = Shop(tmp_path)
    with shop.ledger:
        yield shop
