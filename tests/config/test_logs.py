"""What the console is told of a request that goes wrong."""

import io
import logging

import pytest

READER = "verena@example.org"


@pytest.fixture
def console():
    """What an operator reads there."""
    (handler,) = (h for h in logging.getLogger("django").handlers if h.name == "console")
    out = io.StringIO()
    usual = handler.setStream(out)
    yield out.getvalue
    handler.setStream(usual)


@pytest.fixture
def client(client):
    client.raise_request_exception = False
    return client


def test_a_strange_host_is_not_written_down(client, console):
    assert client.get(f"/checkout/?address={READER}", HTTP_HOST=READER).status_code == 400

    assert console() == "ERROR django.security.DisallowedHost: 400 at view (none)\n"


def test_a_body_that_makes_no_sense_is_not_quoted(client, console):
    broken = f"multipart/form-data; boundary={READER}{'x' * 250}"
    assert client.post("/remind/", READER, content_type=broken).status_code == 400

    assert console() == "WARNING django.request: 400 at view appeals:remind\n"


@pytest.mark.django_db
def test_where_we_broke_is_written_down_and_not_what_was_said_of_it(client, console):
    assert client.get(f"/remind/?address={READER}").status_code == 500  # a paper without a name

    assert "500 at view appeals:remind" in console()
    assert "tamizdat/appeals/views.py" in console()
    assert console().endswith("DoesNotExist\n")
    assert "matching query" not in console()
    assert READER not in console()
