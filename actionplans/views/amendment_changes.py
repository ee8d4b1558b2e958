"""What an amendment does to one action: drafted, changed and taken back on pages of their own."""

from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import Http404, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplans.amendable import contradicted, names_of, values_of
from actionplans.amendment_needs import faults_of
from actionplans.forms import ActionForm
from actionplans.forms_amendments import ChangeForm, PressForm
from actionplans.models import Action, Amendment, AmendmentChange
from actionplans.querysets_amendments import value_links
from actionplans.views.actions import WarnedMixin, actions_of, why_kept
from actionplans.views.amendments import amendment_of_the_address, hold, may_draft, parents_of
from actionplans.views.locked import LockableCreateView
from actionplans.views.missing import action_of_the_address
from editing import once
from editing.pages import CONFLICT
from editing.views import ActView, EditView
from strategy_portal.workflow import NotAllowed, within_sentence


class OfAnAmendment:
    """Below the amendment that the address names."""

    @cached_property
    def amendment(self):
        return amendment_of_the_address(self.request.user, self.kwargs["number"], self.kwargs["amendment"])

    @cached_property
    def action(self):
        """The action of the address, as far as the reader sees it."""
        user, number = self.request.user, self.kwargs["number"]
        actions = actions_of(user, number).select_related("plan__strategy", "lead")
        actions = actions.prefetch_related(*value_links(), "objectives")
        return action_of_the_address(user, actions, number, self.kwargs["action"])

    def held(self):
        """The amendment while nobody takes a step with it; raises why it is not drafted any more."""
        hold(self.amendment.plan)
        amendment = Amendment.objects.select_related("plan").get(pk=self.amendment.pk)
        if why := amendment.why_locked():
            raise NotAllowed(why)
        return amendment

    def get_success_url(self):
        return self.amendment.get_absolute_url()

    def get_cancel_url(self):
        return self.amendment.get_absolute_url()

    def get_breadcrumb(self):
        return parents_of(self.amendment.plan, self.amendment)


class AddedActionCreateView(WarnedMixin, OfAnAmendment, LockableCreateView):
    """An action that the amendment adds: proposed, under the next number of the plan, with terms still to be agreed."""

    form_class = ActionForm
    template_name = "actionplans/action_form.html"
    submit_label = gettext_lazy("Propose the action")
    lead = gettext_lazy("It joins the plan when the amendment is applied, with agreed terms of reference.")

    def check_permission(self):
        self.locked_thing = self.amendment
        if not self.request.user.has_perm("actionplans.change_amendment", self.amendment):
            raise PermissionDenied

    def why_locked(self):
        return self.amendment.why_locked()

    def get_title(self):
        return _("Action to be added by %(amendment)s") % {"amendment": within_sentence(self.amendment)}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "plan": self.amendment.plan}

    def prepare(self, form):
        form.instance.plan = self.amendment.plan
        if not self.request.user.is_secretariat:
            form.instance.lead = self.amendment.delegation

    def save(self, form):
        amendment = self.held()
        numbers = Action.objects.filter(plan=amendment.plan).aggregate(last=Max("number"))
        form.instance.number = (numbers["last"] or 0) + 1
        action = form.save()
        AmendmentChange.objects.create(amendment=amendment, kind="add", action=action)
        return action


class OfAnAction(OfAnAmendment):
    """Drafts what becomes of an action that is planned or under way."""

    def check_permission(self):
        self.locked_thing = self.amendment
        if not self.request.user.has_perm("actionplans.amend_action", self.action):
            raise PermissionDenied

    def why_locked(self):
        """Why the amendment cannot change this action now, or ""."""
        if why := self.amendment.why_locked():
            return why
        if self.action.status not in (Action.Status.PLANNED, Action.Status.IN_PROGRESS):
            words = {"action": self.action, "state": self.action.state_words}
            return (
                _("%(action)s is %(state)s: an amendment changes only what is planned or in progress.")
                % words
            )
        return ""

    def line(self, **fields):
        """The change that is begun."""
        return AmendmentChange(amendment=self.amendment, action=self.action, **fields)

    def succeed(self, url):
        self.success_message = _("%(amendment)s now says what becomes of %(action)s.") % {
            "amendment": self.amendment, "action": within_sentence(self.action),
        }  # fmt: skip
        return super().succeed(url)


class ChangeCreateView(OfAnAction, LockableCreateView):
    """What an action is to be; where that is drafted already, it is changed."""

    form_class = ChangeForm
    template_name = "actionplans/action_form.html"
    submit_label = gettext_lazy("Save the change")

    def get(self, request, **kwargs):
        self.check_permission()
        if drafted := self.amendment.changes.filter(action=self.action, kind="change").first():
            return HttpResponseRedirect(drafted.address("edit"))
        return super().get(request, **kwargs)

    def get_title(self):
        return _("Change %(action)s") % {"action": within_sentence(self.action)}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "change": self.line(kind="change")}

    def save(self, form):
        self.held()
        return form.save()


class ChangeEditView(OfAnAction, EditView):
    """What an action is to be, changed while the amendment is a draft."""

    form_class = ChangeForm
    template_name = "actionplans/action_form.html"
    submit_label = gettext_lazy("Save the change")

    def get_object(self):
        return line_of_the_address(self, kind="change")

    def get_title(self):
        return _("Change %(action)s") % {"action": within_sentence(self.action)}

    def get_lead(self):
        change = self.object
        is_odd = contradicted(change.drafted, change.proposed, values_of(change.action))
        names = names_of([change.drafted | change.proposed, values_of(change.action)]) if is_odd else {}
        return " ".join(capfirst(sentence) for sentence in faults_of(self.object, names))

    def get_form_kwargs(self):
        change = self.object
        change.amendment, change.action = self.amendment, self.action
        return {"initial": {}, "change": change}

    def answer(self):
        hold(self.amendment.plan)
        del self.amendment
        return super().answer()


def line_of_the_address(view, **which):
    """The change of the view's amendment to its action; 404 where there is none."""
    found = AmendmentChange.objects.visible_to(view.request.user).filter(
        amendment=view.amendment, action=view.action, **which
    )
    change = found.first()
    if change is None:
        raise Http404("the amendment does not change this action")
    change.amendment, change.action = view.amendment, view.action
    return change


class DiscontinueCreateView(OfAnAction, LockableCreateView):
    """An action that the amendment discontinues."""

    form_class = PressForm
    template_name = "actionplans/amendmentchange_act.html"
    submit_label = gettext_lazy("Propose to discontinue it")

    def get_title(self):
        return _("Discontinue %(action)s") % {"action": within_sentence(self.action)}

    def get_consequence(self):
        """What it leads to, in a sentence."""
        return _(
            "“%(title)s” ends without being completed when the amendment is applied, for the reason given there."
        ) % {"title": self.action.title}

    def get_context_data(self, **context):
        return super().get_context_data(consequence=self.get_consequence(), **context)

    def save(self, form):
        self.held()
        line = self.line(kind="discontinue")
        line.save()
        return line


class ChangeRemoveView(OfAnAmendment, ActView):
    """Takes a change out of a draft; an action that it would add is deleted with it."""

    form_class = PressForm
    template_name = "actionplans/amendmentchange_act.html"
    verb = "delete"
    submit_label = gettext_lazy("Take the change out")

    def begin(self):
        try:
            super().begin()
        except Http404:
            if self.request.method != "POST" or once.earlier(self.request) is None:
                raise

    def get_object(self):
        return line_of_the_address(self)

    def check_permission(self):
        if not may_draft(self.request.user, self.action, self.amendment):
            raise PermissionDenied

    def get(self, request, **kwargs):
        self.begin()
        if why := self.why_locked():
            return self.page("editing/too_late.html", CONFLICT, why=why, object=self.amendment)
        return super().get(request, **kwargs)

    def why_locked(self):
        """Why the change stays, or ""."""
        if why := self.amendment.why_locked():
            return why
        if self.object.kind != AmendmentChange.Kind.ADD:
            return ""
        return self.action.why_locked() or why_kept(self.action)

    def get_title(self):
        return _("Take out: %(change)s") % {"change": within_sentence(self.object)} if self.object else ""

    def get_breadcrumb(self):
        return super().get_breadcrumb() if self.object else []

    def get_context_data(self, **context):
        said = _("The action is then not changed by this amendment.")
        if self.object is not None and self.object.kind == AmendmentChange.Kind.ADD:
            said = _(
                "“%(title)s” is deleted, with the draft of its terms of reference. Its history stays."
            ) % {"title": self.action.title}
        return super().get_context_data(consequence=said, is_danger=True, **context)

    def act(self, form):
        self.held()
        if why := self.why_locked():
            raise NotAllowed(why)
        self.success_message = _("%(change)s: taken out.") % {"change": self.object}
        if self.object.kind == AmendmentChange.Kind.ADD:
            self.action.take_out()
        else:
            self.object.delete()
        self.object = self.amendment
        return self.amendment.get_absolute_url()
