"""The bank over HTTP: an interface for the newsroom, a few pages for the reader."""

import hmac
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, current_app, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from tamizdat.demo.bank import wallet
from tamizdat.demo.bank.bank import Bank
from tamizdat.demo.bank.clerk import Payment, Refused
from tamizdat.demo.bank.office import office
from tamizdat.demo.bank.wording import speak
from tamizdat.lib.money import Money

STATUS = {"unknown_payment": 404}  # any other refusal is a conflict: 409
SLOW_SECONDS = 20.0
MONEY_MOVES = ("api.confirm", "api.charge", "api.refund")
api = Blueprint("api", __name__, url_prefix="/v1")
pages = Blueprint("pages", __name__)


def make_app(bank: Bank, *, secret: str, wait: Callable[[float], None] = time.sleep) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.config.update(BANK=bank, SECRET=secret, WAIT=wait, MAX_CONTENT_LENGTH=64 * 1024)
    app.register_blueprint(api)
    app.register_blueprint(pages)
    app.register_blueprint(office)
    app.register_error_handler(Refused, _refuse)
    return app


def _bank() -> Bank:
    bank: Bank = current_app.config["BANK"]
    return bank


def _refuse(refused: Refused) -> tuple[Any, int]:
    status = STATUS.get(str(refused), 409)
    if request.blueprint == "pages":
        return render_template("lost.html", words=speak(""), language="en"), status
    return {"error": str(refused)}, status


# --- the newsroom's side


@api.before_request
def _check_secret() -> None:
    good = f"Bearer {current_app.config['SECRET']}"
    if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), good.encode()):
        abort(401)


@api.before_request
def _break_before() -> None:
    if request.endpoint != "api.faults" and _bank().dial.strikes("break_before"):
        abort(500)


@api.after_request
def _break_after(response: Response) -> Response:
    """What was asked is done, and the asker never learns of it."""
    if request.endpoint != "api.faults" and _bank().dial.strikes("slow"):
        current_app.config["WAIT"](SLOW_SECONDS)
    moved = request.endpoint in MONEY_MOVES and response.status_code == 200
    if moved and _bank().dial.strikes("break_after"):
        return Response(status=504)
    return response


def _key() -> str:
    return request.headers.get("Idempotency-Key") or abort(400)


def _json(payment: Payment) -> dict[str, Any]:
    names = (
        "id",
        "key",
        "state",
        "amount",
        "currency",
        "fee",
        "token",
        "country",
        "reason",
        "refunded",
        "refunds",
        "disputes",
        "card",
        "risk",
    )
    told = {name: payment[name] for name in names}
    url = f"{request.url_root}pay/{payment['id']}"
    return told | {"is_hard": bool(payment["is_hard"]), "url": url}


@api.post("/payments")
def open_payment() -> dict[str, Any]:
    asked = request.get_json()
    page = {name: asked["page"][name] for name in ("return_url", "language", "keep")}
    amount, currency = int(asked["amount"]), str(asked["currency"])
    return _json(_bank().open(key=_key(), amount=amount, currency=currency, page=page))


@api.get("/payments")
def find_payment() -> Any:
    payment = _bank().find(payment_id=request.args.get("id", ""), key=request.args.get("key", ""))
    return _json(payment) if payment else ({"error": "unknown_payment"}, 404)


@api.post("/payments/<payment_id>/confirm")
def confirm(payment_id: str) -> dict[str, Any]:
    return _json(_bank().confirm(payment_id))


@api.post("/charges")
def charge() -> dict[str, Any]:
    asked = request.get_json()
    names = ("amount", "currency", "token")
    return _json(_bank().charge(key=_key(), **{name: asked[name] for name in names}))


@api.get("/tokens")
def find_token() -> Any:
    kept = _bank().kept(request.args["token"])
    return kept or ({"error": "unknown_token"}, 404)


@api.delete("/tokens")
def forget_token() -> dict[str, Any]:
    _bank().forget(request.args["token"])
    return {}


@api.post("/cancellations")
def cancel() -> Any:
    payment = _bank().cancel(_key())
    return _json(payment) if payment else ({"error": "unknown_payment"}, 404)


@api.post("/refunds")
def refund() -> dict[str, Any]:
    asked = request.get_json()
    return _bank().refund(key=_key(), payment_id=asked["payment"], amount=int(asked["amount"]))


@api.get("/refunds")
def find_refund() -> Any:
    found = _bank().find_refund(key=request.args["key"], payment_id=request.args["payment"])
    return found or ({"error": "unknown_refund"}, 404)


@api.get("/account")
def account_lines() -> dict[str, Any]:
    """What changed the newsroom's account: `since` and `until` in seconds."""
    span = {name: float(request.args[name]) for name in ("since", "until")}
    return {"lines": _bank().lines(**span)}


@api.post("/faults")
def faults() -> dict[str, Any]:
    """Turn the dial: {"break_after": 1, "lose": 2, …}; see dial.py."""
    _bank().dial.turn(**request.get_json())
    return vars(_bank().dial)


# --- the reader's side


def _page(name: str, payment: Payment, *, status: int = 200, problem: str = "") -> AnyResponse:
    language = payment["language"][:2]
    total = Money(payment["amount"], payment["currency"]).format(language or "en")
    words = {key: text.replace("{sum}", total) for key, text in speak(language).items()}
    return Response(
        render_template(
            name,
            payment=payment,
            words=words,
            sum=total,
            problem=problem,
            language=language,
            direction="rtl" if language == "fa" else "ltr",
            holders=wallet.HOLDERS,
        ),
        status=status,
    )


@pages.after_request
def _guard(response: Response) -> Response:
    # A form may lead on to the newsroom: browsers ask this policy about redirects too.
    payment = _bank().find(payment_id=(request.view_args or {}).get("payment_id", ""))
    parts = urlsplit(payment["return_url"] if payment else "")
    back = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'self'; form-action 'self' {back}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def _onward(payment: Payment) -> AnyResponse:
    return redirect(payment["return_url"], code=303)


def _waiting(payment_id: str) -> Payment:
    payment = _bank().find(payment_id=payment_id)
    if not payment or not payment["return_url"]:
        raise Refused("unknown_payment")
    return payment


def _each(payment_id: str, show: Callable[[Payment], AnyResponse]) -> AnyResponse:
    payment = _waiting(payment_id)
    return show(payment) if payment["state"] == "waiting" else _onward(payment)


@pages.get("/pay/<payment_id>")
def choice(payment_id: str) -> AnyResponse:
    return _each(payment_id, lambda payment: _page("choice.html", payment))


@pages.post("/pay/<payment_id>")
def choose(payment_id: str) -> AnyResponse:
    payment = _waiting(payment_id)
    if request.form.get("leave"):
        return _onward(_bank().leave(payment_id))
    try:
        payment = _bank().choose(payment_id, request.form.get("number", ""))
    except Refused:
        return _page("choice.html", payment, status=422, problem=request.form.get("number", ""))
    if payment["state"] == "waiting":
        return redirect(f"/pay/{payment_id}/question", code=303)
    return _onward(payment)


@pages.get("/pay/<payment_id>/question")
def question(payment_id: str) -> AnyResponse:
    return _each(payment_id, lambda payment: _page("question.html", payment))


@pages.post("/pay/<payment_id>/question")
def answer(payment_id: str) -> AnyResponse:
    _waiting(payment_id)
    return _onward(_bank().answer(payment_id, approved=request.form.get("answer") == "yes"))


@pages.get("/bank.css")
def style() -> Response:
    return Response(render_template("bank.css"), mimetype="text/css")


@pages.get("/")
def hall() -> str:
    return render_template("lost.html", words=speak(""), language="en")
