"""References for bank transfers (ISO 11649): what a payer types, and a bank carries, unharmed.

`RF`, two check digits, twelve letters of ours. Letters alone, and always so many: so the check
digits notice each wrong letter and each two that were swapped, not only nearly all, and a lost one
is noticed by the length. No vowel is among them, so that they spell nothing on a bank statement.
"""

import re
import unicodedata

from tamizdat.lib.check_digits import digits_for, remainder

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
LENGTH = 12
_OURS = re.compile(rf"(?=(RF[0-9]{{2}}[{ALPHABET}]{{{LENGTH}}}))")
_BETWEEN = re.compile(r"[^0-9A-Z]")
# The same signs on other keyboards; whether that is what was meant, the check digits say.
_LOOK_ALIKES = str.maketrans("ВСНКМРТХ", "BCHKMPTX")  # noqa: RUF001


def reference_from(number: int) -> str:
    """The reference of `number`, of which about 51 bits count."""
    letters = []
    for _ in range(LENGTH):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    body = "".join(letters)
    return f"RF{digits_for(body + 'RF')}{body}"


def found_in(text: str) -> set[str]:
    """Every whole reference in `text`, whatever spaces, signs and small letters banks put into it.

    One of which a character was lost or changed is not among them: nothing is guessed.
    """
    written = unicodedata.normalize("NFKC", text).upper().translate(_LOOK_ALIKES)
    bare = _BETWEEN.sub("", written)
    return {each for each in _OURS.findall(bare) if fits(each)}


def fits(reference: str) -> bool:
    """Whether its check digits do."""
    return remainder(reference[4:] + reference[:4]) == 1


def in_groups(reference: str) -> list[str]:
    """Four characters each, as people copy them."""
    return [reference[start : start + 4] for start in range(0, len(reference), 4)]
