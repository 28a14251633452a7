"""Ways to break the engine of the editions. Each text stands once in its file."""

from tests.mutations.breaking import Mutant, Suite

MUTANTS = [
    Mutant(
        "editions/taking_in.py",
        "if fact.digest != bytes(was[0]):",
        "if False:",
        "The digest of a fact is not compared.",
    ),
    Mutant(
        "editions/taking_in.py",
        "suspects = {n: readers[n] for n in facts if n not in self.asked}",
        "suspects = {}",
        "What a changed fact means to other facts is not followed.",
    ),
    Mutant(
        "editions/taking_in.py",
        'suspects |= dict.fromkeys(due, "the clock")',
        "pass",
        "What changes by itself is not asked again.",
    ),
    Mutant(
        "editions/taking_in.py",
        "    _outdate_unborn(tokens, now=now)\n",
        "",
        "What is new is not baked.",
    ),
    Mutant(
        "editions/tracing.py",
        "value, digest, tuple(recorder.tokens), tuple(recorder.reads), recorder.valid_until",
        "value, digest, tuple(recorder.tokens), (), recorder.valid_until",
        "What a fact has read is not noted.",
    ),
    Mutant(
        "editions/oven.py",
        "blake2b(repr((cell.tokens, reads, cell.valid_until)).encode(), digest_size=16)",
        "blake2b(digest_size=16)",
        "A fact that is what it was, but for another reason, keeps its old trace.",
    ),
    Mutant(
        "editions/keeping.py",
        "values = [(f.number, f.text, f.digest, f.trace, f.valid_until) for f in facts]",
        "values = [(f.number, f.text, f.digest, f.trace, None) for f in facts]",
        "The moment at which a page changes by itself is not kept.",
    ),
    Mutant(
        "editions/keeping.py",
        'rows.insert(Begotten, ("target_id", "by_id"), pairs)',
        "pass",
        "Who begets whom is not kept.",
    ),
    Mutant(
        "editions/keeping.py",
        "left = dropped - kept - {target for target, _by in now}",
        "left = set()",
        "What nobody begets any more stays.",
    ),
    Mutant(
        "editions/keeping.py",
        "elif stale.intersection(loaf.reads):",
        "elif False:",
        "A page of what has changed while it was made is kept.",
    ),
    Mutant(
        "editions/keeping.py",
        "stale |= {f.number for f in new if EVERYTHING in told or not told.isdisjoint(f.tokens)}",
        "pass",
        "Of a new fact nobody asks whether it changed while the page was made.",
    ),
    Mutant(
        "editions/claiming.py",
        "stale = {path for path in paths if before.get(path) != after.get(path)}",
        "stale = {path for path in after if before.get(path) != after.get(path)}",
        "A file that nobody claims any more stays in the tree.",
    ),
    Mutant(
        "editions/claiming.py",
        "ORDER BY rank, target_id LIMIT 1",
        "ORDER BY rank DESC, target_id LIMIT 1",
        "A redirect is kept where a page has come back.",
    ),
    Mutant(
        "editions/baking.py",
        "first = hiding.take_away(told, now=now)",
        "first = None",
        "What nobody may read any more is taken away last.",
    ),
    Mutant(
        "editions/settling.py",
        "lost = _lost_paths()",
        "lost = set()",
        "What the disk has lost is not baked again.",
    ),
    Mutant(
        "editions/watching.py",
        '_EVENTS = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}',
        '_EVENTS = {"insert": ("NEW",), "update": ("OLD", "NEW")}',
        "The database does not tell of rows that go.",
    ),
    Mutant(
        "editions/watching.py",
        '"update": ("OLD", "NEW")',
        '"update": ("NEW",)',
        "The database does not tell where a row was before.",
    ),
    Mutant(
        "theme/watched.py",
        '_LISTED = ["path", "live", ',
        '_LISTED = ["path", ',
        "A list is not told that a story came or went without a move.",
    ),
    Mutant(
        "theme/watched.py",
        '    "url_path",\n',
        "",
        "A page is not told that its address changed with that of its section.",
    ),
    Mutant(
        "theme/watched.py",
        'Watched("wagtailcore_pageviewrestriction", selects=[below], ',
        'Watched("wagtailcore_pageviewrestriction", ["\'page:\' || {row}.page_id"], ',
        "What stands below a page is not told that it is private.",
    ),
    Mutant(
        "theme/watched.py",
        "selects=lists, ",
        "",
        "A list is not told that one of its stories is private, or for everyone again.",
    ),
    Mutant(
        "theme/facts/lists.py",
        "        watch(archive.token)\n",
        '        watch(f"page:{pk}")\n',
        "A list watches itself and not its stories.",
    ),
    Mutant(
        "theme/facts/places.py",
        "    watch(f\"says:{str(row['translation_key']).replace('-', '')}\")\n",
        "",
        "A page does not watch for its translations.",
    ),
]

SUITE = Suite(
    law=("tests/editions/test_law.py",),
    others="tests/editions/test_*.py",
    environ={"LAW_EXAMPLES": "15"},  # ten steps each
    mutants=MUTANTS,
)
