"""The gate that every page passes, for every group of users that sees it differently."""

import re
from contextlib import contextmanager
from html.parser import HTMLParser
from urllib.parse import urljoin

from django.conf import settings

AXE = (settings.NODE_MODULES / "axe-core" / "axe.min.js").read_text()
RUN_AXE = """axe.run({
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], rules: {'target-size': {enabled: true}},
  resultTypes: ['violations']
}).then(found => ({violations: found.violations}))"""
MOST_BYTES = 150 * 1024
WIDTHS = (1280, 320)

# Controls in main that show no ring of at least 2 px when the keyboard reaches them.
WITHOUT_RING = """() => {
  const found = [];
  const controls = ['a[href]', 'button', 'input:not([type=hidden])', 'select', 'textarea', 'summary', '[tabindex="0"]']
    .map(kind => 'main ' + kind).join();
  for (const control of document.querySelectorAll(controls)) {
    if (control.disabled || !control.checkVisibility({visibilityProperty: true})) continue;
    control.focus({focusVisible: true});
    const style = getComputedStyle(control);
    if (document.activeElement !== control) found.push('cannot be focused: ' + control.outerHTML.slice(0, 120));
    else if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2)
      found.push('no ring: ' + control.outerHTML.slice(0, 120));
  }
  return found;
}"""
# What sticks out to the right although nothing scrolls it.
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1
    && !e.parentElement.closest('[role=region]')).slice(0, 5).map(e => e.outerHTML.slice(0, 120))"""


class InlineScan(HTMLParser):
    """Finds what the content security policy forbids, in the HTML as it was sent."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        names = {name for name, _value in attrs}
        if tag == "style" or "style" in names:
            self.found.append(f"inline style in {self.get_starttag_text()[:120]}")
        if any(re.match(r"on[a-z]+$", name) for name in names):
            self.found.append(f"handler in {self.get_starttag_text()[:120]}")
        if tag == "script" and "src" not in names and dict(attrs).get("type") != "application/json":
            self.found.append("inline script")

    handle_startendtag = handle_starttag


def inline_parts(html: str) -> list[str]:
    """Inline styles, handlers and scripts in the HTML; there must be none."""
    scan = InlineScan()
    scan.feed(html)
    return scan.found


def text_of(page) -> str:
    """The words of the main part, without what appears only where scripts run (the print button) and what differs
    each time (`data-each-time`: the reference number of an error)."""
    return page.evaluate("""() => {
      const copy = document.querySelector('main').cloneNode(true);
      for (const part of copy.querySelectorAll('[data-print], [data-each-time]')) part.remove();
      return copy.textContent.replace(/\\s+/g, ' ').trim();
    }""")


def problems(page, url, widths=WIDTHS, status=200) -> list[str]:
    """Everything that keeps a page from passing, as sentences; an empty list passes.

    `page` decides who looks at it (its cookies); `url` is absolute or begins where the page stands. `status` is the
    answer expected: error pages pass the gate, too.
    """
    with _listening(page) as heard:
        page.set_viewport_size({"width": widths[0], "height": 800})
        response = page.goto(url)
        if response.status != status:
            return [f"{url} answers {response.status}, not {status}"]
        if response.request.redirected_from:
            return [f"{url} leads away to {page.url}"]
        html = response.body()
        found = [f"{len(html)} bytes of HTML"] if len(html) > MOST_BYTES else []
        found += inline_parts(html.decode())
        seen = (page.locator("h1").all_text_contents(), text_of(page))
        if len(seen[0]) != 1:
            found.append(f"{len(seen[0])} headings of the first level")
        page.keyboard.press("Tab")
        if not page.locator("[data-focus], .skip:focus").count():
            found.append(f"{widths[0]}: the first Tab does not reach the skip link")
        found += faults(page, widths)
    return found + heard + _without_scripts(page, urljoin(page.url, url), seen)


def faults(page, widths=WIDTHS) -> list[str]:
    """What is wrong with a page as it stands before the reader, at each width."""
    found = []
    page.evaluate(AXE)  # evaluate() is not held up by the policy, a script tag would be
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{width}: too wide: {part}" for part in page.evaluate(TOO_WIDE)]
        for violation in page.evaluate(RUN_AXE)["violations"]:
            where = "; ".join(f"{node['target']} {node['failureSummary']}" for node in violation["nodes"][:3])
            found.append(f"{width}: axe {violation['id']}: {where}")
        found += [f"{width}: {part}" for part in page.evaluate(WITHOUT_RING)]
    return found


@contextmanager
def _listening(page):
    """What the browser complains of meanwhile: the content security policy, and errors of scripts."""
    heard = []

    def listen(message):
        if "Content Security Policy" in message.text:
            heard.append(message.text)

    def fail(error):
        heard.append(f"JavaScript error: {error}")

    page.on("console", listen)
    page.on("pageerror", fail)
    yield heard
    page.remove_listener("console", listen)
    page.remove_listener("pageerror", fail)


READ = """html => {
  const main = new DOMParser().parseFromString(html, 'text/html').querySelector('main');
  for (const part of main.querySelectorAll('[data-print], [data-each-time]')) part.remove();
  const headings = [...main.ownerDocument.querySelectorAll('h1')].map(h => h.textContent);
  return [headings, main.textContent.replace(/\\s+/g, ' ').trim()];
}"""


_bare = {}  # the page without scripts that goes with the page last looked at; making one takes longer than reading


def _bare_page(page):
    """A page in the same browser, with the same cookies, in which scripts are switched off."""
    cookies = sorted((cookie["name"], cookie["value"]) for cookie in page.context.cookies())
    if (_bare.get("page"), _bare.get("cookies")) != (page, cookies):
        if "bare" in _bare:
            _bare["bare"].context.close()
        context = page.context.browser.new_context(
            java_script_enabled=False, storage_state=page.context.storage_state()
        )
        _bare.update(page=page, cookies=cookies, bare=context.new_page())
    return _bare["bare"]


def _without_scripts(page, url, seen) -> list[str]:
    """The same address with scripts off says the same."""
    bare = _bare_page(page)
    headings, words = page.evaluate(READ, bare.goto(url).text())
    if not bare.locator("h1").first.is_visible() or (headings, words) != seen:
        return ["with scripts switched off the page says something else"]
    return []


def gate(page, *urls, status=200):
    """Assert that pages pass, one after the other in one tab: see `problems`. Data and a sign-in serve many pages."""
    found = [
        f"{url} {problem}" for url in dict.fromkeys(urls) for problem in problems(page, url, status=status)
    ]
    assert found == [], "\n".join(found)
