"""A BTCPay server at a port, with a page on which a reader pays by pressing a button."""

import contextlib
from collections.abc import Iterator

from flask import Flask, redirect, request

from tests.payments.btcpay_nowhere import HOOK_SECRET, KEY
from tests.payments.btcpay_server import BTCPayServer
from tests.payments.btcpay_web import make_app
from tests.payments.sockets import a_socket

PAGE = """<!doctype html><html lang="en"><title>To pay</title>
<link rel="icon" href="data:,"><h1>To pay: {amount} {currency}</h1>
<form method="post"><button name="part" value="1">Send the coins</button>
<button name="part" value="0">Go back</button></form></html>"""


def _with_pages(server: BTCPayServer) -> Flask:
    app = make_app(server, key=KEY)
    calls = app.before_request_funcs.pop(None)  # its pages are for anybody

    @app.before_request
    def look() -> object:
        return next(filter(None, (call() for call in calls)), None) if _is_call() else None

    @app.route("/i/<name>", methods=["GET", "POST"])
    def page(name: str) -> object:
        invoice = server.get(name)
        if request.method == "GET":
            return PAGE.format(**invoice)
        if request.form["part"] == "1":
            server.send(name)
        return redirect(invoice["checkout"]["redirectURL"], code=303)

    return app


def _is_call() -> bool:
    return request.path.startswith("/api/")


@contextlib.contextmanager
def at_a_port() -> Iterator[dict[str, str]]:
    """The settings of a newsroom that takes coins there."""
    server = BTCPayServer()
    with a_socket(_with_pages(server)) as address:
        yield {
            "TAMIZDAT_BTCPAY_ENABLED": "on",
            "TAMIZDAT_BTCPAY_ADDRESS": address,
            "TAMIZDAT_BTCPAY_STORE": server.store,
            "TAMIZDAT_BTCPAY_CURRENCIES": "EUR USD",
            "TAMIZDAT_BTCPAY_KEY": KEY,
            "TAMIZDAT_BTCPAY_HOOK_SECRET": HOOK_SECRET,
        }
