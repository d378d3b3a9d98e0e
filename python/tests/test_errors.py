"""Exceptions: numbers, names, texts in four languages, and what survives a journey."""

import copy
import pickle
import re

import pytest

import mlicense
from mlicense import (
    Client,
    Error,
    InputError,
    LicenseClaims,
    NotLicensed,
    Refusal,
    Signer,
    StorageError,
    calculate,
)
from support import ROOT, at

LANGUAGES = ["en", "ru", "ja", "fr"]


def refusal() -> Refusal:
    lots = [{"quantity": 3, "stored_on": "2026-03-01"}]
    wallet = {"lots": lots, "storage_years": 5, "today": "2026-06-01", "quantity": 4}
    with pytest.raises(Refusal) as refused:
        calculate({"wallet": wallet})
    return refused.value


def denial() -> NotLicensed:
    client = Client("editor", [ROOT.public_key])
    with pytest.raises(NotLicensed) as denied:
        client.require("export", now=at("2026-03-01"))
    return denied.value


def test_an_error_has_number_name_text_and_remedy() -> None:
    error = refusal()
    assert (error.number, error.name) == (10400, "INSUFFICIENT_WALLET")
    assert str(error) == error.message == error.text("en")
    assert error.message == "the wallet holds 3 usable licences of type `any`, 4 are wanted"
    assert error.remedy == error.advice("en") == "Redeem another licence key, or allocate fewer."
    assert error.details == {"usable": "3", "license_type": "any", "wanted": "4"}


@pytest.mark.parametrize("error", [refusal(), denial()], ids=["refusal", "denial"])
def test_every_language_has_its_own_text(error: Error) -> None:
    texts = {error.text(language) for language in LANGUAGES}
    remedies = {error.advice(language) for language in LANGUAGES}
    assert len(texts) == len(remedies) == len(LANGUAGES)
    assert re.search("[\u0430-\u044f]", error.text("ru"))
    assert re.search("[\u3041-\u3093]", error.text("ja"))


@pytest.mark.parametrize(
    ("locale", "language"),
    [("ru_RU.UTF-8", "ru"), ("fr-CA", "fr"), ("JA", "ja"), ("de", "en"), ("", "en")],
)
def test_a_locale_finds_its_language(locale: str, language: str) -> None:
    error = refusal()
    assert error.text(locale) == error.text(language)
    assert error.advice(locale) == error.advice(language)


def test_classes_say_who_has_to_act() -> None:
    assert issubclass(Refusal, Error)
    assert issubclass(NotLicensed, Refusal)
    assert issubclass(InputError, Refusal)
    assert issubclass(InputError, ValueError)
    assert issubclass(StorageError, Error)
    assert not issubclass(StorageError, Refusal)
    assert issubclass(Error, Exception)


def test_a_refusal_travels_between_processes() -> None:
    error = refusal()
    for copied in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(copied) is Refusal
        assert copied.args == error.args
        assert copied.text("ru") == error.text("ru")
        assert copied.details == error.details


def test_a_denial_travels_without_its_decision() -> None:
    error = denial()
    copied = pickle.loads(pickle.dumps(error))
    assert type(copied) is NotLicensed
    assert copied.text("fr") == error.text("fr")
    assert copied.number == 10700
    with pytest.raises(AttributeError, match="stayed in the process"):
        _ = copied.decision


def test_a_denial_carries_its_decision_and_speaks_its_sentence() -> None:
    error = denial()
    assert not error.decision
    assert error.decision.feature == "export"
    for language in LANGUAGES:
        assert error.text(language) == error.decision.text(language)


def test_the_representation_names_the_error() -> None:
    assert repr(refusal()).startswith("Refusal(10400 INSUFFICIENT_WALLET: the wallet holds")


def test_secrets_show_nothing() -> None:
    seed = b"a secret of exactly thirty-two b"
    signer = Signer.from_seed(seed)
    assert seed.decode() not in repr(signer)
    assert signer.key_id in repr(signer)
    with pytest.raises(InputError) as refused:
        Signer.from_seed(seed + b"!")
    assert "secret" not in refused.value.message
    assert "`33 bytes`" in refused.value.message
    with pytest.raises(TypeError):
        pickle.dumps(signer)


def test_wrong_types_are_type_errors() -> None:
    with pytest.raises(TypeError, match="roots must be a list"):
        Client("editor", "AAAA")
    with pytest.raises(TypeError, match="a public key or its text, not int"):
        Client("editor", [7])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="a document must be bytes or str"):
        Client("editor", [ROOT.public_key]).accept(7)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        LicenseClaims.perpetual("editor", "Example Ltd", issued_at="today")  # type: ignore[arg-type]


def test_every_class_is_named_after_the_package() -> None:
    for name in mlicense.__all__:
        thing = getattr(mlicense, name)
        if isinstance(thing, type):
            package, _, module = thing.__module__.partition(".")
            assert (package, module[:1] == "_") == ("mlicense", False), thing
