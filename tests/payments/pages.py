"""What a browser shows at a pretend provider: a number to enter, and a bank's question."""

_FRAME = """<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">
<title>{heading}</title><link rel="icon" href="data:,"><h1>{heading}</h1>
<form method="post">{fields}</form></html>"""
_NUMBER = """<label>Number <input name="number" inputmode="numeric"></label>
<button>Go on</button><button name="leave" value="yes">Go back</button>"""
_QUESTION = """<button name="answer" value="yes">Yes, it is me</button>
<button name="answer" value="no">No</button>"""


def for_number(heading):
    """Whose `number` is posted to where the page is; or `leave`, without one."""
    return _FRAME.format(heading=heading, fields=_NUMBER)


def for_question():
    """Whose `answer` is posted to where the page is."""
    return _FRAME.format(heading="Is it you?", fields=_QUESTION)
