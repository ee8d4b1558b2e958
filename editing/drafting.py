"""The part of a form's page that keeps drafts: the note it carries, the drafts it offers, the one it continues."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.forms.formsets import BaseFormSet
from django.forms.utils import ErrorDict, ErrorList
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from editing import drafts
from editing.forms import PAGE
from editing.models import Draft
from strategy_portal.fields import TextBlock

SAFE = {"GET", "HEAD"}


def as_typed(form: Any, formsets: Mapping[str, BaseFormSet]) -> tuple[Any, Mapping[str, BaseFormSet]]:
    """A bound form and its formsets with what was typed, not yet searched for errors."""
    for one in (form, *(line for formset in formsets.values() for line in formset.forms)):
        one._errors, one.cleaned_data = ErrorDict(), {}
    for formset in formsets.values():
        formset._errors = [ErrorDict() for _line in formset.forms]
        formset._non_form_errors = ErrorList()
    return form, formsets


def has_long_text(form: Any, formsets: Mapping[str, BaseFormSet]) -> bool:
    """Whether a form or a line of it takes a text of several lines."""
    fields = [*form.fields.values(), *(f for fs in formsets.values() for f in fs.form.base_fields.values())]
    return any(isinstance(field, TextBlock) for field in fields)


class DraftsMixin:
    """What `FormMixin` knows of drafts."""

    request: HttpRequest

    @cached_property
    def draft(self) -> Draft | None:
        """The draft that this page goes on with (`?draft=`); 404 when it is not the reader's or not of this form."""
        wanted = self.request.GET.get("draft") if self.request.method in SAFE else None
        if wanted is None:
            return None
        if not wanted.isdecimal() or len(wanted) > 18:
            raise Http404("no such draft")
        mine = Draft.objects.visible_to(self.request.user).filter(address=self.request.path)
        return get_object_or_404(mine, pk=int(wanted))

    @cached_property
    def posted_page(self) -> drafts.FormPage | None:
        """The page that was posted, when it was given to this user at this address."""
        page = drafts.page_in(self.request.POST) if self.request.method == "POST" else None
        mine = (self.request.user.pk, self.request.path)
        return page if page is not None and (page.user, page.address) == mine else None

    def opened(self) -> tuple[Any, Mapping[str, BaseFormSet]]:
        """The form and formsets as the page shows them first: of the record, or of the draft it goes on with."""
        if self.draft is None:
            return self.get_form(), self.get_formsets()
        return self.filled_in(self.draft)

    def filled_in(self, draft: Draft) -> tuple[Any, Mapping[str, BaseFormSet]]:
        """The form and formsets as a draft has them."""
        data = draft.data()
        return as_typed(self.get_form(data), self.get_formsets(data=data))

    def drafting(self, form: Any, formsets: Mapping[str, BaseFormSet]) -> dict[str, Any]:
        """Let the page carry its note, and say which drafts it offers."""
        if not has_long_text(form, formsets) or len(self.request.path) > drafts.LONGEST_ADDRESS:
            return {}
        title = str(self.get_title())[:300]
        address = self.request.path
        number = (
            self.posted_page.number
            if self.posted_page
            else self.draft.page
            if self.draft
            else drafts.new_number()
        )
        page = drafts.FormPage(self.request.user.pk, address, number, title)
        form.carry(PAGE, drafts.signed(page), **self._told_to_scripts(form, page))
        offered = self._offered() if self.request.method in SAFE and self.draft is None else []
        return {"keeps_drafts": True, "kept_drafts": offered, "form_page": form.fields[PAGE].initial}

    def _offered(self) -> list[Draft]:
        """The drafts of this form that say anything else than what is saved."""
        mine = Draft.objects.visible_to(self.request.user).filter(address=self.request.path)
        return [draft for draft in mine if drafts.differs(*self.filled_in(draft))]

    def _told_to_scripts(self, form: Any, page: drafts.FormPage) -> dict[str, str]:
        said = {
            "data-drafts": reverse("editing:draft_save"),
            "data-page": page.number,
            "data-said-saved": _("Draft saved at {time}."),
            "data-said-signed-out": _(
                "Draft saved at {time}, and you are signed out. Press Save and sign in to go on with it."
            ),
            "data-said-failed": _(
                "Not saved: no connection. The text stays in this page; it is tried again."
            ),
            "data-said-expired": _(
                "Not saved: this page has expired. Press Save to keep what you have typed."
            ),
            "data-said-kept": _("What you typed here before, at {time}, is kept as a draft."),
            "data-said-continue": _("Continue with it"),
        }
        return said | ({"data-typed": "1"} if form.is_bound else {})

    def previewed(self, form: Any, formsets: Mapping[str, BaseFormSet]) -> HttpResponse:
        """The form again as typed, with its long texts as they will be shown; nothing is saved."""
        as_typed(form, formsets)
        for one in (form, *(line for formset in formsets.values() for line in formset.forms)):
            one.is_previewed = True
        return self.form_page(form, formsets)

    def keep_posted_draft(self) -> None:
        """Keep what was posted and could not be saved, as the draft of its page: the answer may be closed unread."""
        if self.posted_page:
            with suppress(drafts.NotKept):
                drafts.keep(self.posted_page, self.request.POST)

    def settle_draft(self) -> None:
        """The page is saved: its draft is done with."""
        if self.posted_page:
            drafts.settle(self.posted_page)
