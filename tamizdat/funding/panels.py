"""What readers gave and promised, for those at the desk who may see money. Never who they are."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from wagtail.admin.ui.components import Component

from tamizdat.funding import chart, figures
from tamizdat.funding.figures import Month
from tamizdat.funding.models import HaltOrder, Pledge, RiskRule
from tamizdat.lib.money import Money
from tamizdat.outlet.models import Masthead

A_YEAR = 12


class MoneyPanel(Component):
    name = "money"
    order = 60
    template_name = "funding/panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:  # noqa: ARG002 Wagtail's
        months = figures.by_month(now=timezone.now(), months=A_YEAR)
        currencies = _currencies(months)
        pledges = figures.pledges_by_state()
        return {
            "this_month": months[-1],
            "month_before": months[-2],
            "has_rules": RiskRule.objects.exists(),
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


def _compared(months: list[Month], currency: str) -> tuple[Money, Money]:
    return months[-1].given(currency), months[-2].given(currency)


def _currencies(months: list[Month]) -> list[str]:
    """Those that came in, the outlet's own first; just that one if nothing did."""
    own = Masthead.objects.speaking(settings.LANGUAGE_CODE).currency
    came = {currency for month in months for currency in month.gifts} or {own}
    return sorted(came, key=lambda currency: (currency != own, currency))
