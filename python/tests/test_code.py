"""`Code`: what people type is understood, what they mistype is refused, nothing is given away."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlicense import Code, InputError, Refusal

FORM = "ACME-5x4"


def test_codes_are_random_and_of_their_form() -> None:
    codes = [Code.generate(FORM) for _ in range(200)]
    assert len(set(codes)) == 200
    assert all(Code.parse(FORM, code.reveal()) == code for code in codes)


def test_a_code_gives_nothing_away_unless_asked() -> None:
    code = Code.generate(FORM)
    secret = code.reveal()[5:20]
    assert secret not in f"{code} {code!r}"
    assert str(code).endswith(code.reveal()[-4:])
    with pytest.raises(TypeError):
        pickle.dumps(code)


def test_blanks_dashes_case_and_look_alikes_do_not_matter() -> None:
    code = Code.parse(FORM, "ACME-99999-99999-99999-999UU")
    for typed in [
        " acme9999999999999999 99uu\n",
        "\u0410\u0421\u041c\u0415 99999\u201499999\u201399999-999UU",
    ]:
        assert Code.parse(FORM, typed) == code
        assert hash(Code.parse(FORM, typed)) == hash(code)


@given(st.integers(0, 19), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_symbol_never_passes(place: int, symbol: str) -> None:
    symbols = "9" * 18 + "UU"
    typed = symbols[:place] + symbol + symbols[place + 1 :]
    if typed == symbols:
        return
    with pytest.raises(Refusal) as refused:
        Code.parse(FORM, f"ACME-{typed}")
    assert refused.value.name in {"CODE_MISTYPED", "CODE_FOREIGN_CHARACTER"}
    assert typed not in refused.value.message


@pytest.mark.parametrize("form", ["", "ACME", "ACME-5x3", "acme-5x4", "A-9x9", "AAAAAAAAAAAAA-5x4"])
def test_a_form_that_is_none_is_refused(form: str) -> None:
    with pytest.raises(InputError) as refused:
        Code.generate(form)
    assert refused.value.name == "FIELD_INVALID"


def test_codes_from_elsewhere_are_kept_as_they_are() -> None:
    code = Code.opaque(" 8412-77-kq \n")
    assert code.reveal() == "8412-77-KQ"
    assert str(code) == "****-**-KQ"
    with pytest.raises(Refusal) as refused:
        Code.opaque("abc")
    assert refused.value.name == "CODE_INVALID"
