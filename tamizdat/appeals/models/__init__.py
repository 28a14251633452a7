from tamizdat.appeals.models.message import Message

__all__ = ["Message"]
