from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction


class ServerThatNeedsTheDatabase(BaseEmailBackend):
    """Takes a mail only while nobody holds a transaction open for it."""

    def send_messages(self, messages):
        assert not transaction.get_connection().in_atomic_block
        return len(messages)
