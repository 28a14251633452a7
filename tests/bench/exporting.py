"""Writes the stories of the newsroom that TAMIZDAT_HOME names as content for Hugo.

python -m tests.bench.exporting FOLDER
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

import django

SITE = {
    "baseURL": "https://news.example/",
    "title": "The Lantern",
    "defaultContentLanguage": "en",
    "languages": {
        code: {"contentDir": f"content/{code}", "weight": place}
        for place, code in enumerate(("en", "ru"), start=1)
    },
    "taxonomies": {"author": "authors", "topic": "topics"},
    "disableKinds": ["sitemap"],  # today we make none
    "services": {"rss": {"limit": 20}},
}


def main(folder: Path) -> None:
    django.setup()
    from tamizdat.stories.models import Section, Story

    (folder / "hugo.json").write_text(json.dumps(SITE))
    for section in Section.objects.all():
        text = _page({"title": section.title}, "")
        _write(folder, section, f"{section.slug}/_index.md", text)
    stories = Story.objects.select_related("locale").order_by("path")
    for story in stories.iterator(chunk_size=500):
        section = story.url_path.split("/")[-3]
        _write(folder, story, f"{section}/{story.slug}.md", _page(_head(story), _text(story.body)))


def _head(story: Any) -> dict[str, Any]:
    return {
        "title": story.title,
        "slug": story.slug,
        "date": story.first_published_at.isoformat(),
        "description": story.standfirst,
        "authors": [row.author.title for row in story.bylines.select_related("author")],
        "topics": [row.topic.title for row in story.story_topics.select_related("topic")],
        "more": [
            [row.story.title, row.story.url]
            for row in story.read_more_kept.select_related("story").order_by("position")
        ],
        "corrections": [row.text for row in story.corrections.all()],
        "picture": story.lead_picture.file.name if story.lead_picture_id else "",
    }


def _text(body: Any) -> str:
    return "\n\n".join(_marked(block.block_type, block.value) for block in body)


def _marked(kind: str, value: Any) -> str:
    if kind == "heading":
        return f"## {value['text']}"
    if kind == "quote":
        return f"> {value['text']}"
    if kind == "list":
        mark = "1." if value["numbered"] else "-"
        return "\n".join(f"{mark} {_plain(item.source)}" for item in value["items"])
    return _plain(value.source)


def _plain(rich: str) -> str:
    linked = re.sub(r'<a linktype="page" id="(\d+)">(.*?)</a>', r"[\2](/to/\1)", rich)
    return re.sub(r"<[^>]+>", "", linked)


def _page(head: dict[str, Any], text: str) -> str:
    return f"{json.dumps(head, ensure_ascii=False)}\n\n{text}\n"


def _write(folder: Path, page: Any, name: str, text: str) -> None:
    file = folder / "content" / page.locale.language_code / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
