"""Check digits of ISO 7064, MOD 97-10: in every IBAN, and in the references that we give out."""


def remainder(text: str) -> int:
    """Of `text` as a number, each letter counting as two digits (A is 10). 1 says that it fits."""
    return int("".join(str(int(letter, 36)) for letter in text)) % 97


def digits_for(text: str) -> str:
    """The two which, put behind `text`, make it fit."""
    return f"{98 - remainder(text + '00'):02}"
