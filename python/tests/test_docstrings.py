"""Docstrings: the stub says what the module says, and every example in them runs."""

import ast
import contextlib
import doctest
import inspect
import pathlib
import re
import tempfile
from collections.abc import Iterator

import pytest

import mlicense
from mlicense import (
    _native,
    _simple,
    answers,
    calculations,
    customers,
    documents,
    errors,
    explanation,
    outbox,
    outcome,
    partners,
    plan,
    products,
    streams,
    subscriptions,
    switch,
)
from mlicense.testing import Clock
from support import Shop, at

STUB = pathlib.Path(mlicense.__file__).with_name("_native.pyi")

MODULES = (
    _simple,
    answers,
    calculations,
    customers,
    documents,
    errors,
    explanation,
    outbox,
    outcome,
    partners,
    plan,
    products,
    streams,
    subscriptions,
    switch,
)

Documented = ast.ClassDef | ast.FunctionDef


def stubbed(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, Documented]]:
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield prefix + node.name, node
        if isinstance(node, ast.ClassDef):
            yield from stubbed(node.body, f"{node.name}.")


DOCUMENTED = dict(stubbed(ast.parse(STUB.read_text(encoding="utf-8")).body))


def at_runtime(name: str) -> object:
    found: object = _native
    for part in name.split("."):
        found = getattr(found, part)
    return found


@pytest.mark.parametrize("name", [name for name in DOCUMENTED if "__" not in name])
def test_the_stub_says_what_the_module_says(name: str) -> None:
    stub = ast.get_docstring(DOCUMENTED[name])
    assert stub
    assert stub == inspect.getdoc(at_runtime(name))


def test_the_stub_leaves_nothing_out() -> None:
    public = {
        f"{name}.{member}"
        for name in _native.__all__
        if inspect.isclass(found := getattr(_native, name))
        for member in vars(found)
        if not member.startswith("_")
    }
    assert public <= set(DOCUMENTED)
    assert len(public) > 50


def examples() -> Iterator[doctest.DocTest]:
    names = {name: getattr(mlicense, name) for name in mlicense.__all__}
    parser = doctest.DocTestParser()
    for name in DOCUMENTED:
        docs = inspect.getdoc(at_runtime(name)) or ""
        yield parser.get_doctest(docs, names, name, str(STUB), None)
    for module in MODULES:
        yield from doctest.DocTestFinder().find(module, globs=names)


@pytest.mark.parametrize(
    "example", [test for test in examples() if test.examples], ids=lambda test: str(test.name)
)
def test_examples_do_what_they_say(example: doctest.DocTest, tmp_path: pathlib.Path) -> None:
    """In them ``vendor`` gives the ledger of a vendor with a customer ``c1`` on 2026-03-01."""
    with contextlib.ExitStack() as stack:

        def vendor() -> mlicense.Ledger:
            shop = Shop(tmp_path, Clock(at("2026-03-01")))
            return stack.enter_context(shop.ledger)

        example.globs.update(vendor=vendor, send=lambda message: None)
        run_example(example)


def test_the_page_for_python_does_what_it_says(tmp_path: pathlib.Path) -> None:
    """Each ``vendor()`` on it is a new one."""
    page = pathlib.Path(__file__).parents[2] / "docs/python.md"
    text = page.read_text(encoding="utf-8")
    with contextlib.ExitStack() as stack:

        def vendor() -> mlicense.Ledger:
            folder = pathlib.Path(tempfile.mkdtemp(dir=tmp_path))
            return stack.enter_context(Shop(folder, Clock(at("2026-03-01"))).ledger)

        example = doctest.DocTestParser().get_doctest(
            text, {"vendor": vendor}, page.name, str(page), 0
        )
        assert len(example.examples) > 40
        run_example(example)


def run_example(example: doctest.DocTest) -> None:
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    assert runner.run(example).failed == 0


def test_the_kinds_of_errors_that_are_named_exist() -> None:
    errors = (pathlib.Path(__file__).parents[2] / "docs/errors.md").read_text(encoding="utf-8")
    texts = [STUB.read_text(encoding="utf-8")]
    texts += [pathlib.Path(module.__file__ or "").read_text("utf-8") for module in MODULES]
    named = {name for text in texts for name in re.findall("``([A-Z]{3,}_[A-Z_]+)``", text)}
    # The code of a reason, and limits, which are no errors.
    others = {name for name in named if f"| `{name}` |" not in errors}
    assert {name for name in others if not name.endswith(("_MAX", "_MIN"))} == {"HOST_MATCHES"}
    assert len(named) > 30


def test_all_is_sorted_and_there() -> None:
    assert sorted(mlicense.__all__) == mlicense.__all__
    assert all(hasattr(mlicense, name) for name in mlicense.__all__)
    inner = {"Clock", "language", "refused", "simple_claims", "switched"}
    assert set(_native.__all__) - inner <= set(mlicense.__all__)
