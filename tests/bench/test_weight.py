"""What a page over its budget is said to break."""

import random

from tests.bench import weight


def prose(count):
    letters = random.Random(7)
    return [f"{letters.getrandbits(40):x}" for _ in range(count)]


def test_a_page_of_too_many_words_breaks_the_rule_of_words():
    paragraphs = "".join(f"<p>{' '.join(prose(100))}</p>" for _ in range(30))
    assert weight.broken_rule(paragraphs).startswith("words: 3,000 of 1,000")


def test_a_page_with_a_huge_table_breaks_the_rule_of_tables():
    table = "".join(f"<tr><td>{word}</td></tr>" for word in prose(900))
    page = f"<p>{' '.join(prose(50))}</p><table>{table}</table>"
    assert weight.broken_rule(page).startswith("tables (")
