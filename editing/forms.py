"""The form that every page of the portal uses: it knows its user, reads input by one set of rules, and carries
the key that makes creation happen once or the version that makes an edit safe.
"""

import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.forms.formsets import INITIAL_FORM_COUNT, TOTAL_FORM_COUNT
from django.forms.models import BaseInlineFormSet, BaseModelFormSet, ModelFormMetaclass
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from editing.versions import version_of
from strategy_portal.fields import (
    FIRST_HISTORICAL_YEAR,
    FIRST_YEAR,
    DayField,
    MarkdownBlock,
    NumberField,
    TextLine,
    WholeNumberField,
    day_since_1950,
)

__all__ = ["PortalForm", "PortalModelForm", "portal_formset", "portal_inline_formset", "version_of"]

KEY = "idempotency_key"
VERSION = "row_version"
PAGE = "form_page"  # the signed note of a page that keeps drafts: see editing/drafts.py
PREVIEW = "preview"
TEXT_LIMIT = 20_000  # characters of a text field that states no limit of its own
FORMSET_ROOM = 100  # lines beyond a formset's limit that are still read, so that none typed is lost


class CarriedField(forms.CharField):
    """A hidden value that belongs to the page, not to the record: shown as the view sets it, never a cleaned value."""

    is_carried = True

    def __init__(self, value: str, **attrs: str):
        super().__init__(required=False, initial=value, widget=forms.HiddenInput(attrs=attrs))

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial

    def clean(self, value: Any) -> str:
        return ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class PortalFormMixin:
    """What plain forms and model forms share. `user` is whoever fills in the form: narrow choices by it."""

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any):
        self.user = user
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def carry(self, name: str, value: str, **attrs: str) -> None:
        """Send a hidden value along with the page; `attrs` are for the page's scripts."""
        self.fields[name] = CarriedField(value, **attrs)

    def carry_key(self) -> None:
        """Send along a fresh key: the next post of this page creates once."""
        self.carry(KEY, str(uuid.uuid4()))

    def full_clean(self) -> None:
        super().full_clean()
        for name in (KEY, VERSION, PAGE):
            getattr(self, "cleaned_data", {}).pop(name, None)

    @property
    def has_markdown(self) -> bool:
        """Whether a field of the form is a text with marks, to be previewed."""
        return any(getattr(field, "is_markdown", False) for field in self.fields.values())

    @property
    def key(self) -> str:
        """The idempotency key that the page carries."""
        return self.fields[KEY].initial

    @property
    def row_version(self) -> str:
        """The row version that the page carries."""
        return self.fields[VERSION].initial


class PortalForm(PortalFormMixin, forms.Form):
    """A form of no model."""


def portal_field(db_field: models.Field, **kwargs: Any) -> forms.Field | None:
    """The form field of a model field: the portal's own for text, numbers and days."""
    kind = type(db_field)
    if kind is models.TextField and db_field.choices is None:
        text = {"form_class": MarkdownBlock, "max_length": db_field.max_length or TEXT_LIMIT}
        return db_field.formfield(**{"widget": forms.Textarea(attrs={"rows": 6}), **text, **kwargs})
    if "form_class" in kwargs or db_field.choices is not None:
        return db_field.formfield(**kwargs)
    if kind is models.CharField:
        return db_field.formfield(form_class=TextLine, **kwargs)
    if kind is models.DecimalField:
        return db_field.formfield(form_class=NumberField, **{**_limits(db_field), **kwargs})
    if isinstance(db_field, models.IntegerField) and not isinstance(db_field, models.AutoField):
        limits = _limits(db_field)
        limits["min_value"] = max(limits.get("min_value", 0), 0)
        return db_field.formfield(form_class=WholeNumberField, **{**limits, **kwargs})
    if kind is models.DateField:
        since = FIRST_HISTORICAL_YEAR if day_since_1950 in db_field.validators else FIRST_YEAR
        return db_field.formfield(form_class=DayField, **{"since": since, **kwargs})
    return db_field.formfield(**kwargs)


def _limits(db_field: models.Field) -> dict[str, Any]:
    """The limits that the model field's validators state, the database's own among them."""
    validators = [v for v in db_field.validators if not callable(getattr(v, "limit_value", None))]
    lowest = [v.limit_value for v in validators if isinstance(v, MinValueValidator)]
    highest = [v.limit_value for v in validators if isinstance(v, MaxValueValidator)]
    return ({"min_value": max(lowest)} if lowest else {}) | ({"max_value": min(highest)} if highest else {})


class PortalModelFormMetaclass(ModelFormMetaclass):
    """Makes `portal_field` the rule of every model form without a word in each `Meta`."""

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> type:
        meta = attrs.get("Meta")
        if meta is not None and getattr(meta, "formfield_callback", None) is None:
            meta.formfield_callback = staticmethod(portal_field)
        return super().__new__(mcs, name, bases, attrs)


class PortalModelForm(PortalFormMixin, forms.BaseModelForm, metaclass=PortalModelFormMetaclass):
    """A form of one row; saves nothing but its instance and its many-to-many choices."""


class PortalFormSetMixin:
    """A formset whose size the sender cannot blow up, and which says in plain words what is wrong with it."""

    default_error_messages = {
        "missing_management_form": _(
            "This form has come in pieces. Nothing was saved: check every line and save again."
        ),
        "too_many_forms": ngettext_lazy(
            "There are too many lines: at most %(num)d can be saved at once.",
            "There are too many lines: at most %(num)d can be saved at once.",
            "num",
        ),
        "too_few_forms": ngettext_lazy(
            "There are too few lines: at least %(num)d is needed.",
            "There are too few lines: at least %(num)d are needed.",
            "num",
        ),
    }

    def __init__(self, *args: Any, error_messages: dict[str, Any] | None = None, **kwargs: Any):
        super().__init__(*args, error_messages=self.default_error_messages | (error_messages or {}), **kwargs)

    @cached_property
    def management_form(self) -> Any:
        """Django's, which takes counts below zero and more stored lines than lines: refused here."""
        form = super().management_form
        if self.is_bound and form.is_valid():
            total, initial = form.cleaned_data[TOTAL_FORM_COUNT], form.cleaned_data[INITIAL_FORM_COUNT]
            if not 0 <= initial <= total:
                form.add_error(None, "counts")
                form.cleaned_data |= {TOTAL_FORM_COUNT: 0, INITIAL_FORM_COUNT: 0}
        return form

    @property
    def counts(self) -> SafeString:
        """The hidden numbers of lines as they are shown: never those that were sent, nor what is wrong with them."""
        return format_html_join(
            "",
            '<input type="hidden" name="{0}" id="id_{0}" value="{1}">',
            (
                (f"{self.prefix}-{TOTAL_FORM_COUNT}", len(self.forms)),
                (f"{self.prefix}-{INITIAL_FORM_COUNT}", len(self.initial_forms)),
            ),
        )


class PortalModelFormSet(PortalFormSetMixin, BaseModelFormSet):
    """Lines of one model."""


class PortalInlineFormSet(PortalFormSetMixin, BaseInlineFormSet):
    """Lines that belong to one row."""


def _sized(max_num: int, options: dict[str, Any]) -> dict[str, Any]:
    return {
        "max_num": max_num,
        "absolute_max": max_num + FORMSET_ROOM,
        "validate_max": True,
        "can_delete": True,
        "extra": 1,
        **options,
    }


def portal_inline_formset(
    parent: type[models.Model], model: type[models.Model], *, form: Any, max_num: int = 100, **options: Any
):
    """Lines of `model` that belong to a row of `parent`, at most `max_num` of them."""
    options.setdefault("formset", PortalInlineFormSet)
    return forms.inlineformset_factory(parent, model, form=form, **_sized(max_num, options))


def portal_formset(model: type[models.Model], *, form: Any, max_num: int = 100, **options: Any):
    """Lines of `model`, at most `max_num` of them."""
    options.setdefault("formset", PortalModelFormSet)
    return forms.modelformset_factory(model, form=form, **_sized(max_num, options))
