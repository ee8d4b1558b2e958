import re
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.utils.safestring import SafeString

from publishing.charts import Bar, BarGroup, Cycle, Series, StackedBar
from publishing.figures import bars_figure, stacked_figure, timeline_figure

SVG = "{http://www.w3.org/2000/svg}"
TODAY = date(2026, 11, 23)
SERIES = [
    Series("completed", "Completed"),
    Series("in_progress", "In progress"),
    Series("planned", "Planned"),
    Series("discontinued", "Discontinued"),
]
ROWS = {
    key: f"/progress/status/rows/?state={key}"
    for key in ("completed", "in_progress", "planned", "discontinued")
}
HOSTILE = '<script>alert("1")</script> & {{ 7*7 }}'


def status(*bars):
    return stacked_figure("status", "Aim B is behind", SERIES, bars, what="Aim")


def timeline():
    cycles = [
        Cycle(
            "Plan 11",
            date(2024, 1, 1),
            date(2025, 6, 30),
            "ended",
            "Closed",
            None,
            date(2023, 10, 24),
            None,
            "/plans/11/",
        ),
        Cycle(
            "Plan 12",
            date(2025, 7, 1),
            date(2026, 12, 31),
            "current",
            "Current",
            date(2025, 4, 30),
            date(2025, 4, 22),
        ),
        Cycle(
            "Plan 13",
            date(2027, 1, 1),
            date(2028, 6, 30),
            "draft",
            "Draft",
            date(2026, 10, 31),
            None,
            date(2026, 6, 30),
        ),
    ]
    return timeline_figure("timeline", "Plan 13 is 23 days late", cycles, TODAY)


def results(*bars):
    return bars_figure(
        "results", "Cigarettes", [BarGroup("Seized, cigarettes, pieces", bars)], what="Operation"
    )


def full_set():
    return [
        status(
            StackedBar("A. First aim", {"completed": 5, "in_progress": 6, "planned": 2}, "/a", ROWS),
            StackedBar("B. Second aim", {"completed": 1, "discontinued": 1}, "/b", ROWS),
        ),
        timeline(),
        results(
            Bar("NORTH", Decimal("1240000"), "1 240 000 pieces", "/r"), Bar("SOUTH", None, "not reported")
        ),
    ]


@pytest.mark.parametrize("figure", full_set(), ids=lambda figure: figure.slug)
def test_drawing_is_xml_with_title_and_description_and_nothing_the_policy_forbids(figure):
    root = ElementTree.fromstring(figure.svg)  # noqa: S314 - our own drawing
    assert isinstance(figure.svg, SafeString)
    assert root.find(f"{SVG}title").text == figure.headline
    assert root.find(f"{SVG}desc").text
    assert root.get("role") == "group"
    for element in root.iter():
        assert element.tag not in {f"{SVG}style", f"{SVG}script"}
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]


def test_ids_are_unique_on_a_page_and_the_same_each_time():
    ids = [found for figure in full_set() for found in re.findall(r' id="([^"]+)"', figure.svg)]
    assert len(ids) == len(set(ids))
    assert [figure.svg for figure in full_set()] == [figure.svg for figure in full_set()]


def test_every_pattern_that_is_used_is_there():
    for figure in full_set():
        assert set(re.findall(r"url\(#([^)]+)\)", figure.svg)) <= set(
            re.findall(r'<pattern id="([^"]+)"', figure.svg)
        )


def test_numbers_of_the_drawing_are_those_of_table_and_csv():
    figure = full_set()[0]
    root = ElementTree.fromstring(figure.svg)  # noqa: S314
    drawn = {
        link.get("aria-label"): link.get("href") for link in root.iter(f"{SVG}a") if link.get("aria-label")
    }
    rows = [[cell.text for cell in row] for row in figure.rows]
    assert drawn == {
        "5: A. First aim, completed": ROWS["completed"],
        "6: A. First aim, in progress": ROWS["in_progress"],
        "2: A. First aim, planned": ROWS["planned"],
        "1: B. Second aim, completed": ROWS["completed"],
        "1: B. Second aim, discontinued": ROWS["discontinued"],
    }
    assert [row[:6] for row in rows] == [
        ["A. First aim", "5", "6", "2", "0", "13"],
        ["B. Second aim", "1", "0", "0", "1", "2"],
        ["All", "6", "6", "2", "1", "15"],
    ]
    assert [row[6] for row in rows] == ["38\u00a0% (5 ÷ 13)", "50\u00a0% (1 ÷ 2)", "40\u00a0% (6 ÷ 15)"]
    assert figure.csv_rows() == [[column.label for column in figure.columns], *rows]


def test_csv_has_numbers_as_machines_read_them():
    figure = results(
        Bar("NORTH", Decimal("1240000.50"), "1 240 000.5 kg"), Bar("SOUTH", None, "not reported")
    )
    assert [line[2] for line in figure.csv_rows()] == ["Quantity", "1240000.50", "not reported"]


def test_name_of_a_link_begins_with_what_is_seen():
    for figure in full_set():
        for link in ElementTree.fromstring(figure.svg).iter(f"{SVG}a"):  # noqa: S314
            seen = " ".join("".join(link.itertext()).split())
            assert link.get("aria-label", seen).startswith(seen)


def test_a_zero_leads_nowhere_and_is_not_drawn():
    figure = status(StackedBar("A", {"completed": 0, "planned": 3}, "/a", ROWS))
    assert figure.rows[0][1].text == "0"
    assert figure.rows[0][1].url == ""
    assert "0 completed" not in figure.svg


def test_nothing_to_draw_is_said_instead():
    figure = stacked_figure(
        "status", "No plan is current", SERIES, [], what="Aim", empty="Figures appear later."
    )
    assert (figure.svg, figure.rows, figure.empty) == ("", [], "Figures appear later.")


def test_names_that_look_like_markup_are_shown_as_they_are():
    drawn = status(StackedBar(HOSTILE, {"completed": 1}, "/a", ROWS)).svg
    root = ElementTree.fromstring(drawn)  # noqa: S314
    assert "<script" not in drawn
    assert HOSTILE in " ".join("".join(root.itertext()).split())


def test_drawing_without_links_is_a_picture():
    assert 'role="img"' in status(StackedBar("A", {"completed": 1})).svg


def test_timeline_shows_the_day_of_adoption_or_the_day_it_is_due():
    figure = timeline()
    said = re.findall(r">(adopt(?:ed| by) [^<]+)<", figure.svg)
    assert said == ["adopted 24 October 2023", "adopted 22 April 2025", "adopt by 31 October 2026"]
    assert (
        figure.svg.count("<circle cx=")
        - figure.svg.count('<circle cx="3"')
        - figure.svg.count('<circle cx="9"')
        == 2
    )
    assert [cell.text for cell in figure.rows[2]] == [
        "Plan 13",
        "1 January 2027",
        "30 June 2028",
        "31 October 2026",
        "not yet",
        "Draft",
    ]


@pytest.mark.parametrize("today", [date(1990, 1, 1), date(2028, 12, 31), date(2060, 7, 1)])
def test_timeline_holds_any_day_within_its_frame(today):
    cycle = Cycle("Plan 1", date(2027, 1, 1), date(2028, 6, 30), "upcoming", "Upcoming", date(2026, 10, 31))
    drawn = timeline_figure("timeline", "One plan", [cycle], today).svg
    across = [float(x) for x in re.findall(r'<(?:text|rect|circle)[^>]*? c?x="([^"]+)"', drawn)]
    assert min(across) >= 0
    assert max(across) <= 960


def test_zero_and_not_reported_are_two_things():
    figure = results(Bar("NORTH", Decimal(0), "0 pieces", "/r"), Bar("SOUTH", None, "not reported"))
    assert [row[2].text for row in figure.rows] == ["0 pieces", "not reported"]
    assert "<rect" not in figure.svg


def test_each_group_has_a_scale_of_its_own():
    groups = [
        BarGroup(unit, [Bar("NORTH", most, "much"), Bar("SOUTH", most / 2, "half")])
        for unit, most in (("pieces", Decimal("1e9")), ("kg", Decimal("0.5")))
    ]
    drawn = bars_figure("results", "Both", groups, what="Operation").svg
    widths = re.findall(r'<rect [^>]*width="([^"]+)"', drawn)
    assert widths[:2] == widths[2:]


def test_a_quantity_alone_in_its_group_has_no_bar():
    alone = [BarGroup("parcels", [Bar("Controlled", Decimal(1240), "1 240 parcels")])]
    two = [BarGroup("parcels", [*alone[0].bars, Bar("Opened", Decimal(12), "12 parcels")])]
    drawn = [bars_figure("controls", "Controls", groups, what="Kind").svg for groups in (alone, two)]
    assert [svg.count("<rect") for svg in drawn] == [0, 2]
    assert all("1 240 parcels" in svg for svg in drawn)
