"""The draft of a strategy's text, whole on one page, and the forms that amend it, one part each."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Max
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from actionplans.amend_forms import (
    AddresseeBlockForm,
    AimForm,
    NewAddresseeBlockForm,
    NewAimForm,
    NewObjectiveForm,
    WordingForm,
)
from actionplans.amending import (
    Change,
    Part,
    amending,
    code_of,
    find,
    find_objective,
    insert,
    name_of,
    not_in_the_draft,
    record,
    siblings_of,
)
from actionplans.before_decisions import begins_the_text
from actionplans.drafting import changes_of, draft_of, earlier_objectives, to_take_back
from actionplans.models import (
    AddresseeBlock,
    Aim,
    Objective,
    Section,
    StrategyVersion,
    VersionChange,
    Wording,
)
from actionplans.renaming import rename, under
from actionplans.section_forms import NewSectionForm, SectionBlocks, SectionForm
from actionplans.standing import standing_of
from actionplans.views.locked import LockableCreateView
from actionplans.views.versions import above, version_and_texts
from editing.pages import CONFLICT
from editing.views import EditView
from strategy_portal.workflow import acting


def version_to_amend(user, slug, number):
    """The version of the address, for those who may amend it: unseen is 404, seen but not allowed 403."""
    return _to_amend(user, slug, number)[0]


def _to_amend(user, slug, number):
    version, texts = version_and_texts(user, number, slug)
    if not user.has_perm("actionplans.change_strategyversion", version):
        raise PermissionDenied
    return version, texts


@require_safe
def strategyversion_edit(request, slug, number):
    """The whole text of a draft, with what can be done beside each part."""
    version, texts = _to_amend(request.user, slug, number)
    parents = above(version)
    if why := version.why_locked():
        context = {
            "title": _("Amend version %(number)d") % {"number": number},
            "why": why,
            "object": version,
            "cancel_url": version.get_absolute_url(),
            "breadcrumb_parents": parents,
        }
        return render(request, "editing/too_late.html", context, status=CONFLICT)
    draft, changes = draft_of(version), changes_of(version)
    withdrawn = to_take_back(version, draft, changes)
    return render(
        request,
        "actionplans/strategyversion_edit.html",
        {
            "version": version,
            "standing": standing_of(version.strategy, texts),
            "draft": draft,
            "changes": changes,
            "withdrawn": withdrawn,
            "earlier": earlier_objectives(version, withdrawn),
            "add_section": version.address("section_create"),
            "add_aim": version.address("aim_create"),
            "version_url": version.get_absolute_url(),
            "parents": parents,
        },
    )


@require_safe
def draft_missing(request, slug, number, rest):
    """An address below a draft at which nothing stands: it says so, with the way back to the draft."""
    version = version_to_amend(request.user, slug, number)
    raise not_in_the_draft(version, _("There is nothing to amend at this address."))


class DraftPage:
    """What the forms of a draft share: where they lead, and what stands above them.

    Of a version that is no draft any more they lead to its text, for there is no page to amend it at.
    """

    def get_breadcrumb(self):
        return [
            *above(self.version),
            (_("Amend the text"), self.version.address("strategyversion_edit")),
        ]

    def get_cancel_url(self):
        if self.version.why_locked():
            return self.version.get_absolute_url()
        return self.version.address("strategyversion_edit")

    def page(self, template="", status=200, **context):
        """A page of this view; what is opened from one that refuses is the version, never a part of it."""
        if status == CONFLICT:
            context.setdefault("object", self.version)
        return super().page(template, status, **context)


class PartEditView(DraftPage, EditView):
    """Rewords a part of a draft; says why."""

    part = None
    template_name = "actionplans/part_form.html"
    submit_label = gettext_lazy("Save the change")

    def get_object(self):
        self.version = version_to_amend(self.request.user, self.kwargs["slug"], self.kwargs["number"])
        return find(self.version, self.part, self.kwargs["code"])

    def check_permission(self):
        if not self.request.user.has_perm("actionplans.change_strategyversion", self.version):
            raise PermissionDenied

    def why_locked(self):
        return self.version.why_locked()

    def get_title(self):
        return _("Reword %(part)s") % {"part": name_of(self.object)}

    def answer(self):
        """Hold the version, always before its parts, so that it is not tabled while this is saved."""
        self.version = (
            StrategyVersion.objects.select_for_update(of=("self",))
            .select_related("strategy")
            .get(pk=self.version.pk)
        )
        return super().answer()

    def save(self, form):
        self.form = form
        self.was_called = self.kwargs["code"]
        with acting(None, "amend", form.cleaned_data["reason"]):
            return form.save()

    def save_formsets(self, formsets):
        is_changed = self.form.changes_text or any(lines.has_changed() for lines in formsets.values())
        if not is_changed:
            raise ValidationError(_("Nothing of the text has been changed."))
        with acting(None, "amend", self.form.cleaned_data["reason"]):
            super().save_formsets(formsets)
            self.follow()
            rename(self.version, self.part, self.was_called, code_of(self.object))
            record(self.version, self.object, Change.REWORDED, **self.form.why)

    def follow(self):
        """Change what hangs on the part's number or letter."""

    def get_success_url(self):
        return f"{self.version.address('strategyversion_edit')}#{anchor(self.object)}"


def anchor(row):
    """Where a part stands on the page of its draft."""
    before = {Section: "section-", Aim: "aim-"}.get(type(row), "")
    return f"{before}{code_of(row)}"


class SectionPage:
    """The page of a section's form, with the errors of its lines in the summary on top."""

    template_name = "actionplans/section_form.html"

    def get_context_data(self, **context):
        return super().get_context_data(lines=list(context.get("formsets", {}).values()), **context)


class SectionEditView(SectionPage, PartEditView):
    """A section with its paragraphs and items."""

    part = Part.SECTION
    form_class = SectionForm

    def get_formsets(self, **bound):
        return {"blocks": section_lines(self.request.user, self.object, bound)}


def section_lines(user, section, bound):
    """The paragraphs of a section as a formset."""
    return SectionBlocks(
        bound.get("data"), bound.get("files"), instance=section, prefix="blocks", form_kwargs={"user": user}
    )


class AimEditView(PartEditView):
    part = Part.AIM
    form_class = AimForm

    def follow(self):
        """The codes of addressees begin with the letter of their aim; those of objectives never change."""
        aim = self.object
        if aim.letter == self.was_called:
            return
        for block in aim.blocks.all():
            before = block.code
            block.code = under(aim.letter, before)
            block.save(update_fields=["code"])
            rename(self.version, Part.ADDRESSEES, before, block.code)


class AddresseeBlockEditView(PartEditView):
    part = Part.ADDRESSEES
    form_class = AddresseeBlockForm


class WordingEditView(PartEditView):
    part = Part.OBJECTIVE
    form_class = WordingForm


# -- new parts -------------------------------------------------------------------------------------------------------


class PartCreateView(DraftPage, LockableCreateView):
    """A new part of a draft; says why."""

    verb = "add"
    template_name = "actionplans/part_form.html"

    def check_permission(self):
        self.version = self.locked_thing = version_to_amend(
            self.request.user, self.kwargs["slug"], self.kwargs["number"]
        )
        self.find_place()

    def find_place(self):
        """Find what the new part stands under; 404 when it is not there."""

    def why_locked(self):
        return self.version.why_locked()

    def new_row(self):
        """The new row, not saved yet."""
        raise NotImplementedError

    def get_initial(self):
        """A text that is entered for the first time is not changed for a reason of its own at every part."""
        if not begins_the_text(self.version):
            return {}
        return {"cause": VersionChange.Reason.CORRECTION, "reason": self.version.note}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "instance": self.new_row()}

    def save(self, form):
        with amending(self.version) as version:
            row = form.instance
            self.before_saving(row)
            insert(version, row, siblings_of(row), form.place)
            record(version, row, Change.ADDED, **form.why)
            return row

    def before_saving(self, row):
        """Save what the row needs."""

    def get_success_url(self):
        return f"{self.version.address('strategyversion_edit')}#{anchor(self.object)}"


class SectionCreateView(SectionPage, PartCreateView):
    form_class = NewSectionForm
    title = gettext_lazy("New section")
    submit_label = gettext_lazy("Add the section")

    def new_row(self):
        return Section(version=self.version)

    def get_formsets(self, **bound):
        return {"blocks": section_lines(self.request.user, None, bound)}


class AimCreateView(PartCreateView):
    form_class = NewAimForm
    title = gettext_lazy("New aim")
    submit_label = gettext_lazy("Add the aim")

    def new_row(self):
        return Aim(version=self.version)


class AddresseeBlockCreateView(PartCreateView):
    form_class = NewAddresseeBlockForm
    submit_label = gettext_lazy("Add the addressees")

    def find_place(self):
        self.aim = find(self.version, Part.AIM, self.kwargs["code"])

    def get_title(self):
        return _("New addressees under aim %(letter)s") % {"letter": self.aim.letter}

    def new_row(self):
        return AddresseeBlock(aim=self.aim)


class ObjectiveCreateView(PartCreateView):
    """A new objective under addressees: its lasting identity, and its words in this version."""

    form_class = NewObjectiveForm
    submit_label = gettext_lazy("Add the objective")

    def find_place(self):
        self.block = find(self.version, Part.ADDRESSEES, self.kwargs["code"])
        self.parent = None

    def get_title(self):
        return _("New objective under %(code)s") % {"code": self.block.code}

    def new_row(self):
        objective = Objective(strategy=self.version.strategy, parent=self.parent)
        return Wording(version=self.version, block=self.block, objective=objective)

    def before_saving(self, row):
        objective = row.objective
        last = Objective.objects.filter(strategy=objective.strategy_id).aggregate(last=Max("order"))["last"]
        objective.order = (last or 0) + 1
        objective.save()
        row.objective = objective


class SubpointCreateView(ObjectiveCreateView):
    """A new sub-point of an objective."""

    submit_label = gettext_lazy("Add the sub-point")

    def find_place(self):
        words = find_objective(self.version, self.kwargs["code"])
        self.block, self.parent = words.block, words.objective

    def get_title(self):
        return _("New sub-point of %(code)s") % {"code": self.parent.code}
