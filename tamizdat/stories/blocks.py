"""The blocks a story is written in.

Each renders with `stories/blocks/<name>.html` of the theme, which calls it `value`.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageChooserBlock

from tamizdat.stories.sanitising import kept

INLINE = ["bold", "italic", "link", "document-link", "superscript", "subscript", "strikethrough"]
INLINE += ["code"]  # archives are full of it


WITHOUT_WORDS = _(
    "Say what the picture shows, for those who cannot see it: here, or once for all in the "
    "picture's own description. A draft can be saved without."
)


class Paragraph(blocks.RichTextBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(features=INLINE, **kwargs)

    class Meta:
        icon = "pilcrow"
        template = "stories/blocks/paragraph.html"


class Heading(blocks.StructBlock):
    text = blocks.CharBlock(max_length=200)
    level = blocks.ChoiceBlock(
        choices=[("2", _("Heading")), ("3", _("Smaller heading"))], default="2"
    )

    class Meta:
        icon = "title"
        template = "stories/blocks/heading.html"


class PictureBlock(blocks.StructBlock):
    picture = ImageChooserBlock()
    alt = blocks.CharBlock(
        required=False,
        label=_("What it shows"),
        help_text=_("Read to those who cannot see it. Empty: the picture's own description."),
    )
    caption = blocks.CharBlock(required=False, max_length=400)
    credit = blocks.CharBlock(
        required=False, max_length=120, help_text=_("Empty: the picture's own.")
    )

    def clean(self, value: Any) -> Any:
        """A draft may wait for its words; what is published has them."""
        cleaned = super().clean(value)
        says = cleaned["picture"].in_words(cleaned["alt"])
        if not (says or self.is_deferred_validation):
            raise StructBlockValidationError({"alt": ValidationError(WITHOUT_WORDS)})
        return cleaned

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "stories/blocks/picture.html"


class Gallery(blocks.StructBlock):
    pictures = blocks.ListBlock(PictureBlock(), min_num=1)

    class Meta:
        icon = "image"
        template = "stories/blocks/gallery.html"


class Quote(blocks.StructBlock):
    text = blocks.TextBlock()
    who = blocks.CharBlock(required=False, max_length=200, label=_("Who says so"))

    class Meta:
        icon = "openquote"
        template = "stories/blocks/quote.html"


class List(blocks.StructBlock):
    items = blocks.ListBlock(blocks.RichTextBlock(features=INLINE))
    numbered = blocks.BooleanBlock(required=False)

    class Meta:
        icon = "list-ul"
        template = "stories/blocks/list.html"


class LinkBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=200)
    address = blocks.URLBlock()
    note = blocks.CharBlock(required=False, max_length=200)

    class Meta:
        icon = "link"
        label = _("Link")
        template = "stories/blocks/link.html"


class CallOut(blocks.StructBlock):
    title = blocks.CharBlock(required=False, max_length=200)
    text = blocks.RichTextBlock(features=[*INLINE, "ul", "ol"])

    class Meta:
        icon = "info-circle"
        label = _("Call-out")
        template = "stories/blocks/call_out.html"


class Embed(blocks.StructBlock):
    """Something from elsewhere: a picture and a link, until the reader presses it."""

    address = blocks.URLBlock(help_text=_("The page of the video or post."))
    title = blocks.CharBlock(max_length=200)
    poster = ImageChooserBlock(required=False, label=_("Picture shown before it is pressed"))

    class Meta:
        icon = "media"
        template = "stories/blocks/embed.html"


class ImportedHTML(blocks.RawHTMLBlock):
    """What an importer could not turn into blocks. What an editor writes in one is sanitised too.

    Wagtail cannot hide a block from its menu and still show those that are there.
    """

    def clean(self, value: str) -> Any:
        return super().clean(kept(value))

    class Meta:
        icon = "code"
        label = _("Imported HTML")
        template = "stories/blocks/imported.html"


class Body(blocks.StreamBlock):
    paragraph = Paragraph()
    heading = Heading()
    picture = PictureBlock()
    gallery = Gallery()
    quote = Quote()
    list = List()
    link = LinkBlock()
    call_out = CallOut()
    embed = Embed()
    imported = ImportedHTML(group=_("Imported"))
