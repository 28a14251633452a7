import hashlib
from io import BytesIO

import pytest
from PIL import Image

from tamizdat.demo.pictures import gallery


@pytest.mark.parametrize("name", ["ferry-dusk", "umbrellas", "portrait-ana-verev"])
def test_a_drawing_is_the_same_every_time(name):
    assert gallery.draw(name) == gallery.draw(name)


def test_drawings_are_of_a_size_for_a_front_page_and_all_differ():
    drawn = {name: gallery.draw(name) for name in gallery.DRAWINGS}

    assert {Image.open(BytesIO(jpeg)).size for jpeg in drawn.values()} == {(1600, 1000)}
    assert len({hashlib.sha256(jpeg).digest() for jpeg in drawn.values()}) == len(drawn) >= 20
