"""Reviews of a strategy: opened by a meeting of the heads of customs and the Commission, kept by the secretariat."""

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from actionplans.forms_strategies import ReviewForm
from actionplans.models import StrategyReview, StrategyVersion
from actionplans.views.missing import strategy_of_the_address
from council.models import Document, Meeting
from editing.views import CreateOnceView, EditView, StepView
from strategy_portal.workflow import within_sentence


def _strategy(request, slug):
    return strategy_of_the_address(request.user, slug)


@require_safe
def strategyreview_list(request, slug):
    """The reviews of a strategy."""
    strategy = _strategy(request, slug)
    context = {
        "strategy": strategy,
        "reviews": StrategyReview.objects.visible_to(request.user).of(strategy),
        "may_add": request.user.has_perm("actionplans.add_strategyreview"),
    }
    return render(request, "actionplans/strategyreview_list.html", context)


@require_safe
def strategyreview_detail(request, slug, pk):
    """One review; meeting, reports and version are linked where the reader sees them."""
    user = request.user
    strategy = _strategy(request, slug)
    documents = Document.objects.visible_to(user)
    reviews = (
        StrategyReview.objects.visible_to(user)
        .of(strategy)
        .prefetch_related(Prefetch("reports", queryset=documents, to_attr="seen_reports"))
    )
    review = get_object_or_404(reviews, pk=pk)
    version = StrategyVersion.objects.visible_to(user).filter(pk=review.version_id).first()
    context = {
        "review": review,
        "strategy": strategy,
        "meeting_url": review.meeting.get_absolute_url()
        if Meeting.objects.visible_to(user).filter(pk=review.meeting_id).exists()
        else "",
        "version": version,
        "version_url": reverse("actionplans:strategyversion_detail", args=[slug, version.number])
        if version
        else "",
        "may_edit": user.has_perm("actionplans.change_strategyreview", review),
        "why_locked": review.why_locked(),
    }
    return render(request, "actionplans/strategyreview_detail.html", context)


class StrategyReviewCreateView(CreateOnceView):
    """A review that a meeting has opened."""

    form_class = ReviewForm
    title = gettext_lazy("New review")
    submit_label = gettext_lazy("Save the review")

    def check_permission(self):
        self.strategy = _strategy(self.request, self.kwargs["slug"])
        if not self.request.user.has_perm(self.permission()):
            raise PermissionDenied

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "strategy": self.strategy}

    def prepare(self, form):
        form.instance.strategy = self.strategy

    def get_breadcrumb(self):
        return [
            (self.strategy.reference, self.strategy.get_absolute_url()),
            (_("Reviews"), self.get_cancel_url()),
        ]

    def get_cancel_url(self):
        return reverse("actionplans:strategyreview_list", args=[self.strategy.slug])


class ReviewOfTheAddress:
    """Finds the review that the address names."""

    def get_object(self):
        strategy = _strategy(self.request, self.kwargs["slug"])
        return get_object_or_404(
            StrategyReview.objects.visible_to(self.request.user).of(strategy), pk=self.kwargs["pk"]
        )

    def get_breadcrumb(self):
        strategy = self.object.strategy
        return [
            (strategy.reference, strategy.get_absolute_url()),
            (_("Reviews"), reverse("actionplans:strategyreview_list", args=[strategy.slug])),
            (str(self.object.meeting), self.object.get_absolute_url()),
        ]


class StrategyReviewEditView(ReviewOfTheAddress, EditView):
    """What an open review asked, considered and concluded."""

    form_class = ReviewForm
    submit_label = gettext_lazy("Save the review")

    def get_title(self):
        return _("Edit the %(review)s") % {"review": within_sentence(self.object)}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "strategy": self.object.strategy}


class StrategyReviewStepView(ReviewOfTheAddress, StepView):
    """The steps of a review."""

    consequences = {
        "conclude": gettext_lazy("Its outcome stands then, and the bodies that receive reports see it."),
        "reopen": gettext_lazy("Only delegations and the secretariat then see the review."),
    }
