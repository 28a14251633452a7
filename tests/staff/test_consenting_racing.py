"""Two who take one export at once: one of them does."""

import pyrage
import pytest

from tamizdat.payments.errors import WrongState
from tamizdat.staff import consenting
from tamizdat.staff.consenting import NoConsent
from tamizdat.staff.models import User
from tests.conftest import NOON
from tests.racing import race

KEY = str(pyrage.x25519.Identity.generate().to_public())


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_at_once_one_does():
    ana, beso = (User.objects.create_user(name) for name in ("ana", "beso"))
    asked = consenting.ask(reason="moving", recipient=KEY, by=ana, now=NOON)
    consenting.approve(asked.pk, by=beso, now=NOON)

    def take():
        try:
            consenting.take(asked.pk, recipient=KEY, now=NOON)
        except NoConsent as late:
            raise WrongState from late

    assert sorted(type(end).__name__ for end in race([take, take])) == ["NoneType", "WrongState"]
