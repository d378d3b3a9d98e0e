"""`Client`: may it run, and why; what it accepts and what it refuses."""

import concurrent.futures
import pathlib
from datetime import date, datetime
from typing import Any

import pytest

from mlicense import (
    Client,
    InputError,
    KeyRing,
    License,
    LicenseClaims,
    NotLicensed,
    Outcome,
    Refusal,
    Request,
    RequestKind,
    StorageError,
    Switch,
    diagnose,
)
from mlicense.answers import Action, HostFact, NextAction
from mlicense.documents import Feature, Moment, Span
from support import DAILY, HOST, ROOT, UTC, Shop, at, signer

NOW = at("2026-03-02")


def client(**options: Any) -> Client:
    return Client("editor", [ROOT.public_key], facts=HOST, **options)


def year(**members: Any) -> LicenseClaims:
    """A licence of March 2026 to February 2027 with a grace of 30 days."""
    claims = LicenseClaims.subscription(
        "editor",
        "Example Ltd",
        start=at("2026-03-01").date(),
        until=at("2027-03-01").date(),
        zone="UTC",
        issued_at=at("2026-03-01"),
    )
    grace = Span(from_=moment("2027-03-01"), until=moment("2027-03-31"))
    features = {"editor": Feature(), "export": Feature(quantity=5)}
    return claims.replace(**{"grace": grace, "features": features, **members})


def moment(day: str) -> Moment:
    return Moment(day=at(day).date(), at=at(day, hour=0))


def licensed(**members: Any) -> Client:
    holder = client()
    holder.accept(License.issue(year(**members), ROOT), now=NOW)
    return holder


@pytest.mark.parametrize(
    ("day", "hour", "outcome", "until"),
    [
        ("2026-02-28", 23, Outcome.DENIED, "2026-03-01"),
        ("2026-03-01", 12, Outcome.LICENSED, "2027-03-01"),
        ("2027-02-28", 23, Outcome.LICENSED, "2027-03-01"),
        ("2027-03-01", 0, Outcome.GRACE, "2027-03-31"),
        ("2027-03-30", 23, Outcome.GRACE, "2027-03-31"),
        ("2027-03-31", 0, Outcome.DENIED, None),
    ],
)
def test_the_outcome_follows_the_dates(
    day: str, hour: int, outcome: Outcome, until: str | None
) -> None:
    holder = Client("editor", [ROOT.public_key], facts=HOST)
    holder.accept(
        License.issue(year(issued_at=datetime.fromtimestamp(0, UTC)), ROOT), now=at("2026-02-01")
    )
    decision = holder.check("editor", now=at(day, hour))
    assert decision.outcome is outcome
    assert bool(decision) == bool(outcome)
    assert decision.until == (until and at(until, hour=0))
    assert decision.until is None or decision.until.tzinfo is UTC


def test_an_unknown_feature_is_denied() -> None:
    holder = licensed()
    for feature in ["import", "", "EXPORT", "x" * 1000, "a b", "\0"]:
        assert not holder.check(feature, now=NOW)


def test_a_decision_explains_itself() -> None:
    decision = licensed(serial="L-7").check("export", now=NOW)
    assert str(decision) == decision.message
    assert decision.message == "`export` may run: licensed through 2027-02-28"
    assert (decision.feature, decision.license, decision.quantity) == ("export", "L-7", 5)
    assert all(reason.passed for reason in decision.reasons)
    assert [reason.code for reason in decision.reasons if "licensed" in reason.message]
    assert decision.text("ru") != decision.message
    explained = decision.explain("fr")
    assert explained.outcome is decision.outcome
    assert explained.message == decision.text("fr")
    for said, reason in zip(explained.reasons, decision.reasons, strict=True):
        assert (said.text, said.facts) == (reason.text("fr"), reason.facts)
        assert {type(fact) for fact in said.facts.values()} <= {str, int, date, datetime, tuple}
    assert explained.to_json()["outcome"] == "licensed"


def test_facts_of_a_reason_have_types_and_do_not_change() -> None:
    reasons = licensed().check("export", now=NOW).reasons
    (dates,) = [reason for reason in reasons if "until_at" in reason.facts]
    assert dates.facts["until"] == date(2027, 3, 1)
    assert dates.facts["until_at"] == at("2027-03-01", hour=0)
    with pytest.raises(TypeError):
        dates.facts["until"] = date(2028, 3, 1)  # type: ignore[index]


def test_a_denial_says_what_would_change_it() -> None:
    decision = licensed().check("import", now=NOW)
    failed = [reason for reason in decision.reasons if not reason.passed]
    assert [reason.code for reason in failed] == ["FEATURE_INCLUDED"]
    assert failed[0].facts == {"feature": "import"}
    assert failed[0].remedy == "Obtain a licence that includes the feature."
    assert failed[0].advice("ja") not in {None, failed[0].remedy}
    assert str(failed[0]) == failed[0].text("en") == "the licence does not include `import`"


def test_require_raises_what_check_denies() -> None:
    holder = licensed()
    assert holder.require("export", now=NOW).outcome is Outcome.LICENSED
    denied = holder.check("import", now=NOW)
    with pytest.raises(NotLicensed) as stopped:
        holder.require("import", now=NOW)
    assert stopped.value.decision == denied
    with pytest.raises(NotLicensed):
        denied.require()
    holder.check("export", now=NOW).require()


def test_without_now_the_clock_of_the_system_decides() -> None:
    holder = client()
    claims = LicenseClaims.perpetual("editor", "Example Ltd")
    assert holder.accept(License.issue(claims, ROOT)).changed
    assert holder.check("editor")
    assert not licensed(grace=None).check("editor", now=at("2029-01-01"))


def test_the_same_document_again_changes_nothing() -> None:
    holder = client()
    document = License.issue(year(), ROOT)
    first = holder.accept(document, now=NOW)
    assert (first.document, first.changed, first.refusal) == ("mlicense-license+jwt", True, None)
    assert not holder.accept(document.decode(), now=NOW).changed
    assert [held.claims for held in holder.licenses()] == [year()]


@pytest.mark.parametrize(
    ("document", "name"),
    [
        (b"", "DOCUMENT_MALFORMED"),
        (b"a.b.c", "DOCUMENT_MALFORMED"),
        (b"x" * 65537, "INPUT_TOO_LARGE"),
        (License.issue(year(), signer("stranger")), "KEY_NOT_TRUSTED"),
        (License.issue(year(product="other"), ROOT), "OTHER_PRODUCT"),
        (License.issue(year(installation=ROOT.key_id), ROOT), "OTHER_INSTALLATION"),
        (License.issue(year(nonce="AAAAAAAAAAAAAAAAAAAAAA"), ROOT), "OTHER_REQUEST"),
        (License.issue(year(issued_at=at("2026-03-03", hour=0)), ROOT), "ISSUED_IN_FUTURE"),
    ],
)
def test_a_refused_document_changes_nothing(document: bytes, name: str) -> None:
    holder = licensed()
    before = holder.check("editor", now=NOW)
    with pytest.raises(Refusal) as refused:
        holder.accept(document, now=NOW)
    assert refused.value.name == name
    assert holder.check("editor", now=NOW) == before
    assert len(holder.licenses()) == 1


def test_a_naive_datetime_is_refused() -> None:
    naive = NOW.replace(tzinfo=None)
    holder = licensed()
    with pytest.raises(InputError, match="is not an instant"):
        holder.check("editor", now=naive)
    with pytest.raises(InputError, match="is not an instant"):
        holder.accept(b"", now=naive)
    with pytest.raises(InputError, match="is not an instant"):
        holder.request("trial", now=naive)


def test_a_clock_set_back_prolongs_nothing() -> None:
    holder = licensed(licensed=Span(from_=moment("2026-03-01"), until=moment("2026-03-02")))
    renewed = License.issue(year(serial="2", issued_at=at("2026-03-02", hour=0), grace=None), ROOT)
    holder.accept(renewed, now=NOW)
    earlier = holder.check("editor", now=at("2020-01-01"))
    marked = holder.check("editor", now=at("2026-03-02", hour=0))
    assert (earlier.outcome, earlier.until) == (marked.outcome, marked.until)
    doubts = [reason.code for reason in earlier.reasons if not reason.passed]
    assert doubts == ["CLOCK_TRUSTED"]


def test_a_state_folder_keeps_installation_and_licences(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "state"
    first = client(state=folder)
    first.accept(License.issue(year(), ROOT), now=NOW)
    again = client(state=str(folder))
    assert again.installation == first.installation
    assert again.check("export", now=NOW)
    assert client().installation != first.installation


def test_a_damaged_state_is_a_storage_error(tmp_path: pathlib.Path) -> None:
    installation = client(state=tmp_path).installation
    state = next(path for path in tmp_path.iterdir() if path.suffix == ".state")
    state.write_bytes(state.read_bytes()[:-9])
    with pytest.raises(StorageError) as fault:
        client(state=tmp_path)
    assert fault.value.name == "STORE_CORRUPT"
    assert "set aside" in fault.value.message
    assert client(state=tmp_path).installation != installation


def test_a_licence_bound_to_a_host_is_denied_elsewhere(shop: Shop, tmp_path: pathlib.Path) -> None:
    shop.start()
    shop.redeem(shop.issue())
    contents = {"customer": "c1", "product": "vms", "quantities": {"camera": 10}}
    shop.run({"allocate": contents})
    here = Client("vms", [ROOT.public_key], facts=HOST, state=tmp_path)
    request = here.request("system", system="s2", devices={"camera": 10}, now=NOW)
    here.accept(shop.ledger.answer(request, customer="c1", signer=DAILY, now=NOW), now=NOW)
    elsewhere = {"class": "vm", "facts": [{"kind": "dmi_uuid", "value": "9a9a9a9a-0042"}]}
    copied = Client("vms", [ROOT.public_key], facts=elsewhere, state=tmp_path)
    assert here.check("vms", now=NOW)
    failed = [reason.code for reason in copied.check("vms", now=NOW).reasons if not reason.passed]
    assert failed == ["HOST_MATCHES"]


def test_an_answer_may_carry_a_refusal(shop: Shop) -> None:
    system = f"system-{shop.client.installation[:8]}"
    request = shop.client.request("system", system=system, devices={"camera": 10}, now=NOW)
    answer = shop.ledger.answer(request, customer="c1", signer=DAILY, now=NOW)
    accepted = shop.client.accept(answer, now=NOW)
    assert accepted.document == "mlicense-answer+jwt"
    assert accepted.refusal == (10700, "NOT_LICENSED")
    assert not shop.client.check("vms", now=NOW)


def test_a_request_tells_what_was_asked() -> None:
    asking = client()
    request = Request.verify(asking.request("number", number="0123-4567", customer="c1", now=NOW))
    assert request.installation == asking.installation
    assert request.fields.kind is RequestKind.NUMBER
    assert request.fields.number == "0123-4567"
    assert request.fields.issued_at == NOW
    assert "4c4c4544" not in str(request.fields.to_json())


@pytest.mark.parametrize(
    ("kind", "fields", "name"),
    [
        ("gift", {}, "JSON_INVALID"),
        ("trial", {"colour": "red"}, "JSON_INVALID"),
        ("number", {}, "CLAIMS_CONTRADICTORY"),
        ("system", {"devices": {"camera": 1}}, "CLAIMS_CONTRADICTORY"),
        ("number", {"number": "x" * 65}, "FIELD_INVALID"),
        ("trial", {"devices": {"camera": 1.5}}, "JSON_INVALID"),
    ],
)
def test_a_request_that_lacks_something_is_refused(
    kind: str, fields: dict[str, Any], name: str
) -> None:
    with pytest.raises(Refusal) as refused:
        client().request(kind, **fields)
    assert refused.value.name == name


def test_a_revoked_key_ends_what_it_signed() -> None:
    def ring(number: int, **more: Any) -> bytes:
        keys = [{"key": DAILY.public_key, "valid_from": at("2026-03-01"), **more}]
        claims = {"number": number, "issued_at": at("2026-03-01"), "keys": keys}
        return KeyRing.issue(claims, ROOT)

    holder = client()
    assert holder.accept(ring(1), now=NOW).document == "mlicense-key-ring+jwt"
    holder.accept(License.issue(year(), DAILY), now=NOW)
    assert holder.check("editor", now=NOW)
    holder.accept(ring(2, revoked_at=at("2026-03-02")), now=NOW)
    assert not holder.check("editor", now=NOW)
    assert [notice.name for notice in holder.notices()] == ["KEY_NOT_VALID"]
    assert holder.licenses() == []


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"facts": {"class": "vm"}}, "JSON_INVALID"),
        ({"facts": {"class": "ship", "facts": []}}, "JSON_INVALID"),
        ({"facts": HOST, "declared_id": ""}, "FIELD_INVALID"),
    ],
)
def test_facts_that_tell_no_hosts_apart_are_refused(options: dict[str, Any], name: str) -> None:
    with pytest.raises(InputError) as refused:
        Client("editor", [ROOT.public_key], **options)
    assert refused.value.name == name


def test_the_facts_of_a_host_go_round() -> None:
    facts = client(declared_id="pbx-1").host_facts
    assert HostFact(kind="declared_id", value="pbx-1") in facts.facts
    assert Client("editor", [ROOT.public_key], facts=facts).host_facts == facts


def test_a_client_needs_a_root_key() -> None:
    with pytest.raises(InputError, match="at least one root key"):
        Client("editor", [])
    with pytest.raises(Refusal, match="not base64url"):
        Client("editor", ["?"])
    with pytest.raises(InputError):
        Client("an editor", [ROOT.public_key])


def test_threads_check_while_others_accept() -> None:
    holder = licensed()
    documents = [License.issue(year(serial=f"L-{number}"), ROOT) for number in range(8)]

    def accept(document: bytes) -> bool:
        return holder.accept(document, now=NOW).changed

    def check(_: int) -> bool:
        return bool(holder.check("export", now=NOW))

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        accepted = pool.map(accept, documents)
        assert all(pool.map(check, range(2000)))
        assert all(accepted)
    assert len(holder.licenses()) == 9


def test_outcomes_have_the_numbers_of_every_language() -> None:
    assert {outcome.name: outcome.value for outcome in Outcome} == {
        "DENIED": 0,
        "LICENSED": 1,
        "GRACE": 2,
        "LIMITED": 3,
    }


def test_a_feature_follows_what_its_client_accepts() -> None:
    holder = client()
    export, other = holder.feature("export"), holder.feature("import")
    assert (export.name, bool(export), export.outcome) == ("export", False, Outcome.DENIED)
    claims = LicenseClaims.perpetual("editor", "Example Ltd", issued_at=at("2026-03-01"))
    with_export = claims.replace(features={"export": Feature(data=b"table of lenses")})
    assert with_export.to_json()["features"] == {"export": {"data": "dGFibGUgb2YgbGVuc2Vz"}}
    assert "lenses" not in repr(with_export)
    holder.accept(License.issue(with_export, ROOT))
    assert export
    assert not other
    assert export.outcome is Outcome.LICENSED
    assert export.check() == holder.check("export")
    assert export.check().data == b"table of lenses"
    assert other.check().data is None
    export.require()
    with pytest.raises(NotLicensed) as stopped:
        other.require()
    assert stopped.value.decision == other.check()
    assert repr(export) == "Feature('export')"


def test_s_mk_66_s_mk_67_what_the_licence_switched_off_comes_back_and_what_the_user_did_stays() -> (
    None
):
    holder = client()
    module, unwanted = Switch.ON, Switch.DISABLED_BY_USER
    module = module.after(holder.check("editor", now=NOW))
    assert module is Switch.DISABLED_BY_LICENSE
    assert not module
    assert module.value == "DisabledByLicense"
    holder.accept(License.issue(year(), ROOT), now=NOW)
    for now, is_on in [(NOW, True), (at("2028-03-01"), False), (NOW, True)]:
        module = Switch(module.value).after(holder.check("editor", now=now))
        unwanted = unwanted.after(holder.check("editor", now=now))
        assert bool(module) is is_on
        assert unwanted is Switch.DISABLED_BY_USER
        assert not unwanted
    assert Switch.ON.after(holder.feature("import")) is Switch.DISABLED_BY_LICENSE


def test_a_licence_that_names_devices_covers_those() -> None:
    holder = client()
    claims = LicenseClaims.perpetual("editor", "Example Ltd", issued_at=at("2026-03-01"))
    holder.accept(License.issue(claims.replace(devices=["cam-1"]), ROOT))
    assert holder.check_device("editor", "cam-1")
    assert not holder.check_device("editor", "cam-2")
    with pytest.raises(InputError):
        holder.check_device("editor", "two words")


def test_the_next_action_is_to_ask_and_then_to_refresh_at_half_life() -> None:
    holder = client()
    assert holder.next_action(now=NOW) == NextAction(action=Action.REQUEST, at=NOW, failures=0)
    holder.accept(License.issue(year(), ROOT), now=NOW)
    following = holder.next_action(now=NOW)
    assert (following.action, following.failures) == (Action.REFRESH, 0)
    assert following.renew_by == at("2027-03-01", hour=0)
    assert following.runs_until == at("2027-03-31", hour=0)


def test_a_release_is_told_in_words_and_ends_with_its_receipt(shop: Shop) -> None:
    shop.start()
    holder = client()
    holder.accept(License.issue(year(), ROOT), now=NOW)
    request = Request.verify(holder.deactivate(now=NOW))
    assert request.fields.kind is RequestKind.RELEASE
    assert holder.check("editor", now=NOW)
    words = request.explain()
    assert words.startswith("It gives the licence of `editor` back.\n")
    assert "4c4c4544" not in words
    texts = {request.explain(language) for language in ("en", "ru", "ja", "fr")}
    assert len(texts) == 4


def test_a_state_that_the_program_keeps_is_the_installation() -> None:
    first = client(kept=b"")
    first.accept(License.issue(year(), ROOT), now=NOW)
    again = client(kept=first.state())
    assert again.installation == first.installation
    assert again.check("editor", now=NOW)
    with pytest.raises(StorageError) as fault:
        client(kept=first.state()[:-9])
    assert fault.value.name == "STORE_CORRUPT"


@pytest.mark.parametrize(
    "options",
    [{"kept": b"", "state": "here"}, {"vendor": "two words"}, {"customer": "two words"}],
)
def test_options_that_contradict_each_other_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        client(**options)
    assert refused.value.name == "FIELD_INVALID"


def test_a_licence_of_another_customer_is_refused() -> None:
    holder = client(customer="acme")
    with pytest.raises(Refusal) as refused:
        holder.accept(License.issue(year(customer="other"), ROOT), now=NOW)
    assert refused.value.name == "OTHER_CUSTOMER"
    assert holder.accept(License.issue(year(customer="acme"), ROOT), now=NOW).changed


def test_a_version_that_is_too_new_is_not_covered() -> None:
    claims = LicenseClaims.with_updates(
        "editor", "Example Ltd", until=at("2026-05-20").date(), zone="UTC", issued_at=NOW
    )
    for day, covered in [("2026-05-19", True), ("2026-05-20", False)]:
        holder = client(built_on=at(day).date())
        holder.accept(License.issue(claims, ROOT), now=at("2026-06-01"))
        assert bool(holder.check("editor", now=at("2026-06-01"))) == covered


def test_a_state_that_cannot_be_reached_is_told_or_let_pass(tmp_path: pathlib.Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_bytes(b"")
    with pytest.raises(StorageError) as fault:
        client(state=blocked / "state")
    assert fault.value.name == "STORE_UNAVAILABLE"
    found = diagnose("editor", facts=HOST, state=blocked / "state", language="ru")
    assert not found
    problems = {one.problem.name for one in found.findings if one.problem}
    assert problems == {"STORE_UNAVAILABLE"}
    let_pass = client(state=blocked / "state", fault_grace=3600)
    assert let_pass.check("editor").outcome is Outcome.GRACE
    assert let_pass.check("editor").reasons[0].code == "STATE_REACHED"


def test_a_diagnosis_tries_every_address_through_the_program() -> None:
    tried = []

    def probe(address: str) -> str:
        tried.append(address)
        if address.startswith("lm."):
            raise OSError("no route to host")
        return "past the proxy"

    addresses = ["lic.example.com:443", "lm.example.com:443"]
    found = client().diagnose(addresses, probe)
    assert tried == addresses
    network = [one for one in found.findings if one.part == "network"]
    assert network[0].problem is None
    assert network[0].detail == "reached past the proxy"
    assert found.problems == (network[1],)
    assert network[1].problem is not None
    assert network[1].problem.name == "NETWORK"
    assert "no route to host" in network[1].detail
    assert client().diagnose()
    with pytest.raises(InputError, match="reach addresses"):
        client().diagnose(addresses)

    def interrupted(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        client().diagnose(addresses, interrupted)
