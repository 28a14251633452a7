from tests.newsletters.conftest import server  # noqa: F401
from tests.payments.banks import nowhere  # noqa: F401
