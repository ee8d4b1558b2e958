"""The history of any record."""

from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404
from django.shortcuts import render
from django.urls import NoReverseMatch
from django.utils.text import capfirst

from accounts.querysets import VisibleQuerySet
from audit.apart import told_apart
from audit.changes import Names, acts
from audit.records import NAMED_BY, event_model, parent_field, part_name, tracked
from audit.trail import Entry, seen_events, trail

PAGE = 50
LARGEST = 2**63 - 1


def history(request, type, pk):
    """Who changed what, when and why: the events that this person may see, of a removed record too; 404 if none."""
    model = tracked().get(type)
    if model is None or pk > LARGEST:
        raise Http404
    record = _record(model, pk, request.user)
    entries = trail(model, pk, request.user)
    first = list(entries[: PAGE + 1])  # most histories end here, and need no counting
    page = Paginator(first if len(first) <= PAGE else entries, PAGE).get_page(request.GET.get("page"))
    if record is None and not seen_events(model, request.user).filter(pgh_obj_id=pk).exists():
        raise Http404
    rows = [Entry(*entry[:3]) for entry in page]
    return render(
        request,
        "audit/history.html",
        {
            "kind": capfirst(part_name(model)),
            "name": _name(record, model, pk, request.user),
            "url": _address(record),
            "is_removed": record is None and not model._base_manager.filter(pk=pk).exists(),
            "apart": told_apart(record, request.user),
            "acts": acts(rows, model, request.user),
            "page_obj": page,
        },
    )


def _record(model: type[models.Model], pk: int, user):
    """The record itself as far as this person sees it today, or None."""
    rows = model._default_manager.select_related(*NAMED_BY.get(model._meta.model_name, []))
    if not isinstance(rows, VisibleQuerySet):
        return None  # part of another record: seen where its events are
    return rows.visible_to(user).filter(pk=pk).first()


def _name(record, model, pk, user) -> str:
    """What the record is called; a part by what it links to, a removed one as when it was last seen."""
    if record is not None:
        return str(record)
    event = seen_events(model, user).filter(pgh_obj_id=pk).order_by("-pgh_id").first()
    if parent_field(model):
        return Names([event], user).subject(event)
    kept = {f.attname for f in event_model(model)._meta.fields}
    last = model(**{f.attname: getattr(event, f.attname) for f in model._meta.fields if f.attname in kept})
    try:
        return str(last)
    except ObjectDoesNotExist:  # what it was named by has gone, too
        return str(pk)


def _address(record) -> str:
    try:
        return record.get_absolute_url()
    except (AttributeError, NoReverseMatch):
        return ""
