"""Pages written in bulk: a `Page` row each by `bulk_create`, then the rows of the child's table.

Wagtail's own `add_child` sends signals, indexes references and words, and reads the parent's
last child again for each page: 44 stories a second where this writes thousands.
"""

from collections.abc import Iterable, Sequence

from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Max, Model
from wagtail.models import Page


def plant(pages: Sequence[Page], *, under: Iterable[Page]) -> None:
    """Write each new page as the last child of its parent. The parents' `numchild` is kept right.

    The parents are changed too: they count their children, so pass the same objects again.
    Nobody is told: no signal, no revision, no search index, no reference index.
    """
    first = 1 + (Page.objects.aggregate(Max("pk"))["pk__max"] or 0)
    parents = list(under)
    for pk, (page, parent) in enumerate(zip(pages, parents, strict=True), start=first):
        _place(page, parent, pk=pk)
    names = [field.attname for field in Page._meta.concrete_fields]
    Page.objects.bulk_create(Page(**{n: getattr(page, n) for n in names}) for page in pages)
    for model in {type(page) for page in pages}:
        _insert([page for page in pages if type(page) is model])
    grown = list({parent.pk: parent for parent in parents}.values())
    Page.objects.bulk_update([Page(pk=p.pk, numchild=p.numchild) for p in grown], ["numchild"])


def _place(page: Page, parent: Page, *, pk: int) -> None:
    parent.numchild += 1  # under a parent that never lost a child, this is the next step too
    page.pk = page.page_ptr_id = page.id = pk
    page.depth = parent.depth + 1
    page.path = Page._get_path(parent.path, page.depth, parent.numchild)
    page.url_path = f"{parent.url_path}{page.slug}/"
    page.draft_title = page.title
    page.content_type_id = ContentType.objects.get_for_model(type(page)).pk


def _insert(rows: Sequence[Model]) -> None:
    """Into the table of this model alone: Django has no bulk insert for a child of a model."""
    meta = rows[0]._meta
    fields = meta.local_concrete_fields
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    values = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({values})",  # noqa: S608 - names of ours
            [
                [f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields]
                for row in rows
            ],
        )


def count_on() -> None:
    """Have the database give the next page a number that we did not."""
    for statement in connection.ops.sequence_reset_sql(no_style(), [Page]):
        with connection.cursor() as cursor:
            cursor.execute(statement)
