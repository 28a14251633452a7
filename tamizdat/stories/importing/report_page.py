"""The report as one page of HTML that needs nothing else and asks nobody for anything."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from tamizdat.stories.importing.report import Item, Outcome, Report, discreet

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem}
fieldset{border:0;padding:0;margin:1rem 0}label{display:inline-block;margin-inline-end:1.25rem}
table{border-collapse:collapse;width:100%}th,td{text-align:start;vertical-align:top;padding:.4rem;
border-bottom:1px solid #8888}td{overflow-wrap:anywhere}td ul{margin:0;padding-inline-start:1.1rem}
"""
_KEYS = {outcome: f"o{place}" for place, outcome in enumerate(Outcome)}


def write(report: Report, path: Path) -> None:
    """Write the page, item by item; no e-mail address and no IP address is in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for piece in _pieces(report):
            file.write(discreet(piece))


def _pieces(report: Report) -> Iterator[str]:
    # An outcome that is not ticked is not shown: no script, so it works wherever it is opened.
    hidden = "".join(
        f"body:not(:has(#{key}:checked)) tr.{key}{{display:none}}" for key in _KEYS.values()
    )
    yield format_html(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Import of {}</title>'
        '<meta name="viewport" content="width=device-width"><style>{}</style>'
        "<h1>{} of {}</h1>\n",
        report.site,
        mark_safe(_STYLE + hidden),  # noqa: S308 - ours
        "What an import would do: rehearsal" if report.is_rehearsal else "Import",
        report.site,
    )
    yield _list("Made", report.counts)
    yield _list("Not imported", report.left_out)
    yield _list("Not carried over as it was", report.all_notes())
    yield _list("Repaired", {text: 1 for text in report.repairs})
    for kind, found in report.notes.as_dict().items():
        yield _list(kind.capitalize(), found)
    yield _choices(report)
    yield "<table><thead><tr><th>Item<th>Outcome<th>Remarks</thead>\n<tbody>\n"
    yield from map(_row, report.items)
    yield "</tbody></table></html>\n"


def _choices(report: Report) -> SafeString:
    totals = report.totals()
    boxes = format_html_join(
        "\n",
        '<label><input type="checkbox" id="{}" checked> {} ({})</label>',
        ((key, outcome.value, totals[outcome]) for outcome, key in _KEYS.items()),
    )
    return format_html("<fieldset><legend>Show</legend>{}</fieldset>\n", boxes)


def _list(title: str, counts: Mapping[str, int]) -> SafeString:
    rows = format_html_join("", "<li>{}: {}</li>", sorted(counts.items()))
    return format_html("<h2>{}</h2><ul>{}</ul>\n", title, rows) if rows else SafeString()


def _row(item: Item) -> SafeString:
    return format_html(
        '<tr class="{}"><td>{}<br><small>{} {}</small><td>{}<td>{}\n',
        _KEYS[item.outcome],
        item.title,
        item.source,
        item.address,
        item.outcome.value,
        _remarks(item),
    )


def _remarks(item: Item) -> SafeString:
    remarks = [item.why] if item.why else []
    remarks += [f"{what}: {how}" for what, how in item.changed.items()]
    for kind, found in item.not_understood.items():
        things = ", ".join(
            f"{what} ({count})" if count > 1 else what for what, count in found.items()
        )
        remarks.append(f"{kind}: {things}")
    rows = format_html_join("", "<li>{}</li>", ((remark,) for remark in remarks))
    return format_html("<ul>{}</ul>", rows) if rows else SafeString()
