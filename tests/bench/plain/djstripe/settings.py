"""As its manual proposes, and no more: what it is measured with should not slow it down."""

import os

import stripe

SECRET_KEY = "a benchmark"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "tests.bench.plain.djstripe.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "djstripe"]
MIDDLEWARE: list[str] = []
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["BENCH_DATABASE"],
        "HOST": os.environ["BENCH_DATABASE_HOST"],
        "USER": os.environ["BENCH_DATABASE_USER"],
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
STRIPE_LIVE_MODE = False
STRIPE_TEST_SECRET_KEY = "sk_test_" + "0" * 24
DJSTRIPE_FOREIGN_KEY_TO_FIELD = "id"
stripe.api_base = os.environ["BENCH_STRIPE"]
LOGGING_CONFIG = None
