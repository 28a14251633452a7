from tamizdat.payments.models.account import Difference, KeptLine, KeptSum, Reconciliation
from tamizdat.payments.models.attempt import Attempt
from tamizdat.payments.models.bank_line import BankLine, BankStatement
from tamizdat.payments.models.breaker import Breaker
from tamizdat.payments.models.bucket import Bucket
from tamizdat.payments.models.charge import Charge
from tamizdat.payments.models.csv_layout import CsvLayout
from tamizdat.payments.models.dispute import Dispute
from tamizdat.payments.models.event import ProviderEvent
from tamizdat.payments.models.instrument import Instrument
from tamizdat.payments.models.refund import Refund
from tamizdat.payments.models.setup import Setup

__all__ = [
    "Attempt",
    "BankLine",
    "BankStatement",
    "Breaker",
    "Bucket",
    "Charge",
    "CsvLayout",
    "Difference",
    "Dispute",
    "Instrument",
    "KeptLine",
    "KeptSum",
    "ProviderEvent",
    "Reconciliation",
    "Refund",
    "Setup",
]
