import pytest

from tests.newsletters import mail_server


@pytest.fixture
def server(settings):
    """A real mail server, and the newsroom that sends through it."""
    with mail_server.running() as running:
        settings.EMAIL_BACKEND = "tamizdat.outlet.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_USE_TLS = False
        settings.DEFAULT_FROM_EMAIL = "The Lantern <readers@lantern.example>"
        yield running
