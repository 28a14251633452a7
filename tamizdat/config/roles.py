"""What each role may do. Anything not named here it may not.

Wagtail groups carry the roles, so that an operator can see and assign them in the desk. Whoever
makes users can make an administrator: an operator has the machine, and with it everything.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Task,
    Workflow,
)

WAGTAIL_S_APPROVAL = "Moderators approval"


@dataclass(frozen=True)
class Role:
    name: str
    pages: tuple[str, ...] = ()  # on every page of the site
    collections: tuple[str, ...] = ()  # on pictures and documents
    models: tuple[str, ...] = ()  # app.codename


ROLES = (
    Role(
        "Reporter",
        pages=("add_page",),
        collections=(
            "wagtailimages.add_image",
            "wagtailimages.choose_image",
            "wagtaildocs.add_document",
        ),
    ),
    Role(
        "Editor",
        pages=("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
        collections=(
            "wagtailimages.add_image",
            "wagtailimages.change_image",
            "wagtailimages.choose_image",
            "wagtaildocs.add_document",
            "wagtaildocs.change_document",
        ),
        models=(
            "wagtailredirects.add_redirect",
            "wagtailredirects.change_redirect",
            "wagtailredirects.delete_redirect",
            "newsletters.add_issue",
            "newsletters.change_issue",
            "newsletters.delete_issue",
            "newsletters.send_issue",
            "staff.approve_exportrequest",
        ),
    ),
    Role(
        "Revenue lead",
        collections=("wagtailimages.add_image", "wagtailimages.choose_image"),
        models=(
            "appeals.add_message",
            "appeals.change_message",
            "appeals.delete_message",
            "appeals.add_campaign",
            "appeals.change_campaign",
            "appeals.delete_campaign",
            "appeals.add_experiment",
            "appeals.change_experiment",
            "appeals.delete_experiment",
            "appeals.change_asking",
            "newsletters.add_issue",
            "newsletters.change_issue",
            "newsletters.delete_issue",
            "newsletters.send_issue",
            "funding.view_pledge",
            "funding.change_pledge",
            "funding.view_contribution",
            "payments.add_refund",
            "payments.view_difference",
            "payments.change_difference",
            "payments.change_breaker",
            "payments.view_bankline",
            "payments.change_bankline",
            "payments.add_bankstatement",
            "funding.view_amountladder",
            "funding.add_amountladder",
            "funding.change_amountladder",
            "funding.view_riskrule",
            "funding.add_riskrule",
            "funding.change_riskrule",
            "funding.delete_riskrule",
            "funding.view_mailrule",
            "funding.add_mailrule",
            "funding.change_mailrule",
            "funding.delete_mailrule",
            "funding.view_haltorder",
            "ledger.view_entry",
            "staff.add_exportrequest",
            "staff.approve_exportrequest",
        ),
    ),
    Role(
        "Operator",
        models=(
            "staff.add_user",
            "staff.change_user",
            "staff.add_exportrequest",
            "staff.approve_exportrequest",
            "outlet.add_masthead",
            "outlet.change_masthead",
            "outlet.read_mails",
            "payments.change_breaker",
            "ledger.view_entry",
            "wagtailcore.change_locale",
            "wagtailcore.add_locale",
        ),
    ),
)


def define() -> None:
    """Make each role's group hold exactly what the table says, whatever it held before."""
    for role in ROLES:
        group, _ = Group.objects.get_or_create(name=role.name)
        group.permissions.set([_permission("wagtailadmin.access_admin"), *_all(role.models)])
        GroupPagePermission.objects.filter(group=group).delete()
        GroupCollectionPermission.objects.filter(group=group).delete()
        GroupPagePermission.objects.bulk_create(
            GroupPagePermission(group=group, page=Page.get_first_root_node(), permission=permission)
            for permission in _all(f"wagtailcore.{name}" for name in role.pages)
        )
        GroupCollectionPermission.objects.bulk_create(
            GroupCollectionPermission(
                group=group, collection=Collection.get_first_root_node(), permission=permission
            )
            for permission in _all(role.collections)
        )
    Group.objects.filter(name__in=["Editors", "Moderators"], user=None).delete()  # Wagtail's own
    # Its workflow was for one of them: what a reporter submits would reach nobody.
    for task in GroupApprovalTask.objects.filter(groups=None):
        task.groups.add(Group.objects.get(name="Editor"))
    for kind in (Task, Workflow):
        kind.objects.filter(name=WAGTAIL_S_APPROVAL).update(name="An editor reads it")


def _all(labels: Iterable[str]) -> list[Permission]:
    return [_permission(label) for label in labels]


def _permission(label: str) -> Permission:
    app, codename = label.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)
