"""Charts are SVG that any reader of XML understands, and that stays within its frame."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from tamizdat.lib import charts
from tamizdat.lib.charts import HEIGHT, WIDTH, Chart, Series

ABOUT = Chart("gifts", "Gifts & <more>", "A column for each month.")
SVG = "{http://www.w3.org/2000/svg}"
numbers = st.floats(-1e9, 1e9, allow_nan=False)
words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)


@st.composite
def series(draw, values=numbers):
    names = draw(st.lists(words, max_size=30))
    each = st.lists(values, min_size=len(names), max_size=len(names))
    many = draw(st.lists(each, min_size=1, max_size=4))
    return names, [Series("some", one, [f"{n:g}" for n in one]) for one in many]


def parsed(svg):
    return ElementTree.fromstring(svg)


def tell(root):
    """What a screen reader says first."""
    found = {each.get("id"): each.text for each in root if each.get("id")}
    return [found[name] for name in root.get("aria-labelledby").split()]


def assert_within(root, height=HEIGHT):
    for rect in root.iter("rect"):
        x, y = float(rect.get("x")), float(rect.get("y"))
        assert 0 <= x <= x + float(rect.get("width")) <= WIDTH + 1
        assert -1 <= y <= y + float(rect.get("height")) <= height + 1


@given(drawn=series())
def test_columns_stand_within_the_frame_and_say_what_they_are(drawn):
    root = parsed(charts.columns(ABOUT, *drawn))

    assert tell(root) == ["Gifts & <more>", "A column for each month."]
    assert_within(root)


@given(drawn=series(st.floats(0, 1e9)))
def test_lines_stand_within_the_frame_and_every_point_is_told(drawn):
    names, many = drawn
    root = parsed(charts.line(ABOUT, *drawn))
    points = list(root.iter("circle"))

    assert len(points) == len(names) * len(many)
    assert all(0 <= float(point.get("cy")) <= HEIGHT for point in points)


def test_a_line_has_a_gap_where_a_value_is_not_told():
    one = Series("Gifts", [7, None, 9, 8], ["7", "few", "9", "8"])
    root = parsed(charts.line(ABOUT, list("abcd"), [one]))
    runs = [each.get("points").split() for each in root.iter("polyline")]

    assert [len(run) for run in runs] == [1, 2]
    assert len(list(root.iter("circle"))) == 3


@given(drawn=series(st.floats(0, 1e9)))
def test_rows_stand_within_the_frame(drawn):
    names, many = drawn
    root = parsed(charts.rows(ABOUT, names, many[0]))

    assert_within(root, height=max(1, len(names)) * charts.ROW)


@given(cells=st.lists(st.lists(st.none() | st.floats(0, 1), max_size=24), max_size=24))
def test_a_cell_is_darker_the_fuller_it_is(cells):
    root = parsed(charts.heat(ABOUT, [str(n) for n in range(len(cells))], cells))
    shades = [
        float(cell.get("fill-opacity")) for cell in root.iter("rect") if cell.get("fill-opacity")
    ]
    shares = [share for row in cells for share in row if share is not None]

    assert len(shades) == len(shares)
    assert all(0 < shade <= 1 for shade in shades)


@given(wanted=st.floats(0.001, 1e12))
def test_the_lines_of_a_scale_are_at_round_numbers(wanted):
    step = charts.round_step(wanted)

    assert step >= wanted
    assert f"{step:.1e}"[:3] in ("1.0", "2.0", "2.5", "5.0")


def test_parts_of_a_column_stand_on_each_other_and_losses_hang_below_the_line():
    many = [Series("won", [3], ["3"]), Series("more", [1], ["1"]), Series("lost", [-2], ["2"])]
    won, more, lost = parsed(charts.columns(ABOUT, ["May"], many)).iter("rect")

    def span(rect):
        return float(rect.get("y")), float(rect.get("y")) + float(rect.get("height"))

    assert abs(span(more)[1] - span(won)[0]) < 0.11
    assert abs(span(lost)[0] - span(won)[1]) < 0.11
