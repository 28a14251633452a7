import logging


class WithoutReaders(logging.Filter):
    """Take the request out of a log record: it may hold a signed link or an address."""

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
            del record.__dict__["request"]
        return True
