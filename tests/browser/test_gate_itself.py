"""The gate stops what it is there to stop."""

from tests.browser.gate import inline_parts, problems

BAD = """<!doctype html><html lang="en">
<head><title>Bad</title><link rel="stylesheet" href="/static/css/app.css"></head>
<body><main>
<h1>Bad</h1><h1>Twice</h1><div style="color:#aaa">inline</div><a href="/x" onclick="go()">go</a>
<input name="unnamed"><svg width="900" height="9"></svg></main>
<script>throw new Error("broken")</script></body></html>"""


def test_bad_page_is_stopped_for_each_reason(page_as, live_server):
    page = page_as("anonymous")
    page.route("**/accessibility/", lambda route: route.fulfill(body=BAD, content_type="text/html"))
    found = "\n".join(problems(page, live_server.url + "/accessibility/"))
    for reason in (
        "inline style in <div",
        "handler in <a",
        "inline script",
        "2 headings of the first level",
        "1280: the first Tab does not reach the skip link",
        "320: too wide: <svg",
        "axe label:",
        "JavaScript error: broken",
        "with scripts switched off the page says something else",
    ):
        assert reason in found


def test_control_without_a_ring_is_stopped(page_as, live_server):
    page = page_as("anonymous")
    css = "main a:focus-visible, main a:focus { outline: none !important }"
    page.route("**/css/app*.css", lambda route: route.fulfill(body=css, content_type="text/css"))
    found = problems(page, live_server.url + "/accessibility/", widths=(1280,))
    assert [part for part in found if part.startswith("1280: no ring: <a href=")] != []


def test_page_that_leads_away_does_not_pass(page_as, live_server):
    found = problems(page_as("anonymous"), live_server.url + "/accounts/2fa/")
    assert len(found) == 1
    assert "leads away to" in found[0]


def test_data_blocks_are_no_inline_scripts():
    assert inline_parts('<script type="application/json">{}</script><script src="/x.js"></script>') == []
    assert inline_parts("<p onmouseover=x>") == ["handler in <p onmouseover=x>"]
