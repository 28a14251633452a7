"""What is done in dj-stripe's environment; none of our code is there."""

import sys

import django


def begin(hook: str, secret: str) -> None:
    """Its tables, the account, and the endpoint that it hears at."""
    from django.core.management import call_command
    from djstripe.models import Account, WebhookEndpoint

    call_command("migrate", verbosity=0)
    account = Account.objects.create(
        id="acct_1", livemode=False, stripe_data={"id": "acct_1", "type": "standard"}
    )
    WebhookEndpoint.objects.create(
        id="we_1",
        djstripe_uuid=hook,
        djstripe_owner_account=account,
        secret=secret,
        livemode=False,
        enabled_events=["*"],
        url="http://127.0.0.1/",
        status="enabled",
    )


def heard() -> None:
    from djstripe.models import Event, PaymentIntent

    sys.stdout.write(f"{Event.objects.count()} {PaymentIntent.objects.count()}\n")


if __name__ == "__main__":
    django.setup()
    {"begin": begin, "heard": heard}[sys.argv[1]](*sys.argv[2:])
