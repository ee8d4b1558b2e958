"""The time line of a plan's work: the same values in drawing and table, valid SVG, whole in several drawings."""

from datetime import date
from xml.etree import ElementTree

import pytest

from publishing.workplan import ROWS, Work, workplan_figure

SVG = "{http://www.w3.org/2000/svg}"
PERIOD = (date(2026, 7, 1), date(2027, 12, 31))
HOSTILE = '<script>alert("1")</script> & {{ 7*7 }}'


def work(number=1, **fields):
    given = {
        "starts_on": date(2026, 9, 1),
        "ends_on": date(2027, 2, 28),
        "style": "planned",
        "state": "Planned",
    }
    return Work(
        f"7.{number}", "Share good practice", **given | {"url": f"/plans/7/actions/{number}/"} | fields
    )


def figure(*works, today=date(2026, 11, 23), period=PERIOD):
    return workplan_figure("workplan", "Two run today.", works, period, today, what="Action")


def drawings(found):
    return list(ElementTree.fromstring(f"<all>{found.svg}</all>"))  # noqa: S314 - our own


def words(drawing):
    return ["".join(text.itertext()).strip() for text in drawing.iter(f"{SVG}text")]


def test_each_piece_of_work_is_a_bar_with_its_milestones():
    found = figure(work(1, reached=[("Guide printed", date(2026, 12, 1))]), work(2))
    (drawing,) = drawings(found)
    assert [link.get("href") for link in drawing.iter(f"{SVG}a")] == [
        "/plans/7/actions/1/",
        "/plans/7/actions/2/",
    ]
    assert [one.text for one in drawing.iter(f"{SVG}title")] == [
        "Two run today.",
        "Guide printed",
    ]
    assert [[cell.text for cell in row] for row in found.rows] == [
        ["7.1", "Share good practice", "1 September 2026", "28 February 2027", "Planned"],
        ["7.1", "Milestone: Guide printed", "", "1 December 2026", ""],
        ["7.2", "Share good practice", "1 September 2026", "28 February 2027", "Planned"],
    ]


@pytest.mark.parametrize(
    ("today", "is_drawn"),
    [
        (date(2026, 6, 30), False),
        (date(2026, 7, 1), True),
        (date(2027, 12, 31), True),
        (date(2028, 1, 1), False),
    ],
)
def test_today_is_drawn_within_the_period(today, is_drawn):
    (drawing,) = drawings(figure(work(), today=today))
    assert ("Today" in words(drawing)) is is_drawn
    assert ("Red line" in drawing.find(f"{SVG}desc").text) is is_drawn


def test_months_and_years_are_named():
    (drawing,) = drawings(figure(work()))
    said = words(drawing)
    assert [said.count(year) for year in ("2026", "2027")] == [1, 1]
    assert len([word for word in said if word in {"Jul", "Dec"}]) == 4
    (long,) = drawings(figure(work(), period=(date(2026, 1, 1), date(2029, 12, 31))))
    assert "Feb" not in words(long)


def test_much_work_is_drawn_in_several_pictures_with_ids_of_their_own():
    found = figure(*(work(number) for number in range(1, 2 * ROWS + 2)))
    parts = drawings(found)
    assert [len(list(part.iter(f"{SVG}a"))) for part in parts] == [ROWS, ROWS, 1]
    assert parts[1].find(f"{SVG}title").text == "Two run today. Part 2 of 3."
    ids = [one.get("id") for part in parts for one in part.iter() if one.get("id")]
    assert len(ids) == len(set(ids))


def test_work_outside_the_period_stays_within_the_drawing():
    outside = work(starts_on=date(2020, 1, 1), ends_on=date(2040, 1, 1), reached=[("Far", date(2050, 1, 1))])
    (drawing,) = drawings(figure(outside))
    bars = [(float(bar.get("x")), float(bar.get("width"))) for bar in drawing.iter(f"{SVG}rect")]
    assert max(x + width for x, width in bars) <= 960


def test_texts_of_people_are_written_literally_and_nothing_is_styled_inline():
    found = figure(Work("7.1", HOSTILE, *PERIOD, "proposed", HOSTILE, "/", [(HOSTILE, PERIOD[0])]))
    drawings(found)
    assert [bad for bad in ("<script", "style=", "onclick") if bad in found.svg] == []


def test_without_work_nothing_is_drawn():
    assert (figure().svg, figure().rows) == ("", [])
