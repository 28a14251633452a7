"""The newsroom's server, with Stripe on this machine."""

import os

from tamizdat.config.wsgi import application
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.stripe import Stripe
from tests.bench.fund.events import SECRET

__all__ = ["application"]
registry.register(Stripe("sk_test_bench", SECRET, address=os.environ["BENCH_STRIPE"]))
