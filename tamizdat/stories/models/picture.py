from dataclasses import dataclass
from io import BytesIO
from typing import Any, Self

from django.core.files.images import ImageFile
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.rect import Rect

from tamizdat.stories.stripping import stripped


@dataclass(frozen=True, slots=True)
class PictureRow:
    """What a page must know of a picture to show it. Wagtail's crops take it for an image."""

    pk: int
    file: str  # below MEDIA_ROOT
    file_hash: str  # SHA-1 of the stripped original, in hex
    width: int
    height: int
    focal_point_x: int | None = None
    focal_point_y: int | None = None
    focal_point_width: int | None = None
    focal_point_height: int | None = None
    is_lost: bool = False

    @classmethod
    def of(cls, picture: "Picture") -> Self:
        values = {name: getattr(picture, name) for name in cls.__slots__}
        return cls(**values | {"file": picture.file.name})

    def get_focal_point(self) -> Rect | None:
        if self.focal_point_x is None or self.focal_point_y is None:
            return None
        size = (self.focal_point_width or 1, self.focal_point_height or 1)
        return Rect.from_point(self.focal_point_x, self.focal_point_y, *size)


class Picture(AbstractImage):
    """A picture and whose it is. `description` says what it shows, unless a page says better."""

    caption = models.CharField(_("caption"), max_length=400, blank=True)
    credit = models.CharField(_("credit"), max_length=120, blank=True)
    # The file was not there when it was needed. Pages leave the picture out until it is back.
    is_lost = models.BooleanField(default=False, editable=False)

    admin_form_fields = (
        "title",
        "file",
        "description",
        "caption",
        "credit",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    def in_words(self, alt: str = "") -> str:
        """What is read to those who cannot see it: a page's own words, else the picture's."""
        return alt or self.description

    def take_in(self, content: bytes, *, name: str) -> None:
        """Make `content` this picture's file, without what the camera added. Saves nothing.

        Raises Unreadable.
        """
        bare = stripped(content)
        file: Any = ImageFile(BytesIO(bare), name=name)
        self.file = file  # from now on a WagtailImageFieldFile, which has read the size
        self.file_size = len(bare)
        self.is_lost = False
        self._set_file_hash()
        self._is_stripped = self.file

    def clean(self) -> None:
        super().clean()
        self._strip()  # before the desk's form looks at the size and the hash of the file

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._strip()
        super().save(*args, **kwargs)

    def _strip(self) -> None:
        """Strip a file that is about to be stored. Its forms and its makers all come by here."""
        is_new = self.file and not self.file._committed
        if is_new and getattr(self, "_is_stripped", None) is not self.file:
            self.file.open()
            self.take_in(self.file.read(), name=self.file.name)


class PictureRendition(AbstractRendition):
    """The desk's own thumbnails. A reader's page shows pictures that `developing` makes."""

    image = models.ForeignKey(Picture, models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)
