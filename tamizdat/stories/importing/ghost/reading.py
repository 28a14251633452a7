"""A Ghost export as what any old site holds: writers, terms, entries."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tamizdat.stories.importing.export import Entry, Term, Writer
from tamizdat.stories.importing.ghost import tables
from tamizdat.stories.importing.ghost.tables import Row, Tables

HOME = "__GHOST_URL__"
_STATUS = {"published": "publish", "scheduled": "future", "sent": "sent by mail only"}
_VISIBILITY = {
    "members": "for members only",
    "paid": "for paying members only",
    "tiers": "for members of some tiers only",
}
# Columns that we have no place for; that they were filled in is said in the report.
_UNPLACED = (
    "codeinjection_head codeinjection_foot custom_template og_title og_description og_image "
    "twitter_title twitter_description twitter_image"
).split()
