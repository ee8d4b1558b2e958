from xml.etree import ElementTree

import pytest

from publishing.heatmap import HEAD, HEADING, HEAT, WIDEST, HeatCell, HeatRow, heat_map, step_of

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '<script>alert("1")</script> & {{ 7*7 }}'


def drawing(columns=3, number=2, words="To do so", label="A.MS.a"):
    cells = [HeatCell(at * number, f"{label}, Plan {at}", f"/rows?plan={at}") for at in range(columns)]
    rows = [
        HeatRow(label, words, cells, "/o", "A. Aim"),
        HeatRow("B.MS.a", words, [HeatCell(0, "B")] * columns, group="B. Aim"),
    ]
    names = [f"Plan {at}" for at in range(columns)]
    return ElementTree.fromstring(heat_map("coverage", "Headline", "Said", names, rows))  # noqa: S314 - our own


def test_it_is_xml_with_a_title_and_nothing_that_the_policy_forbids():
    root = drawing(words=HOSTILE, label=HOSTILE)
    assert (root.find(f"{SVG}title").text, root.find(f"{SVG}desc").text) == ("Headline", "Said")
    for element in root.iter():
        assert element.tag not in {f"{SVG}style", f"{SVG}script"}
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]


def test_a_cell_leads_to_its_rows_by_a_name_that_begins_with_its_number():
    links = [(a.get("aria-label"), a.get("href")) for a in drawing().iter(f"{SVG}a") if a.get("aria-label")]
    assert links == [
        ("2 actions: A.MS.a, Plan 1", "/rows?plan=1"),
        ("4 actions: A.MS.a, Plan 2", "/rows?plan=2"),
    ]


def test_a_cell_without_anything_is_ringed_by_dashes_and_leads_nowhere():
    root = drawing()
    assert (
        len([r for r in root.iter(f"{SVG}rect") if r.get("stroke-dasharray")]) == 1 + 4
    )  # the legend's, too
    assert [t.text for t in root.iter(f"{SVG}text")].count("0") == 4
    assert [
        a.get("aria-label") for a in root.iter(f"{SVG}a") if (a.get("aria-label") or "").startswith("0")
    ] == []


@pytest.mark.parametrize("columns", [1, 3, 15, 25])
def test_nothing_is_drawn_outside_the_frame(columns):
    for rect in drawing(columns).iter(f"{SVG}rect"):
        assert float(rect.get("x")) >= 0
        assert float(rect.get("x")) + float(rect.get("width")) <= 960


def test_more_is_never_paler():
    for most in range(1, 40):
        steps = [step_of(value, most) for value in range(1, most + 1)]
        assert steps == sorted(steps)
        assert set(steps) <= set(range(len(HEAT)))
    assert step_of(40, 40) == len(HEAT) - 1


def test_numbers_begin_behind_the_longest_code_and_words_behind_the_numbers():
    root = drawing(label="C.CCWP+COM.0")
    boxes = [float(r.get("x")) for r in root.iter(f"{SVG}rect") if float(r.get("y")) > HEAD]
    assert min(boxes) == 106 + 1
    begins = {t.get("x") for t in root.iter(f"{SVG}text") if t.text == "To do so"}
    assert begins == {str(106.0 + 3 * WIDEST + 12)}


def test_the_numbers_of_three_plans_are_seen_on_a_screen_of_320_pixels():
    ends = [float(r.get("x")) + float(r.get("width")) for r in drawing(3).iter(f"{SVG}rect")]
    assert max(ends) * 46 * 16 / 960 <= 320 - 2 * (
        16 + 16
    )  # the least width of a chart, the edges of page and sheet


def test_where_none_is_no_gap_the_cell_is_not_marked():
    rows = [HeatRow("withdrawn", "", [HeatCell(0, "x"), HeatCell(2, "x")], none_is_gap=False)]
    root = ElementTree.fromstring(heat_map("coverage", "Headline", "Said", ["1", "2"], rows))  # noqa: S314 - our own
    assert len([r for r in root.iter(f"{SVG}rect") if r.get("stroke-dasharray")]) == 1  # the legend's alone
    assert [t.text for t in root.iter(f"{SVG}text")].count("0") == 1


def test_a_long_heading_is_seen_whole_on_a_screen_of_320_pixels():
    heading = "Actions that serve only withdrawn objectives: " + ", ".join(
        f"C.CCWP.{at}" for at in "abcdefgh"
    )
    rows = [
        HeatRow("withdrawn", "", [HeatCell(1, "x")], group=heading),
        HeatRow("none", "", [HeatCell(1, "y")]),
    ]
    root = ElementTree.fromstring(heat_map("coverage", "Headline", "Said", ["1"], rows))  # noqa: S314 - our own
    left = [t for t in root.iter(f"{SVG}text") if t.get("x") == "0" and t.get("font-weight") == "700"]
    lines = [t for t in left if t.text in heading]
    assert " ".join(t.text for t in lines) == heading
    assert max(len(t.text) for t in lines) <= HEADING
    lowest = max(float(t.get("y")) for t in lines)
    assert min(float(r.get("y")) for r in root.iter(f"{SVG}rect") if float(r.get("y")) > HEAD) > lowest
