"""One table of choices, for both who make them: `appeals/choosing.py` and the browser's script.

Each case: what is changed of a plain rule, of a plain reader, and whether the message is shown.
Day 20,000 is Thursday, 4 October 2024.
"""

TODAY = 20_000
NOON = TODAY * 1_440 + 720
WEEK = 2_857  # that day 20,000 is in: it began on day 19,997

RULE = {"id": "plain", "place": "banner"}
ASKS = {"never": ["BY"], "unknown_is_never": False, "holdback": 0, "tests": {}, "rules": []}
READER = {
    "country": "DE",
    "section": "politics",
    "topics": ["elections", "courts"],
    "sensitive": False,
    "device": "phone",
    "minute": NOON,
    "number": 1_234,
    "reads": {},
    "views": [],
    "closed": {},
    "arms": {},
}


def seen(*days, place="banner"):
    return {"views": [[place, day] for day in days]}


CASES = {
    "a rule without conditions": ({}, {}, True),
    "a country that is meant": ({"countries": ["DE", "AT"]}, {}, True),
    "another country": ({"countries": ["AT"]}, {}, False),
    "a country that is not known is none of those meant": (
        {"countries": ["DE"]},
        {"country": ""},
        False,
    ),
    "nor one of those left out": ({"not_countries": ["DE"]}, {"country": ""}, True),
    "a country that is left out": ({"not_countries": ["DE"]}, {}, False),
    "a section that is meant": ({"sections": ["politics"]}, {}, True),
    "another section": ({"sections": ["sport"]}, {}, False),
    "a section that is left out": ({"not_sections": ["politics"]}, {}, False),
    "one topic of several": ({"topics": ["courts", "war"]}, {}, True),
    "no such topic": ({"topics": ["war"]}, {}, False),
    "a story without topics": ({"topics": ["war"]}, {"topics": []}, False),
    "a topic that is left out": ({"not_topics": ["elections"]}, {}, False),
    "a sensitive story": ({}, {"sensitive": True}, False),
    "a sensitive story and a soft message": ({"soft": True}, {"sensitive": True}, True),
    "a telephone": ({"device": "phone"}, {}, True),
    "no telephone": ({"device": "desktop"}, {}, False),
    "the minute before it begins": ({"begins": NOON + 1}, {}, False),
    "the minute it begins": ({"begins": NOON}, {}, True),
    "the last minute": ({"ends": NOON + 1}, {}, True),
    "the minute it ends": ({"ends": NOON}, {}, False),
    "three stories are enough": ({"read": [3, None, 1]}, {"reads": {str(WEEK): 3}}, True),
    "two are not": ({"read": [3, None, 1]}, {"reads": {str(WEEK): 2}}, False),
    "last week is not this week": ({"read": [3, None, 1]}, {"reads": {str(WEEK - 1): 3}}, False),
    "two weeks are added": (
        {"read": [3, None, 2]},
        {"reads": {str(WEEK - 1): 1, str(WEEK): 2}},
        True,
    ),
    "as many as may be": ({"read": [0, 5, 1]}, {"reads": {str(WEEK): 5}}, True),
    "more than may be": ({"read": [0, 5, 1]}, {"reads": {str(WEEK): 6}}, False),
    "three views of four": ({"views": [4, 30, 0]}, seen(TODAY - 2, TODAY - 1, TODAY), True),
    "four views of four": ({"views": [4, 30, 0]}, seen(*[TODAY] * 4), False),
    "the oldest is just forgotten": (
        {"views": [4, 30, 0]},
        seen(TODAY - 30, TODAY, TODAY, TODAY),
        True,
    ),
    "the oldest still counts": (
        {"views": [4, 30, 0]},
        seen(TODAY - 29, TODAY, TODAY, TODAY),
        False,
    ),
    "views elsewhere do not count": ({"views": [1, 30, 0]}, seen(TODAY, place="ask"), True),
    "yesterday is too near": ({"views": [9, 30, 2]}, seen(TODAY - 1), False),
    "the day before is not": ({"views": [9, 30, 2]}, seen(TODAY - 2), True),
    "as often as may be, but not yesterday": ({"views": [None, 30, 2]}, seen(TODAY - 1), False),
    "as often as may be": ({"views": [None, 30, 2]}, seen(*[TODAY - 2] * 9), True),
    "closed just now": ({"closed": 7}, {"closed": {"banner": TODAY}}, False),
    "closed six days ago": ({"closed": 7}, {"closed": {"banner": TODAY - 6}}, False),
    "closed a week ago": ({"closed": 7}, {"closed": {"banner": TODAY - 7}}, True),
    "another place was closed": ({"closed": 7}, {"closed": {"ask": TODAY}}, True),
    "gave a month ago": ({"gave": 90}, {"gave": TODAY - 30}, False),
    "gave long ago": ({"gave": 90}, {"gave": TODAY - 90}, True),
    "gave, and the rule does not mind": ({}, {"gave": TODAY}, True),
    "asked to be reminded": ({"later": 30}, {"later": TODAY - 1}, False),
    "a clock that was ahead": ({"closed": 7}, {"closed": {"banner": TODAY + 300}}, False),
}
