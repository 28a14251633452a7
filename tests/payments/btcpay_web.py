"""A BTCPay server's manners over HTTP: the calls of its Greenfield API that we make."""

from decimal import Decimal

from flask import Flask, Response, request

from tests.payments.btcpay_server import Says, _shown

API = "/api/v1"


class Calls:
    """Each call of the API that we make, by name."""

    def __init__(self, server):
        self.server = server

    def create(self):
        with self.server.lock:
            return _invoice(self.server.create(**request.json))

    def listed(self):
        words = request.args
        found = self.server.listed(
            order_ids=words.getlist("orderId"),
            start=words.get("startDate", type=int),
            end=words.get("endDate", type=int),
            skip=words.get("skip", 0, type=int),
            take=words.get("take", 50, type=int),
        )
        if words.get("includePaymentMethods") != "true":
            return [_invoice(each) for each in found]
        return [_invoice(each) | {"paymentMethods": _ways(self.server, each)} for each in found]

    def one(self, invoice_id):
        return _invoice(self.server.get(invoice_id))

    def ways(self, invoice_id):
        return _ways(self.server, self.server.get(invoice_id))

    def mark(self, invoice_id):
        with self.server.lock:
            return _invoice(self.server.mark(invoice_id, request.json["status"]))

    def refund(self, invoice_id):
        words = request.json
        names = {"amount": words["customAmount"], "currency": words["customCurrency"]}
        return self.server.promise(invoice_id, name=words["name"], **names)

    def promises(self):
        return list(self.server.promises.values())

    def payouts(self):
        return list(self.server.payouts.values())

    def hooks(self):
        return self.server.hooks


ROUTES = [
    ("POST", "/stores/{store}/invoices", "create"),
    ("GET", "/stores/{store}/invoices", "listed"),
    ("GET", "/invoices/<invoice_id>", "one"),
    ("GET", "/invoices/<invoice_id>/payment-methods", "ways"),
    ("POST", "/invoices/<invoice_id>/status", "mark"),
    ("POST", "/invoices/<invoice_id>/refund", "refund"),
    ("GET", "/stores/{store}/pull-payments", "promises"),
    ("GET", "/stores/{store}/payouts", "payouts"),
    ("GET", "/stores/{store}/webhooks", "hooks"),
]


def make_app(server, *, key):
    app, calls = Flask(__name__, static_folder=None), Calls(server)
    for verb, rule, name in ROUTES:
        path = API + rule.format(store=server.store)
        app.add_url_rule(path, f"{verb}_{name}", getattr(calls, name), methods=[verb])

    @app.before_request
    def look():
        if request.headers.get("Authorization") != f"token {key}":
            return {"code": "unauthenticated", "message": "Authentication is required"}, 401
        if server.dial.strikes("break_before"):
            return Response(status=500)
        server.watch()
        return None

    @app.after_request
    def lose(answer):
        is_done = request.method == "POST" and answer.status_code == 200
        return Response(status=504) if is_done and server.dial.strikes("break_after") else answer

    @app.errorhandler(Says)
    def refuse(says):
        if says.status == 400:
            return [{"path": "", "message": "refused"}], 400
        return Response(status=says.status)

    return app


def _invoice(invoice):
    return {name: value for name, value in invoice.items() if not name.startswith("_")}


def _ways(server, invoice):
    if not server.has_wallet:
        return []
    paid = sum((c["value"] for c in invoice["_coins"] if c["status"] != "Invalid"), Decimal())
    price = server.price(invoice["id"])
    return [
        {
            "paymentMethodId": "BTC-CHAIN",
            "currency": "BTC",
            "destination": invoice["_address"],
            "paymentLink": f"bitcoin:{invoice['_address']}",
            "rate": f"{server.rate:f}",
            "paymentMethodPaid": f"{paid:f}",
            "totalPaid": f"{paid:f}",
            "due": f"{price - paid:f}",
            "amount": f"{price:f}",
            "paymentMethodFee": "0",
            "payments": [_shown(c) for c in invoice["_coins"] if c["status"] != "Invalid"],
            "activated": True,
            "additionalData": {},
        }
    ]
