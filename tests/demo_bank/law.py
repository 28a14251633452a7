"""What the laws of the money share: the bank in this process, its faults, a fresh start."""

import contextlib

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tamizdat.payments.errors import PaymentError, WrongState
from tamizdat.payments.providers import registry
from tests.demo_bank.nowhere import Nowhere

FAULTS = ["break_before", "break_after", "decline", "pend", "lose", "duplicate"]


class LawAtTheBank(RuleBasedStateMachine):
    """Each run begins with an empty bank and leaves the database as it was."""

    bank = Nowhere

    def __init__(self):
        super().__init__()
        self.run = transaction.atomic()
        self.run._from_testcase = True  # as Django marks its own, so that `durable` looks past it
        self.run.__enter__()
        self.nowhere = self.bank()
        self.usual, registry._providers = registry._providers, {}
        registry.register(self.nowhere.provider)

    def teardown(self):
        try:
            self.in_the_end_every_cent_is_explained()
        finally:
            registry._providers = self.usual
            transaction.set_rollback(True)
            self.run.__exit__(None, None, None)

    def in_the_end_every_cent_is_explained(self):
        raise NotImplementedError

    @contextlib.contextmanager
    def whatever_happens(self):
        with contextlib.suppress(PaymentError, WrongState):
            yield


def hold(law, *, examples):
    run_state_machine_as_test(
        law,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
