"""Which pages show a page. A guess that is quick; the full bake after it is what is right."""

from wagtail.models import Page, ReferenceIndex

AT_MOST = 40  # of a story that everyone names


def of(page: Page) -> list[int]:
    """Primary keys, first the page, then what holds it, what it names, and what names it."""
    base = ReferenceIndex._get_base_content_type(Page)
    named = ReferenceIndex.get_references_for_object(page).filter(to_content_type=base)
    naming = ReferenceIndex.get_references_to(page).filter(base_content_type=base)
    pages = [
        page.pk,
        *page.get_ancestors().filter(depth__gt=1).order_by("-depth").values_list("pk", flat=True),
        *named.values_list("to_object_id", flat=True),
        *page.get_translations().values_list("pk", flat=True),
        *naming.values_list("object_id", flat=True)[:AT_MOST],
    ]
    return list(dict.fromkeys(int(pk) for pk in pages))[:AT_MOST]
