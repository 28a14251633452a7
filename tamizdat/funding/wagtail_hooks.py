"""Money in the desk: gifts to be read, amounts and safety rules to be edited. No addresses."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django_filters import ChoiceFilter
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from tamizdat.funding import (
    desk_views,
    pledge_views,
    reconciliation_views,
    safety_views,
    statement_views,
    stewarding,
    switch_views,
)
from tamizdat.funding.desk_forms import LadderForm, MailRuleForm, RiskRuleForm
from tamizdat.funding.giving_back import GIVE_BACK
from tamizdat.funding.models import (
    AmountLadder,
    Contribution,
    HaltOrder,
    MailRule,
    Pledge,
    RiskRule,
)
from tamizdat.funding.panels import MoneyPanel
from tamizdat.funding.resolving import RESOLVE
from tamizdat.funding.switching import MAY_SWITCH, SWITCH
from tamizdat.payments.differing import EXPLAIN
from tamizdat.staff.menus import shown_to


class ToBeRead(ModelPermissionPolicy):
    """Nobody writes here, whatever their role: these rows follow from what readers do."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


for _model in (Pledge, Contribution, HaltOrder):
    register_permission_policy(_model, ToBeRead(_model))


class PledgeFilters(WagtailFilterSet):
    unheard = ChoiceFilter(
        method="leave_those_unheard",
        label="Mail to its supporter",
        choices=[("on", "comes back, and it goes on")],
        empty_label="All",
    )

    class Meta:
        model = Pledge
        fields = ("state", "interval", "currency")

    def leave_those_unheard(self, pledges: Any, _name: str, _value: str) -> Any:
        return pledges.unheard()


class PledgeViewSet(ModelViewSet):
    model = Pledge
    icon = "rotate"
    menu_label = "Pledges"
    form_fields = ()
    list_display = (
        TitleColumn(
            "public_id",
            label="Pledge",
            get_url=lambda pledge: reverse("gifts:of_pledge", args=[pledge.public_id]),
        ),
        Column("money", label="Amount", accessor=lambda pledge: pledge.money.format("en")),
        "interval",
        "state",
        "anchor_on",
        "next_due_on",
    )
    filterset_class = PledgeFilters
    ordering = "-created_at"
    copy_view_enabled = False


class GiftsIndexView(ModelViewSet.index_view_class):
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("charge")


class ContributionViewSet(ModelViewSet):
    model = Contribution
    icon = "check"
    menu_label = "Gifts made once"
    form_fields = ()
    list_display = (
        TitleColumn(
            "receipt_number",
            label="Receipt number",
            accessor="charge.receipt_number",
            get_url=lambda gift: reverse("gifts:one", args=[gift.charge.reference]),
        ),
        Column("created_at", label="Asked at", accessor="created_at"),
        Column("money", label="Amount", accessor=lambda gift: gift.charge.money.format("en")),
        Column("state", label="State", accessor=lambda gift: gift.charge.state),
        "language",
        "source_page",
    )
    list_filter = ("charge__state", "language")
    ordering = "-created_at"
    copy_view_enabled = False
    index_view_class = GiftsIndexView


class GiftsViewSet(ViewSet):
    """Gifts by what their givers write to us, and giving them back."""

    name = "gifts"
    icon = "search"
    menu_label = "Find a gift"
    menu_item_class = shown_to(desk_views.MAY_SEE)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", desk_views.find, name="find"),
            path("of/<str:public_id>/", pledge_views.pledge, name="of_pledge"),
            path("<str:reference>/", desk_views.gift, name="one"),
            path("<str:reference>/erase/", pledge_views.erase, name="erase"),
            path("<str:reference>/<int:year>.pdf", desk_views.statement, name="statement"),
        ]


class ReconciliationViewSet(ViewSet):
    """The books and what providers say of our money, to the cent."""

    name = "reconciliation"
    icon = "list-ul"
    menu_label = "Reconciliation"
    menu_item_class = shown_to(reconciliation_views.MAY_SEE)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", reconciliation_views.show, name="show"),
            path("<int:pk>/", reconciliation_views.explain, name="explain"),
        ]


class BankViewSet(ViewSet):
    """Statements of our bank, and what in them a person has to look at."""

    name = "bank"
    icon = "download"
    menu_label = "Bank statements"
    menu_item_class = shown_to(statement_views.MAY_READ)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", statement_views.index, name="index"),
            path("layout/", statement_views.layout, name="layout"),
            path("layout/<int:pk>/forget/", statement_views.forget_layout, name="forget_layout"),
            path("line/<str:public_id>/", statement_views.line, name="line"),
            path("line/<str:public_id>/payout/<int:pk>/", statement_views.payout, name="payout"),
        ]


class AmountLadderViewSet(ModelViewSet):
    model = AmountLadder
    icon = "list-ol"
    menu_label = "Amounts"
    list_display = (
        "currency",
        "interval",
        Column("least", label="Smallest", accessor=lambda one: one.least.format("en")),
        Column("proposed", label="Proposed", accessor=lambda one: one.proposed.format("en")),
        Column("most", label="Largest", accessor=lambda one: one.most.format("en")),
    )
    list_filter = ("currency", "interval")
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> type[LadderForm]:  # noqa: ARG002
        return LadderForm


class RiskRuleViewSet(ModelViewSet):
    model = RiskRule
    icon = "warning"
    menu_label = "Safety rules"
    list_display = ("country", "method", "interval", "action", "starts_on")
    list_filter = ("country", "method", "action")
    create_template_name = "funding/riskrule/create.html"
    edit_template_name = "funding/riskrule/edit.html"
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> type[RiskRuleForm]:  # noqa: ARG002
        return RiskRuleForm


class MailRuleViewSet(ModelViewSet):
    model = MailRule
    icon = "mail"
    menu_label = "Mail by country"
    list_display = ("country", "profile")
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> type[MailRuleForm]:  # noqa: ARG002
        return MailRuleForm


class SafetyPreviewViewSet(ViewSet):
    name = "safety-preview"
    icon = "view"
    menu_label = "What a reader sees"
    menu_item_class = shown_to(safety_views.MAY_PREVIEW)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("", safety_views.preview, name="preview")]


class WaysToPayViewSet(ViewSet):
    name = "ways-to-pay"
    icon = "lock-open"
    menu_label = "Ways to pay"
    menu_item_class = shown_to(MAY_SWITCH)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("", switch_views.ways_to_pay, name="switch")]


class HaltOrderViewSet(ModelViewSet):
    model = HaltOrder
    icon = "no-view"
    menu_label = "Halts"
    form_fields = ()
    list_display = (
        Column("pk", label="Number", accessor="pk"),
        Column("of", label="Of", accessor="of"),
        "reason",
        "ordered_at",
        "lifted_at",
        "lifted_reason",
    )
    ordering = "-ordered_at"
    copy_view_enabled = False


class MoneyGroup(ViewSetGroup):
    menu_label = "Money"
    menu_icon = "tag"
    menu_order = 310
    items = (
        GiftsViewSet,
        PledgeViewSet,
        ContributionViewSet,
        ReconciliationViewSet,
        BankViewSet,
        AmountLadderViewSet,
        RiskRuleViewSet,
        MailRuleViewSet,
        SafetyPreviewViewSet,
        WaysToPayViewSet,
        HaltOrderViewSet,
    )


@hooks.register("register_admin_viewset")  # type: ignore[untyped-decorator]
def money_group() -> MoneyGroup:
    return MoneyGroup()


@hooks.register("construct_homepage_panels")  # type: ignore[untyped-decorator]
def say_what_was_given(request: HttpRequest, panels: list[Any]) -> None:
    if request.user.has_perm("funding.view_pledge"):
        panels.append(MoneyPanel())


@hooks.register("register_permissions")  # type: ignore[untyped-decorator]
def permissions_to_give() -> QuerySet[Permission]:
    of_money = (
        "add_refund",
        "view_difference",
        "change_difference",
        "change_breaker",
        "view_bankline",
        "change_bankline",
        "add_bankstatement",
    )
    to_do_with_money = Q(content_type__app_label="payments", codename__in=of_money)
    to_steward = Q(content_type__app_label="funding", codename="change_pledge")
    return Permission.objects.filter(to_do_with_money | to_steward)


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]
def what_is_kept_of_giving_back(actions: LogActionRegistry) -> None:
    @actions.register_action(GIVE_BACK)
    class GiveBack(LogFormatter):
        label = "Give back"

        def format_message(self, entry: Any) -> str:
            return "Gave back {amount} of {receipt}: {reason}".format(**entry.data)

    @actions.register_action(desk_views.STATE)
    class State(LogFormatter):
        label = "Yearly statement"

        def format_message(self, entry: Any) -> str:
            return "Took the statement of {year} of the giver of {receipt}".format(**entry.data)


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]
def what_is_kept_of_explaining(actions: LogActionRegistry) -> None:
    @actions.register_action(EXPLAIN)
    class Explain(LogFormatter):
        label = "Explain a difference"

        def format_message(self, entry: Any) -> str:
            return "Explained {difference} of {key}: {note}".format(**entry.data)


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]
def what_is_kept_of_stewarding(actions: LogActionRegistry) -> None:
    for action, done in stewarding.DONE.items():
        actions.register_action(action, done, f"{done}, on request")


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]
def what_is_kept_of_switching(actions: LogActionRegistry) -> None:
    @actions.register_action(SWITCH)
    class Switch(LogFormatter):
        label = "Turn a way to pay on or off"

        def format_message(self, entry: Any) -> str:
            return "Turned {provider} {turned}: {reason}".format(**entry.data)


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]
def what_is_kept_of_bank_lines(actions: LogActionRegistry) -> None:
    @actions.register_action(RESOLVE)
    class ResolveBankLine(LogFormatter):
        label = "Resolve a line of a bank statement"

        def format_message(self, entry: Any) -> str:
            return "Transfer of {amount} on {on}: {what}".format(**entry.data)
