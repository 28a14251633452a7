"""What an old site's export holds, whatever format it came in. It has no e-mail address in it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


class ImportRefused(Exception):
    """The export cannot be brought in. Says in one sentence what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Writer:
    login: str  # what items call this author; may be an address, so it is never kept
    source_id: str
    name: str
    number: str = ""
    introduction: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    taxonomy: str  # "category" or "post_tag"
    slug: str
    name: str
    source_id: str = ""
    description: str = ""
    parent_slug: str = ""


@dataclass(slots=True)
class Entry:
    """One post, page, attachment or reusable block."""

    source_id: str
    kind: str
    status: str
    title: str = ""
    address: str = ""
    guid: str = ""
    slug: str = ""
    html: str = ""
    excerpt: str = ""
    creator: str = ""
    parent_id: str = ""
    menu_order: int = 0
    published_at: datetime | None = None
    modified_at: datetime | None = None
    has_password: bool = False
    is_sticky: bool = False
    terms: list[Term] = field(default_factory=list)
    co_writers: list[str] = field(default_factory=list)
    meta: dict[str, list[str]] = field(default_factory=dict)
    file_address: str = ""
    old_addresses: list[str] = field(default_factory=list)  # beside `address`: each leads here
    seo_title: str = ""
    search_description: str = ""
    lead_address: str = ""  # of the lead picture, where no attachment number names it
    lead_alt: str = ""
    lead_caption: str = ""
    notes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # what reading it lost

    def __post_init__(self) -> None:
        self.source_id = self.source_id or self.guid or self.title

    def first(self, key: str) -> str:
        """The first value of a meta key, or an empty string."""
        return next(iter(self.meta.get(key, ())), "")


@dataclass(frozen=True, slots=True)
class Habits:
    """How the old site's software made addresses. These are WordPress's habits."""

    category: str = "category"  # /category/sea
    tag: str = "tag"
    author: str = "author"
    files: str = "/uploads/"  # in the address of a file; what follows is its path in the folder
    feed: str = "feed"  # after the site's address and after that of each list
    page: str = "page"  # older stories of a list: /tag/sea/page/2
    per_page: int = 10
    has_dates: bool = True  # /2020 and /2020/05 list what was published then
    has_numbers: bool = True  # /?p=7, /?cat=3 lead to what has the address
    has_shortcodes: bool = True  # [gallery], block comments and bare lines mean something in a text


@dataclass(slots=True)
class Export:
    """Of a large site `entries` lie on the disk: read them as often as needed, hold one at a time.

    What is read a second time is another object, so nothing may be changed on an entry.
    """

    title: str = ""
    address: str = ""  # of the old site, without a slash at its end
    language: str = ""
    name: str = ""  # by which its earlier runs are found; empty: its address, else its title
    writers: list[Writer] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    entries: Sequence[Entry] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)  # kinds of things nobody imports
    controls_dropped: int = 0
    repairs: list[str] = field(default_factory=list)
    habits: Habits = field(default_factory=Habits)

    def of_kind(self, kind: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind == kind]


def without_address(name: str) -> str:
    """A name that was an e-mail address loses all that would make it one."""
    return name.partition("@")[0].strip() or "?"
