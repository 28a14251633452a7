"""The bank's back office: what others do to money that was taken, and what shall go wrong next.

In English, for whoever tries the newsroom out. Open to all who reach it: the money is pretend.
"""

from collections.abc import Callable
from dataclasses import fields

from flask import Blueprint, Response, current_app, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from tamizdat.demo.bank.bank import Bank
from tamizdat.demo.bank.clerk import Refused
from tamizdat.demo.bank.dial import Dial
from tamizdat.demo.bank.wording import speak
from tamizdat.lib.money import Money

MOST_SHOWN = 50
office = Blueprint("office", __name__, url_prefix="/office")


def _bank() -> Bank:
    bank: Bank = current_app.config["BANK"]
    return bank


@office.after_request
def _guard(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@office.get("/")
def show() -> str:
    return _page()


@office.post("/")
def act() -> AnyResponse:
    """What the pressed button says, of the payment, dispute, token or currency beside it."""
    about, word = request.form.get("about", ""), request.form.get("do", "")
    try:
        _acts()[word](about)
    except KeyError:
        return Response(_page("no_such_thing"), status=422)
    except (Refused, ValueError) as no:
        return Response(_page(str(no)), status=422)
    return redirect("/office/", code=303)


def _acts() -> dict[str, Callable[[str], object]]:
    bank = _bank()
    return {
        "refund": lambda payment: bank.refund_by_hand(payment, _typed("amount")),
        "fail refund": bank.fail_refund,
        "dispute": bank.dispute,
        "win": lambda dispute: bank.decide(dispute, won=True),
        "lose": lambda dispute: bank.decide(dispute, won=False),
        "make certain": bank.settle,
        "expire": bank.expire,
        "renew": bank.renew,
        "pay out": bank.pay_out,
        "tell fees": lambda _: bank.tell_fees(),
        "turn": lambda _: bank.dial.turn(**{name: _typed(name) for name in _dials()}),
    }


def _typed(name: str) -> int:
    return int(request.form.get(name) or 0)


def _dials() -> list[str]:
    """Those that are numbers or flags."""
    return [field.name for field in fields(Dial) if field.type in (int, bool)]


def _page(problem: str = "") -> str:
    bank = _bank()
    return render_template(
        "office.html",
        payments=bank.payments()[: -MOST_SHOWN - 1 : -1],
        held=[Money(minor, currency) for currency, minor in bank.held()],
        dials={name: int(getattr(bank.dial, name)) for name in _dials()},
        money=lambda minor, currency: Money(minor, currency).in_full("en"),
        problem=problem,
        words=speak(""),
        language="en",
    )
