"""Two people write one text at the same time, in random order: whatever was answered with "saved" is found again."""

import random
import threading
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import lxml.html
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.tests.factories import secretariat
from actionplans.models import Action
from tests.editing_rows import an_action

pytestmark = [pytest.mark.urls("tests.editing_pages")]
PARAGRAPHS = 4
START = "\n\n".join(f"Paragraph {n}" for n in range(PARAGRAPHS))


class InProcess:
    """Asks the views directly."""

    def __init__(self, user):
        self.client = Client()
        self.client.force_login(user)

    def get(self, address):
        return self.client.get(address).text

    def post(self, address, values):
        data = {}
        for name, value in values:
            data.setdefault(name, []).append(value)
        response = self.client.post(address, data)
        return response.status_code, response.text


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class OverHttp:
    """Asks a server over the network, with the cookies of a browser and the token of the form."""

    def __init__(self, user, url):
        client = Client()
        client.force_login(user)
        self.url, self.session = url, client.cookies[settings.SESSION_COOKIE_NAME].value
        self.jar = CookieJar()
        self.opener = urllib.request.build_opener(NoRedirect, urllib.request.HTTPCookieProcessor(self.jar))

    def ask(self, address, body=None):
        cookies = [
            f"{settings.SESSION_COOKIE_NAME}={self.session}",
            *(f"{c.name}={c.value}" for c in self.jar),
        ]
        request = urllib.request.Request(  # noqa: S310 - our own server
            self.url + address, body, {"Cookie": "; ".join(cookies)}
        )
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def get(self, address):
        return self.ask(address)[1]

    def post(self, address, values):
        return self.ask(address, urllib.parse.urlencode(values).encode())


class Editor:
    """One person with one open page; what was acknowledged as saved is remembered."""

    def __init__(self, name, browser, address, chance):
        self.name, self.browser, self.address, self.chance = name, browser, address, chance
        self.acknowledged, self.conflicts, self.number = [], 0, 0
        self.open()

    def open(self):
        self.values = self.values_of(self.browser.get(self.address))

    @staticmethod
    def values_of(html):
        """The fields of the page's form as a browser would send them."""
        (form,) = (f for f in lxml.html.fromstring(html).forms if "row_version" in f.fields)
        return [
            (name, value.removeprefix("\n") if name == "summary" else value)
            for name, value in form.form_values()
        ]

    def write(self):
        """Change a paragraph of the page that is open, which may be long out of date, and save."""
        self.number += 1
        mark = f"{self.name} {self.number}"
        text = dict(self.values)["summary"].replace("\r\n", "\n").split("\n\n")
        text[self.chance.randrange(len(text))] = mark
        status, html = self.send(self.values, "\n\n".join(text))
        while status == 409:
            self.conflicts += 1
            status, html = self.decide(html)
        assert status == 302
        if self.chance.random() < 0.6:
            self.open()

    def send(self, values, text):
        status, html = self.browser.post(self.address, [*without(values, "summary"), ("summary", text)])
        if status == 302:
            self.acknowledged.append(text)
        return status, html

    def decide(self, html):
        """Choose on the page with both texts: mine, or one made of both."""
        values = self.values_of(html)
        proposed = dict(values).get("summary", "").replace("\r\n", "\n")
        if dict(values).get("take-summary") == "merged" or self.chance.random() < 0.5:
            return self.send([*without(values, "take-summary"), ("take-summary", "merged")], proposed)
        values = [*without(values, "take-summary"), ("take-summary", "mine")]
        mine = dict(values)["mine-summary"].replace("\r\n", "\n")
        status, html = self.browser.post(self.address, values)
        if status == 302:
            self.acknowledged.append(mine)
        return status, html


def without(values, name):
    return [pair for pair in values if pair[0] != name]


def texts_kept(action):
    """Every text that the record or its history holds."""
    events = apps.get_model("actionplans", "ActionEvent").objects.filter(pgh_obj_id=action.pk)
    return {*events.values_list("summary", flat=True), Action.objects.get(pk=action.pk).summary}


@pytest.mark.django_db
def test_of_twenty_edits_in_random_order_none_is_lost():
    action, chance = an_action(summary=START), random.Random(1)
    address = f"/editing/actions/{action.pk}/"
    editors = [Editor(name, InProcess(secretariat(name=name)), address, chance) for name in ("Anna", "Bruno")]
    for _step in range(20):
        chance.choice(editors).write()
    acknowledged = [text for editor in editors for text in editor.acknowledged]
    assert set(acknowledged) - texts_kept(action) == set()
    assert (len(acknowledged), sum(editor.conflicts for editor in editors) > 0) == (20, True)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_of_two_hundred_edits_by_two_browsers_at_once_none_is_lost(live_server):
    action = an_action(summary=START)
    address = f"/editing/actions/{action.pk}/"
    people = [secretariat(name=name) for name in ("Anna", "Bruno")]
    editors = [
        Editor(person.name, OverHttp(person, live_server.url), address, random.Random(n))
        for n, person in enumerate(people)
    ]
    failed = []

    def edit(editor):
        try:
            for _step in range(100):
                editor.write()
        except BaseException as error:
            failed.append(repr(error))
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=edit, args=[editor]) for editor in editors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    acknowledged = [text for editor in editors for text in editor.acknowledged]
    assert failed == []
    assert set(acknowledged) - texts_kept(action) == set()
    assert len(acknowledged) == 200
