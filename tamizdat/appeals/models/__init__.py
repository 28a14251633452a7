from tamizdat.appeals.models.message import Message
from tamizdat.appeals.models.reminder import LeftAlone, Reminder

__all__ = ["LeftAlone", "Message", "Reminder"]
