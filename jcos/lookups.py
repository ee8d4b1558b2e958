"""How the views find an operation and one delegation's results in it: what is not seen is 404."""

from functools import cached_property

from django.http import Http404
from django.shortcuts import get_object_or_404

from jcos.models import Operation, Submission


def find_operation(request, slug):
    """The operation of an address, or 404."""
    seen = Operation.objects.visible_to(request.user).select_related("proposed_by")
    return get_object_or_404(seen, slug=slug)


class Results:
    """One delegation's results in one operation, as one reader sees them: all versions, newest first."""

    def __init__(self, request, slug, code):
        self.user = request.user
        self.operation = find_operation(request, slug)
        parts = self.operation.participations.with_days().select_related("delegation")
        self.participation = get_object_or_404(parts, delegation__code=code)
        self.delegation = self.participation.delegation
        self.participation.operation = self.operation
        if not self.seen and (not self.is_told or not self._may_begin()):
            raise Http404("no results here for this reader")

    def _may_begin(self):
        """A delegation that does not take part has no page for results, nor has an operation of the past."""
        return not self.operation.is_historical and not self.participation.does_not_take_part

    @property
    def is_own(self):
        """Whether the reader belongs to the delegation."""
        return self.delegation.pk in self.user.delegation_ids

    @property
    def is_told(self):
        """Whether the reader knows in which state the results are, if not what they say."""
        return self.is_own or self.user.is_secretariat

    @cached_property
    def versions(self):
        """Every version, newest first, also those that the reader does not see."""
        found = self.operation.submissions.filter(delegation=self.delegation)
        versions = list(
            found.select_related("submitted_by", "noting__meeting__body", "noting__silence__body").order_by(
                "-version"
            )
        )
        for version in versions:
            version.operation, version.delegation = self.operation, self.delegation
            version.participation, version.versions = self.participation, versions
        return versions

    @cached_property
    def seen(self):
        """The versions whose content the reader sees, newest first."""
        if not self.versions:
            return []
        found = Submission.objects.visible_to(self.user).filter(pk__in=[v.pk for v in self.versions])
        pks = set(found.order_by().values_list("pk", flat=True))
        return [version for version in self.versions if version.pk in pks]

    @property
    def newest(self):
        """The newest version at all, or None."""
        return self.versions[0] if self.versions else None

    @property
    def shown(self):
        """The newest version that the reader sees, or None."""
        return self.seen[0] if self.seen else None

    def newest_or_404(self):
        """The newest version, when the reader sees it."""
        if self.newest is None or self.newest is not self.shown:
            raise Http404("no such version for this reader")
        return self.newest

    def version_or_404(self, number):
        """One version, when the reader sees it."""
        found = next((version for version in self.seen if version.version == number), None)
        if found is None:
            raise Http404("no such version for this reader")
        return found

    def before(self, submission):
        """The version before one of these, when the reader sees it, or None."""
        return next((v for v in self.seen if v.version == submission.version - 1), None)

    @property
    def return_reason(self):
        """Why the last version was returned, as long as no newer one has been submitted; or ""."""
        found = self.newest if self.newest and self.newest.status != Submission.Status.DRAFT else None
        if self.newest and self.newest.status == Submission.Status.DRAFT and len(self.versions) > 1:
            found = self.versions[1]
        return found.return_reason if found and found.status == Submission.Status.RETURNED else ""
