"""The strategies that followed one another, and which objective goes on from which."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, Q
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from actionplans.forms_records import CorrectionForm, StrategyForm
from actionplans.forms_strategies import PredecessorsForm, objectives_before
from actionplans.models import Objective, ObjectivePredecessor, Strategy, StrategyVersion
from actionplans.standing import standing_of, texts_by
from actionplans.views.missing import no_objective, strategy_of_the_address
from actionplans.views.on_a_day import nothing, or_on_a_day
from editing.views import CreateOnceView, EditView
from publishing.words import day_words
from strategy_portal.workflow import acting, within_sentence


def strategy_list_on(request, on):
    """The strategies that there were on a day, each with its standing on that day."""
    return _strategies(request, Strategy.objects.filter(dated_on__lte=on), on)


@require_safe
@or_on_a_day(strategy_list_on)
def strategy_list(request):
    """The strategies in the order in which they followed one another; those without a text say so."""
    return _strategies(request, Strategy.objects.all())


def _strategies(request, rows, on=None):
    seen, texts = StrategyVersion.objects.visible_to(request.user), texts_by(on)
    strategies = list(
        rows.visible_to(request.user)
        .annotate(has_text=Exists(seen.filter(strategy=OuterRef("pk"))))
        .select_related("repealed_by")
        .order_by("dated_on", "reference")
    )
    for strategy in strategies:
        strategy.shown = standing_of(strategy, texts, on)
    context = {
        "strategies": strategies,
        "may_add": on is None and request.user.has_perm("actionplans.add_strategy"),
        "on": on,
    }
    return render(request, "actionplans/strategy_list.html", context)


def strategy_record_on(request, on, slug):
    """The page of a strategy without a text as it stood on a day."""
    strategy = strategy_of_the_address(request.user, slug)
    if on < strategy.dated_on:
        why = _("There was no %(strategy)s on %(day)s: it is dated %(dated)s.")
        return nothing(
            request,
            on,
            why
            % {
                "strategy": strategy.reference,
                "day": day_words(on),
                "dated": day_words(strategy.dated_on),
            },
        )
    return strategy_record(request, strategy, on)


def strategy_record(request, strategy, on=None):
    """The page of a strategy of which the portal has no text that the reader sees."""
    texts = texts_by(on)
    earlier = strategy.repealed.select_related("repealed_by").order_by("dated_on")
    context = {
        "strategy": strategy,
        "standing": standing_of(strategy, texts, on),
        "repealed": [other for other in earlier if standing_of(other, texts, on).is_repealed],
        "may_correct": on is None and request.user.has_perm("actionplans.change_strategy", strategy),
        "may_begin": on is None and request.user.has_perm("actionplans.add_strategyversion"),
        "on": on,
    }
    return render(request, "actionplans/strategy_record.html", context)


def related_objectives(objective, user):
    """What the page of an objective shows of other strategies: by heading, objectives with their addresses."""
    seen = Objective.objects.visible_to(user).values("pk")
    links = (
        ObjectivePredecessor.objects.filter(objective__in=seen, predecessor__in=seen)
        .filter(Q(objective=objective) | Q(predecessor=objective))
        .select_related("objective__strategy", "predecessor__strategy")
    )
    before = [link.predecessor for link in links if link.objective_id == objective.pk]
    after = [link.objective for link in links if link.predecessor_id == objective.pk]
    groups = [(_("Goes on from"), _as_they_followed(before)), (_("Continued by"), _as_they_followed(after))]
    return {
        "related": [
            (heading, [(row, row.get_absolute_url()) for row in rows]) for heading, rows in groups if rows
        ],
        "may_relate": user.has_perm("actionplans.relate_objective", objective)
        and objectives_before(objective).exists(),
    }


def _as_they_followed(objectives):
    return sorted(objectives, key=lambda row: (row.strategy.dated_on, row.order))


class StrategyCreateView(CreateOnceView):
    """A strategy is recorded, with what it repeals."""

    form_class = StrategyForm
    title = gettext_lazy("Record a strategy")
    lead = gettext_lazy(
        "A record of the document; everybody who signs in sees it. Its text is begun on the page of the record."
    )
    submit_label = gettext_lazy("Record the strategy")

    def check_permission(self):
        if not self.request.user.has_perm(self.permission()):
            raise PermissionDenied

    def save(self, form):
        strategy, data = form.save(), form.cleaned_data
        strategy.repeal(data["repeals"], data["repealed_from"] or strategy.dated_on)
        return strategy

    def get_breadcrumb(self):
        return [(_("Strategies"), self.get_cancel_url())]

    def get_cancel_url(self):
        return reverse("actionplans:strategy_list")


class StrategyEditView(EditView):
    """The record of a strategy is corrected, with a reason."""

    form_class = CorrectionForm
    submit_label = gettext_lazy("Save the correction")

    def get_object(self):
        return strategy_of_the_address(self.request.user, self.kwargs["slug"])

    def get_title(self):
        return _("Correct the record of %(strategy)s") % {"strategy": self.object.reference}

    def get_lead(self):
        if self.object.has_agreed_text():
            return _(
                "What became of the document. Its reference, title and date stand in a text that was agreed, and stay."
            )
        return _("The document, and what became of it. Its address stays as it is.")

    def get_breadcrumb(self):
        return [
            (_("Strategies"), reverse("actionplans:strategy_list")),
            (self.object.reference, self.get_cancel_url()),
        ]

    def answer(self):
        """Hold all strategies, in one order: of two corrections at once none makes a circle with the other."""
        list(Strategy.objects.select_for_update().order_by("pk").values_list("pk"))
        return super().answer()

    def save(self, form):
        if not form.changes_record:
            raise ValidationError(_("Nothing of the record has been changed."))
        with acting(None, "change", form.cleaned_data["reason"]):
            return form.save()


class ObjectivePredecessorsView(EditView):
    """Which objectives of earlier strategies an objective goes on from."""

    form_class = PredecessorsForm
    template_name = "actionplans/predecessors_form.html"
    submit_label = gettext_lazy("Save the predecessors")

    def permission(self):
        return "actionplans.relate_objective"

    def get_object(self):
        user, code = self.request.user, self.kwargs["code"]
        strategy = strategy_of_the_address(user, self.kwargs["slug"])
        objectives = Objective.objects.visible_to(user).select_related("strategy")
        objective = objectives.filter(strategy=strategy, code=code).first()
        if objective is None:
            raise no_objective(user, strategy, code)
        return objective

    def get_title(self):
        return _("Predecessors of objective %(code)s") % {"code": self.object.code}

    def get_lead(self):
        return _("Objectives of earlier strategies that %(strategy)s goes on from.") % {
            "strategy": within_sentence(self.object.strategy.reference)
        }

    def get_cancel_url(self):
        return self.object.get_absolute_url()

    def get_breadcrumb(self):
        return [
            (self.object.strategy.reference, self.object.strategy.get_absolute_url()),
            (self.object.code, self.get_cancel_url()),
        ]
