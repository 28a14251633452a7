"""PayPal's manners over HTTP: tokens, keys that are remembered for six hours, errors with issues;
and the page on which a payer approves.
"""

import base64
import json
import re
import secrets

from flask import Flask, Response, redirect, request

from tests.payments import pages
from tests.payments.paypal_server import Says

KEY_LIFETIME_SECONDS = 6 * 3600
REFUND_KEY_LIFETIME_SECONDS = 45 * 24 * 3600
ID = re.compile(r"[2-9A-HJ-NP-Z]{17}")
REPLIES = {"POST orders": 201, "POST orders/ID/capture": 201, "POST captures/ID/refund": 201}


class Counter:
    """Answers calls, one at a time."""

    def __init__(self, server):
        self.server, self.asked = server, []  # each call: verb, path, words, headers
        self.lose_answer = 0  # of the n-th thing that is asked for from now on
        self.check = None  # (verb, path, words, headers, status, answer) -> complaints
        self._answers = {}

    def forget_keys(self):
        self._answers.clear()

    def answer(self, verb, path, words, headers):
        """Status and body of one call, from memory when the key was used before."""
        key = headers.get("PayPal-Request-Id", "")
        with self.server.lock:
            self.asked.append((verb, path, words, headers))
            try:
                if self.server.dial.strikes("break_before"):
                    raise Says(500, "INTERNAL_SERVICE_ERROR", "INTERNAL_SERVER_ERROR")
                status, body = self._remembered(path, key) or self._run(verb, path, words, key)
            except Says as no:
                status, body = no.status, said(no)
            if self.check:
                self.check(verb, path, words, headers, status, body)
            return status, body

    def loses(self, status):
        self.lose_answer -= 1
        is_lost = self.lose_answer == 0
        is_done = status in (200, 201, 204)
        return is_lost or (is_done and self.server.dial.strikes("break_after"))

    def _remembered(self, path, key):
        """What was made under a key, whatever is asked under it now."""
        is_refund = path.endswith("/refund")
        lifetime = REFUND_KEY_LIFETIME_SECONDS if is_refund else KEY_LIFETIME_SECONDS
        at, body = self._answers.get((_kind(path), key), (0, None))
        is_known = key and body and at > self.server.clock() - lifetime
        return (200, body) if is_known else None

    def _run(self, verb, path, words, key):
        made = self._route(verb, path, words)
        status = REPLIES.get(f"{verb} {_kind(path)}", 200 if made else 204)
        body = self.server.shown(made) if made else None
        if key:
            self._answers[_kind(path), key] = (self.server.clock(), body)
        return status, body

    def _route(self, verb, path, words):
        server, names = self.server, ID.findall(path)
        call = {
            "POST orders": lambda: server.create_order(**words),
            "GET orders/ID": lambda: server.order(*names),
            "PATCH orders/ID": lambda: server.patch_order(*names, words),
            "POST orders/ID/capture": lambda: server.capture_order(*names, **words),
            "GET captures/ID": lambda: server.shown_capture(*names),
            "POST captures/ID/refund": lambda: server.refund_capture(*names, **words),
            "GET payment-tokens/ID": lambda: server.kept_account(*names),
            "DELETE payment-tokens/ID": lambda: server.delete_account(*names),
            "GET webhooks": server.list_hooks,
            "GET transactions": lambda: server.transactions(**words),
            "GET disputes": lambda: server.list_disputes(**words),
            "GET disputes/ID": lambda: server.disputes[names[0]],
        }.get(f"{verb} {_kind(path)}")
        if not call:
            raise Says(404, "INVALID_RESOURCE_ID", "RESOURCE_NOT_FOUND")
        return call()


def _kind(path):
    return re.sub(r"^/v[123]/\w+/", "", ID.sub("ID", path))


def said(no):
    messages = {
        "RESOURCE_NOT_FOUND": "The specified resource does not exist.",
        "UNPROCESSABLE_ENTITY": "The requested action could not be performed, semantically "
        "incorrect, or failed business validation.",
    }
    return {
        "name": no.name,
        "message": messages.get(no.name, "No."),
        "details": [{"issue": no.issue}],
        "debug_id": "0",
    }


def make_app(counter, *, client_id, secret, certificate):
    server = counter.server
    app = Flask(__name__, static_folder=None)
    tokens = app.extensions["tokens"] = set()
    login = base64.b64encode(f"{client_id}:{secret}".encode()).decode()

    @app.post("/v1/oauth2/token")
    def token():
        if request.headers.get("Authorization") != f"Basic {login}":
            return {"error": "invalid_client"}, 401
        name = f"A21AA{secrets.token_hex(16)}"
        tokens.add(name)
        return {"access_token": name, "token_type": "Bearer", "expires_in": 32400}

    @app.get("/v1/notifications/certs/CERT-360caa42-fca2a594")
    def cert():
        return Response(certificate, content_type="application/x-pem-file")

    @app.route("/<any(v1, v2, v3):version>/<path:path>", methods=["GET", "POST", "PATCH", "DELETE"])
    def call(version, path):
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in tokens:
            return {"name": "AUTHENTICATION_FAILURE"}, 401
        words = request.get_json(silent=True) if request.data else request.args.to_dict() or None
        path = f"/{version}/{path}"
        status, body = counter.answer(request.method, path, words, request.headers)
        if request.method != "GET" and counter.loses(status):
            return Response(status=504)
        return Response(
            "" if body is None else json.dumps(body), status, content_type="application/json"
        )

    _add_pages(app, server)
    return app


def _add_pages(app, server):
    @app.route("/checkoutnow", methods=["GET", "POST"])
    def approve():
        order_id = request.args["token"]
        if request.method == "GET":
            return pages.for_number("To an account")
        try:
            is_done = server.approve(order_id, request.form.get("number", ""))
            back = server.order(order_id)["_back"]
        except Says:
            return {"error": "expired"}, 404
        onward = f"/checkoutnow/{order_id}/question"
        return redirect(f"{back}?token={order_id}" if is_done else onward, code=303)

    @app.route("/checkoutnow/<order_id>/question", methods=["GET", "POST"])
    def question(order_id):
        if request.method == "GET":
            return pages.for_question()
        if request.form["answer"] == "yes":
            server.agree(order_id)
        return redirect(server.orders[order_id]["_back"], code=303)
