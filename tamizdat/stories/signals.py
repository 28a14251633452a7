"""News that stories tells to the layers above."""

from django.dispatch import Signal

# An import has put many pages live, or changed them, without a signal for each. Sent after the
# commit, once, with `pages`: how many.
archive_imported = Signal()
