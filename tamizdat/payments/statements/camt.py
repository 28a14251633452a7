"""Statements as camt.053 (ISO 20022), in any version: the names that we read stayed the same."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from lxml import etree

from tamizdat.lib.money import Money
from tamizdat.payments.statements import naming
from tamizdat.payments.statements.reading import (
    BadEntry,
    Entry,
    NotAStatement,
    Statement,
    check_size,
    exactly,
)

_KIND = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:camt\.(\d{3})\.001\.\d{2}\}Document")
_AMOUNT = re.compile(r"[+-]?\d{1,15}(\.\d{0,10})?")
_OTHERS = {
    "052": "what happened within a day (camt.052)",
    "054": "single bookings (camt.054)",
}
BOOKED = "BOOK"
RETURNS = ("RRTN", "RRCT", "RVSL")  # sub-families of the bank's codes that take an entry back
PARTY = {"CRDT": "Dbtr", "DBIT": "Cdtr"}
Node: TypeAlias = Any  # an element: lxml ships no types


def looks_like_xml(content: bytes) -> bool:
    return content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def read(content: bytes) -> list[Statement]:
    """Every statement in the file. Raises NotAStatement."""
    root = _document(content)
    statements = [_statement(node) for node in root.iterfind("BkToCstmrStmt/Stmt")]
    if not statements:
        raise NotAStatement("There is no statement in the file. Ask the bank for a whole one.")
    return statements


def _document(content: bytes) -> Node:
    check_size(content)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        where = f"line {error.lineno}" if error.lineno else "its beginning"
        raise NotAStatement(f"The file is damaged: it is no XML at {where}.") from error
    if root.getroottree().docinfo.doctype:
        raise NotAStatement("The file defines words of its own (DOCTYPE). No bank does that.")
    _refuse_other_kinds(root.tag)
    for node in root.iter(etree.Element):
        node.tag = etree.QName(node).localname
    return root


def _refuse_other_kinds(tag: str) -> None:
    kind = _KIND.fullmatch(tag)
    if kind is None:
        raise NotAStatement("The file is XML, but no statement of a bank (camt.053).")
    if kind[1] != "053":
        what = _OTHERS.get(kind[1], f"something else (camt.{kind[1]})")
        raise NotAStatement(f"The file tells {what}. Ask the bank for statements, camt.053.")


def _statement(node: Node) -> Statement:
    opening, from_on = _balance(node, ("OPBD", "PRCD"))
    closing, until_on = _balance(node, ("CLBD",))
    statement = Statement(
        account=_first(node, "Acct/Id/IBAN", "Acct/Id/Othr/Id"),
        currency=_first(node, "Acct/Ccy") or (opening.currency if opening else ""),
        number=_first(node, "Id")[:40],
        opening=opening,
        closing=closing,
        from_on=from_on or _day(node, "FrToDt/FrDtTm", "FrToDt/FrDt"),
        until_on=until_on or _day(node, "FrToDt/ToDtTm", "FrToDt/ToDt") or _day(node, "CreDtTm"),
    )
    for number, entry in enumerate(node.iterfind("Ntry"), start=1):
        _take(entry, statement, number)
    return statement


def _take(node: Node, statement: Statement, number: int) -> None:
    """Add what it holds, or say why not: the others are read all the same."""
    if _first(node, "Sts/Cd", "Sts") != BOOKED:
        statement.not_booked += 1
        return
    try:
        entries = list(_entries(node))
    except BadEntry as error:
        statement.problems.append(f"entry {number}: {error}")
        return
    statement.entries += [entry for entry in entries if entry.money.minor]
    statement.not_booked += not any(entry.money.minor for entry in entries)


def _entries(node: Node) -> Iterator[Entry]:
    """The transfers of an entry: often one, or many that the bank booked in one sum."""
    whole = _signed(node)
    booked_on = _day(node, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
    if booked_on is None:
        raise BadEntry("it names no day")
    parts = node.findall("NtryDtls/TxDtls")
    sums = [_part(part, whole) for part in parts]
    if len(parts) < 2 or None in sums or sum(s.minor for s in sums if s) != whole.minor:
        yield _entry(node, parts, money=whole, booked_on=booked_on)
        return
    for part, money in zip(parts, sums, strict=True):
        yield _entry(node, [part], money=money or whole, booked_on=booked_on)


def _entry(node: Node, parts: list[Node], *, money: Money, booked_on: date) -> Entry:
    side = PARTY["CRDT" if money.minor > 0 else "DBIT"]
    part = parts[0] if len(parts) == 1 else None
    texts = [text for each in parts for text in _texts(each)]
    told = _all(node, "AddtlNtryInf")
    names = _of(part, f"RltdPties/{side}/Pty/Nm", f"RltdPties/{side}/Nm")
    codes = {*_all(node, "BkTxCd/Domn/Fmly/SubFmlyCd"), *_of(part, "BkTxCd/Domn/Fmly/SubFmlyCd")}
    return Entry(
        money=money,
        booked_on=booked_on,
        entry_id=_entry_id(node, part),
        texts=(*texts, *told),
        account=_one(part, f"RltdPties/{side}Acct/Id/IBAN", f"RltdPties/{side}Acct/Id/Othr/Id"),
        bic=_one(part, *(f"RltdAgts/{side}Agt/FinInstnId/{name}" for name in ("BICFI", "BIC"))),
        provider=naming.provider_in((*texts, *told, *names)),
        is_return=_first(node, "RvslInd") in ("true", "1")
        or bool(codes & set(RETURNS))
        or any(each.find("RtrInf") is not None for each in parts),
    )


def _texts(part: Node) -> list[str]:
    """The lines of the sender as one, since a bank wraps where it likes; then what has a field."""
    wrapped = "\n".join(_all(part, "RmtInf/Ustrd"))
    fields = _all(part, "RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Strd/AddtlRmtInf")
    return [text for text in (wrapped, *fields, *_all(part, "Refs/EndToEndId")) if text]


def _entry_id(node: Node, part: Node | None) -> str:
    own = _one(part, "Refs/AcctSvcrRef", "Refs/TxId")
    return " ".join(word for word in (_first(node, "AcctSvcrRef"), own) if word)[:80]


def _signed(node: Node) -> Money:
    money = _money(node.find("Amt"))
    side = _first(node, "CdtDbtInd")
    if side not in PARTY or money.minor < 0:
        raise BadEntry("it does not say whether the money came or went")
    return money if side == "CRDT" else -money


def _part(node: Node, whole: Money) -> Money | None:
    """What of the sum of the entry is this transfer's; None where the bank does not say."""
    for path in ("Amt", "AmtDtls/TxAmt/Amt"):
        amount = node.find(path)
        if amount is not None and amount.get("Ccy") == whole.currency:
            money = _money(amount)
            return money if whole.minor > 0 else -money
    return None


def _money(node: Node | None) -> Money:
    written = "" if node is None else (node.text or "").strip()
    if node is None or not _AMOUNT.fullmatch(written):
        raise BadEntry("it has no amount")
    return exactly(Decimal(written), node.get("Ccy", ""))


def _balance(node: Node, codes: tuple[str, ...]) -> tuple[Money | None, date | None]:
    for code in codes:
        for balance in node.iterfind("Bal"):
            if _first(balance, "Tp/CdOrPrtry/Cd") == code:
                try:
                    return _signed(balance), _day(balance, "Dt/Dt", "Dt/DtTm")
                except BadEntry:
                    return None, _day(balance, "Dt/Dt", "Dt/DtTm")
    return None, None


def _day(node: Node, *paths: str) -> date | None:
    try:
        return date.fromisoformat(_first(node, *paths)[:10])
    except ValueError:
        return None


def _first(node: Node, *paths: str) -> str:
    return next(iter(_all(node, *paths)), "")


def _one(part: Node | None, *paths: str) -> str:
    return "" if part is None else _first(part, *paths)


def _of(part: Node | None, *paths: str) -> list[str]:
    return [] if part is None else _all(part, *paths)


def _all(node: Node, *paths: str) -> list[str]:
    found = (each.text for path in paths for each in node.iterfind(path))
    return [text.strip() for text in found if text and text.strip()]
