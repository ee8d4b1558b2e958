"""What people do in a browser, for tests."""

import uuid

from django.test import Client
from django.urls import reverse

from jcos.models import Commodity, Measure, Unit


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def page(name, *args):
    return reverse(f"jcos:{name}", args=args)


def create(client, url, **data):
    return client.post(url, {"idempotency_key": str(uuid.uuid4()), **data})


def edit(client, url, **data):
    """Post an edit form as a browser would: with what it shows, changed by `data`."""
    form = client.get(url).context["form"]
    shown = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    return client.post(url, {**shown, "row_version": form.row_version, **data})


def a_line(**fields):
    ids = {
        "measure": Measure.objects.get(code="seized").pk,
        "commodity": Commodity.objects.get(code="TOB-CIG").pk,
        "unit": Unit.objects.get(code="piece").pk,
    }
    return {**ids, "quantity": "1 200", "qualifier": "exact", "phase": "operational", **fields}


def send(client, operation, code, version=1):
    return client.post(page("submission_step", operation.slug, code, version, "submit"))
