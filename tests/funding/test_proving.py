"""The little sum: signed, for one gift, for an hour, for one use, and harder when it must be."""

from datetime import timedelta

import pytest

from tamizdat.funding import proving
from tamizdat.funding.models import UsedProof
from tamizdat.funding.proving import Proof
from tamizdat.payments import breaking
from tamizdat.payments.models.charge import new_reference
from tests.conftest import NOON
from tests.funding.working import answer_to
from tests.payments.test_breaking import answered

pytestmark = pytest.mark.django_db


@pytest.fixture
def reference():
    return new_reference()


def work(reference, *, now=NOON):
    asked = proving.ask(reference, now=now)
    return f"{asked}~{answer_to(asked)}"


def judge(proof, reference, *, now=NOON):
    return proving.judge(proof, reference=reference, now=now)


def test_work_that_was_done_is_good_once(reference):
    proof = work(reference)

    assert [judge(proof, reference), judge(proof, reference)] == [Proof.GOOD, Proof.STALE]


def test_none_is_none(reference):
    assert judge("", reference) is Proof.NONE


def test_it_is_for_one_gift(reference):
    assert judge(work(reference), new_reference()) is Proof.STALE


def test_after_an_hour_it_is_too_old(reference):
    proof = work(reference)

    late = NOON + proving.LIFETIME + timedelta(seconds=1)
    assert judge(proof, reference, now=late) is Proof.STALE


@pytest.mark.parametrize(
    "spoil",
    [
        lambda proof: proof[:-3] + "999",
        lambda proof: proof.replace(".256.", ".1.", 1),
        lambda proof: proof.split("~")[0],
        lambda proof: "~".join([proof, "1"]),
        lambda proof: "nonsense~1",
        lambda proof: proof.rpartition("~")[0] + "~" + "9" * 5000,
    ],
)
def test_what_was_altered_or_made_up_is_worth_nothing(reference, spoil):
    assert judge(spoil(work(reference)), reference) is Proof.STALE


def test_what_was_kept_from_easier_days_is_not_taken_when_it_is_hard(reference):
    proof = work(reference)
    answered(2, at=NOON + timedelta(minutes=1))
    assert breaking.hardness(now=NOON + timedelta(minutes=2)) == 1
    answered(4, at=NOON + timedelta(minutes=1))

    assert judge(proof, reference, now=NOON + timedelta(minutes=2)) is Proof.STALE


def test_one_step_behind_is_taken(reference):
    proof = work(reference)
    answered(2, at=NOON + timedelta(minutes=1))

    assert judge(proof, reference, now=NOON + timedelta(minutes=2)) is Proof.GOOD


def test_only_a_digest_is_kept_and_no_longer_than_it_matters(reference):
    proof = work(reference)
    judge(proof, reference)

    kept = UsedProof.objects.get()
    assert reference not in kept.digest
    assert proving.forget(now=NOON + proving.LIFETIME) == 0
    assert proving.forget(now=NOON + proving.LIFETIME + timedelta(seconds=1)) == 1
