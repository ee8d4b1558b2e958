"""What the views of forms share: a page with a form, its object, its permission, and how a refusal is told."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.db import DataError, IntegrityError
from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editing.constraints import message_of
from editing.drafting import DraftsMixin
from strategy_portal.dates import BRUSSELS, now
from strategy_portal.workflow import NotAllowed

UNPROCESSABLE, CONFLICT = 422, 409
REFUSED = (NotAllowed, ValidationError, IntegrityError, DataError)


class PageMixin:
    """A page with one form: what stands around it."""

    template_name = "editing/form.html"
    title: Any = ""
    lead: Any = ""
    submit_label: Any = gettext_lazy("Save")
    request: HttpRequest
    kwargs: dict[str, Any]
    object: Any = None

    def get_title(self) -> Any:
        """The page's name, its h1."""
        return self.title

    def get_lead(self) -> Any:
        """One sentence under the h1, or ""."""
        return self.lead

    def get_breadcrumb(self) -> list[tuple[Any, str]]:
        """Label and address of the pages above this one."""
        return (
            [(str(self.object), self.get_cancel_url())]
            if self.object is not None and self.get_cancel_url()
            else []
        )

    def get_cancel_url(self) -> str:
        """Where "Cancel" leads, or ""."""
        found = getattr(self.object, "get_absolute_url", None)
        return found() if found else ""

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """What the template is given; extend it with super()."""
        return {
            "view": self,
            "object": self.object,
            "title": self.get_title(),
            "page_lead": self.get_lead(),
            "submit_label": self.submit_label,
            "cancel_url": self.get_cancel_url(),
            "breadcrumb_parents": self.get_breadcrumb(),
            **context,
        }

    def page(self, template: str = "", status: int = 200, **context: Any) -> HttpResponse:
        """A page of this view."""
        return TemplateResponse(
            self.request, template or self.template_name, self.get_context_data(**context), status=status
        ).render()


class FormMixin(DraftsMixin, PageMixin):
    """A page whose form is posted to it."""

    form_class: type[BaseForm]
    verb = "change"
    success_message: Any = ""

    def get_queryset(self) -> Any:
        """The rows that this user sees."""
        raise ImproperlyConfigured(f"{type(self).__name__} needs get_queryset() or get_object()")

    def get_object(self) -> Any:
        """The object of the page; 404 when this user does not see it."""
        return get_object_or_404(
            self.get_queryset(), **{k: v for k, v in self.kwargs.items() if k in ("pk", "slug")}
        )

    def permission(self) -> str:
        """The permission that the verb needs."""
        meta = self.object._meta
        return f"{meta.app_label}.{self.verb}_{meta.model_name}"

    def check_permission(self) -> None:
        """Refuse whoever may not: PermissionDenied (403) or Http404."""
        if not self.request.user.has_perm(self.permission(), self.object):
            raise PermissionDenied

    def get_initial(self) -> dict[str, Any]:
        """Values proposed in an empty form."""
        return {}

    def get_form_kwargs(self) -> dict[str, Any]:
        """What the form is made with besides data, files and user."""
        return {"initial": self.get_initial()}

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        """The form, bound when there is data."""
        return self.form_class(data, files, user=self.request.user, **self.get_form_kwargs())

    def get_formsets(self, **bound: Any) -> Mapping[str, BaseFormSet]:
        """Formsets of the page by name; hand `**bound` (data and files, or nothing) on to each."""
        return {}

    def prepare(self, form: Any) -> None:
        """Set what the instance needs before it is validated (its owner, say)."""

    def get_success_url(self) -> str:
        """Where a saved form leads."""
        return self.object.get_absolute_url()

    def succeed(self, url: str) -> HttpResponse:
        """The answer to a saved form."""
        self.settle_draft()
        if text := self.success_message or saved_at():
            messages.success(self.request, text)
        return HttpResponseRedirect(url)

    def form_page(
        self, form: Any, formsets: Mapping[str, BaseFormSet] | None = None, status: int = 200, **context: Any
    ) -> HttpResponse:
        """The page with its form."""
        formsets = formsets or {}
        return self.page(
            status=status, form=form, formsets=formsets, **self.drafting(form, formsets), **context
        )


def saved_at() -> str:
    """ "Saved at 14:32." """
    return _("Saved at %(time)s.") % {"time": date_format(now().astimezone(BRUSSELS), "H:i")}


def refusals(error: Exception) -> list[str]:
    """A refused save as sentences for the user; raises what is no refusal."""
    if isinstance(error, NotAllowed):
        return [reason.text for reason in error.reasons]
    if isinstance(error, ValidationError):
        return error.messages
    if isinstance(error, IntegrityError | DataError):
        return [message_of(error)]
    raise error
