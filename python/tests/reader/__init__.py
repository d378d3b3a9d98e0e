"""A second reader of signed documents, written from docs/formats.md alone.

It shares nothing with the engine: JSON is Python's, Ed25519 that of `cryptography`; proofs follow
the recursive definition of RFC 6962. Where it and the engine differ, one of them does not do what
the page says.
"""

from reader import rules
from reader.documents import Reader
from reader.form import RefusedError
from reader.notes import Head, read_checkpoint, verify_consistency, verify_inclusion

__all__ = [
    "Head",
    "Reader",
    "RefusedError",
    "read_checkpoint",
    "rules",
    "verify_consistency",
    "verify_inclusion",
]
