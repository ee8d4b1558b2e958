"""A long text in a real browser: kept while one types, asked about when left, previewed, pasted from Word."""

import re

import pytest
from playwright.sync_api import expect

from accounts.tests.factories import PASSWORD
from editing.models import Draft
from tests.browser.test_editing_answers import assert_fit_for_everybody
from tests.editing_rows import an_action

pytestmark = pytest.mark.urls("tests.editing_pages")


@pytest.fixture
def action(people):
    return an_action()


@pytest.fixture
def address(live_server, action):
    return f"{live_server.url}/editing/actions/{action.pk}/"


@pytest.fixture
def page(page_as, address):
    page = page_as("secretariat")
    page.goto(address)
    return page


def type_and_wait(page, text):
    page.get_by_label("Summary").fill(text)
    expect(page.locator(".draft-state")).to_have_text(re.compile(r"^Draft saved at \d\d:\d\d\.$"))


def save(page, button="Save"):
    with page.expect_navigation() as navigation:
        page.get_by_role("button", name=button, exact=True).click()
    return navigation.value.status


def asked_when_leaving(page):
    """Whether the browser asks before the page is left."""
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_role("link", name="Strategy Portal").click()
    page.wait_for_url(re.compile("^[^/]+//[^/]+/$"))
    return asked == ["beforeunload"]


def test_what_is_typed_is_kept_by_itself_and_offered_again(page, address, signed_in, people):
    type_and_wait(page, "Half a sentence")
    elsewhere = signed_in(people("secretariat"))
    elsewhere.goto(address)
    assert elsewhere.get_by_label("Summary").input_value() == "As it was"
    assert_fit_for_everybody(elsewhere)
    elsewhere.get_by_role("link", name="Continue with the draft").click()
    assert elsewhere.get_by_label("Summary").input_value() == "Half a sentence"
    assert_fit_for_everybody(elsewhere)
    assert save(elsewhere) in (200, 302)
    elsewhere.goto(address)
    assert elsewhere.get_by_label("Summary").input_value() == "Half a sentence"
    assert elsewhere.locator(".kept-drafts").count() == 0


def test_leaving_asks_only_when_there_is_something_to_lose(page, address, action):
    assert not asked_when_leaving(page)
    page.goto(address)
    page.get_by_label("Title").click()
    page.keyboard.type("!")
    assert asked_when_leaving(page)
    page.goto(address)
    page.get_by_label("Title").fill("Another title")
    assert save(page) in (200, 302)
    assert not asked_when_leaving(page)
    action.refresh_from_db()
    assert action.title == "Another title"


def test_the_session_expires_mid_sentence_and_the_text_is_still_there(page, address, people, action):
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Summary").fill("Mid-sen")
    expect(page.locator(".draft-state")).to_have_text(re.compile(", and you are signed out."))
    page.get_by_label("Summary").fill("Mid-sentence")
    save(page)
    assert page.get_by_text("What you typed is kept: sign in to go on with it.").count() == 1
    page.locator("[name=login]").fill(people("secretariat").email)
    page.locator("[name=password]").fill(PASSWORD)
    save(page, "Sign in")
    assert page.url == address
    page.get_by_role("link", name="Continue with the draft").first.click()
    assert page.get_by_label("Summary").input_value() == "Mid-sentence"
    assert save(page) in (200, 302)
    action.refresh_from_db()
    assert action.summary == "Mid-sentence"


def test_a_draft_that_could_not_be_sent_is_sent_from_the_next_page(page, address):
    page.route("**/editing/drafts/save/", lambda route: route.abort())
    page.get_by_label("Summary").fill("Typed in a tunnel")
    expect(page.locator(".draft-state")).to_have_text(re.compile("^Not saved: no connection."))
    page.unroute("**/editing/drafts/save/")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address)
    page.get_by_role("link", name="Continue with").click()
    assert page.get_by_label("Summary").input_value() == "Typed in a tunnel"


def test_a_draft_is_discarded_without_scripts(page_as, address, page):
    type_and_wait(page, "Not wanted")
    bare = page_as("secretariat", java_script_enabled=False)
    bare.goto(address)
    bare.get_by_role("button", name="Discard the draft").click()
    assert bare.url == address
    assert (bare.locator(".kept-drafts").count(), Draft.objects.count()) == (0, 0)


def test_the_preview_shows_the_text_as_its_page_will(page):
    page.get_by_label("Summary").fill("- one\n- **two** <b>")
    page.get_by_role("button", name="Preview Summary").click()
    expect(page.locator("#id_summary_preview .prose")).to_have_text("onetwo <b>")
    assert page.locator("#id_summary_preview li strong").all_text_contents() == ["two"]
    assert_fit_for_everybody(page)


def test_the_preview_works_without_scripts(page_as, address):
    page = page_as("secretariat", java_script_enabled=False)
    page.goto(address)
    page.get_by_label("Summary").fill("| Port | Units |\n|---|---|\n| Antwerp | 3 |")
    page.get_by_role("button", name="Preview", exact=True).click()
    assert page.locator("#id_summary_preview td").all_text_contents() == ["Antwerp", "3"]
    assert page.get_by_label("Summary").input_value().startswith("| Port |")


WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal {margin:0}</style></head>
<body><!--StartFragment--><p class=MsoNormal>First <b>bold</b> and
<i>slanted</i>, 5 * 3, file_name<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>·<span>&nbsp;&nbsp;&nbsp; </span></span><![endif]>One</p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o<span>&nbsp;
</span></span>Below</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>&nbsp;
</span></span>Two</p>
<p class=MsoNormal>Between</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span
style='mso-list:Ignore'>3.<span>&nbsp;</span></span>Three</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span
style='mso-list:Ignore'>4.<span>&nbsp;</span></span>Four</p>
<p class=MsoListParagraph style='mso-list:l2 level1 lfo3'><span
style='mso-list:Ignore'>a)<span>&nbsp;</span></span>Letter</p>
<table class=MsoTableGrid><tr><td><p class=MsoNormal>Port</p></td><td><p class=MsoNormal>Units | kg</p></td></tr>
<tr><td><p class=MsoNormal>Antwerp</p></td><td align=right><p class=MsoNormal>3</p></td></tr></table>
<p class=MsoNormal><a href="https://europa.eu/x">A link</a> <a href="javascript:alert(1)">no link</a>
<script>alert(1)</script><img src="file:///c:/x.png"></p><!--EndFragment--></body></html>"""
MARKDOWN = """First **bold** and *slanted*, 5 \\* 3, file_name

- One
  - Below
- Two

Between

3. Three
4. Four

a) Letter

| Port | Units \\| kg |
| --- | --- |
| Antwerp | 3 |

[A link](https://europa.eu/x) no link"""
PASTE = """([area, html, text]) => {
  const data = new DataTransfer();
  if (html) data.setData('text/html', html);
  data.setData('text/plain', text);
  area.focus();
  return area.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def paste(page, html, text="plain"):
    """Paste into the summary; whether the browser is left to paste the plain text."""
    return page.evaluate(PASTE, [page.get_by_label("Summary").element_handle(), html, text])


def test_text_from_word_keeps_paragraphs_lists_bold_tables_and_links(page):
    page.get_by_label("Summary").evaluate("area => area.value = ''")
    assert paste(page, WORD) is False
    assert page.get_by_label("Summary").input_value() == MARKDOWN
    page.keyboard.press("Control+z")
    assert page.get_by_label("Summary").input_value() == ""


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two<br>three</p>", "One\n\nTwo\nthree"),
        ("<ol start=2><li><p>b</p></li><li>c<ul><li>d</li></ul></li></ol>", "2. b\n3. c\n   - d"),
        ('<b style="font-weight:normal"><span style="font-weight:700">x</span> y</b>', "**x** y"),
        ("<table><tr><td>only<p>cell</p></td></tr></table><p>z</p>", "only\n\ncell\n\nz"),
        ("<h2>Head</h2><blockquote><p># no</p></blockquote><pre>a  b</pre>", "## Head\n\n\\# no\n\na  b"),
        ("<p>a_b _c_</p><p>[x](y)</p>", "a_b \\_c\\_\n\n[x]\\(y)"),
    ],
)
def test_text_from_other_pages_keeps_what_has_a_mark(page, html, text):
    page.get_by_label("Summary").fill("")
    paste(page, html)
    assert page.get_by_label("Summary").input_value() == text


@pytest.mark.parametrize("html", ["", "<span>plain</span>", "plain"])
def test_plain_text_is_pasted_by_the_browser_itself(page, html):
    assert paste(page, html) is True
