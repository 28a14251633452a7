"""A puzzle that takes its solver a known amount of work, and its maker one step of it.

The answer is a number below `most`: of all of them, only it turns `nonce` into `target`. Each try
is a PBKDF2, which a browser does about as fast as any program on the same machine: whoever has a
script has no head start. (ALTCHA's second puzzle, with a bound, so that nobody waits for ever.)
"""

import hashlib
import secrets
from dataclasses import dataclass

ROUNDS = 2000  # of PBKDF2-SHA-256 a try: some 0.4 ms on a server, 2 to 4 on a slow phone
_KEY_BYTES = 16


@dataclass(frozen=True)
class Puzzle:
    nonce: str
    most: int  # how many tries it takes at most; half of it on average
    target: str


def make(*, most: int) -> Puzzle:
    nonce = secrets.token_hex(12)
    return Puzzle(nonce, most, key_of(nonce, secrets.randbelow(most)))


def is_solved(puzzle: Puzzle, answer: int) -> bool:
    return 0 <= answer < puzzle.most and secrets.compare_digest(
        key_of(puzzle.nonce, answer), puzzle.target
    )


def key_of(nonce: str, answer: int) -> str:
    """One try."""
    salt = str(answer).encode()
    return hashlib.pbkdf2_hmac("sha256", nonce.encode(), salt, ROUNDS, _KEY_BYTES).hex()
