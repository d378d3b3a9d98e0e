"""Fixtures."""

import pathlib
from collections.abc import Iterator

import pytest

from support import Shop


@pytest.fixture
def shop(tmp_path: pathlib.Path) -> Iterator[Shop]:
    """A vendor with one customer and one system."""
    shop = Shop(tmp_path)
    with shop.ledger:
        yield shop
