"""Checkpoints as signed notes, and proofs about the tree over a history."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from reader.form import base64url, holds, public_key, refuse

NOTE_BYTES_MAX = 131_072
SIGNATURES_MAX = 100
SIZE_MAX = 2**63 - 1


@dataclass(frozen=True)
class Head:
    """What a checkpoint states: how many events, and the root over them."""

    size: int
    root: bytes


def standard(text: str) -> bytes:
    """Bytes of canonical base64 with padding; a `ValueError` otherwise."""
    octets = base64.b64decode(text, validate=True)
    if base64.b64encode(octets).decode() != text:
        raise ValueError("not canonical")
    return octets


def read_checkpoint(note: str, origin: str, keys: list[str]) -> Head:
    """Reads a checkpoint of a history that one of the keys must have signed."""
    if len(note.encode()) > NOTE_BYTES_MAX:
        refuse("INPUT_TOO_LARGE")
    text, signatures = parse(note)
    known = {key_id(origin, public_key(x)): public_key(x) for x in keys}
    ours = [(id_, rest) for name, id_, rest in signatures if name == origin and id_ in known]
    if not ours:
        refuse("KEY_NOT_TRUSTED")
    if not all(holds(known[id_], text.encode(), signature) for id_, signature in ours):
        refuse("SIGNATURE_INVALID")
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 3 or not all(lines):
        refuse("DOCUMENT_MALFORMED")
    try:
        root = standard(lines[2])
    except (ValueError, binascii.Error):
        refuse("DOCUMENT_MALFORMED")
    decimal = re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1], re.ASCII)
    if not decimal or int(lines[1]) > SIZE_MAX or len(root) != 32:
        refuse("DOCUMENT_MALFORMED")
    if lines[0] != origin:
        refuse("OTHER_ORIGIN")
    return Head(int(lines[1]), root)


def parse(note: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """The text of a note and its signatures: name, key id, signature."""
    text, empty, rest = note.rpartition("\n\n")
    lines = rest.removesuffix("\n").split("\n")
    control = any(
        ord(character) < 32 or ord(character) == 127 for character in note if character != "\n"
    )
    if not empty or control or not rest.endswith("\n") or len(lines) > SIGNATURES_MAX:
        refuse("DOCUMENT_MALFORMED")
    return text + "\n", [signature(line) for line in lines]


def signature(line: str) -> tuple[str, bytes, bytes]:
    parts = re.fullmatch(r"\u2014 ([^\s+]+) (\S+)", line)
    if not parts:
        refuse("DOCUMENT_MALFORMED")
    try:
        octets = standard(parts[2])
    except (ValueError, binascii.Error):
        refuse("DOCUMENT_MALFORMED")
    if len(octets) < 5:
        refuse("DOCUMENT_MALFORMED")
    return parts[1], octets[:4], octets[4:]


def key_id(name: str, key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n\x01" + key).digest()[:4]


def verifier_key(name: str, x: str) -> str:
    """How tools of transparency logs name a key."""
    key = base64url(x)
    return f"{name}+{key_id(name, key).hex()}+{base64.b64encode(b'%c' % 1 + key).decode()}"


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two below a size of two or more."""
    return 1 << (size - 1).bit_length() - 1


def verify_inclusion(head: Head, leaf: bytes, index: int, proof: list[bytes]) -> None:
    """RFC 6962, 2.1.1, read backwards: the last hash of a path is that next to the root."""

    def root(index: int, size: int, path: list[bytes]) -> bytes:
        if size == 1:
            if path:
                refuse("PROOF_INVALID")
            return leaf
        if not path:
            refuse("PROOF_INVALID")
        left = split(size)
        if index < left:
            return node(root(index, left, path[:-1]), path[-1])
        return node(path[-1], root(index - left, size - left, path[:-1]))

    if not 0 <= index < head.size or root(index, head.size, proof) != head.root:
        refuse("PROOF_INVALID")


def verify_consistency(older: Head, newer: Head, proof: list[bytes]) -> None:
    """RFC 6962, 2.1.2, read backwards."""

    def roots(old: int, new: int, path: list[bytes], whole: bool) -> tuple[bytes, bytes]:
        if old == new:
            if len(path) != (0 if whole else 1):
                refuse("PROOF_INVALID")
            return (older.root, older.root) if whole else (path[0], path[0])
        if not path:
            refuse("PROOF_INVALID")
        left = split(new)
        if old <= left:
            first, second = roots(old, left, path[:-1], whole)
            return first, node(second, path[-1])
        first, second = roots(old - left, new - left, path[:-1], False)
        return node(path[-1], first), node(path[-1], second)

    if older.size == 0:
        if proof or older.root != hashlib.sha256(b"").digest():
            refuse("PROOF_INVALID")
    elif older.size > newer.size or roots(older.size, newer.size, proof, True) != (
        older.root,
        newer.root,
    ):
        refuse("PROOF_INVALID")
