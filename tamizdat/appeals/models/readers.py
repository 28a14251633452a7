"""The readers as whom a message can be looked at, before it is on."""

FIRST, SEEN, CLOSED, GAVE, LATER, PHONE = "first", "seen", "closed", "gave", "later", "phone"
DANGER, UNKNOWN, SCRIPTLESS, COUNTRY = "danger", "unknown", "scriptless", "country-"
READERS = {
    FIRST: "who comes for the first time",
    SEEN: "who saw it three times this week",
    CLOSED: "who closed it yesterday",
    GAVE: "who gave a month ago",
    LATER: "who asked yesterday to be reminded",
    PHONE: "with a telephone",
    DANGER: "in a country where giving is a crime",
    UNKNOWN: "whose country is unknown, as with Tor Browser",
    SCRIPTLESS: "without JavaScript",
}


def words_of(mode: str) -> str:
    """`gave` → `who gave a month ago`."""
    return READERS.get(mode, f"in {mode.removeprefix(COUNTRY)}")
