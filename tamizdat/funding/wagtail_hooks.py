"""Money in the desk: gifts to be read, amounts and safety rules to be edited. No addresses."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from tamizdat.funding.desk_forms import LadderForm
from tamizdat.funding.models import AmountLadder, Contribution, Pledge, RiskRule
from tamizdat.funding.panels import MoneyPanel


class ToBeRead(ModelPermissionPolicy):
    """Nobody writes here, whatever their role: these rows follow from what readers do."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


for _model in (Pledge, Contribution):
    register_permission_policy(_model, ToBeRead(_model))


class PledgeViewSet(ModelViewSet):
    model = Pledge
    icon = "rotate"
    menu_label = "Pledges"
    form_fields = ()
    list_display = (
        "public_id",
        Column("money", label="Amount", accessor=lambda pledge: pledge.money.format("en")),
        "interval",
        "state",
        "anchor_on",
        "next_due_on",
    )
    list_filter = ("state", "interval", "currency")
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
        "created_at",
        Column("money", label="Amount", accessor=lambda gift: gift.charge.money.format("en")),
        Column("state", label="State", accessor=lambda gift: gift.charge.state),
        "language",
        "source_path",
    )
    list_filter = ("charge__state", "language")
    ordering = "-created_at"
    copy_view_enabled = False
    index_view_class = GiftsIndexView


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
    list_display = ("country", "interval", "action", "starts_on")
    list_filter = ("country", "action")
    form_fields = ("country", "interval", "action", "starts_on")
    copy_view_enabled = False


class MoneyGroup(ViewSetGroup):
    menu_label = "Money"
    menu_icon = "tag"
    menu_order = 310
    items = (PledgeViewSet, ContributionViewSet, AmountLadderViewSet, RiskRuleViewSet)


@hooks.register("register_admin_viewset")  # type: ignore[untyped-decorator]
def money_group() -> MoneyGroup:
    return MoneyGroup()


@hooks.register("construct_homepage_panels")  # type: ignore[untyped-decorator]
def say_what_was_given(request: HttpRequest, panels: list[Any]) -> None:
    if request.user.has_perm("funding.view_pledge"):
        panels.append(MoneyPanel())
