"""The forms of an agenda: a point, and what came of it where nothing was decided."""

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from council.forms import DocumentDecidedOn
from council.models import AgendaPoint, SilenceProcedure
from council.querysets import decided_models
from council.querysets_agenda import decidable
from council.querysets_silence import RUNNING
from editing.forms import PortalForm, PortalModelForm
from publishing.words import moment_words
from strategy_portal.fields import MarkdownBlock


def asked_beyond(day, user):
    """The silence procedures that are open until after a day, by their things: no meeting of that day decides on these.

    For a meeting of the closing day or later a point is prepared: should the procedure not end with an agreement.
    """
    rows = SilenceProcedure.objects.visible_to(user).filter(status__in=RUNNING)
    return {(row.content_type_id, row.object_id): row for row in rows if day < row.closed_on}


def key_of(model, pk, verb):
    """How a thing and its step stand in the form: "actionplans.actionplan:12:adopt"."""
    return f"{model._meta.label_lower}:{pk}:{verb}"


def as_typed(point):
    """A point as the form would show it for another meeting, its document with its title: it is meant, no slip."""
    said = {"title": point.title, "note": point.note}
    if point.content_type_id:
        said["subject"] = key_of(point.subject_model, point.object_id, point.verb)
    if point.document_id:
        said |= {
            "document_number": point.document.reference.with_codes, "document_title": point.document.title,
        }  # fmt: skip
    return said


class AgendaPointForm(DocumentDecidedOn, PortalModelForm):
    """A point: in the secretariat's words, with what is to be decided and the document."""

    hide_optional = True
    subject = forms.ChoiceField(
        label=gettext_lazy("To be decided"),
        required=False,
        help_text=gettext_lazy(
            "What this body can decide now. Leave it empty for a point of information or discussion."
        ),
    )
    field_order = ["title", "subject", "document_number", "document_meant", "document_title", "note"]

    class Meta:
        model = AgendaPoint
        fields = ["title", "note"]
        help_texts = {
            "title": gettext_lazy(
                "In your words. All who see the meeting read it, also those who do not see the text that it is about:"
                " name nothing here that they may not know."
            ),
            "note": gettext_lazy(
                "Who introduces the point, what is expected. All who see the meeting read it."
            ),
        }

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        self.offered = {}
        self.fields["subject"].choices = [("", _("Nothing")), *self._offers()]
        self.fields["subject"].error_messages["invalid_choice"] = _(
            "%(body)s cannot decide this now. Choose again from the list."
        ) % {"body": meeting.body}
        point = self.instance
        if point.document_id:
            self.initial["document_number"] = point.document.reference.with_codes
        if point.content_type_id:
            self.initial["subject"] = self._keep(point)

    def _offers(self):
        """The groups of the choice, by kind of thing; what was chosen is found again in `offered`."""
        self.asked = asked_beyond(self.meeting.held_on, self.user)
        for model, steps in decidable(self.user, self.meeting.body):
            group, type_ = [], ContentType.objects.get_for_model(model)
            for verb, step, rows in steps:
                for row in rows:
                    if (type_.pk, row.pk) in self.asked:
                        continue
                    key = key_of(model, row.pk, verb)
                    self.offered[key] = (model, row.pk, verb)
                    group.append((key, _("%(thing)s: %(step)s") % {"thing": row, "step": step.label or verb}))
            if group:
                yield capfirst(str(model._meta.verbose_name_plural)), group

    def _keep(self, point):
        """What the point is about stays in the list, in whatever state it is."""
        model, step = point.subject_model, point.step
        key = key_of(model, point.object_id, point.verb)
        if key not in self.offered:
            self.offered[key] = (model, point.object_id, point.verb)
            thing = model._default_manager.visible_to(self.user).filter(pk=point.object_id).first()
            words = {
                "thing": thing or _("what is not there any more"),
                "step": step.label if step else point.verb,
            }
            self.fields["subject"].choices += [(key, _("%(thing)s: %(step)s") % words)]
        return key

    def clean_subject(self):
        chosen = self.cleaned_data["subject"]
        point = self.instance
        if not chosen:
            point.content_type, point.object_id, point.verb = None, None, ""
            return chosen
        model, pk, verb = self.offered[chosen]
        type_ = ContentType.objects.get_for_model(model)
        others = self.meeting.points.filter(content_type=type_, object_id=pk, verb=verb).exclude(pk=point.pk)
        if other := others.first():
            raise ValidationError(
                _("This stands on the agenda already, as point %(point)s") % {"point": other}
            )
        point.content_type, point.object_id, point.verb = type_, pk, verb
        return chosen

    def clean(self):
        data = super().clean()
        if "subject" in self.errors and (
            reason := self._why_not(self.data.get(self.add_prefix("subject"), ""))
        ):
            del self.errors["subject"]
            self.add_error("subject", reason)
        return data

    def _is_evident(self, known):
        """The document that the point has already is meant, too."""
        return known.pk == self.instance.document_id or super()._is_evident(known)

    def decided_on(self):
        return self.instance.content_type, self.instance.object_id

    def _why_not(self, key):
        """Why a thing that is not offered cannot be decided at this meeting, where that can be said."""
        label, pk, verb = [*key.split(":"), "", "", ""][:3]
        model = {model._meta.label_lower: model for model in decided_models()}.get(label)
        if model is None or verb not in model.STEPS or not pk.isdecimal() or len(pk) > 18:
            return ""
        rows = model._default_manager.visible_to(self.user).filter(pk=pk)
        thing, step = rows.first(), model.STEPS[verb]
        if thing is None:
            return ""
        if thing.status not in step.sources:
            words = {"thing": thing, "state": thing.state_words, "step": step.label}
            return _("%(thing)s is %(state)s. “%(step)s” is not possible now.") % words
        if asked := self.asked.get((ContentType.objects.get_for_model(model).pk, thing.pk)):
            said = _(
                "%(procedure)s is open until %(end)s, after this meeting. Choose a later meeting, or withdraw it"
                " first."
            )
            return said % {"procedure": asked, "end": moment_words(asked.closes_at)}
        if step.power_needed not in self.meeting.body.powers:
            return ""
        return str(model.NOT_TO_DECIDE.get(verb, ""))

    def save(self, commit=True):
        """Save the point with its document; a new one comes last."""
        self.instance.document = self.document_row()
        return super().save(commit)


class OutcomeForm(PortalForm):
    """What came of a point at which nothing was decided."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        choices=[
            (AgendaPoint.Outcome.NO_DECISION, AgendaPoint.Outcome.NO_DECISION.label),
            (AgendaPoint.Outcome.POSTPONED, AgendaPoint.Outcome.POSTPONED.label),
        ],
        widget=forms.RadioSelect,
    )
    text = MarkdownBlock(
        label=gettext_lazy("In words"),
        rows=4,
        required=False,
        help_text=gettext_lazy("What was said; for a postponed point why, and until when if that is known."),
    )

    def __init__(self, *args, point, **kwargs):
        super().__init__(*args, **kwargs)
        if point.outcome:
            self.fields["outcome"].choices += [("open", _("No outcome yet: take back what is recorded"))]

    def clean(self):
        data = super().clean()
        if (
            data.get("outcome") == AgendaPoint.Outcome.POSTPONED
            and not data.get("text")
            and "text" not in self.errors
        ):
            self.add_error("text", _("Say why it is postponed, and until when if that is known."))
        return data

    @property
    def answer(self):
        """Outcome and text as the point keeps them: both empty where the outcome is taken back."""
        data = self.cleaned_data
        return ("", "") if data["outcome"] == "open" else (data["outcome"], data["text"])
