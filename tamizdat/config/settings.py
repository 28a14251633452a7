"""The one settings file. What an operator may set is read through `env`, and nowhere else."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from tamizdat.lib.env import Env
from tamizdat.lib.languages import language_name
from tamizdat.payments.providers import rates

HOME = Path(os.environ.get("TAMIZDAT_HOME", ".")).resolve()
env = Env.load(HOME)

DEBUG = False
SECRET_KEY = env.secret("keys.django", default_file="secrets/django.key")
VAULT_KEY = env.secret("keys.vault", default_file="secrets/vault.key")
INDEX_KEY = env.secret("keys.index", default_file="secrets/index.key")
RELEASE_KEY_FILE = env.path("keys.release_file", default="secrets/release.key")

# Zones: docs/adr/0001. "all" is the embedded default, one process for everything.
ZONES = ("all", "site", "give", "desk")
ZONE = env.choice("zone", of=ZONES, default="all")
SITE_ADDRESS = env.address("site.address", default="http://localhost:8000")
GIVE_ADDRESS = env.address("give.address", default="")  # empty: beside the site, same host
ASKS_ON = env.addresses("site.asks_on")  # our other sites, whose pages ask with our script
DESK_ADDRESS = env.address("desk.address", default="") or SITE_ADDRESS
ALLOWED_HOSTS = env.words("hosts", default=["localhost", "127.0.0.1", "[::1]"])
ALLOWED_HOSTS += [
    h for a in (SITE_ADDRESS, GIVE_ADDRESS, DESK_ADDRESS) if (h := urlsplit(a).hostname)
]

INSTALLED_APPS = [
    "tamizdat.config",
    "tamizdat.demo",
    "tamizdat.newsletters",
    "tamizdat.theme",
    "tamizdat.figures",
    "tamizdat.stories",
    "tamizdat.editions",
    "tamizdat.appeals",
    "tamizdat.funding",
    "tamizdat.payments",
    "tamizdat.ledger",
    "tamizdat.staff",
    "tamizdat.outlet",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.locales",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.embeds",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

# LocaleMiddleware takes the language from the path; nothing here sets a cookie for a reader.
_FOR_EVERYONE = [
    "django.middleware.security.SecurityMiddleware",
    # Plain, the checkout page is 12 kilobytes, and some networks cut it off. (Its length is blurred
    # so that nobody guesses what it holds from how well it was compressed.)
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
]
_FOR_STAFF = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tamizdat.config.answering.BakeWhatChanged",
]
MIDDLEWARE = _FOR_EVERYONE + ([] if ZONE == "give" else _FOR_STAFF)
ROOT_URLCONF = "tamizdat.config.urls"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
    {  # what readers see: compiled, since it is most of the work of baking
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "tamizdat.theme.jinja.environment"},
    },
]

DATABASES = {"default": env.database("database.url", sqlite=HOME / "db.sqlite3")}
TASKS = {"default": {"BACKEND": "tamizdat.staff.errands.Errands"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Who we are, in which languages; the first is the one without a prefix in its addresses.
LANGUAGES = [(code, language_name(code)) for code in env.words("outlet.languages", default=["en"])]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
LANGUAGE_CODE = LANGUAGES[0][0]
LANGUAGES_BIDI = ["ar", "ckb", "dv", "fa", "he", "ps", "ug", "ur", "yi"]
WAGTAIL_I18N_ENABLED = True
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.timezone("outlet.timezone", default="UTC")

STATIC_URL = "/static/"  # the desk's own files; a reader's page has none of them
MEDIA_URL = "/media/"
MEDIA_ROOT = HOME / "media"
SITE_ROOT = HOME / "site"  # the live tree
WORK_SECONDS = env.integer("work.seconds", default=5)  # between two rounds of `tamizdat work`
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # the page editor posts a field for every block

# A copy of the site in S3-compatible storage, and caches to be told what changed.
S3_BUCKET = env.text("s3.bucket", default="")
S3_ENDPOINT = env.address("s3.endpoint", default="")  # empty: Amazon's own
S3_REGION = env.text("s3.region", default="us-east-1")
S3_ENCODING = env.choice("s3.encoding", of=("gzip", "br"), default="gzip")
S3_KEY_ID = env.text("s3.key_id", default="")  # empty: as boto3 finds its credentials
S3_SECRET = env.secret("s3.secret", default_file="secrets/s3.key") if S3_KEY_ID else ""
CDN_KIND = env.choice("cdn.kind", of=("none", "cloudflare", "cloudfront", "http"), default="none")
CDN_ID = env.text("cdn.id", default="")  # Cloudflare's zone, CloudFront's distribution
CDN_ADDRESS = env.address("cdn.address", default="")  # of a cache that takes PURGE
CDN_TOKEN = (
    env.secret("cdn.token", default_file="secrets/cdn.key") if CDN_KIND == "cloudflare" else ""
)
WAGTAILFRONTENDCACHE_LANGUAGES: list[str] = []  # we name every address ourselves

AUTH_USER_MODEL = "staff.User"
LOGIN_URL = "wagtailadmin_login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
_https = DESK_ADDRESS.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = (
    "/desk/"  # a cookie of the desk never reaches a reader's page
)
# Behind a web server we are asked in http, whatever the desk's browser says it came from.
CSRF_TRUSTED_ORIGINS = [DESK_ADDRESS]
SECURE_REFERRER_POLICY = "no-referrer"  # but for the desk: see serving.py
X_FRAME_OPTIONS = "SAMEORIGIN"  # the desk frames its own previews

WAGTAIL_SITE_NAME = "tamizdat"
WAGTAILADMIN_BASE_URL = DESK_ADDRESS
WAGTAIL_ALLOW_UNICODE_SLUGS = True
WAGTAIL_ENABLE_UPDATE_CHECK = False  # nothing calls home
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILIMAGES_IMAGE_MODEL = "stories.Picture"
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []  # no oEmbed call leaves the desk
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "epub", "odt", "pdf", "txt", "xlsx", "zip"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# Mail: a folder of files until a server is set.
EMAIL_HOST = env.text("mail.host", default="")
EMAIL_PORT = env.integer("mail.port", default=587)
EMAIL_HOST_USER = env.text("mail.user", default="")
EMAIL_HOST_PASSWORD = env.secret("mail.password", default_file="") if EMAIL_HOST_USER else ""
EMAIL_USE_TLS = env.flag("mail.tls", default=True)
EMAIL_TIMEOUT = 20
EMAIL_FILE_PATH = HOME / "mail"
_to_files = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_BACKEND = "tamizdat.outlet.smtp.EmailBackend" if EMAIL_HOST else _to_files
# Or through a provider's interface, by django-anymail, with whatever it counts turned off.
MAIL_PROVIDER = env.text("mail.provider", default="")
if MAIL_PROVIDER:
    EMAIL_BACKEND = f"anymail.backends.{MAIL_PROVIDER}.EmailBackend"
ANYMAIL = {
    "IGNORE_UNSUPPORTED_FEATURES": True,
    "SEND_DEFAULTS": {"track_opens": False, "track_clicks": False},
    **env.table("anymail"),
}
DEFAULT_FROM_EMAIL = env.text("mail.sender", default="readers@localhost")
# For readers whose mail must not name us: another sender, and another host that leads to the give
# zone. Without a sender that is not offered.
NEUTRAL_SENDER = env.text("mail.neutral_sender", default="")
NEUTRAL_ADDRESS = env.address("mail.neutral_address", default="")
ALLOWED_HOSTS += [host] if (host := urlsplit(NEUTRAL_ADDRESS).hostname) else []

NEWSLETTER_PER_MINUTE = env.integer("newsletter.per_minute", default=1000)
# Where mail servers write when a newsletter did not arrive; empty: to the sender.
NEWSLETTER_BOUNCES = env.text("newsletter.bounces", default="")

# Payments. The demo bank takes no real money; `tamizdat doctor` says so.
DEMO_BANK_ADDRESS = env.address("demo_bank.address", default="http://localhost:8001")
DEMO_BANK_SECRET = env.secret("demo_bank.secret", default_file="secrets/demo_bank.key")
STRIPE_ENABLED = env.flag("stripe.enabled", default=False)
STRIPE_KEY = env.secret("stripe.key", default_file="secrets/stripe.key") if STRIPE_ENABLED else ""
STRIPE_HOOK_SECRET = (
    env.secret("stripe.hook_secret", default_file="secrets/stripe_hook.key")
    if STRIPE_ENABLED
    else ""
)
# Empty: at Stripe. Another answers as it does, in a test.
STRIPE_ADDRESS = env.address("stripe.address", default="")
PAYPAL_ENABLED = env.flag("paypal.enabled", default=False)
PAYPAL_SANDBOX = env.flag("paypal.sandbox", default=False)
PAYPAL_ADDRESS = env.address("paypal.address", default="")  # as stripe.address
PAYPAL_CLIENT_ID = env.text("paypal.client_id", default="")
PAYPAL_SECRET = (
    env.secret("paypal.secret", default_file="secrets/paypal.key") if PAYPAL_ENABLED else ""
)
PAYPAL_WEBHOOK_ID = env.text("paypal.webhook_id", default="")
PAYPAL_BRAND = env.text("paypal.brand", default="")
# What readers are told of fees: Stripe's price list's, until the newsroom says what it pays. PayPal
# has one for each country and kind of organisation, so nothing is said until then.
STRIPE_RATES = rates.read(
    env.words("stripe.rates", default=["2.9%+0.30USD", "1.5%+0.25EUR", "1.5%+0.20GBP"])
)
PAYPAL_RATES = rates.read(env.words("paypal.rates", default=[]))
BTCPAY_ENABLED = env.flag("btcpay.enabled", default=False)
BTCPAY_ADDRESS = env.address("btcpay.address", default="")  # where readers find it
BTCPAY_API_ADDRESS = env.address("btcpay.api_address", default="")  # empty: there too
BTCPAY_PROXY = env.text("btcpay.proxy", default="")
BTCPAY_STORE = env.text("btcpay.store", default="")
BTCPAY_CURRENCIES = env.words("btcpay.currencies", default=["EUR", "USD", "GBP"])
BTCPAY_KEY = env.secret("btcpay.key", default_file="secrets/btcpay.key") if BTCPAY_ENABLED else ""
BTCPAY_HOOK_SECRET = (
    env.secret("btcpay.hook_secret", default_file="secrets/btcpay_hook.key")
    if BTCPAY_ENABLED
    else ""
)
TRANSFER_HOLDER = env.text("transfer.holder", default="")
TRANSFER_IBANS = env.table("transfer.iban")  # by currency
TRANSFER_BICS = env.table("transfer.bic")

# Nothing that a reader sends is logged: no path of theirs, no address, no body.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "filters": {"no_readers": {"()": "tamizdat.config.logs.WithoutReaders"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["no_readers"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "httpx": {"level": "WARNING"},  # its INFO lines print the addresses it calls
        "stripe": {"level": "WARNING"},  # and so do those of Stripe's SDK
        "django_tasks": {"level": "WARNING"},  # two lines for each row that is indexed
    },
}

env.refuse_unknown()
