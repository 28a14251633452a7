"""What readers gave and promised, for those at the desk who may see money. Never who they are."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from wagtail.admin.ui.components import Component

from tamizdat.funding import chart, figures, giving_back, methods, policy
from tamizdat.funding.figures import Month
from tamizdat.funding.models import HaltOrder, Pledge
from tamizdat.lib.money import Money
from tamizdat.outlet.models import Masthead
from tamizdat.payments.models import BankLine, Breaker, Difference, Dispute, Refund

A_YEAR = 12


class MoneyPanel(Component):
    name = "money"
    order = 60
    template_name = "funding/panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:  # noqa: ARG002 Wagtail's
        now = timezone.now()
        months = figures.by_month(now=now, months=A_YEAR)
        currencies = _currencies(months)
        pledges = figures.pledges_by_state()
        waiting = list(BankLine.objects.waiting().values_list("reason", flat=True))
        return {
            "this_month": months[-1],
            "month_before": months[-2],
            "without_rule": policy.not_thought_of(methods.all_of_them()),
            "differences": Difference.objects.open().count(),
            "disputes": Dispute.objects.filter(state=Dispute.State.OPEN).count(),
            "failed_refunds": _failed_refunds(now=now),
            "breakers": list(Breaker.objects.tripped().order_by("provider")),
            "unheard": Pledge.objects.unheard().count(),
            "waiting_lines": len(waiting),
            "endangered_lines": waiting.count(BankLine.ENDANGERED),
            "halts": list(HaltOrder.objects.in_force().order_by("pk")),
            "gifts": [_compared(months, currency) for currency in currencies],
            "pledges": pledges,
            "ended": sum(pledges[state] for state in Pledge.ENDED),
            "chart": chart.draw(months, currency=currencies[0]),
            "currencies": currencies,
            "months": [
                (month, [month.given(currency) for currency in currencies])
                for month in reversed(months)
            ],
        }


def _failed_refunds(*, now: datetime) -> list[Refund]:
    failed = Refund.objects.failed_lately(now=now).filter(charge__in=giving_back.gifts())
    return list(failed.select_related("charge").order_by("pk"))


def _compared(months: list[Month], currency: str) -> tuple[Money, Money]:
    return months[-1].given(currency), months[-2].given(currency)


def _currencies(months: list[Month]) -> list[str]:
    """Those that came in, the outlet's own first; just that one if nothing did."""
    own = Masthead.objects.speaking(settings.LANGUAGE_CODE).currency
    came = {currency for month in months for currency in month.gifts} or {own}
    return sorted(came, key=lambda currency: (currency != own, currency))
