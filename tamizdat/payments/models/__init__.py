from tamizdat.payments.models.attempt import Attempt
from tamizdat.payments.models.charge import Charge
from tamizdat.payments.models.event import ProviderEvent
from tamizdat.payments.models.instrument import Instrument
from tamizdat.payments.models.refund import Refund

__all__ = ["Attempt", "Charge", "Instrument", "ProviderEvent", "Refund"]
