"""Exports as WordPress writes them, of any size and in words that nobody wrote.

`python -m tests.bench.wxr FILE --posts 10000` or `--bytes 1000000000`; the same seed writes the
same file. It is written as it is made, so that its size is no matter.
"""

import argparse
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>The Generated Post</title><language>ru-RU</language>
<wp:wxr_version>1.2</wp:wxr_version>
<wp:base_blog_url>https://generated.example</wp:base_blog_url>
"""
ITEM = """<item><title><![CDATA[{title}]]></title><link>{link}</link>
<dc:creator><![CDATA[writer{writer}]]></dc:creator>
<content:encoded><![CDATA[{body}]]></content:encoded>
<excerpt:encoded><![CDATA[{excerpt}]]></excerpt:encoded><wp:post_id>{number}</wp:post_id>
<wp:post_date_gmt>{date}</wp:post_date_gmt><wp:post_modified_gmt>{date}</wp:post_modified_gmt>
<wp:post_name>{slug}</wp:post_name><wp:status>publish</wp:status><wp:post_parent>0</wp:post_parent>
<wp:menu_order>0</wp:menu_order><wp:post_type>post</wp:post_type><wp:post_password></wp:post_password>
<wp:is_sticky>0</wp:is_sticky>{labels}
<wp:postmeta><wp:meta_key>_yoast_wpseo_metadesc</wp:meta_key><wp:meta_value>{excerpt}</wp:meta_value>
</wp:postmeta></item>
"""
LABEL = '<category domain="{}" nicename="{}"><![CDATA[{}]]></category>'
SYLLABLES = ["ма ро ти ве ло ска но пре ди жу ры чан", "ma ro ti ve lo ska no pre di zhu ry chan"]
SECTIONS, TOPICS, WRITERS = 12, 400, 60
MEAN_WORDS = 700
FIRST = datetime(2009, 3, 1, 6, 0, 0)  # noqa: DTZ001 - WXR says UTC in the name of the field


def write(path: Path, *, posts: int = 0, size_bytes: int = 0, seed: int = 1) -> int:
    """Write an export of so many posts, or of so many bytes; say how many posts it has."""
    made = 0
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for made, item in enumerate(items(random.Random(seed)), 1):
            file.write(item)
            if made == posts or (size_bytes and file.tell() >= size_bytes):
                break
        file.write("</channel></rss>\n")
    return made


def items(chance: random.Random) -> Iterator[str]:
    """Posts without end, a few hours after each other; some link to those before them."""
    words = [[_word(chance, each.split()) for _ in range(3000)] for each in SYLLABLES]
    moment, number = FIRST, 0
    while True:
        number += 1
        moment += timedelta(minutes=chance.randint(5, 400))
        vocabulary = chance.choices(words, weights=[3, 1])[0]
        title = _sentence(chance, vocabulary)
        slug = f"{'-'.join(title.lower().rstrip('.').split()[:5])}-{number}"
        yield ITEM.format(
            number=number,
            title=title,
            slug=quote(slug),
            link=f"https://generated.example/{moment:%Y/%m}/{quote(slug)}/",
            writer=chance.randint(1, WRITERS),
            body=_body(chance, vocabulary, number),
            excerpt=_sentence(chance, vocabulary),
            date=f"{moment:%Y-%m-%d %H:%M:%S}",
            labels=_labels(chance),
        )


def _word(chance: random.Random, syllables: list[str]) -> str:
    return "".join(chance.choices(syllables, k=chance.randint(1, 4)))


def _sentence(chance: random.Random, vocabulary: list[str]) -> str:
    return " ".join(chance.choices(vocabulary, k=chance.randint(5, 16))).capitalize() + "."


def _body(chance: random.Random, vocabulary: list[str], number: int) -> str:
    """Half in blocks, half in the classic notation, with what real stories have in them."""
    in_blocks, left = chance.random() < 0.5, chance.gauss(MEAN_WORDS, 250)
    pieces = []
    while left > 0 or not pieces:
        kind, text = _piece(chance, vocabulary, number)
        left -= len(text.split())
        framed = f"<!-- wp:{kind} -->\n{text}\n<!-- /wp:{kind} -->"
        classic = text.replace("<p>", "").replace("</p>", "")
        pieces.append(framed if in_blocks or kind == "table" else classic)
    return "\n\n".join(pieces)


def _piece(chance: random.Random, vocabulary: list[str], number: int) -> tuple[str, str]:
    sentences = [_sentence(chance, vocabulary) for _ in range(chance.randint(2, 6))]
    roll = chance.random()
    if roll < 0.06:
        return "heading", f"<h2>{sentences[0]}</h2>"
    if roll < 0.10:
        return "quote", f"<blockquote><p>{sentences[0]}</p><cite>{sentences[1]}</cite></blockquote>"
    if roll < 0.14:
        rows = "".join(f"<li>{sentence}</li>" for sentence in sentences)
        return "list", f"<ul>{rows}</ul>"
    if roll < 0.15:
        rows = "".join(f"<tr><td>{sentence}</td></tr>" for sentence in sentences)
        return "table", f"<figure><table><tbody>{rows}</tbody></table></figure>"
    if roll < 0.35 and number > 1:
        link = f'<a href="https://generated.example/?p={chance.randint(1, number - 1)}">'
        linked = f"{link}{sentences[1]}</a> <em>{sentences[-1]}</em>"
        return "paragraph", f"<p>{sentences[0]} {linked}</p>"
    return "paragraph", f"<p>{' '.join(sentences)}</p>"


def _labels(chance: random.Random) -> str:
    section = chance.randint(1, SECTIONS)
    topics = {int(chance.paretovariate(0.6)) % TOPICS for _ in range(chance.randint(1, 5))}
    labels = [LABEL.format("category", f"section-{section}", f"Раздел {section}")]
    labels += [LABEL.format("post_tag", f"topic-{n}", f"Тема {n}") for n in sorted(topics)]
    return "".join(labels)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--posts", type=int, default=0)
    parser.add_argument("--bytes", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    if not (chosen.posts or chosen.bytes):
        parser.error("say how many --posts or --bytes")
    write(chosen.file, posts=chosen.posts, size_bytes=chosen.bytes, seed=chosen.seed)


if __name__ == "__main__":
    main()
