"""Pixels into a budget of bytes: in it, near it, and always in the same way."""

from io import BytesIO
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tamizdat.stories.fitting import SCALES, fitted


def scene(detail, *, size=(240, 160)):
    """Hills under a sky, in grain: `detail` says how much."""
    slope = Image.linear_gradient("L").resize(size)
    noise = Image.frombytes("L", size, Random(7).randbytes(size[0] * size[1]))
    grain = Image.blend(slope, noise, detail)
    return Image.merge("RGB", (grain, slope, Image.radial_gradient("L").resize(size)))


@settings(max_examples=30)
@given(
    format=st.sampled_from(list(SCALES)),
    detail=st.floats(0, 1),
    budget=st.integers(1_500, 12_000),
)
def test_whatever_it_shows_it_is_within_its_budget(format, detail, budget):
    content = fitted(scene(detail), format=format, budget=budget)

    assert len(content) <= budget
    with Image.open(BytesIO(content)) as made:
        assert made.size == (240, 160)


@pytest.mark.parametrize("format", SCALES)
@pytest.mark.parametrize("detail", [0.05, 0.15, 0.3])
def test_what_is_too_heavy_at_its_best_uses_most_of_its_budget(format, detail):
    best = len(fitted(scene(detail), format=format, budget=1_000_000))
    budget = best * 2 // 3

    assert budget // 2 < len(fitted(scene(detail), format=format, budget=budget)) <= budget


@pytest.mark.parametrize("format", SCALES)
def test_the_same_pixels_are_the_same_bytes(format):
    assert len({fitted(scene(0.2), format=format, budget=5_000) for _ in range(3)}) == 1
