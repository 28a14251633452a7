"""Contrast, computed from the custom properties of base.css, light and dark."""

import re

import pytest

from tamizdat.theme import styles

TEXT = [
    (text, ground) for text in ("ink", "soft", "signal", "give") for ground in ("paper", "wash")
]


def colours(scheme: str) -> dict[str, str]:
    light, dark = (styles.FOLDER / "base.css").read_text().split("prefers-color-scheme:dark", 1)
    found = dict(re.findall(r"--([\w-]+):(#\w+)", light))
    return found | (dict(re.findall(r"--([\w-]+):(#\w+)", dark)) if scheme == "dark" else {})


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_measure_itself():
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#fff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), [*TEXT, ("on-give", "give"), ("paper", "ink")])
def test_text_stands_out_seven_to_one(scheme, text, ground):
    palette = colours(scheme)
    assert contrast(palette[text], palette[ground]) >= 7


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "wash"])
def test_the_edge_of_a_field_stands_out_three_to_one(scheme, ground):
    palette = colours(scheme)
    assert contrast(palette["edge"], palette[ground]) >= 3


def test_no_colour_is_named_outside_the_palette():
    for sheet in styles.FOLDER.glob("*.css"):
        if sheet.name not in ("base.css", "print.css"):
            assert not re.search(r":[^;{}]*#[0-9a-f]{3,6}\b", sheet.read_text()), sheet.name


def test_elsewhere_a_rem_is_ours_and_nothing_is_dark():
    css = styles.style_elsewhere()

    assert "prefers-color-scheme" not in css
    assert ":root" not in css
    assert not re.search(r"[\d.]rem\b", re.sub(r"@media[^{]*", "", css).replace("*var(--rem)", ""))
    assert "(max-width:30rem)" in css  # a query has no variables, and knows no rem of the page
    assert ":host([dir=rtl]){--serif:" in css


def test_a_layer_we_do_not_have_is_refused():
    with pytest.raises(FileNotFoundError):
        styles.style_of(("no-such-layer",))


@pytest.mark.parametrize(
    ("kind", "layers"),
    [("paragraph", ""), ("list", "lists"), ("gallery", "shown"), ("imported", "lists rare shown")],
)
def test_a_page_carries_the_styles_of_the_blocks_it_has_and_no_others(kind, layers):
    extra = sorted(styles.layers_of(kind, {}))

    assert styles.layers_for(("base", "print"), extra) == ("base", *layers.split(), "print")
