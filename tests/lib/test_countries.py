import pytest

from tamizdat.lib.countries import NotACountry, country_code


@pytest.mark.parametrize(("text", "code"), [("by", "BY"), ("GB", "GB"), ("Am", "AM")])
def test_two_letters_of_a_country_are_written_large(text, code):
    assert country_code(text) == code


@pytest.mark.parametrize("text", ["", "U", "UK", "643", "Iran", "B1", "ЯЯ"])
def test_what_is_no_country_is_refused(text):
    with pytest.raises(NotACountry):
        country_code(text)
