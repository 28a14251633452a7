from tamizdat.funding.models.confirmation import Confirmation
from tamizdat.funding.models.contribution import Contribution
from tamizdat.funding.models.due import Due
from tamizdat.funding.models.halt import HaltOrder
from tamizdat.funding.models.ladder import AmountLadder
from tamizdat.funding.models.letter import Letter
from tamizdat.funding.models.mail_rule import MailRule
from tamizdat.funding.models.pledge import Pledge
from tamizdat.funding.models.proof import UsedProof
from tamizdat.funding.models.rule import RiskRule
from tamizdat.funding.models.supporter import Supporter

__all__ = [
    "AmountLadder",
    "Confirmation",
    "Contribution",
    "Due",
    "HaltOrder",
    "Letter",
    "MailRule",
    "Pledge",
    "RiskRule",
    "Supporter",
    "UsedProof",
]
