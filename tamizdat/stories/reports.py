"""Lists for the desk of what should be put right."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView

from tamizdat.stories.models import Picture


class PicturesWithoutWords(ReportView):
    """Pictures that say nothing to those who cannot see them, as archives bring them in."""

    model = Picture
    page_title = _("Pictures without words")
    header_icon = "image"
    index_url_name = "pictures_without_words"
    index_results_url_name = "pictures_without_words_results"
    any_permission_required = ["add", "change"]
    default_ordering = "-created_at"
    list_export = ["title", "created_at"]
    columns = [
        TitleColumn("title", label=_("Picture"), url_name="wagtailimages:edit"),
        Column("created_at", label=_("Brought in"), sort_key="created_at"),
    ]

    def get_base_queryset(self):  # type: ignore[no-untyped-def]
        return super().get_base_queryset().filter(description="")
