"""People and lists: kept by administrator and secretariat; everybody keeps their own name."""

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, ListView, TemplateView

from accounts import people
from accounts.filters import PeopleFilter
from accounts.forms import (
    BodyForm,
    DelegationForm,
    InvitationForm,
    MembershipEditForm,
    MembershipEndForm,
    MembershipForm,
    ProfileForm,
    ReasonForm,
    UserForm,
)
from accounts.models import Body, Delegation, Membership, User
from editing.forms import PortalForm
from editing.lists import AnyPage
from editing.views import ActView, CreateOnceView, EditView
from strategy_portal.dates import brussels_today

PEOPLE = (gettext_lazy("People"), "/manage/people/")
LISTS = (gettext_lazy("Delegations and bodies"), "/manage/lists/delegations/")


class UserListView(AnyPage, ListView):
    """Everybody who has or had an account."""

    paginate_by = 50
    template_name = "accounts/user_list.html"

    def get_queryset(self):
        if not self.request.user.has_perm("accounts.view_people"):
            raise PermissionDenied
        today = brussels_today()
        self.filter = PeopleFilter(self.request.GET)
        current = Membership.objects.current(today).select_related("delegation", "body")
        found = self.filter.narrow(User.objects.visible_to(self.request.user), today)
        return found.prefetch_related(Prefetch("memberships", current, to_attr="places"))

    def get_context_data(self, **kwargs):
        return super().get_context_data(filter_form=self.filter, noun="people", **kwargs)


class PeopleMixin:
    """Pages about one person."""

    def get_queryset(self):
        return User.objects.visible_to(self.request.user)

    def get_breadcrumb(self):
        return [PEOPLE, (self.object.name, self.object.get_absolute_url())]


class UserDetailView(PeopleMixin, DetailView):
    """One person with all memberships."""

    template_name = "accounts/user_detail.html"
    context_object_name = "person"

    def get_object(self, queryset=None):
        person = super().get_object(queryset)
        if not self.request.user.has_perm("accounts.view_people"):
            raise PermissionDenied
        return person

    def get_context_data(self, **kwargs):
        person, reader, today = self.object, self.request.user, brussels_today()
        memberships = list(person.memberships.select_related("delegation", "body"))
        ended = [m for m in memberships if m.until_on is not None and m.until_on < today]
        return super().get_context_data(
            current=[m for m in memberships if m not in ended],
            ended=ended,
            why_not_reinvite=people.why_not_reinvite(person),
            may_deactivate=person.is_active and reader.has_perm("accounts.deactivate_user", person),
            may_reactivate=not person.is_active and reader.has_perm("accounts.reactivate_user", person),
            why_not_deactivate=people.why_not_deactivate(person, reader),
            **kwargs,
        )


class UserInviteView(CreateOnceView):
    """A new account; the invitation is part of the same transaction."""

    form_class = InvitationForm
    template_name = "accounts/user_invite.html"
    title = gettext_lazy("Invite a person")
    lead = gettext_lazy("The person gets a mail with a link by which to set a password. The link works once.")
    submit_label = gettext_lazy("Send the invitation")
    verb = "invite"

    def check_permission(self):
        if not self.request.user.has_perm("accounts.add_user"):
            raise PermissionDenied

    def get_breadcrumb(self):
        return [PEOPLE]

    def get_cancel_url(self):
        return PEOPLE[1]

    def save(self, form):
        data = form.cleaned_data
        return people.invite(
            email=data["email"],
            name=data["name"],
            language=data["language"],
            is_administrator=data.get("is_administrator", False),
            membership=form.membership(),
            by=self.request.user,
        )

    @property
    def success_message(self):
        return _("The invitation is on its way.")


class UserReinviteView(PeopleMixin, ActView):
    """The invitation again, with a new link."""

    form_class = PortalForm
    verb = "reinvite"
    submit_label = gettext_lazy("Send the invitation again")
    success_message = gettext_lazy("The invitation is on its way.")

    def get_title(self):
        return _("Invite %(person)s again") % {"person": self.object}

    def get_lead(self):
        return _("A new link by which to set a password goes to %(address)s.") % {
            "address": self.object.email
        }

    def act(self, form):
        people.reinvite(self.object, by=self.request.user)


class UserEditView(PeopleMixin, EditView):
    """Name, language and, by an administrator, the role of administrator."""

    form_class = UserForm

    def get_title(self):
        return _("Change %(person)s") % {"person": self.object}

    def save(self, form):
        wanted = form.cleaned_data.get("is_administrator")
        if "is_administrator" in form.changed_data:
            form.instance.is_administrator = not wanted
            user = form.save()
            people.set_administrator(user, wanted, by=self.request.user)
            return user
        return form.save()


class UserDeactivateView(PeopleMixin, ActView):
    """Close an account."""

    form_class = ReasonForm
    verb = "deactivate"
    submit_label = gettext_lazy("Deactivate the account")
    lead = gettext_lazy(
        "The person is signed out everywhere at once and cannot sign in. What they did stays."
    )

    def get_title(self):
        return _("Deactivate %(person)s") % {"person": self.object}

    def act(self, form):
        people.deactivate(self.object, by=self.request.user, reason=form.cleaned_data["reason"])


class UserReactivateView(PeopleMixin, ActView):
    """Open a closed account again."""

    form_class = ReasonForm
    verb = "reactivate"
    submit_label = gettext_lazy("Reactivate the account")
    lead = gettext_lazy("The person can sign in again, with the memberships that have not ended.")

    def get_title(self):
        return _("Reactivate %(person)s") % {"person": self.object}

    def act(self, form):
        people.reactivate(self.object, by=self.request.user, reason=form.cleaned_data["reason"])


class MembershipCreateView(CreateOnceView):
    """Another place for a person."""

    form_class = MembershipForm
    submit_label = gettext_lazy("Add the membership")

    def check_permission(self):
        self.person = get_object_or_404(User.objects.visible_to(self.request.user), pk=self.kwargs["pk"])
        if not self.request.user.has_perm("accounts.add_membership"):
            raise PermissionDenied

    def get_title(self):
        return _("Add a membership of %(person)s") % {"person": self.person}

    def get_breadcrumb(self):
        return [PEOPLE, (self.person.name, self.person.get_absolute_url())]

    def get_cancel_url(self):
        return self.person.get_absolute_url()

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "person": self.person}

    def save(self, form):
        membership = form.membership()
        membership.save()
        people.tell_of_membership("membership began", membership, self.request.user)
        return membership


class MembershipMixin:
    """Pages about one membership."""

    def get_queryset(self):
        return Membership.objects.visible_to(self.request.user).select_related("user", "delegation", "body")

    def get_breadcrumb(self):
        return [PEOPLE, (self.object.user.name, self.object.get_absolute_url())]


class MembershipEditView(MembershipMixin, EditView):
    """The role in a delegation; the history keeps what it was before. A place in a body has none."""

    form_class = MembershipEditForm

    def get_queryset(self):
        return super().get_queryset().filter(body=None)

    def get_title(self):
        return _("Change the membership of %(person)s: %(party)s") % {
            "person": self.object.user, "party": self.object.party,
        }  # fmt: skip

    def save(self, form):
        membership = form.save()
        if "role" in form.changed_data:
            people.tell_of_membership("role changed", membership, self.request.user)
        return membership


class MembershipEndView(MembershipMixin, ActView):
    """The last day of a membership."""

    form_class = MembershipEndForm
    verb = "end"
    submit_label = gettext_lazy("End the membership")
    lead = gettext_lazy(
        "The membership stays on record. Where no other lasts, the person is signed out at once."
    )

    def get_title(self):
        return _("End the membership of %(person)s: %(party)s") % {
            "person": self.object.user, "party": self.object.party,
        }  # fmt: skip

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "membership": self.object}

    def act(self, form):
        people.end_membership(self.object, until_on=form.cleaned_data["until_on"], by=self.request.user)


class DelegationListView(TemplateView):
    """Delegations and bodies with their functional mailboxes; everyone signed in sees them."""

    template_name = "accounts/delegation_list.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            delegations=Delegation.objects.visible_to(self.request.user),
            bodies=Body.objects.visible_to(self.request.user),
            may_change=self.request.user.has_perm("accounts.change_delegation"),
            **kwargs,
        )


class ListEntryEditView(EditView):
    """One entry of a list, found by its code."""

    def get_object(self):
        return get_object_or_404(self.get_queryset(), code=self.kwargs["code"])

    def get_title(self):
        return _("Change %(entry)s") % {"entry": self.object}

    def get_breadcrumb(self):
        return [LISTS]

    def get_cancel_url(self):
        return LISTS[1]

    def get_success_url(self):
        return reverse("accounts:delegation_list")


class DelegationEditView(ListEntryEditView):
    form_class = DelegationForm

    def get_queryset(self):
        return Delegation.objects.visible_to(self.request.user)


class BodyEditView(ListEntryEditView):
    form_class = BodyForm

    def get_queryset(self):
        return Body.objects.visible_to(self.request.user)


class ProfileView(EditView):
    """One's own account."""

    form_class = ProfileForm
    verb = "change_own"
    template_name = "accounts/profile.html"
    title = gettext_lazy("Your account")

    def get_object(self):
        return get_object_or_404(User, pk=self.request.user.pk)

    def get_breadcrumb(self):
        return []

    def get_cancel_url(self):
        return ""

    def get_success_url(self):
        return reverse("accounts:profile")

    def get_context_data(self, **context):
        places = self.object.memberships.current(brussels_today()).select_related("delegation", "body")
        return super().get_context_data(places=places, **context)
