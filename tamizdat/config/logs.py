import logging
import traceback


class WithoutReaders(logging.Filter):
    """Take the reader out of a log record: the request may hold a signed link or an address."""

    def filter(self, record: logging.LogRecord) -> bool:
        if request := getattr(record, "request", None):
            match = getattr(request, "resolver_match", None)
            record.msg, record.args = (
                "%s at view %s",
                (
                    getattr(record, "status_code", "error"),
                    match.view_name if match else "(none)",
                ),
            )
            record.exc_text, record.exc_info = _where(record), None
            del record.__dict__["request"]
        return True


def _where(record: logging.LogRecord) -> str | None:
    """Where we broke, and not what was said of it: that may quote what a reader sent."""
    if not record.exc_info or getattr(record, "status_code", 500) < 500:
        return None  # the fault is in the request, which is nothing to write down
    kind, _error, frames = record.exc_info
    return "".join([*traceback.format_tb(frames), kind.__name__ if kind else ""])
