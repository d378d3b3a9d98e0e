"""`import mlicense`: what is not asked for is not imported, and all of it is there."""

import subprocess
import sys

import pytest

import mlicense

PROGRAM = """
import sys
before = set(sys.modules)
{program}
print(*set(sys.modules) - before)
"""


def imported(program: str) -> set[str]:
    """The modules that a program imports in an interpreter of its own."""
    run = subprocess.run(
        [sys.executable, "-S", "-c", PROGRAM.format(program=program)],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(mlicense.__path__[0]).removesuffix("/mlicense")},
    )
    return set(run.stdout.split())


def test_importing_the_package_imports_nothing_else() -> None:
    assert imported("import mlicense") == {"__future__", "mlicense", "mlicense._native"}


def test_a_client_imports_none_of_the_classes_for_vendors() -> None:
    ask = (
        "from mlicense import Client, Signer\n"
        "bool(Client('editor', [Signer.generate().public_key]).feature('editor'))"
    )
    assert "mlicense.values" not in imported(ask)
    # The same test notices them where they are asked for.
    assert {"mlicense.values", "enum"} <= imported("import mlicense; mlicense.commands.AddPerson")


@pytest.mark.parametrize("name", mlicense.__all__)
def test_every_name_is_there_and_told(name: str) -> None:
    assert name in dir(mlicense)
    assert imported(f"from mlicense import {name}") >= {"mlicense"}
    assert getattr(mlicense, name) is getattr(mlicense, name)


@pytest.mark.parametrize("module", ["answers", "errors", "testing", "views"])
def test_modules_are_there_without_an_import_of_their_own(module: str) -> None:
    assert module in dir(mlicense)
    assert f"mlicense.{module}" in imported(f"import mlicense; mlicense.{module}.__all__")


def test_what_is_not_there_is_an_attribute_error() -> None:
    for module in (mlicense, mlicense._native):
        with pytest.raises(AttributeError, match="has no attribute 'Licence'"):
            _ = module.Licence
