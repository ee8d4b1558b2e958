"""The form by which a decision is recorded, for tests."""

from uuid import uuid4

from django.urls import reverse

from accounts.tests.factories import BodyFactory
from council.models import Decision, Document, Meeting


def address(subject, verb):
    """Where a decision on a thing is recorded."""
    return reverse(
        "council:decision_record", kwargs={"type": subject._meta.label_lower, "pk": subject.pk, "verb": verb}
    )


def filled(**changed):
    """The form for a new meeting of the plenary with a new document; a field set to None is left out."""
    data = {
        "idempotency_key": str(uuid4()),
        "meeting": "",
        "body": BodyFactory(code="ccwp-plenary").pk,
        "held_on": "2026-03-05",
        "document_number": "7123/26",
        "document_title": "Draft action plan",
        "text": "",
        "is_early": "on",
    } | changed
    return {name: value for name, value in data.items() if value is not None}


def traces():
    """How many meetings, documents and decisions there are."""
    return (
        Meeting.objects.count(),
        Document.objects.count(),
        Decision.objects.filter(recorded_by__isnull=False).count(),
    )
