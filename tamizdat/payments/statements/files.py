"""A file that a bank gave out, whichever kind it is."""

from tamizdat.payments.models import CsvLayout
from tamizdat.payments.providers import registry
from tamizdat.payments.statements import camt, table
from tamizdat.payments.statements.reading import NotAStatement, Statement
from tamizdat.payments.transfer import Transfer


class LayoutUnknown(Exception):
    """It is CSV, and nobody has said yet what its columns mean."""

    def __init__(self, table: table.Table) -> None:
        super().__init__("upload it in the desk once, and say which column is what")
        self.table = table


def statements_in(content: bytes) -> list[Statement]:
    """Raises NotAStatement, LayoutUnknown."""
    if camt.looks_like_xml(content):
        return camt.read(content)
    unfolded = table.unfold(content)
    layout = table.layout_of(unfolded)
    if layout is None:
        raise LayoutUnknown(unfolded)
    return [table.read(_again(content, unfolded, layout), layout)]


def accounts() -> dict[str, str]:
    """Our IBANs, and the currency of each. Raises NotAStatement when there are none."""
    for provider in registry.all_of_them():
        if isinstance(provider, Transfer):
            return {account.iban: code for code, account in provider.accounts.items()}
    raise NotAStatement("Bank transfer is not set up: see [transfer] in docs/operating.md.")


def _again(content: bytes, unfolded: table.Table, layout: CsvLayout) -> table.Table:
    """As the layout says, where that is another encoding than the file's bytes suggest."""
    if (unfolded.encoding, unfolded.delimiter) == (layout.encoding, layout.delimiter):
        return unfolded
    return table.unfold(content, encoding=layout.encoding, delimiter=layout.delimiter)
