from tests.payments.banks import nowhere  # noqa: F401
