"""PayPal's own descriptions of its interface: each call of ours and each answer of our PayPal is
held against them, and against the names of their fields: they allow any others, and we none.
"""

import json
from functools import cache

from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse

from tests.inputs import INPUTS

FOLDER = INPUTS / "payments/paypal-openapi"
FILES = {
    "/v2/checkout": "checkout_orders_v2",
    "/v2/payments": "payments_payment_v2",
    "/v1/notifications": "notifications_webhooks_v1",
}
HOST = "https://api-m.sandbox.paypal.com"
# Said by PayPal when an order to be authorised is captured, and described for the opposite alone.
NOT_DESCRIBED = ["ACTION_DOES_NOT_MATCH_INTENT"]


class Strange(AssertionError):
    """A call or an answer that PayPal does not describe."""


def descriptions():
    """The check of a call, or None where there are no descriptions."""
    return check if FOLDER.exists() else None


def check(verb, path, words, headers, status, answer):
    name = next((file for head, file in FILES.items() if path.startswith(head)), "")
    if not name:
        return
    spec, api = _described(name)
    request = MockRequest(
        HOST, verb.lower(), path, headers=dict(headers), data=_bytes(words), args={},
        content_type="application/json",
    )  # fmt: skip
    operation = _operation(spec, verb, path)
    _complain(lambda: api.validate_request(request))
    body = operation.get("requestBody") or {}
    _known(spec, _schema(spec, body), words, "request")
    if not (status == 422 and answer["details"][0]["issue"] in NOT_DESCRIBED):
        response = MockResponse(_bytes(answer), status, content_type="application/json")
        _complain(lambda: api.validate_response(request, response))
    told = operation["responses"].get(str(status), operation["responses"]["default"])
    _known(spec, _schema(spec, told), answer, "answer")


@cache
def _described(name):
    spec = json.loads((FOLDER / f"{name}.json").read_text())
    for operations in spec["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict):
                operation.pop("security", None)
    return spec, OpenAPI.from_dict(spec)


def _operation(spec, verb, path):
    parts = path.split("/")
    for pattern, operations in spec["paths"].items():
        wanted = pattern.split("/")
        fits = len(wanted) == len(parts) and all(
            want.startswith("{") or want == part for want, part in zip(wanted, parts, strict=True)
        )
        if fits and verb.lower() in operations:
            return operations[verb.lower()]
    raise Strange(f"{verb} {path} is not described")


def _complain(validate):
    try:
        validate()
    except OpenAPIError as error:
        raise Strange(_errors(error)) from None  # the whole says all of the call, thrice


def _errors(error):
    told = [each.message[:200] for each in getattr(error.__cause__, "schema_errors", [])]
    return told or str(error)[:400]


def _bytes(words):
    return b"" if words is None else json.dumps(words).encode()


def _schema(spec, told):
    told = _resolved(spec, told)
    return told.get("content", {}).get("application/json", {}).get("schema", {})


def _resolved(spec, thing):
    while "$ref" in thing:
        place = spec
        for part in thing["$ref"].removeprefix("#/").split("/"):
            place = place[part]
        thing = place
    return thing


def _known(spec, schema, value, where):
    """Every field of `value` is one that `schema` names."""
    schema = _resolved(spec, schema)
    if isinstance(value, list):
        for each in value:
            _known(spec, schema.get("items", {}), each, where)
    elif isinstance(value, dict) and (fields := _fields(spec, schema)):
        for name, inner in value.items():
            if name not in fields:
                raise Strange(f"{where}: {name} is not described")
            _known(spec, fields[name], inner, f"{where}.{name}")


def _fields(spec, schema):
    schema = _resolved(spec, schema)
    fields = dict(schema.get("properties", {}))
    for way in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(way, []):
            fields = _fields(spec, part) | fields
    return fields
