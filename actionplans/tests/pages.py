"""What the tests of the pages share: posting as the page would, and counting queries."""

import io
from uuid import uuid4

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actionplans.models import Strategy


def the_strategy_of_2009():
    """The strategy as published, in force in version 1."""
    call_command("load_strategy", stdout=io.StringIO())
    return Strategy.objects.get()


def post_new(client, url, **data):
    """Post a form that creates or acts, under a fresh key."""
    return client.post(url, {"idempotency_key": str(uuid4()), **data})


def post_edit(client, url, **changes):
    """Open an edit form and post it back, with its lines, with changes."""
    return client.post(url, {**shown(client.get(url)), **changes})


def shown(response):
    """What the page's form and the lines of its formsets would send as they stand."""
    formsets = response.context["formsets"].values()
    forms = [response.context["form"], *(one for fs in formsets for one in (fs.management_form, *fs.forms))]
    data = {form.add_prefix(name): form[name].value() for form in forms for name in form.fields}
    return {name: value for name, value in data.items() if value is not None}


def lines(prefix, *rows, stored=0):
    """The data of a formset's lines, the first of them stored ones."""
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": stored}
    return data | {f"{prefix}-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}


def queries(client, url):
    """The number of queries of a page, without the savepoints that only tests have; the page must open."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len([q for q in captured.captured_queries if "SAVEPOINT" not in q["sql"]])


def text_of(response):
    """The words of a page, blanks made single."""
    return " ".join(response.content.decode().split())


def messages_of(response):
    """What the page that follows will tell."""
    return [str(message) for message in response.wsgi_request._messages]


def errors_of(response):
    """The errors of the page's form by field; the status must be 422."""
    assert response.status_code == 422
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}
