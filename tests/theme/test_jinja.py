"""The environment in which readers' templates are rendered."""

import pytest
from django.template import engines
from django.utils.translation import override
from jinja2 import UndefinedError


def template(source):
    return engines["jinja2"].from_string(source)


@pytest.mark.parametrize("source", ["{{ nowhere }}", "{% if page.nowhere %}{% endif %}"])
def test_a_name_that_is_not_there_is_an_error_and_never_silence(source):
    with pytest.raises(UndefinedError):
        template(source).render({"page": object()})


def test_a_compiled_template_speaks_whichever_language_is_active():
    said = template("{{ _('Search') }} {{ pgettext('two authors', 'and') }}")
    spoken = []
    for language in ("en", "ru", "fa", "en"):
        with override(language):
            spoken.append(said.render())

    assert spoken == ["Search and", "Поиск и", "جست‌وجو و", "Search and"]


def test_what_is_put_into_a_sentence_is_text_and_not_html():
    said = template("{% trans outlet=name %}Support {{ outlet }}{% endtrans %}{{ name }}")

    assert said.render({"name": "A&<b>"}) == "Support A&amp;&lt;b&gt;A&amp;&lt;b&gt;"


def test_a_day_that_nobody_knows_is_not_said():
    assert template("<p>{{ nothing|day }}</p>").render({"nothing": None}) == "<p></p>"
