"""Every call to a BTCPay server, and every answer of ours in its place, held against the OpenAPI
description that BTCPay publishes. Without it (`TAMIZDAT_INPUTS`) nothing is held against anything.
"""

import json
from functools import cache

import httpx
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse

from tests.inputs import INPUTS, needs

FOLDER = INPUTS / "payments/btcpay-greenfield"
needs_description = needs(FOLDER)
PARTS = ("invoices", "pull-payments", "webhooks")
HOST = "http://btcpay.test"
# Named in these parts of the description and described in another, which is not among them.
_TEXT, _NUMBER = {"type": "string"}, {"type": "number"}
MISSING = {
    "StoreId": _TEXT,
    "InvoiceId": _TEXT,
    "PaymentMethodId": _TEXT,
    "PayoutMethodId": _TEXT,
    "UnixTimestamp": _NUMBER,
    "TimeSpanMinutes": _NUMBER,
    "SpeedPolicy": {
        "type": "string",
        "enum": ["HighSpeed", "MediumSpeed", "LowMediumSpeed", "LowSpeed"],
    },
    "ProblemDetails": {"type": "object"},
    "ValidationProblemDetails": {"type": "array", "items": {"type": "object"}},
}
IN_PATHS = ("StoreId", "InvoiceId", "PaymentMethodId")


@cache
def description():
    """The parts as one, each composed object written out.

    They say `additionalProperties: false` inside `allOf`, by which each half of an object would
    forbid the other; here the whole is closed instead.
    """
    parts = [json.loads((FOLDER / f"swagger.template.{name}.json").read_text()) for name in PARTS]
    whole = {"openapi": "3.0.3", "info": {"title": "BTCPay", "version": "1"}, "paths": {}}
    schemas, parameters = dict(MISSING), {name: _in_path(name) for name in IN_PATHS}
    for part in parts:
        whole["paths"] |= part["paths"]
        schemas |= part["components"]["schemas"]
        parameters |= part["components"].get("parameters", {})
    key = {"type": "apiKey", "in": "header", "name": "Authorization"}
    basic = {"type": "http", "scheme": "basic"}
    whole["components"] = {
        "schemas": {name: _written_out(one, schemas) for name, one in schemas.items()},
        "parameters": parameters,
        "securitySchemes": {"API_Key": key, "Basic": basic},
    }
    whole["paths"] = _written_out(whole["paths"], schemas)
    for path in whole["paths"].values():
        for operation in path.values():
            # "API_Key" and "Basic" are meant as either, and written as both.
            if isinstance(operation, dict) and "security" in operation:
                operation["security"] = [{"API_Key": []}]
    return whole


def _in_path(name):
    words = {"name": name[0].lower() + name[1:], "in": "path", "required": True}
    return words | {"schema": _TEXT}


def _written_out(node, schemas):
    if isinstance(node, list):
        return [_written_out(each, schemas) for each in node]
    if not isinstance(node, dict):
        return node
    if "allOf" not in node:
        return {name: _written_out(each, schemas) for name, each in node.items()}
    merged = {name: each for name, each in node.items() if name != "allOf"}
    for member in node["allOf"]:
        while "$ref" in member:
            member = schemas[member["$ref"].rpartition("/")[2]]
        member = _written_out(member, schemas)
        properties = merged.get("properties", {}) | member.get("properties", {})
        merged = member | merged | ({"properties": properties} if properties else {})
    return _written_out(merged, schemas)


@cache
def _openapi():
    return OpenAPI.from_dict(description())


class Checked(httpx.BaseTransport):
    """Hands on what the description allows, and raises AssertionError at all else."""

    def __init__(self, inner):
        self.inner, self.seen = inner, []  # each call: verb, path as described, query names, body

    def handle_request(self, request):
        asked = MockRequest(
            HOST,
            request.method.lower(),
            request.url.path,
            args=dict(request.url.params),
            headers=dict(request.headers),
            data=request.content or None,
        )
        try:
            _openapi().validate_request(asked)
            self._look(request, asked)
        except Exception as error:  # whatever it is, it must not pass for a lost connection
            raise AssertionError(f"{request.method} {request.url.path}: {_why(error)}") from error
        answer = self.inner.handle_request(request)
        answer.read()
        if answer.status_code < 500 and answer.status_code != 401:  # which few calls describe
            told = MockResponse(answer.content, status_code=answer.status_code)
            try:
                _openapi().validate_response(asked, told)
            except Exception as error:
                why = f"{answer.status_code} to {request.url.path}: {_why(error)}"
                raise AssertionError(why) from error
        return answer

    def _look(self, request, asked):
        found = next(
            (template, path[request.method.lower()])
            for template, path in description()["paths"].items()
            if request.method.lower() in path and _fits(template, request.url.path)
        )
        allowed = {one.get("name") for one in found[1].get("parameters", [])}
        strange = set(request.url.params) - allowed
        assert not strange, f"unknown in the query: {strange}"
        body = json.loads(request.content) if request.content else None
        self.seen.append((request.method, found[0], body))


def checked(transport):
    return Checked(transport) if FOLDER.exists() else transport


def _fits(template, path):
    ours, theirs = path.strip("/").split("/"), template.strip("/").split("/")
    pairs = zip(ours, theirs, strict=False)
    return len(ours) == len(theirs) and all(a == b or b.startswith("{") for a, b in pairs)


def _why(error):
    cause = error.__cause__ or error
    return getattr(cause, "schema_errors", None) or cause
