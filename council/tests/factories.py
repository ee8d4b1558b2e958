"""The institutional record for tests: presidencies, meetings, documents, decisions."""

from datetime import date, timedelta

import factory
from django.contrib.contenttypes.models import ContentType
from factory.django import DjangoModelFactory

from accounts.tests.factories import BodyFactory, DelegationFactory, delegate
from council.models import AgendaPoint, Decision, Document, Meeting, Presidency
from strategy_portal.dates import brussels_today, now


class PresidencyFactory(DjangoModelFactory):
    """Belgium's, in the half-year of today."""

    class Meta:
        model = Presidency
        django_get_or_create = ["starts_on"]

    delegation = factory.LazyFunction(lambda: DelegationFactory(code="BE"))
    starts_on = factory.LazyFunction(lambda: _half_year(brussels_today())[0])
    ends_on = factory.LazyAttribute(lambda o: _half_year(o.starts_on)[1])
    trio = "ES-BE-HU"


def _half_year(day):
    if day.month < 7:
        return date(day.year, 1, 1), date(day.year, 6, 30)
    return date(day.year, 7, 1), date(day.year, 12, 31)


def presidency_holder(code="BE", role="submitter", **fields):
    """A new member of the delegation that presides today."""
    user = delegate(code, role, **fields)
    PresidencyFactory(delegation=DelegationFactory(code=code))
    return user


class MeetingFactory(DjangoModelFactory):
    """A past meeting of the CCWP Plenary, each on another day."""

    class Meta:
        model = Meeting

    body = factory.LazyFunction(lambda: BodyFactory(code="ccwp-plenary"))
    held_on = factory.Sequence(lambda n: date(2001, 1, 1) + timedelta(days=n))


class DocumentFactory(DjangoModelFactory):
    """A LIMITE document, each with another number."""

    class Meta:
        model = Document

    number = factory.Sequence(lambda n: 10000 + n)
    year = 2026
    title = factory.Sequence(lambda n: f"Note {n} from the Presidency")


class DecisionFactory(DjangoModelFactory):
    """A decision on `subject` (its step is not taken by making the row)."""

    class Meta:
        model = Decision
        exclude = ["subject"]

    subject = None
    kind = "agree"
    verb = "agree"
    meeting = factory.SubFactory(MeetingFactory)
    content_type = factory.LazyAttribute(lambda o: ContentType.objects.get_for_model(o.subject))
    object_id = factory.LazyAttribute(lambda o: o.subject.pk)
    about = factory.LazyAttribute(lambda o: str(o.subject))
    recorded_at = factory.LazyFunction(now)


class AgendaPointFactory(DjangoModelFactory):
    """A point of information on a past meeting's agenda, after the last; `about` and `verb` name what is decided."""

    class Meta:
        model = AgendaPoint
        exclude = ["about"]

    about = None
    meeting = factory.SubFactory(MeetingFactory)
    order = factory.LazyAttribute(lambda o: o.meeting.points.next_place())
    title = factory.Sequence(lambda n: f"Point of information {n}")
    content_type = factory.LazyAttribute(
        lambda o: ContentType.objects.get_for_model(o.about) if o.about else None
    )
    object_id = factory.LazyAttribute(lambda o: o.about.pk if o.about else None)
