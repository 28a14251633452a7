"""Where the real exports are, and small ones in our own words."""

import io

from PIL import Image

from tamizdat.stories.importing import archive, wxr
from tests.conftest import NOON
from tests.inputs import INPUTS, needs

GENUINE = INPUTS / "genuine" / "opensuse-ovdinfo.wordpress.xml"
UPLOADS = INPUTS / "genuine" / "uploads"
FIXTURES = sorted((INPUTS / "wxr").glob("*/*.xml"))

needs_inputs = needs(GENUINE)


def by_itself(things, _what):
    return things


def bring_in(path, *, uploads=None, language="en"):
    return archive.bring_in(
        wxr.read(path), uploads=uploads, language=language, now=NOON, watch=by_itself
    )


def item(number, kind="post", *, slug=None, status="publish", html="<p>Water rose.</p>", extra=""):
    slug = slug or f"{kind}-{number}"
    return f"""<item><title>The {kind} {number}</title>
<link>https://old.example/2020/05/{slug}/</link><dc:creator>ana@old.example</dc:creator>
<content:encoded><![CDATA[{html}]]></content:encoded><excerpt:encoded></excerpt:encoded>
<wp:post_id>{number}</wp:post_id><wp:post_name>{slug}</wp:post_name>
<wp:post_type>{kind}</wp:post_type><wp:status>{status}</wp:status>
<wp:post_date_gmt>2020-05-0{number % 9 + 1} 10:00:00</wp:post_date_gmt>{extra}</item>"""


def category(slug, domain="category"):
    return f'<category domain="{domain}" nicename="{slug}"><![CDATA[{slug.title()}]]></category>'


def meta(key, value):
    key, value = f"<wp:meta_key>{key}</wp:meta_key>", f"<wp:meta_value>{value}</wp:meta_value>"
    return f"<wp:postmeta>{key}{value}</wp:postmeta>"


def wxr_text(*items, version="1.2", head=""):
    return f"""<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>The Old Paper</title><language>en-US</language>
<wp:wxr_version>{version}</wp:wxr_version>
<wp:base_blog_url>https://old.example</wp:base_blog_url>
<wp:author><wp:author_id>7</wp:author_id><wp:author_login>ana@old.example</wp:author_login>
<wp:author_email>ana@old.example</wp:author_email>
<wp:author_display_name>Ana</wp:author_display_name></wp:author>{head}
{"".join(items)}</channel></rss>
"""


def png():
    file = io.BytesIO()
    Image.new("RGB", (12, 8), "teal").save(file, "PNG")
    return file.getvalue()
