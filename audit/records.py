"""Which records keep a history, under which name, and which of them are parts of another."""

from collections.abc import Iterator

import pghistory.models
from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

# Parts of a text that name no parent of their own; other models say theirs by HISTORY_PARENT.
PARENTS = {
    "section": "version", "sectionblock": "section", "footnote": "version", "aim": "version",
    "addresseeblock": "aim", "wording": "version",
}  # fmt: skip

# Parts that stand on the history of another record, too, by the field that names it: an objective has no words of its
# own, it is worded in each version.
ALSO_TOLD = {"wording": "objective"}

# Parts of whatever they are about, by a generic link, unless they name the record of `HISTORY_PARENT`.
ABOUT_ANYTHING = {"position": "content_type"}

PART_NAMES = {
    "actionobjective": _("objective served"),
    "objectivepredecessor": _("predecessor"),
    "reviewreport": _("report considered"),
    "actionparticipant": _("delegation taking part"),
    "amendmentchange": _("change of an action"),
    "operationaction": _("action served"),
    "sectionblock": _("paragraph"),
    "addresseeblock": _("group of addressees"),
}

# What `str()` of a record needs, so that naming many of them stays one query.
NAMED_BY = {
    "action": ["plan"], "termsofreference": ["action__plan"], "meeting": ["body"],
    "decision": ["meeting__body", "silence__body"],
    "strategyversion": ["strategy"], "submission": ["operation", "delegation"], "presidency": ["delegation"],
    "participation": ["operation", "delegation"], "membership": ["user", "delegation", "body"],
    "actionobjective": ["action__plan", "objective"], "actionparticipant": ["delegation"],
    "operationaction": ["operation", "action__plan"], "publishedfigure": ["operation"],
    "resultline": ["measure", "unit"], "objectivepredecessor": ["objective", "predecessor"],
    "strategyreview": ["strategy", "meeting__body"], "reviewreport": ["document"],
    "position": ["delegation"], "amendment": ["plan"], "amendmentchange": ["action__plan"],
    "progressnote": ["action__plan"], "indicatorvalue": ["indicator"], "milestonereached": ["milestone"],
}  # fmt: skip


def event_model(model: type[models.Model]) -> type[pghistory.models.Event]:
    """The model of the events of a tracked model."""
    return model.pgh_event_models["insert"]  # type: ignore[attr-defined]


def tracked() -> dict[str, type[models.Model]]:
    """Every model with a history, by the name that it has in addresses: its own in lower case."""
    return {m._meta.model_name: m for m in apps.get_models() if "pgh_event_models" in vars(m)}


def parent_field(model: type[models.Model]) -> str:
    """The foreign key to the record of which this one is a part, or ""."""
    return getattr(model, "HISTORY_PARENT", PARENTS.get(model._meta.model_name, ""))


def parent_of(model: type[models.Model]) -> type[models.Model] | None:
    """The model of which this one is a part, or None."""
    name = parent_field(model)
    return model._meta.get_field(name).related_model if name else None


def parts_of(model: type[models.Model]) -> Iterator[type[models.Model]]:
    """The models whose rows are parts of rows of this one."""
    return (part for part in tracked().values() if parent_of(part) is model)


def also_told(model: type[models.Model]) -> Iterator[type[models.Model]]:
    """The models whose rows are parts of another record but stand on the history of this one, too."""
    for name, link in ALSO_TOLD.items():
        kind = tracked()[name]
        if kind._meta.get_field(link).related_model is model:
            yield kind


def about_anything(model: type[models.Model]) -> Iterator[type[models.Model]]:
    """The models whose rows may be parts of rows of this one by a generic link."""
    for name in ABOUT_ANYTHING:
        kind = tracked()[name]
        if any(getattr(field, "related_model", None) is kind for field in model._meta.private_fields):
            yield kind


def link_to(home: type[models.Model] | None, model: type[models.Model]) -> str:
    """The field by which a record stands on the history of `home`: its parent's, or the one by which it also does."""
    if home is not None and model in about_anything(home):
        return ABOUT_ANYTHING[model._meta.model_name]
    also = home is not None and model in also_told(home)
    return ALSO_TOLD[model._meta.model_name] if also else parent_field(model)


def part_name(model: type[models.Model]) -> str:
    """What a record of the model is called."""
    return str(PART_NAMES.get(model._meta.model_name, model._meta.verbose_name))
