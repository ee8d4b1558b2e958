"""The versions of a strategy: their list, a new one, and the steps from draft to in force."""

from datetime import timedelta
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from actionplans.amend_forms import VersionForm
from actionplans.copying import begin_version, in_preparation, version_to_copy
from actionplans.day_asked import with_day
from actionplans.drafting import ShownChange, changes_of
from actionplans.models import Strategy, StrategyVersion, VersionChange
from actionplans.querysets import ONCE_IN_FORCE
from actionplans.reading import current_version
from actionplans.standing import in_force_among, standing_of, texts_by
from actionplans.views.locked import LockableCreateView
from actionplans.views.missing import (
    no_strategy_in_force,
    no_version,
    nothing_of_the_version,
    strategy_of_the_address,
)
from actionplans.views.on_a_day import keeping_the_day
from council.models import Decision
from editing.views import StepView


def strategy_of(user, slug=""):
    """The strategy of an address: the one that is named, else the one that `/strategy/` shows; 404 without."""
    if slug:
        return strategy_of_the_address(user, slug)
    version = current_version(user)
    if version is None:
        raise no_strategy_in_force()
    return version.strategy


def version_of_the_address(user, number, slug=""):
    """The version that an address names; 404 when this reader sees none."""
    return version_and_texts(user, number, slug)[0]


def version_and_texts(user, number, slug=""):
    """The version that an address names, 404 when this reader sees none; and what `texts_by()` gives (one query)."""
    seen = StrategyVersion.objects.visible_to(user)
    shown = Q(strategy__slug=slug) if slug else Q(strategy=Subquery(seen.in_force().values("strategy")[:1]))
    rows = seen.filter(shown & Q(number=number) | Q(status__in=ONCE_IN_FORCE)).newest_text_first()
    found = list(rows.select_related("strategy__repealed_by"))
    texts = [row for row in found if row.status in ONCE_IN_FORCE]
    named = slug or getattr(in_force_among(texts), "strategy", Strategy()).slug
    version = next((row for row in found if (row.strategy.slug, row.number) == (named, number)), None)
    if version is None:
        raise no_version(strategy_of(user, slug), number)
    return version, texts


def above(version_or_strategy):
    """The pages above those of a strategy's versions, as label and address."""
    strategy = getattr(version_or_strategy, "strategy", version_or_strategy)
    pages = [
        (strategy.reference, strategy.get_absolute_url()),
        (_("Versions"), strategy.address("strategyversion_list")),
    ]
    if version_or_strategy is not strategy:
        pages.append((version_words(version_or_strategy), version_or_strategy.get_absolute_url()))
    return pages


def version_words(version):
    """A version by its number alone."""
    return _("Version %(number)d") % {"number": version.number}


@require_safe
@keeping_the_day
def strategyversion_list(request, slug=""):
    """The versions that one sees, newest first, with their decisions and the number of changes."""
    strategy = strategy_of(request.user, slug)
    counted = VersionChange.objects.filter(version=OuterRef("pk")).order_by().values("version")
    versions = list(
        StrategyVersion.objects.visible_to(request.user)
        .filter(strategy=strategy)
        .select_related(
            "agreement__meeting__body",
            "agreement__silence__body",
            "approval__meeting__body",
            "approval__silence__body",
        )
        .annotate(change_count=Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), 0))
        .order_by("-number")
    )
    named = {pk for version in versions for pk in (version.agreement_id, version.approval_id) if pk}
    seen = set(
        Decision.objects.visible_to(request.user).filter(pk__in=named).values_list("pk", flat=True)
        if named
        else ()
    )
    begins = sorted((version.in_force_from, version.number) for version in versions if version.in_force_from)
    standing = standing_of(strategy, texts_by())
    for version in versions:
        version.strategy = strategy
        version.until = _until(version, begins, standing.replaced)
    may_add = request.user.has_perm("actionplans.add_strategyversion")
    return render(
        request,
        "actionplans/strategyversion_list.html",
        {
            "strategy": strategy,
            "standing": standing,
            "versions": versions,
            "seen_decisions": seen,
            "parents": [(label, with_day(request, url)) for label, url in above(strategy)[:1]],
            "may_add": may_add,
            "of_a_new_version": _of_a_new_version(standing),
            "open_version": next((v for v in versions if v.status in ("draft", "tabled")), None),
            "create_url": strategy.address("strategyversion_create"),
        },
    )


def _of_a_new_version(standing):
    """What a new version of a replaced strategy is not for, or ""."""
    if not standing.replaced:
        return ""
    return _("A new version of it is kept and can be amended, but no step brings it into that place again.")


def _until(version, begins, replaced):
    """The last day of a version, the eve of the next one's first or of that of a later strategy; None where none is."""
    if version.in_force_from is None:
        return None
    own = (version.in_force_from, version.number)
    after = [day for day, number in begins if (day, number) > own]
    if replaced:
        after.append(replaced.in_force_from)
    return max(min(after) - timedelta(days=1), version.in_force_from) if after else None


class VersionPanel(NamedTuple):
    """What stands beside the text of a version: its changes, and what the reader may do with it."""

    changes: list[ShownChange]
    may_see_who: bool
    edit_url: str
    why_locked: str
    new_url: str
    has_steps: bool


def version_panel(user, version):
    """The changes of a version and the way to amend it; None where there is nothing to show."""
    may_edit = user.has_perm("actionplans.change_strategyversion", version)
    is_open = may_edit and version.status in ("draft", "tabled", "agreed")
    changes = changes_of(version)
    if not changes and not is_open:
        return None
    return VersionPanel(
        changes,
        user.is_secretariat or user.is_delegate,
        version.address("strategyversion_edit") if is_open else "",
        version.why_locked() if is_open else "",
        _new_version_url(user, version),
        is_open,
    )


def _new_version_url(user, version):
    """Where an agreed text is amended further, or ""; one that is still in preparation is amended itself."""
    if version.status != StrategyVersion.Status.AGREED:
        return ""
    may_add = user.has_perm("actionplans.add_strategyversion")
    return version.strategy.address("strategyversion_create") if may_add else ""


class StrategyVersionCreateView(LockableCreateView):
    """A new draft that begins as a copy of an earlier version."""

    form_class = VersionForm
    submit_label = gettext_lazy("Start the version")

    @cached_property
    def strategy(self):
        return strategy_of_the_address(self.request.user, self.kwargs["slug"])

    @cached_property
    def locked_thing(self):
        return in_preparation(self.strategy)

    @cached_property
    def standing(self):
        return standing_of(self.strategy, texts_by())

    @cached_property
    def is_first(self):
        return version_to_copy(self.strategy) is None

    def check_permission(self):
        if not self.request.user.has_perm("actionplans.add_strategyversion", self.strategy):
            raise PermissionDenied

    def get_title(self):
        if not self.is_first:
            return _("New version")
        return _("Begin the text of %(strategy)s") % {"strategy": self.strategy.reference}

    def get_lead(self):
        if self.is_first:
            return _(
                "The first version begins empty; sections, aims, addressees and objectives are then added one by one. "
                "Only the secretariat sees it until it is tabled."
            )
        if self.standing.replaced:
            return f"{self.standing.of_its_text} {_of_a_new_version(self.standing)}"
        return _(
            "The new version begins as a copy. Only the secretariat sees it until it is tabled; the text in force "
            "stays as it is."
        )

    def why_locked(self):
        if self.locked_thing is None:
            return ""
        return _("Version %(number)d is in preparation already (%(state)s). One version is amended at a time.") % {
            "number": self.locked_thing.number, "state": self.locked_thing.state_words,
        }  # fmt: skip

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "strategy": self.strategy, "standing": self.standing}

    def save(self, form):
        data = form.cleaned_data
        return begin_version(
            self.strategy, by=self.request.user, note=data["note"], source=data.get("source")
        )

    def get_success_url(self):
        return self.object.address("strategyversion_edit")

    def get_breadcrumb(self):
        return above(self.strategy)

    def get_cancel_url(self):
        if self.locked_thing:
            return self.locked_thing.get_absolute_url()
        return self.strategy.address("strategyversion_list")


@require_safe
def version_missing(request, slug, rest):
    """An address below the versions at which nothing stands: it says so, with the way back to them."""
    strategy = strategy_of_the_address(request.user, slug)
    seen = (
        StrategyVersion.objects.visible_to(request.user).filter(strategy=strategy).select_related("strategy")
    )
    number = rest.partition("/")[0]
    version = next((version for version in seen if str(version.number) == number), None)
    raise nothing_of_the_version(version) if version else no_version(strategy, f"“{number[:40]}”")


class StrategyVersionStepView(StepView):
    """The steps of a version."""

    consequences = {
        "table": gettext_lazy(
            "All delegations then see the text with its changes. It can be returned to draft until it is agreed."
        ),
        "return_to_draft": gettext_lazy("Only the secretariat then sees the text, and can change it."),
        "withdraw": gettext_lazy(
            "The version is given up. This cannot be undone; its text and history stay."
        ),
    }

    def get_object(self):
        return version_of_the_address(self.request.user, self.kwargs["number"], self.kwargs["slug"])

    def get_breadcrumb(self):
        return above(self.object)
