"""What the lists of the institutional record can be narrowed by; every value goes through a form."""

from django import forms
from django.db.models import Q
from django.db.models.functions import ExtractYear
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from accounts.models import Body
from council.documents import DocumentNumberError, parse
from council.models import Decision, Document, SilenceProcedure
from strategy_portal.dates import BRUSSELS
from strategy_portal.fields import TextLine, WholeNumberField


def body_field():
    return forms.ModelChoiceField(
        Body.objects.all(), label=_("Body"), to_field_name="code", required=False, empty_label=_("All")
    )


def year_field():
    return WholeNumberField(label=_("Year"), min_value=1950, max_value=2100, required=False)


class ListFilter(forms.Form):
    """A filter that narrows rows, and shows none when a value cannot be read."""

    def narrow(self, rows):
        if not self.is_valid():
            return rows.none()
        return rows.filter(*self.conditions(**self.cleaned_data))

    def conditions(self, **wanted):
        """The conditions for the values that were given."""
        raise NotImplementedError


class MeetingFilter(ListFilter):
    body = body_field()
    year = year_field()

    def conditions(self, body, year):
        if body:
            yield Q(body=body)
        if year:
            yield Q(held_on__year=year)


class DocumentFilter(ListFilter):
    """`q` is a number in any form that the Council uses, the beginning of one, or words of the title."""

    q = TextLine(label=_("Number or title"), max_length=200, required=False)
    marking = forms.ChoiceField(
        label=_("Marking"), choices=[("", _("All")), *Document.Marking.choices], required=False
    )
    year = year_field()

    def conditions(self, q, marking, year):
        if q:
            yield self._number_or_title(q)
        if marking:
            yield Q(marking=marking)
        if year:
            yield Q(year=year)

    def _number_or_title(self, q):
        try:
            reference = parse(q)
        except DocumentNumberError:
            in_title = Q(title__icontains=q)
            return in_title | Q(number=int(q)) if q.isascii() and q.isdigit() and len(q) <= 5 else in_title
        parts = ("revision", "addendum", "corrigendum")
        stated = {part: getattr(reference, part) for part in parts if getattr(reference, part)}
        return Q(number=reference.number, year=reference.year, **stated)


class DecisionFilter(ListFilter):
    kind = forms.ChoiceField(
        label=_("Outcome"), choices=[("", _("All")), *Decision.Kind.choices], required=False
    )
    body = body_field()
    year = year_field()

    def conditions(self, kind, body, year):
        if kind:
            yield Q(kind=kind)
        if body:
            yield Q(meeting__body=body) | Q(silence__body=body)
        if year:
            end = ExtractYear("silence__closes_at", tzinfo=BRUSSELS)
            yield Q(meeting__held_on__year=year) | Q(Exact(end, year))


class SilenceFilter(ListFilter):
    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("All")), ("open", _("Open")), ("ended", _("Ended"))], required=False
    )

    def conditions(self, state):
        if state == "open":
            yield Q(pk__in=SilenceProcedure.objects.running())
        elif state:
            yield Q(pk__in=SilenceProcedure.objects.ended())
