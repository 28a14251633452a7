"""Stripe's manners over HTTP: keys remembered for a day, errors and all; every parameter held
against the types of its SDK; and the pages on which a reader enters a card.
"""

import json
import re

from flask import Flask, Response, redirect, request

from tests.payments import pages
from tests.payments.stripe_params import nested, unknown
from tests.payments.stripe_server import Says

KEY_LIFETIME_SECONDS = 24 * 3600
ID = re.compile(r"(cs|cus|pi|pm|re)_[a-z0-9_]+|[A-Z]{2}")


class Counter:
    """Answers calls, one at a time."""

    def __init__(self, server):
        self.server, self.asked = server, []  # each call: verb, path, parameters
        self.remembers_breaking = 0  # does it, answers 500, and 500 for as long as it knows the key
        self.lose_answer = 0  # of the n-th thing that is asked for from now on
        self.busy = set()  # keys that are being answered
        self._answers = {}

    def forget_keys(self):
        self._answers.clear()

    def answer(self, verb, path, form, *, key):
        """Status and body of one call, from memory when the key was used before."""
        with self.server.lock:
            asked = nested(form)
            self.asked.append((verb, path, asked))
            expand = list(asked.pop("expand", {}).values())
            question = json.dumps([verb, path, asked, expand], sort_keys=True)
            known = self._answers.get(key) if key else None
            if known and known[0] <= self.server.clock() - KEY_LIFETIME_SECONDS:
                known = None
            try:
                if key in self.busy:
                    raise Says(409, type="idempotency_error", code="idempotency_key_in_use")
                if known and known[1] != question:
                    raise Says(400, type="idempotency_error")
                if known:
                    return known[2], known[3], True
                self._check(verb, path, asked)
            except Says as no:
                return no.status, {"error": no.error}, False
            status, body = self._run(verb, path, asked, expand)
            if key:
                self._answers[key] = (self.server.clock(), question, status, body)
            return status, body, False

    def loses(self, status):
        self.lose_answer -= 1
        is_lost = self.lose_answer == 0
        return is_lost or (status == 200 and self.server.dial.strikes("break_after"))

    def _check(self, verb, path, asked):
        if self.server.dial.strikes("break_before"):
            raise Says(500, type="api_error")
        kind = _kind(path)
        if strange := unknown(verb, kind, asked):
            raise Says(400, code="parameter_unknown", param=strange[0])

    def _run(self, verb, path, asked, expand):
        try:
            done = self._route(verb, path, asked)
            if self.remembers_breaking and verb == "POST":
                self.remembers_breaking -= 1
                raise Says(500, type="api_error")
            return 200, self.server.shown(done, expand)
        except Says as no:
            return no.status, {"error": no.error}

    def _route(self, verb, path, asked):
        calls = {
            "POST checkout/sessions": self.server.create_session,
            "POST checkout/sessions/ID": self.server.update_session,
            "POST checkout/sessions/ID/expire": self.server.expire_session,
            "GET checkout/sessions/ID": self.server.page,
            "POST customers": self.server.create_customer,
            "DELETE customers/ID": self.server.delete_customer,
            "GET customers/ID/payment_methods": self.server.list_cards,
            "POST payment_methods/ID/detach": self.server.detach,
            "GET payment_methods/ID": self.server.get,
            "GET subscriptions": self.server.list_subscriptions,
            "POST payment_methods/ID/attach": self.server.attach,
            "POST payment_intents": self.server.create_intent,
            "GET payment_intents/ID": self.server.get,
            "POST payment_intents/ID/confirm": self.server.confirm_intent,
            "POST payment_intents/ID/capture": self.server.capture_intent,
            "POST payment_intents/ID/cancel": self.server.cancel_intent,
            "POST refunds": self.server.create_refund,
            "GET refunds": self.server.list_refunds,
            "GET disputes": self.server.list_disputes,
            "GET balance_transactions": self.server.list_moved,
            "GET account": self.server.account,
            "GET webhook_endpoints": self.server.hooks,
            "GET country_specs/ID": self.server.country_spec,
        }
        call = calls.get(f"{verb} {_kind(path)}")
        if not call:
            raise Says(404, message=f"Unrecognized request URL ({verb}: {path})")
        return call(*_ids(path), **asked)


def _ids(path):
    return [part for part in path.split("/") if ID.fullmatch(part)]


def _kind(path):
    return "/".join("ID" if ID.fullmatch(part) else part for part in path.split("/"))


def make_app(counter, *, key):
    server = counter.server
    app = Flask(__name__, static_folder=None)

    @app.route("/v1/<path:path>", methods=["GET", "POST", "DELETE"])
    def call(path):
        if request.headers.get("Authorization") != f"Bearer {key}":
            return {"error": {"type": "invalid_request_error", "message": "Invalid API Key"}}, 401
        words = request.form if request.method == "POST" else request.args
        name = request.headers.get("Idempotency-Key", "") if request.method == "POST" else ""
        status, body, is_replay = counter.answer(request.method, path, words.to_dict(), key=name)
        if request.method == "POST" and counter.loses(status):
            return Response(status=504)
        headers = {"Idempotent-Replayed": "true"} if is_replay else {}
        return body, status, headers

    _add_pages(app, server)
    return app


def _add_pages(app, server):
    @app.route("/c/pay/<session_id>", methods=["GET", "POST"])
    def pay(session_id):
        if request.method == "GET":
            return pages.for_number("To a card")
        if request.form.get("leave"):
            return redirect(server.things[session_id]["success_url"], code=303)
        setup = server.fill_in(session_id, request.form["number"])
        onward = f"/c/pay/{session_id}/question"
        done = setup["status"] == "succeeded"
        return redirect(server.things[session_id]["success_url"] if done else onward, code=303)

    @app.route("/c/pay/<session_id>/question", methods=["GET", "POST"])
    def question(session_id):
        if request.method == "GET":
            return pages.for_question()
        if request.form["answer"] == "yes":
            server.agree(session_id)
        return redirect(server.things[session_id]["success_url"], code=303)
