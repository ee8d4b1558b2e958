"""Who sees which silence procedure and which position, and how a procedure is opened and ended."""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.querysets import EVERYBODY, NOBODY, VisibleQuerySet
from council.querysets import holds_presidency
from strategy_portal.dates import brussels_today, now
from strategy_portal.workflow import NotAllowed, Reason, acting

RUNNING = frozenset({"open", "extended"})


def this_second():
    """The portal's moment to the second: the second in which a procedure ends still belongs to it."""
    return now().replace(microsecond=0)


def last_event_of(thing):
    """The identity of the newest event in the history of a thing, or 0: it tells whether the thing has changed."""
    event_model = type(thing).pgh_event_models["insert"]
    newest = event_model.objects.filter(pgh_obj_id=thing.pk).aggregate(newest=models.Max("pgh_id"))["newest"]
    return newest or 0


class SilenceProcedureQuerySet(VisibleQuerySet):
    def seen_by(self, user, row="pk"):
        """Delegations and secretariat."""
        return EVERYBODY if user.is_secretariat or user.is_delegate else NOBODY

    def running(self):
        """Those in which an answer still counts."""
        return self.filter(status__in=RUNNING, closes_at__gte=this_second())

    def run_out(self):
        """Those that have come to their end without objection and whose outcome is not recorded yet."""
        return self.filter(status__in=RUNNING, closes_at__lt=this_second())

    def ended(self):
        """Those that are stopped, withdrawn, agreed or have run out: an answer counts no more."""
        return self.exclude(status__in=RUNNING) | self.run_out()

    def about(self, thing):
        """Procedures on one thing, newest first."""
        return self.filter(
            content_type=ContentType.objects.get_for_model(thing), object_id=thing.pk
        ).order_by("-pk")

    def ask(self, subject, verb, *, body, closes_at, text, by, document=None):
        """Open a procedure by which a body decides on a step of a thing, and tell every delegation.

        Raises NotAllowed with the reasons when the body may not decide so, the end has passed or the step cannot be
        taken. The thing is locked first: nobody takes the step between the look and the opening.
        """
        step = subject.STEPS[verb]
        if step.power_needed not in body.powers:
            raise NotAllowed(_("%(body)s cannot take this decision.") % {"body": body})
        if closes_at <= now():
            raise NotAllowed(_("The end has passed. Choose a later one."))
        with transaction.atomic(), acting(by, "open"):
            locked = type(subject)._base_manager.select_for_update(of=("self",)).get(pk=subject.pk)
            if running := self.about(locked).filter(status__in=RUNNING).first():
                words = _("There is already a silence procedure on it: %(which)s.") % {"which": running}
                raise NotAllowed(Reason(words, running.get_absolute_url()))
            if reasons := [*locked.reasons_against(verb, by), *self.objections_to(locked)]:
                raise NotAllowed(*reasons)
            procedure = self.create(
                verb=verb,
                body=body,
                content_type=ContentType.objects.get_for_model(locked),
                object_id=locked.pk,
                about=str(locked)[:300],
                text=text,
                document=document,
                opened_at=now(),
                closes_at=closes_at,
                opened_by=by,
                last_event=last_event_of(locked),
            )
            procedure.take_positions_along(locked)
            procedure.tell_opened()
        return procedure

    def objections_to(self, thing):
        """Why delegations are not asked about a text to which some object already: it would be stopped at once."""
        positions = apps.get_model("council.Position").objects.open_on(thing)
        objecting = positions.filter(stance="objects").select_related("delegation")
        names = [position.delegation.name for position in objecting]
        if not names:
            return []
        said = ngettext(
            "%(names)s objects to it, which would stop the procedure at once. Settle that first: the position can be "
            "changed.",
            "%(names)s object to it, which would stop the procedure at once. Settle that first: the positions can be "
            "changed.",
            len(names),
        )
        return [Reason(said % {"names": ", ".join(names)}, thing.get_absolute_url())]

    def conclude(self):
        """Record the outcome of every procedure that has run out; how many. Safe to run twice and at the same time."""
        return sum(procedure.conclude() for procedure in self.run_out().order_by("closes_at", "pk"))


class PositionQuerySet(VisibleQuerySet):
    def seen_by(self, user, row="pk"):
        """Its delegation, secretariat, Presidency; all delegations after the end."""
        if user.is_secretariat:
            return EVERYBODY
        if not user.is_delegate:
            return NOBODY
        if holds_presidency(user):
            return EVERYBODY
        procedures = apps.get_model("council.SilenceProcedure").objects.ended()
        ended = Q(procedure__in=procedures.values("pk")) | Q(ended_at__isnull=False)
        return Q(delegation__in=user.delegation_ids) | ended

    def on(self, thing):
        """Those on a tabled text, of every time that it was tabled."""
        return self.filter(content_type=ContentType.objects.get_for_model(thing), object_id=thing.pk)

    def open_on(self, thing):
        """Those on a tabled text that count now."""
        return self.on(thing).filter(ended_at=None)

    def state(self, thing, delegation, stance, text="", *, by):
        """Give or change the position of a delegation on a tabled text; one each, however many answer at once.

        The text is locked before it is asked (`why_no_position()`) whether it takes positions: of a position and the
        end exactly one comes first. Raises NotAllowed.
        """
        with transaction.atomic(), acting(by, "answer"):
            row = type(thing)._base_manager.select_for_update(of=("self",)).get(pk=thing.pk)
            if why := row.why_no_position():
                raise NotAllowed(why)
            if not delegation.sits_on(brussels_today()):
                raise NotAllowed(_("Only delegations of the working party give a position."))
            position = self.open_on(row).filter(delegation=delegation).first()
            position = position or self.model(thing=row, delegation=delegation)
            position.state(stance, text, by=by)
        return position

    def end(self, thing, *, at):
        """End the positions on a text that is agreed or returned: all delegations see them from now on."""
        self.open_on(thing).update(ended_at=at)
