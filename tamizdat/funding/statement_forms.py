"""What staff tell of a bank's file: where it is and, of CSV, which column is what."""

import base64
import re
from typing import Any

from django import forms

from tamizdat.funding import resolving
from tamizdat.lib.vault import CannotOpen
from tamizdat.outlet.vault import vault
from tamizdat.payments.models import Charge, CsvLayout
from tamizdat.payments.statements import table
from tamizdat.payments.statements.table import Table

MOST_BYTES = 1_200_000  # of the first CSV of a bank: it goes to the browser and back
DAYS = {
    "%Y-%m-%d": "2026-12-31",
    "%d.%m.%Y": "31.12.2026",
    "%d.%m.%y": "31.12.26",
    "%d/%m/%Y": "31/12/2026",
    "%m/%d/%Y": "12/31/2026",
    "%Y%m%d": "20261231",
    "%d-%m-%Y": "31-12-2026",
}
LABELS = {
    "day": "Day on which it was booked",
    "amount": "Amount",
    "debit": "Amount that went, if it has a column of its own",
    "side": "Whether it came or went (C and D, H and S)",
    "currency": "Currency",
    "account": "Account of the sender: only its country is kept",
    "bic": "Bank of the sender (BIC), for the same",
    "entry": "The bank's own number of the entry",
}
GUESSES = {
    "day": "book|buchung|date|datum|дата|day",
    "amount": "amount|betrag|сумма|summa|suma|kwota",
    "debit": "debit|soll|withdrawal",
    "currency": "curr|währ|валюта|valuta|valūta|waluta",
    "account": "iban|account|konto|счет",
    "bic": "bic|swift",
    "entry": "transaction id|entry|archiv|nummer",
    "texts": "purpose|verwendung|referen|detail|descri|назнач|selgitus|info|tytu",
}


class StatementForm(forms.Form):
    file = forms.FileField(
        label="A statement of your bank",
        help_text="camt.053 (XML) or CSV. The same file, or one that overlaps, twice is one.",
    )


class GiftMeantForm(forms.Form):
    """Whose gift a line is."""

    gift = forms.CharField(label="Receipt number, or reference of the transfer", max_length=80)

    def clean_gift(self) -> Charge:
        charge = resolving.gift_meant_by(self.cleaned_data["gift"])
        if charge is None:
            raise forms.ValidationError("There is no gift with this number.")
        return charge


class LayoutForm(forms.Form):
    """How a bank writes its CSV. The file itself waits in the form, sealed, and nowhere else."""

    sealed = forms.CharField(widget=forms.HiddenInput, max_length=4_000_000)
    iban = forms.ChoiceField(label="Which account of ours it is of")
    encoding = forms.ChoiceField(
        label="Letters", choices=[(each, each) for each in table.ENCODINGS]
    )
    decimal_sign = forms.ChoiceField(
        label="Amounts look like", choices=[(",", "1.234,56"), (".", "1,234.56")]
    )
    day_format = forms.ChoiceField(label="Days look like", choices=list(DAYS.items()))

    def __init__(self, data: Any, *, table: Table, accounts: dict[str, str], sealed: str) -> None:
        super().__init__(data, initial=_guessed(table) | {"sealed": sealed})
        self.table = table
        self.accounts = accounts
        self.fields["iban"].choices = [  # type: ignore[attr-defined]
            (iban, f"{iban} ({currency})") for iban, currency in accounts.items()
        ]
        headings = [(heading, heading) for heading in table.headings]
        for name, label in LABELS.items():
            self.fields[name] = forms.ChoiceField(
                label=label, choices=[("", "none"), *headings], required=name == "day"
            )
        self.fields["texts"] = forms.MultipleChoiceField(
            label="Where the sender's words are: the reference is looked for there",
            choices=headings,
            widget=forms.CheckboxSelectMultiple,
        )

    def clean(self) -> dict[str, Any]:
        words = super().clean() or {}
        if not (words.get("amount") or words.get("debit")):
            self.add_error("amount", "Choose the column of the amount.")
        return words

    def layout(self, *, digest: str) -> CsvLayout:
        words = self.cleaned_data
        return CsvLayout(
            headings=self.table.headings,
            digest=digest,
            account=words["iban"],
            currency=self.accounts[words["iban"]],
            encoding=words["encoding"],
            delimiter=self.table.delimiter,
            decimal_sign=words["decimal_sign"],
            day_format=words["day_format"],
            columns={name: words[name] for name in (*LABELS, "texts")},
        )


def sealed(content: bytes) -> str:
    """The file as the form carries it: no key of ours, no file."""
    return base64.b64encode(vault().seal(base64.b64encode(content).decode())).decode()


def unsealed(text: str) -> bytes:
    """Raises CannotOpen."""
    try:
        blob = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise CannotOpen from error
    return base64.b64decode(vault().open(blob))


def _guessed(table: Table) -> dict[str, Any]:
    found: dict[str, Any] = {"encoding": table.encoding, "day_format": _day_format(table)}
    for name, words in GUESSES.items():
        fitting = [each for each in table.headings if re.search(words, each, re.IGNORECASE)]
        found[name] = fitting if name == "texts" else next(iter(fitting), "")
    return found


def _day_format(table: Table) -> str:
    cells = " ".join(cell for row in table.rows[:5] for cell in row)
    shapes = {"%Y-%m-%d": r"\d{4}-\d\d-\d\d", "%d.%m.%Y": r"\d\d\.\d\d\.\d{4}"}
    shapes |= {"%d.%m.%y": r"\d\d\.\d\d\.\d\d\b", "%d/%m/%Y": r"\d\d/\d\d/\d{4}"}
    return next((form for form, shape in shapes.items() if re.search(shape, cells)), "%Y-%m-%d")
