from tamizdat.stories.models.front import Front, FrontPick, PlainPage, Section
from tamizdat.stories.models.imported import Imported
from tamizdat.stories.models.index import Author, Authors, Topic, Topics
from tamizdat.stories.models.picture import Picture, PictureRendition, PictureRow
from tamizdat.stories.models.story import (
    Byline,
    ChangeNote,
    Correction,
    KeptReadMore,
    ReadMorePick,
    Story,
    StoryTopic,
)

__all__ = [
    "Author",
    "Authors",
    "Byline",
    "ChangeNote",
    "Correction",
    "Front",
    "FrontPick",
    "Imported",
    "KeptReadMore",
    "Picture",
    "PictureRendition",
    "PictureRow",
    "PlainPage",
    "ReadMorePick",
    "Section",
    "Story",
    "StoryTopic",
    "Topic",
    "Topics",
]
