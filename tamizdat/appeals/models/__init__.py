from tamizdat.appeals.models.asking import Asking
from tamizdat.appeals.models.campaign import Campaign
from tamizdat.appeals.models.experiment import Arm, Experiment
from tamizdat.appeals.models.message import Message
from tamizdat.appeals.models.reminder import LeftAlone, Reminder, ReminderTally
from tamizdat.appeals.models.tally import Tally

__all__ = [
    "Arm",
    "Asking",
    "Campaign",
    "Experiment",
    "LeftAlone",
    "Message",
    "Reminder",
    "ReminderTally",
    "Tally",
]
