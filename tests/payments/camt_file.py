"""Statements as a bank writes them: camt.053, from a few words."""

from datetime import date
from xml.sax.saxutils import escape

OURS = "LV76LANT0000000000000"
THEIRS = "DE89370400440532013000"
DAY = date(2026, 11, 23)
NAME = "Beso Beridze"  # of a sender: must be nowhere afterwards


def amount(minor, currency="EUR", digits=2):
    return f'<Amt Ccy="{currency}">{abs(minor) / 100:.{digits}f}</Amt>'


def side(minor):
    return f"<CdtDbtInd>{'DBIT' if minor < 0 else 'CRDT'}</CdtDbtInd>"


def details(minor, text, *, iban=THEIRS, bic="", own=False, name=NAME):
    who = "Dbtr" if minor > 0 else "Cdtr"
    account = f"<{who}Acct><Id><IBAN>{iban}</IBAN></Id></{who}Acct>" if iban else ""
    agent = f"<{who}Agt><FinInstnId><BICFI>{bic}</BICFI></FinInstnId></{who}Agt>" if bic else ""
    lines = "".join(f"<Ustrd>{escape(line)}</Ustrd>" for line in text.split("\n") if line)
    return (
        f"<TxDtls>{amount(minor) + side(minor) if own else ''}"
        f"<RltdPties><{who}><Pty><Nm>{name}</Nm></Pty></{who}>{account}</RltdPties>"
        f"<RltdAgts>{agent}</RltdAgts><RmtInf>{lines}</RmtInf></TxDtls>"
    )


def entry(minor, text="", *, day=DAY, number="", state="BOOK", parts="", **words):
    """One booked transfer; `parts` are its details where it is several."""
    code = words.pop("code", "")
    family = f"<BkTxCd><Domn><Fmly><SubFmlyCd>{code}</SubFmlyCd></Fmly></Domn></BkTxCd>"
    return (
        f"<Ntry>{words.pop('sum', amount(minor))}{side(minor)}<Sts><Cd>{state}</Cd></Sts>"
        f"<BookgDt><Dt>{day}</Dt></BookgDt>"
        f"{f'<AcctSvcrRef>{number}</AcctSvcrRef>' if number else ''}{family if code else ''}"
        f"<NtryDtls>{parts or details(minor, text, **words)}</NtryDtls></Ntry>"
    )


def balance(code, minor, day):
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{amount(minor)}{side(minor)}"
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def statement(*entries, number="S1", opening=0, closing=None, first=DAY, last=DAY, account=OURS):
    until = "" if closing is None else balance("CLBD", closing, last)
    return (
        f"<Stmt><Id>{number}</Id><CreDtTm>{last}T20:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{balance('OPBD', opening, first)}{until}{''.join(entries)}</Stmt>"
    )


def document(*statements, kind="053", version="08"):
    space = f"urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.{version}"
    body = "".join(statements)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{space}"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>1</MsgId></GrpHdr>{body}</BkToCstmrStmt></Document>"
    ).encode()


def of(*entries, **words):
    """A file of one statement."""
    return document(statement(*entries, **words))
