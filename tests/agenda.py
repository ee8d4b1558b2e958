"""The agenda of a meeting, for tests: its forms, its addresses, and what may stand on it."""

from datetime import timedelta
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from accounts.tests.factories import BodyFactory
from actionplans.tests.factories import plan_with
from council.tests.factories import (
    MeetingFactory,
)
from strategy_portal.dates import brussels_today


def reader(user):
    client = Client()
    client.force_login(user)
    return client


def post(client, url, **data):
    return client.post(url, {"idempotency_key": str(uuid4()), **data})


def edit(client, url, **data):
    version = client.get(url).context["form"].row_version
    return client.post(url, {"row_version": version, **data})


def address(name, point):
    return reverse(f"council:agendapoint_{name}", args=[point.meeting_id, point.pk])


def meeting_of(code="ccwp-plenary", days=0):
    return MeetingFactory(body=BodyFactory(code=code), held_on=brussels_today() + timedelta(days=days))


def tabled_plan():
    return plan_with("tabled", "agreed")


def key(thing, verb):
    return f"{thing._meta.label_lower}:{thing.pk}:{verb}"


def decide(client, point, **changed):
    data = {"document_number": "9002/26", "document_title": "Plan", "text": "", "is_early": "on"}
    return post(client, address("decide", point), **data | changed)
