"""What stands around every page: who we are, our sections, our other languages."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from wagtail.models import Page

from tamizdat.lib.languages import language_name
from tamizdat.outlet.models import Masthead
from tamizdat.stories.models import Authors, Front, PlainPage, Section, Story, Topics


@dataclass(frozen=True)
class OtherLanguage:
    """The same page in another language, or that language's front."""

    code: str
    name: str
    url: str
    is_translation: bool


class Paper:
    """The outlet as a reader of one language meets it, on one page or none."""

    def __init__(self, *, language: str, page: Page | None) -> None:
        self.language = language
        self.page = page

    @cached_property
    def masthead(self) -> Masthead:
        return Masthead.objects.speaking(self.language)

    @cached_property
    def front(self) -> Front | None:
        return Front.objects.live().filter(locale__language_code=self.language).first()

    @cached_property
    def sections(self) -> list[Section]:
        return list(self.front.sections()) if self.front else []

    @cached_property
    def menu(self) -> list[Section]:
        return [section for section in self.sections if section.show_in_menus]

    @cached_property
    def about(self) -> list[Page]:
        """Where the footer leads: about us, who writes, what about."""
        pages = self.front.get_children().live() if self.front else Page.objects.none()
        return list(pages.type(PlainPage, Authors, Topics))

    def section_of(self, story: Story) -> Section | None:
        return next((s for s in self.sections if story.path.startswith(s.path)), None)

    @cached_property
    def other_languages(self) -> list[OtherLanguage]:
        """The live fronts of the other languages, or this page's translation where there is one."""
        fronts = Front.objects.live().exclude(locale__language_code=self.language)
        translated = {page.locale_id: page for page in self._translations()}
        return [
            OtherLanguage(
                code=front.locale.language_code,
                name=language_name(front.locale.language_code),
                url=translated.get(front.locale_id, front).url,
                is_translation=front.locale_id in translated,
            )
            for front in fronts.select_related("locale").order_by("locale_id")
        ]

    def _translations(self) -> Iterable[Page]:
        if self.page is None or self.page.pk is None:
            return []
        translations: Iterable[Page] = self.page.get_translations().live()
        return translations
