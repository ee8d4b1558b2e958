"""The gate for every page of the demonstration, for each reader for whom it differs.

What is walked comes from the table of `strategy_portal.tests.test_access`: an address added there is walked here by the
secretariat, and by the readers whose list names it or its app.
"""

from functools import partial
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import get_resolver, reverse
from pytest_django.live_server_helper import LiveServer

from strategy_portal.tests.scene import IDENTITIES, MORE_PAGES, account, complete_demonstration, readers
from strategy_portal.tests.test_access import NAMES_OF_LIBRARIES, TABLE, names
from tests.browser.gate import WIDTHS, faults, problems

# Addresses that answer GET and are no pages.
NO_PAGES = {
    "reports:figure_csv": "a table as a file",
    "actionplans:draft_missing": "an address at which nothing stands",
    "actionplans:version_missing": "an address at which nothing stands",
    "actionplans:strategy_compare_pdf": "a document as a file",
    "actionplans:strategy_compare_word": "a document as a file",
    "actionplans:terms_file": "a document as a file",
    "actionplans:plan_changes_file": "a document as a file",
    "actionplans:terms_compare_file": "a document as a file",
    "reports:figure_xlsx": "a table as a file",
    "actionplans:actionplan_file": "a table as a file",
    "actionplans:actionplan_timeline": "a table as a file",
    "reports:chain_file": "a table as a file",
    "reports:gaps_file": "a table as a file",
    "editing:draft_save": "asked by the script of a form",
    "editing:preview": "a part of a page, asked by the script of a form",
    "healthz": "asked by machines",
    "readyz": "asked by machines",
}
# Addresses that only take what is posted, by a button on a page that is walked.
POSTED_ONLY = {
    "council:agendapoint_move",
    "jcos:submission_start",
    "jcos:submission_correct",
    "editing:draft_discard",
}
# Whose pages are walked beside the secretariat's: names, or whole apps, that look different to them.
READERS = {
    "submitter": [
        "deadlines:home", "deadlines:deadline_list", "deadlines:reminder_list", "notifications", "reports:progress",
        "reports:figure_rows", "accounts:profile", "accounts:delegation_list", "council:meeting_detail",
        "council:decision_detail", "actionplans:actionplan_list", "actionplans:actionplan_detail",
        "actionplans:action_detail", "actionplans:action_step", "actionplans:terms_detail", "actionplans:terms_compare",
        "actionplans:amendment_list", "actionplans:amendment_create", "actionplans:amendment_detail",
        "actionplans:terms_create", "actionplans:progressnote_list", "actionplans:progressnote_edit",
        "actionplans:extension_detail", "actionplans:extension_edit",
        "actionplans:strategyreview_detail", "actionplans:strategyreview_list", "jcos",
        "audit",
    ],
    "viewer": ["deadlines:home", "jcos:operation_detail", "jcos:submission_list", "jcos:submission_detail"],
    "lead": [
        "deadlines:home", "actionplans:action_detail", "jcos:operation_detail", "jcos:operation_edit",
        "jcos:operation_invite", "jcos:submission_list", "jcos:submission_detail", "jcos:submission_version",
    ],
    "third": [
        "deadlines", "notifications", "reports:progress", "accounts:delegation_list", "council",
        "actionplans:actionplan_list", "actionplans:strategy_current", "actionplans:objective_detail",
        "jcos:operation_list",
    ],
    "presidency": [
        "deadlines:home", "deadlines:deadline_list", "reports:progress", "actionplans:actionplan_detail",
        "actionplans:action_detail", "actionplans:terms_detail", "jcos:operation_detail", "council:presidency_handover",
    ],
    "committee": [
        "deadlines:home", "deadlines:deadline_list", "notifications", "reports", "council",
        "actionplans:actionplan_list", "actionplans:actionplan_detail", "actionplans:action_detail",
        "actionplans:terms_detail", "actionplans:objective_detail", "jcos", "audit",
    ],
    "administrator": [
        "deadlines:home", "deadlines:deadline_list", "deadlines:leadtimes_list", "reports:progress",
        "accounts:user_list", "accounts:user_detail", "accounts:profile", "actionplans:actionplan_list",
        "jcos:operation_list", "audit",
    ],
    "anonymous": ["accessibility"],
}  # fmt: skip


pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _django_db_helper(portal):
    """In place of pytest-django's own, which would empty the database after each test: the portal stays for all."""


@pytest.fixture(scope="module")
def portal(django_db_setup, django_db_blocker):
    """The completed demonstration behind a live server, for all tests here; none changes what others see."""
    with django_db_blocker.unblock(), override_settings(DEMONSTRATION=True):
        try:
            found = complete_demonstration()
            people = found.pop("people")
            server = LiveServer("localhost")
            found |= {
                "url": server.url,
                "account": partial(account, people),
                "people": SimpleNamespace(**people),
            }
            yield SimpleNamespace(**found)
            server.stop()
        finally:
            call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def page_of(portal, browser):
    """`page_of("lead")` is a page of that identity, `page_of("el")` of a delegation's own account."""
    contexts = []

    def open_page(identity):
        context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
        context.set_default_timeout(20_000)
        contexts.append(context)
        if identity != "anonymous":
            client = Client()
            client.force_login(portal.account(identity))
            cookie = client.cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": portal.url}])
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def rows_of(identity):
    """What the access table lets an identity open: (name, arguments, status)."""
    column = IDENTITIES.index(identity)
    for method, name, arguments, statuses in TABLE:
        status = int(statuses.split()[column])
        if method == "get" and status in {200, 409} and name not in NO_PAGES:
            yield name, arguments, status


def walk(page, portal, stops):
    """What is wrong with pages, (address, status) each; the address stands before each sentence."""
    return [
        f"{address} {problem}"
        for address, status in stops
        for problem in problems(page, portal.url + address, status=status)
    ]


APPS = sorted(
    {name.partition(":")[0] for name, _arguments, _status in rows_of("secretariat")} - {"accessibility"}
)


# One of each kind of page, for every run: dashboards, lists, records, forms, what is asked before a step, texts beside
# texts. All others wait for `bin/test --all`.
KINDS = [
    "deadlines:home", "deadlines:deadline_list", "reports:progress", "search:search", "actionplans:strategy_current",
    "actionplans:actionplan_detail", "actionplans:action_detail", "actionplans:terms_edit",
    "actionplans:terms_compare", "jcos:operation_detail", "jcos:submission_detail", "council:meeting_detail",
    "council:decision_record", "audit:history",
]  # fmt: skip


def test_a_page_of_every_kind_passes(portal, page_of):
    pages = {name: (reverse(name, args=arguments(portal)), status)
             for name, arguments, status in rows_of("secretariat") if name in KINDS}  # fmt: skip
    assert set(pages) == set(KINDS)
    found = walk(page_of("secretariat"), portal, pages.values())
    assert found == [], "\n".join(found)


@pytest.mark.long
@pytest.mark.parametrize("app", APPS)
def test_every_page_passes_for_the_secretariat(app, portal, page_of):
    stops = [
        (reverse(name, args=arguments(portal)), status)
        for name, arguments, status in rows_of("secretariat")
        if name.partition(":")[0] == app
    ]
    found = walk(page_of("secretariat"), portal, dict.fromkeys(stops))
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("identity", readers(*reversed(READERS)))
def test_every_page_that_differs_passes_for_its_reader(identity, portal, page_of):
    stops = [
        (reverse(name, args=arguments(portal)), status)
        for name, arguments, status in rows_of(identity)
        if {name, name.partition(":")[0]} & set(READERS[identity])
    ]
    found = walk(page_of(identity), portal, dict.fromkeys(stops))
    assert found == [], "\n".join(found)


@pytest.mark.parametrize(
    "identity", readers(*sorted({identity for identity, _name, _arguments in MORE_PAGES}))
)
def test_every_page_that_the_table_does_not_open_passes(identity, portal, page_of):
    stops = [
        (reverse(name, args=arguments(portal)), 200) for who, name, arguments in MORE_PAGES if who == identity
    ]
    found = walk(page_of(identity), portal, stops)
    assert found == [], "\n".join(found)


def test_every_address_of_a_page_is_walked():
    own = {name for name in names(get_resolver().url_patterns) if not name.startswith(NAMES_OF_LIBRARIES)}
    walked = {name for name, _arguments, _status in rows_of("secretariat")} | {
        name for _who, name, _arguments in MORE_PAGES
    }
    assert own - walked == set(NO_PAGES) | POSTED_ONLY


# Lists in which nothing is found, filters that cannot be read, and every figure.
NARROWED = [
    "/plans/12/?aim=C&lead=CY&status=discontinued", "/plans/12/?aim=Z&lead=x", "/jcos/?q=no+such+name",
    "/jcos/?stage=nonsense", "/jcos/?q=a&sort=-name", "/meetings/?year=1999", "/documents/?q=zzz",
    "/decisions/?kind=reject", "/deadlines/?whose=mine", "/deadlines/?whose=nobody",
    "/deadlines/reminders/?status=told&delegation=CY", "/notifications/?status=failed", "/manage/people/?q=zzz",
    "/manage/people/?delegation=XX", "/progress/?plan=99", "/progress/?plan=11", "/progress/?year=1999",
    "/progress/status/", "/progress/timeline/", "/progress/delegations/", "/progress/results/rows/",
    "/progress/timeline/rows/", "/progress/delegations/rows/", "/progress/published/rows/",
    "/strategy/compare/1/2/?show=whole", "/strategy/compare/2/1/?show=x", "/strategy/compare/?old=1&new=99",
    "/plans/12/actions/1/terms/compare/1/2/", "/plans/12/actions/1/terms/compare/2/1/?show=whole",
    "/plans/12/actions/1/terms/compare/?old=1&new=99",
    "/progress/chain/?objective=B.MS.a", "/progress/chain/?aim=Z", "/progress/coverage/?aim=B",
    "/progress/coverage/rows/?objective=none",
    "/search/?q=customs", "/search/?q=customs&kind=operation&page=2", "/search/?q=nosuchword", "/search/?q=%26%7C",
    "/search/?q=a&kind=nonsense", "/search/?q=C.CCWP.e&earlier=on", "/search/?q=customs&kind=meeting",
]  # fmt: skip


@pytest.mark.long
def test_lists_that_are_narrowed_pass(portal, page_of):
    found = walk(page_of("secretariat"), portal, [(address, 200) for address in NARROWED])
    assert found == [], "\n".join(found)


def test_pages_that_are_refused_or_not_found_pass(portal, page_of):
    draft = reverse("actionplans:terms_detail", args=[portal.plan_draft.number, 3])
    found = walk(
        page_of("submitter"),
        portal,
        [
            ("/manage/people/", 403),
            (draft, 404),
            ("/no/such/page/", 404),
            ("/strategy/objectives/X.Y.z/", 404),
        ],
    )
    nothing = reverse(
        "actionplans:draft_missing", args=[portal.plan.strategy.slug, portal.version_draft, "withdraw/x"]
    )
    found += walk(page_of("secretariat"), portal, [(nothing, 404)])
    found += walk(page_of("anonymous"), portal, [("/no/such/page/", 404)])
    assert found == [], "\n".join(found)


# Forms that can be sent empty without being wrong, or whose button is no form's.
MAY_BE_EMPTY = {
    "actionplans:action_delete": "asks for no reason",
    "actionplans:actionplan_order": "has buttons only",
    "actionplans:amendmentchange_discontinue": "the amendment has the reason",
    "actionplans:amendmentchange_remove": "asks for no reason",
    "actionplans:objective_predecessors": "an objective may have none",
    "actionplans:progressnote_step": "asks for no reason",
    "actionplans:milestone_reach": "a milestone may not be reached",
    "actionplans:strategyreview_step": "asks for no reason",
    "actionplans:terms_create": "a draft may be empty",
    "actionplans:terms_edit": "a draft may be empty",
    "accounts:post_edit": "a delegation may name nobody",
    "accounts:user_reinvite": "has no fields",
    "council:agendapoint_delete": "asks for no reason",
    "council:meeting_delete": "asks for no reason",
    "council:meeting_detail": "has buttons only",
    "editing:draft_detail": "has buttons only",
    "editing:draft_list": "has buttons only",
    "jcos:submission_review": "has buttons only",
}
SENT_WRONG = [
    ("el", "jcos:submission_controls", lambda s: [s.operation.slug, "EL"], {"analysed-quantity": "1.234"}),
    ("el", "jcos:line_create", lambda s: [s.operation.slug, "EL"], {}),
    ("el", "jcos:line_edit", lambda s: [s.operation.slug, "EL", s.draft.lines.first().pk], {"quantity": "-1"}),
    ("secretariat", "jcos:submission_step", lambda s: [s.operation.slug, "ES", 1, "return_to_delegation"], {}),
    ("secretariat", "jcos:operation_step", lambda s: [s.operation_proposed.slug, "cancel"], {}),
    ("secretariat", "council:decision_record",
     lambda s: ["actionplans.termsofreference", s.terms_to_agree.pk, "agree"], {}),
]  # fmt: skip
# Empties what can be emptied in the form of the page, enters what is given, and sends it.
SEND = """entries => {
  const form = [...document.querySelectorAll('main form')].find(form => form.method === 'post');
  for (const control of form.elements) {
    if (control.type === 'hidden' || control.tagName === 'BUTTON') continue;
    if (control.name in entries) control.value = entries[control.name];
    else if (['checkbox', 'radio'].includes(control.type)) control.checked = false;
    else if (control.tagName === 'SELECT') control.selectedIndex = [...control.options].findIndex(o => !o.value);
    else control.value = '';
  }
  form.querySelector('button[type=submit]').click();
}"""
IS_A_FORM = "[...document.querySelectorAll('main form')].some(form => form.method === 'post')"
# Links of the summary whose target is not there or cannot take the focus.
DEAD_LINKS = """() => [...document.querySelectorAll('.error-summary a')].map(link => link.getAttribute('href'))
  .filter(href => {
    const target = href.startsWith('#') && document.getElementById(href.slice(1));
    if (target) target.focus();
    return !target || document.activeElement !== target;
  })"""


# The words of the main part; a marked word is told in words, too, which are heard and not seen.
WITHOUT_WHAT_IS_HEARD = """() => {
  const copy = document.querySelector('main').cloneNode(true);
  for (const part of copy.querySelectorAll('.visually-hidden')) part.remove();
  return copy.textContent;
}"""


def wrong_form(page, entries):
    """What is wrong with the answer to the form of the page as it stands, sent empty but for the entries."""
    if not page.evaluate(IS_A_FORM):
        return ["has no form"]
    with page.expect_navigation() as navigation:
        page.evaluate(SEND, entries)
    if navigation.value.status != 422:
        return [f"answers {navigation.value.status}, not 422"]
    found = [] if page.title().startswith("Error: ") else [f"is called {page.title()}"]
    if page.evaluate("document.activeElement.className") != "error-summary":
        found.append("the summary does not take the focus")
    if not page.locator(".error-summary li").count():
        found.append("the summary is empty")
    found += [f"a line of the summary leads to {href}" for href in page.evaluate(DEAD_LINKS)]
    return found + faults(page, WIDTHS[-1:])  # the form itself is walked at each width


@pytest.mark.long
def test_every_form_sent_empty_says_what_is_wrong(portal, page_of):
    page, found = page_of("secretariat"), []
    addresses = {
        reverse(name, args=arguments(portal))
        for name, arguments, status in rows_of("secretariat")
        if status == 200 and name not in MAY_BE_EMPTY
    }
    for address in sorted(addresses):
        page.goto(portal.url + address)
        if page.evaluate(IS_A_FORM):
            found += [f"{address} {problem}" for problem in wrong_form(page, {})]
    assert found == [], "\n".join(found)


def test_what_is_sent_wrong_comes_back_with_what_is_wrong(portal, page_of):
    pages, found = {who: page_of(who) for who in ("el", "secretariat")}, []
    for who, name, arguments, entries in SENT_WRONG:
        address = reverse(name, args=arguments(portal))
        pages[who].goto(portal.url + address)
        found += [f"{address} {problem}" for problem in wrong_form(pages[who], entries)]
    assert found == [], "\n".join(found)


def test_two_texts_of_one_action_stand_side_by_side(portal, page_of):
    mine, theirs = page_of("secretariat"), page_of("secretariat")
    for page, text in ((mine, "What I wrote."), (theirs, "What they wrote.")):
        page.goto(portal.url + reverse("actionplans:action_edit", args=[portal.plan_draft.number, 1]))
        page.get_by_label("What is done").fill(text)
    for page, status in ((theirs, 200), (mine, 409)):
        with page.expect_navigation() as navigation:
            page.locator("main form[data-unsaved] button.btn-primary").first.click()
        assert navigation.value.status == status
    shown = mine.evaluate(WITHOUT_WHAT_IS_HEARD)
    assert all(text in shown for text in ("What I wrote.", "What they wrote."))
    assert faults(mine) == []
