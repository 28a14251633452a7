import pytest

from tamizdat.theme.embeds import frame_address

FRAMED = {
    "https://vimeo.com/76979871": "https://player.vimeo.com/video/76979871?dnt=1",
    "https://archive.org/details/the_boat": "https://archive.org/embed/the_boat",
    "https://t.me/lantern/12": "https://t.me/lantern/12?embed=1",
    "https://tube.example/w/9c9de5e8-0a1e-484a-b099-e80766180a6d": (
        "https://tube.example/videos/embed/9c9de5e8-0a1e-484a-b099-e80766180a6d"
    ),
}


@pytest.mark.parametrize("address", FRAMED)
def test_a_player_we_know_can_open_in_the_page(address):
    assert frame_address(address) == FRAMED[address]


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/watch?v=aqz-KE-bpKQ",
        "https://social.example/1",
        "javascript:alert(1)//https://vimeo.com/1",
        "https://vimeo.com.evil.example/1",
    ],
)
def test_anything_else_stays_a_link(address):
    assert frame_address(address) is None


@pytest.mark.django_db
def test_only_a_page_with_a_player_may_frame_and_only_that_player(printed):
    assert b'; frame-src https://player.vimeo.com"' in printed["en"]["everything"]
    assert b"frame-src" not in printed["en"]["story"]


@pytest.mark.django_db
def test_the_script_is_only_on_a_page_with_a_player(printed):
    assert b'<script type="module" src="/assets/embed.' in printed["en"]["everything"]
    assert b"/assets/embed." not in printed["en"]["story"]
