"""A second reader, written from docs/formats.md alone, comes to the same of every vector."""

import base64
import json
import pathlib
import random
from typing import Any

import pytest

import mlicense
from reader import (
    Head,
    Reader,
    RefusedError,
    read_checkpoint,
    rules,
    verify_consistency,
    verify_inclusion,
)
from reader.form import holds, public_key
from reader.notes import verifier_key

VECTORS = pathlib.Path(__file__).parents[2] / "core/tests/vectors"
ROOT = mlicense.Signer.from_seed(b"\1" * 32)


def vectors(name: str) -> dict[str, Any]:
    file: dict[str, Any] = json.loads((VECTORS / name).read_text(encoding="utf-8"))
    return file


DOCUMENTS: list[dict[str, Any]] = vectors("documents.json")["cases"]
CHECKPOINTS = vectors("checkpoints.json")
ED25519 = vectors("ed25519.json")


def reader_of(case: dict[str, Any]) -> Reader:
    reader = Reader(tuple(case["roots"]))
    return reader.with_ring(case["key_ring"]) if "key_ring" in case else reader


@pytest.mark.parametrize("case", DOCUMENTS, ids=lambda case: f"{case['number']}-{case['name']}")
def test_every_document_reads_as_expected(case: dict[str, Any]) -> None:
    try:
        claims = reader_of(case).read(case["document"], case["wanted"])
        outcome: dict[str, Any] = {"claims": claims}
    except RefusedError as refused:
        outcome = {"refusal": str(refused)}
    assert outcome == case["expect"]


def test_the_documents_are_of_every_type() -> None:
    assert len({case["wanted"] for case in DOCUMENTS}) == 6
    assert len(DOCUMENTS) > 110


@pytest.mark.parametrize("case", CHECKPOINTS["checkpoints"], ids=lambda case: case["name"])
def test_every_checkpoint_reads_as_expected(case: dict[str, Any]) -> None:
    keys = reader_of(case).checkpoint_keys()
    try:
        head = read_checkpoint(case["note"], case["origin"], keys)
        shown = {"size": head.size, "root": base64.b64encode(head.root).decode()}
        outcome: dict[str, Any] = {"head": shown}
    except RefusedError as refused:
        outcome = {"refusal": str(refused)}
    assert outcome == case["expect"]


def test_a_note_of_another_program_is_read() -> None:
    # The head of the log of Go's modules as its server signed it, and the server's key.
    note = (
        "go.sum database tree\n6476701\nmb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=\n\n"
        "\u2014 sum.golang.org Az3grsLX85Gz+s1SiTbgkuqxgItqFq7gsMUEyVnrsa9LM7Us9S+1xbFIGu95949r"
        "j4nPRYfvimWEPWL+o3GeoWwOoAw=\n"
    )
    named = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
    key = base64.b64decode(named.split("+", 2)[2])[1:]
    x = base64.urlsafe_b64encode(key).rstrip(b"=").decode()
    assert verifier_key("sum.golang.org", x) == named
    with pytest.raises(RefusedError, match="OTHER_ORIGIN"):  # the signature holds
        read_checkpoint(note, "sum.golang.org", [x])
    with pytest.raises(RefusedError, match="SIGNATURE_INVALID"):
        read_checkpoint(note.replace("6476701", "6476702"), "sum.golang.org", [x])


def head(members: dict[str, Any]) -> Head:
    return Head(members["size"], base64.b64decode(members["root"]))


def test_every_proof_is_judged_right() -> None:
    counts = {True: 0, False: 0}
    for kind in ("inclusion", "consistency"):
        for case in CHECKPOINTS[kind]:
            proof = [base64.b64decode(hash_) for hash_ in case["proof"]]
            try:
                if kind == "inclusion":
                    leaf = base64.b64decode(case["leaf"])
                    verify_inclusion(head(case["head"]), leaf, case["index"], proof)
                else:
                    verify_consistency(head(case["older"]), head(case["newer"]), proof)
                outcome = True
            except RefusedError:
                outcome = False
            assert outcome == case["holds"], case
            counts[outcome] += 1
    assert sum(counts.values()) == 52
    assert min(counts.values()) == 15


def test_all_151_signatures_of_wycheproof_are_judged_right() -> None:
    cases = ED25519["wycheproof"]
    for case in cases:
        message, signature = bytes.fromhex(case["message"]), bytes.fromhex(case["signature"])
        assert holds(public_key(case["key"]), message, signature) == case["holds"], case["number"]
        try:
            mlicense.PublicKey(case["key"]).verify(message, signature)
            ours = True
        except mlicense.Refusal:
            ours = False
        assert ours == case["holds"], case["number"]
    # A reader that takes everything would be wrong this often.
    assert (len(cases), sum(not case["holds"] for case in cases)) == (151, 63)


def test_weak_keys_are_refused() -> None:
    weak = {case["key"] for case in ED25519["speccheck"] if case["weak"]}
    strong = {case["key"] for case in ED25519["speccheck"] if not case["weak"]}
    assert len(ED25519["weak_keys"]) == 48
    for key in {*ED25519["weak_keys"], *weak}:
        with pytest.raises(RefusedError, match="KEY_WEAK"):
            public_key(key)
        with pytest.raises(mlicense.Refusal) as refused:
            mlicense.PublicKey(key)
        assert refused.value.name == "KEY_WEAK"
    for key in strong:
        assert bytes(mlicense.PublicKey(key)) == public_key(key)


def test_all_1024_signatures_of_sign_input_are_made_again() -> None:
    lines = (VECTORS / "sign_input.txt").read_text(encoding="ascii").splitlines()
    for number, line in enumerate(lines):
        parts = [base64.urlsafe_b64decode(part + "==") for part in line.split(" ")]
        seed, key, signature, message = (*parts, b"")[:4]
        signer = mlicense.Signer.from_seed(seed)
        assert (len(message), bytes(signer.public_key)) == (number, key)
        assert signer.sign(message) == signature
        assert holds(key, message, signature)
    assert len(lines) == 1024


def signed(payload: bytes) -> str:
    header = {"alg": "EdDSA", "kid": ROOT.key_id, "typ": "mlicense-license+jwt"}
    parts = [json.dumps(header, separators=(",", ":")).encode(), payload]
    text = ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
    return f"{text}.{base64.urlsafe_b64encode(ROOT.sign(text.encode())).rstrip(b'=').decode()}"


def garbled(payload: bytes, chance: random.Random) -> bytes:
    """A payload with a few bytes replaced, doubled or left out."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(payload))
        end = at + chance.choice([0, 1, 1, 1, 5, 20])
        piece = bytes(chance.choices(b'0123456789-.eE{}[]",:\\ unltrfase\xd0\xb0', k=1))
        new = chance.choice([b"", piece, payload[at:end] * 2])
        payload = payload[:at] + new + payload[end:]
    return payload


def differences(count: int) -> tuple[list[str], list[Any]]:
    """Garbled licences that the two readers judge differently, and what became of all."""
    chance = random.Random(8037)
    documents = [
        case["document"]
        for case in DOCUMENTS
        if case["wanted"] == "mlicense-license+jwt" and "claims" in case["expect"]
        if len(case["document"]) < 2000
    ]
    reader, key = Reader((str(ROOT.public_key),)), ROOT.public_key
    found, outcomes = [], []
    for _ in range(count):
        payload = base64.urlsafe_b64decode(chance.choice(documents).split(".")[1] + "==")
        document = signed(garbled(payload, chance))
        try:
            theirs: Any = reader.read(document, "mlicense-license+jwt")
        except RefusedError as refused:
            theirs = str(refused)
        try:
            ours: Any = mlicense.License.verify(document, [key]).claims.to_json()
        except mlicense.Refusal as refused:
            ours = refused.name
        if ours != theirs:
            found.append(document)
        outcomes.append(ours)
    return found, outcomes


def test_both_readers_say_the_same_of_garbled_payloads_under_a_true_signature() -> None:
    found, outcomes = differences(5000)
    assert found == []
    assert sum(isinstance(outcome, dict) for outcome in outcomes) > 300
    names = {outcome for outcome in outcomes if isinstance(outcome, str)}
    assert names == {"JSON_INVALID", "CLAIMS_CONTRADICTORY"}


def test_a_reader_without_the_rules_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "check_license", lambda claims: None)
    assert len(differences(1000)[0]) > 5
