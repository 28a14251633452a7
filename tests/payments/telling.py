"""How a pretend provider in this process tells the newsroom what happened."""

import json

from django.test import Client
from django.utils import timezone

from tamizdat.payments import noticing


class TellsUs:
    """Of those who have a `hook`, and sign what they say by `signed`."""

    def deliver(self):
        """Send what is due once. How many were heard."""
        if self.bank.dial.hold:
            return 0
        due = self.bank.notices[:: -1 if self.bank.dial.reverse else 1]
        heard = [event for event in due if self.send(event)]
        self.bank.notices = [event for event in self.bank.notices if event not in heard]
        return len(heard)

    def send(self, event):
        body = json.dumps(event).encode()
        answer = Client(raise_request_exception=False).post(
            self.hook, body, content_type="application/json", headers=self.signed(body)
        )
        self.answers.append(answer.status_code)
        noticing.look_at_noted(now=timezone.now())  # a worker comes by
        return answer.status_code < 300
