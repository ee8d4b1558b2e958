"""Who holds the duties of each delegation: its contact point, the deputy, the functional mailbox."""

from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch
from django.shortcuts import get_object_or_404, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts import people
from accounts.forms_posts import PostsForm
from accounts.models import Delegation, Membership
from accounts.views import PEOPLE
from editing.views import EditView
from strategy_portal.dates import brussels_today

POSTS = (gettext_lazy("Contact points"), reverse_lazy("accounts:post_list"))


@require_safe
def post_list(request):
    """The delegations of the working party, and others that have people here, each with the holders of its duties."""
    if not request.user.has_perm("accounts.view_people"):
        raise PermissionDenied
    today = brussels_today()
    holding = Membership.objects.holding(today).select_related("user").order_by("-is_contact_point", "pk")
    members = Membership.objects.current(today).filter(delegation=OuterRef("pk"))
    able = Membership.objects.able(today).filter(delegation=OuterRef("pk"))
    rows = Delegation.objects.visible_to(request.user)
    delegations = (
        (rows.sitting(today) | rows.filter(Exists(members)))
        .annotate(has_submitter=Exists(able))
        .prefetch_related(Prefetch("memberships", holding, to_attr="holders"))
    )
    for delegation in delegations:
        for holder in delegation.holders:
            setattr(delegation, "contact_point" if holder.is_contact_point else "deputy", holder.user)
    return render(request, "accounts/post_list.html", {"groups": grouped(delegations, today)})


class PostGroup(NamedTuple):
    """Delegations that are looked at together; `is_open` says whether they are shown at once."""

    title: str
    delegations: list[Delegation]
    is_open: bool


def grouped(delegations, today):
    """Where somebody is to be named first, then the delegations whose duties are held, by what they are.

    Whoever has left the Union stands with the third countries.
    """
    to_name = [row for row in delegations if not row.holders]
    held = [row for row in delegations if row.holders]
    kinds = {kind: [row for row in held if row.kind == kind] for kind in Delegation.Kind.values}
    left = [row for row in kinds["MS"] if row.member_until and row.member_until < today]
    sitting = [row for row in kinds["MS"] if row not in left] + kinds["COM"]
    found = [
        PostGroup(
            _("To be named"),
            [row for row in to_name if not row.has_submitter] + [row for row in to_name if row.has_submitter],
            True,
        ),
        PostGroup(_("Working party"), sitting, True),
        PostGroup(_("Agencies and international organisations"), kinds["AGENCY"] + kinds["INT"], False),
        PostGroup(_("Third countries"), left + kinds["THIRD"], False),
    ]
    return [group for group in found if group.delegations]


class PostsEditView(EditView):
    """Name the contact point and the deputy of a delegation, and where its duties are told besides."""

    form_class = PostsForm
    template_name = "accounts/post_edit.html"

    def get_object(self):
        return get_object_or_404(Delegation.objects.visible_to(self.request.user), code=self.kwargs["code"])

    def get_title(self):
        return _("Contact point and deputy: %(delegation)s") % {"delegation": self.object}

    def get_lead(self):
        return _("Where nobody is named, the duties are those of all submitters.")

    def get_breadcrumb(self):
        return [PEOPLE, POSTS]

    def get_cancel_url(self):
        return reverse("accounts:post_list")

    def get_success_url(self):
        return reverse("accounts:post_list") + f"#delegation-{self.object.code}"

    def get_context_data(self, **context):
        form = context.get("form")
        able = form.fields["contact_point"].queryset.exists() if form else True
        return super().get_context_data(has_submitter=able, **context)

    def save(self, form):
        data = form.cleaned_data
        people.name_holders(self.object, contact_point=data["contact_point"], deputy=data["deputy"])
        return form.save()
