"""The redirect map as nginx and Caddy read it; that they do is in tests/config."""

from tamizdat.editions import webmaps


def test_every_way_to_write_an_old_address_has_a_line():
    lines = webmaps.caddy_map({"/old?b=2&a=1": (301, "/new/")}).decode().splitlines()

    assert set(lines[1:]) == {
        f'"/old{stroke}?{query}" 301 "/new/"'
        for stroke in ("", "/")
        for query in ("a=1&b=2", "b=2&a=1")
    }


def test_a_query_of_many_parts_does_not_grow_into_a_thousand_lines():
    query = "&".join(f"p{number}=1" for number in range(8))
    assert webmaps.caddy_map({f"/?{query}": (301, "/new/")}).count(b"\n") == 2


def test_of_two_addresses_that_nginx_cannot_tell_apart_one_has_a_line():
    found = webmaps.nginx_map({"/Faq": (301, "/a/"), "/faq": (301, "/b/")}).decode()
    assert [line.split()[0] for line in found.splitlines()] == ['"/Faq"', '"/Faq/"']


def test_what_would_be_read_as_something_else_is_left_to_the_stub():
    moves = {"/a$b": (301, "/x/"), "/a\nb": (301, "/x/"), "/" + "ж" * 1000: (301, "/x/")}

    assert webmaps.nginx_map(moves) == b""
    assert b"{" not in webmaps.caddy_map({"/{env.HOME}": (301, "/x/")})


def test_an_address_is_never_read_as_a_variable():
    assert b'301 /a%24b/"' in webmaps.nginx_map({"/old": (301, "/a$b/")})
