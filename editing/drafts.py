"""Drafts: what was typed into a form and not saved yet, kept for its writer alone.

Each page of a form with long texts carries a signed note (`form_page`): whose page it is, of which address, and its
number. The note proves to whom the page was given, so that what is posted with it can be kept even when the session
has expired meanwhile.
"""

import uuid
from datetime import timedelta
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from editing.conflicts import MINE, SAVED, UNDECIDED, resolved
from editing.forms import KEY, PAGE, PREVIEW, VERSION
from editing.models import Draft
from strategy_portal.dates import now

SALT = "editing.form_page"
PAGE_IS_GOOD_FOR = timedelta(
    days=7
)  # a page left open longer than that is opened anew before it can keep drafts
KEPT_FOR = timedelta(days=90)
SETTLED_FOR = timedelta(days=1)  # long enough for the last draft that was under way when the form was saved
LONGEST_ADDRESS = 500
MOST_CHARACTERS = 500_000
MOST_OF_ONE_FORM = 10  # windows of one form; the oldest gives way
OWN_NAMES = {"csrfmiddlewaretoken", KEY, PAGE, PREVIEW, VERSION, UNDECIDED}
OF_THE_CONFLICT_PAGE = (f"{MINE}-", f"{SAVED}-", "take-")


class NotKept(Exception):
    """Why a draft was not kept, as a sentence for its writer."""


class FormPage(NamedTuple):
    """One page of a form as it was given to somebody: primary key of the user, path, number, title."""

    user: int
    address: str
    number: str
    title: str


def new_number() -> str:
    """A number for a page that is given out."""
    return uuid.uuid4().hex


def signed(page: FormPage) -> str:
    """The note that the page carries."""
    return signing.dumps(list(page), salt=SALT, compress=True)


def page_in(data: QueryDict) -> FormPage | None:
    """The page whose note was posted; None for none, an old or a forged one."""
    try:
        return FormPage(*signing.loads(data.get(PAGE, ""), salt=SALT, max_age=PAGE_IS_GOOD_FOR))
    except (signing.BadSignature, TypeError, ValueError):
        return None


def keep(page: FormPage, data: QueryDict) -> Draft:
    """Keep what was posted as the draft of its page. Raises NotKept: too long, or the page is saved already."""
    chosen, undecided = resolved(data)
    fields = {
        name: values
        for name, values in chosen.lists()
        if name not in OWN_NAMES and not name.startswith(OF_THE_CONFLICT_PAGE)
    }
    version = "" if undecided else data.get(VERSION, "")
    _refuse_what_cannot_be_stored(fields, version)
    values = {"title": page.title, "fields": fields, "row_version": version, "saved_at": now()}
    with transaction.atomic():
        draft, is_new = Draft.objects.select_for_update().get_or_create(
            user_id=page.user, address=page.address, page=page.number, defaults=values
        )
        if draft.settled_at:
            raise NotKept(_("This form is saved already."))
        if is_new:
            _let_the_oldest_go(page)
        else:
            for name, value in values.items():
                setattr(draft, name, value)
            draft.save(update_fields=list(values))
    return draft


def _refuse_what_cannot_be_stored(fields: dict[str, list[str]], version: str) -> None:
    texts = [version, *fields, *(value for values in fields.values() for value in values)]
    if sum(map(len, texts)) > MOST_CHARACTERS:
        raise NotKept(_("This is too long to be kept as a draft. Save the form, or shorten it."))
    if any("\0" in text for text in texts):
        raise NotKept(_("This holds a control character (U+0000) that cannot be stored. Delete it."))


def _let_the_oldest_go(page: FormPage) -> None:
    mine = Draft.objects.filter(user_id=page.user, address=page.address, settled_at=None)
    mine.filter(pk__in=mine.order_by("-saved_at", "-pk").values("pk")[MOST_OF_ONE_FORM:]).delete()


def settle(page: FormPage) -> None:
    """The page is saved: its draft is emptied, and one that arrives late is not kept any more."""
    Draft.objects.update_or_create(
        user_id=page.user,
        address=page.address,
        page=page.number,
        defaults={"fields": {}, "row_version": "", "settled_at": now()},
    )


def keep_posted(request: HttpRequest) -> Draft | None:
    """Keep what was posted by somebody whose session, form, record or right is gone; None where nothing is kept."""
    page = page_in(request.POST)
    if page is None or not get_user_model()._default_manager.filter(pk=page.user, is_active=True).exists():
        return None
    try:
        return keep(page, request.POST)
    except NotKept:
        return None


def sweep() -> int:
    """Remove drafts that nobody has touched for 90 days, and what saved forms have left; how many there were."""
    old = Q(saved_at__lt=now() - KEPT_FOR) | Q(settled_at__lt=now() - SETTLED_FOR)
    return Draft.objects.filter(old).delete()[0]


def typed_in(draft: Draft) -> list[tuple[str, str]]:
    """What stands in a draft, as name and text, to read and copy; choices by their keys are left out."""
    return [
        (_words(name), "\n".join(values))
        for name, values in draft.fields.items()
        if any(value.strip() and not value.strip().isdigit() for value in values)
        and not name.endswith(("_FORMS", "-id"))
    ]


def _words(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").capitalize()


def differs(form: Any, formsets: Any) -> bool:
    """Whether a bound form says anything else than what is saved."""
    return form.has_changed() or any(formset.has_changed() for formset in formsets.values())
