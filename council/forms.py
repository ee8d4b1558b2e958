"""The forms of the institutional record: meetings, documents, and the one form by which a decision is recorded."""

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Body
from council.fields import DocumentLinesField, DocumentMeantField, DocumentNumberField
from council.models import Decision, Document, Meeting, PreviousDocument
from editing.forms import PortalForm, PortalModelForm
from publishing.words import day_words
from strategy_portal.dates import brussels_today
from strategy_portal.fields import DayField, MarkdownBlock, TextLine

NEEDS_A_DOCUMENT = {Decision.Kind.ADOPT, Decision.Kind.APPROVE}


class MeetingForm(PortalModelForm):
    """One sitting of one body. Once something came of a point, body and day stand; with points to decide, the body."""

    class Meta:
        model = Meeting
        fields = ["body", "held_on", "place"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = Body.objects.visible_to(self.user)
        if self.instance.pk:
            self._keep_what_stands(self.instance)

    def _keep_what_stands(self, meeting):
        if meeting.decisions.exists():
            fixed, why = ("body", "held_on"), _("It stands: decisions were taken at this meeting.")
        elif meeting.points.exclude(outcome="").exists():
            fixed, why = ("body", "held_on"), _("It stands: outcomes are recorded on its agenda.")
        elif meeting.points.exclude(content_type=None).exists():
            fixed, why = ("body",), _("It stands: this body is to decide on points of the agenda.")
        else:
            return
        for name in fixed:
            self.fields[name].disabled = True
            self.fields[name].help_text = why


class DocumentForm(PortalModelForm):
    """A document by its number, which is read and checked as one text.

    `known` is the recorded document that has the number already, if there is one: the page links to it.
    """

    known = None
    reference = DocumentNumberField(label=_("Number"))
    marking = forms.ChoiceField(
        label=_("Marking"),
        choices=Document.Marking.choices,
        initial=Document.Marking.LIMITE,
        help_text=_(
            "LIMITE is not shown to third countries, agencies and organisations. Of a document with a higher marking"
            " only number, date and marking are kept: leave the title empty."
        ),
    )
    previous_documents = DocumentLinesField(
        label=_("Previous documents"),
        required=False,
        help_text=_(
            "One on each line, by its number. After the number of one that is not recorded yet write a colon and its"
            " title, as in 14743/11: Draft strategy."
        ),
    )
    field_order = ["reference", "title", "dated_on", "marking", "previous_documents"]

    class Meta:
        model = Document
        fields = ["title", "dated_on", "marking"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["reference"] = self.instance.reference.with_codes
            self.had_title = bool(self.instance.title)
            self.initial["previous_documents"] = "\n".join(
                str(document.reference) for document in self.instance.previous.all()
            )

    had_title = False

    def clean(self):
        data = super().clean()
        marking, title = data.get("marking"), data.get("title")
        if not marking or "title" in self.errors:
            return data
        if marking in Document.KEPT_WHOLE:
            if not title:
                self.add_error("title", _("Give the title of the document."))
        elif title:
            self.add_error(
                "marking",
                _(
                    "A document with a higher marking than LIMITE does not belong here. The portal keeps only its"
                    " reference: empty the title, and write nothing of its content anywhere."
                ),
            )
        elif self.had_title:
            self.add_error(
                "marking",
                _(
                    "Its title is on record and stays in its history. Record a document with a higher marking"
                    " under its own number, without a title."
                ),
            )
        return data

    def clean_reference(self):
        reference = self.cleaned_data["reference"]
        self.known = Document.objects.numbered(reference).exclude(pk=self.instance.pk).first()
        if self.known:
            raise ValidationError(_("A document with this number is already recorded."))
        self.instance.reference = reference
        return reference

    def clean_previous_documents(self):
        """The lines as documents: recorded ones, and new ones that have a title."""
        own, found = self.cleaned_data.get("reference"), []
        for reference, title in self.cleaned_data["previous_documents"]:
            known = Document.objects.numbered(reference).first()
            words = {"number": reference, "title": known.title if known else ""}
            if reference == own:
                raise ValidationError(_("A document does not follow itself."))
            if known and title and title != known.title:
                raise ValidationError(
                    _("%(number)s is recorded as “%(title)s”. Give the number alone.") % words
                    if known.title
                    else _("Of %(number)s only the reference is kept. Give the number alone.") % words
                )
            if not known and not title:
                raise ValidationError(
                    _("%(number)s is not recorded yet. Write a colon and its title after the number.") % words
                )
            if known and self.instance.pk and known.previous.filter(pk=self.instance.pk).exists():
                raise ValidationError(
                    _("%(number)s follows this document: it cannot come before it, too.") % words
                )
            found.append((known, reference, title))
        return found

    def save(self, commit=True):
        """Save the document and which documents it follows; what stays is left as it is."""
        document = super().save(commit)
        wanted = {
            (known or Document.objects.get_or_record(reference, title=title)).pk
            for known, reference, title in self.cleaned_data["previous_documents"]
        }
        links = PreviousDocument.objects.filter(document=document)
        for link in links.exclude(previous__in=wanted):
            link.delete()
        for number in wanted - set(links.values_list("previous", flat=True)):
            PreviousDocument.objects.create(document=document, previous_id=number)
        return document


class DocumentDecidedOn(PortalForm):
    """The document with which something is decided: one that is recorded, or a new one with its title.

    A number that is on record is asked back, so that nothing is decided with another text by a slip of the keys; not
    where the document is evidently meant: its title is given, too, or it stands on the record with `about`, the thing
    that is decided on. `known` is the recorded document that is asked about: the page links to it.
    """

    known = None
    about = None

    document_number = DocumentNumberField(label=_("Document number"), required=False)
    document_title = TextLine(
        label=_("Title of the document"), max_length=300, required=False,
        help_text=_("Only for a document that is not recorded yet."),
    )  # fmt: skip
    document_meant = DocumentMeantField(label=_("Is this the document?"))

    def ask_for_document(self, kind):
        """Ask for a document where a decision of this kind needs one."""
        number = self.fields["document_number"]
        number.required = kind in NEEDS_A_DOCUMENT
        number.error_messages["required"] = _("Give the number of the document that was decided on.")
        number.help_text = (
            _("Needed for this decision. For example 15198/09 or 14743/1/11 REV 1.")
            if number.required
            else _("For example 15198/09 or 14743/1/11 REV 1. Leave empty when there was none.")
        )

    def clean(self):
        data = super().clean()
        self._check_document(data)
        return data

    def _check_document(self, data):
        number, title = data.get("document_number"), data.get("document_title")
        if "document_number" in self.errors or "document_title" in self.errors:
            return
        if not number:
            if title:
                self.add_error("document_number", _("Give the number of the document."))
            return
        known = Document.objects.numbered(number).first()
        words = {"number": known or number, "title": known.title if known else ""}
        if not known:
            if not title:
                self.add_error("document_title", _("%(number)s is not recorded yet. Give its title.") % words)
        elif title and title != known.title:
            self._ask_back(
                known,
                "document_title",
                _("%(number)s is recorded as “%(title)s”. Leave this empty.") % words
                if known.title
                else _("Of %(number)s only the reference is kept. Leave this empty.") % words,
            )
        elif not title and not self._is_evident(known):
            self._ask_back(
                known,
                "document_number",
                _(
                    "%(number)s is on record as “%(title)s”. Say below that it is this document, or type another"
                    " number."
                )
                % words
                if known.title
                else _(
                    "%(number)s is on record; only its reference is kept. Say below that it is this document, or type"
                    " another number."
                )
                % words,
            )

    def _is_evident(self, known):
        """Whether a recorded document is the one meant: so it was said, or it stands on the record with the thing."""
        if str(known) in self.cleaned_data.get("document_meant", []):
            return True
        type_, pk = self.decided_on()
        return pk is not None and Document.objects.named_on(type_, pk).filter(pk=known.pk).exists()

    def decided_on(self):
        """Type and identity of the thing that is decided on, where there is one."""
        return (ContentType.objects.get_for_model(self.about), self.about.pk) if self.about else (None, None)

    def _ask_back(self, known, field, sentence):
        self.known = known
        self.add_error(field, sentence)
        if not self._is_evident(known):
            self.fields["document_meant"].ask(str(known), known.title)

    def document_row(self):
        """The document, made when its number is new; None when none was named."""
        data = self.cleaned_data
        if not data["document_number"]:
            return None
        return Document.objects.get_or_record(data["document_number"], title=data["document_title"])


class DecisionForm(DocumentDecidedOn):
    """Where and with which document a step was decided.

    The meeting is one of the list or a new one, the document one that is recorded or a new one with its title. From a
    point of an agenda the meeting is given by `at`, and is not asked.
    """

    hide_optional = True  # what is needed depends on what else is given: the sentences at the fields say it
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(),
        label=_("Meeting"),
        required=False,
        empty_label=_("A meeting that is not listed"),
    )
    body = forms.ModelChoiceField(
        Body.objects.none(), label=_("Or another meeting: its body"), required=False, empty_label=_("None"),
        help_text=_("For a meeting that is not listed: choose who met, and give the day."),
    )  # fmt: skip
    held_on = DayField(label=_("Or another meeting: its day"), since=1950, required=False)
    text = MarkdownBlock(
        label=_("What was decided"),
        rows=4,
        required=False,
        help_text=_("In a sentence or two, if there is more to say."),
    )

    is_early = forms.BooleanField(
        label=_("It was decided at this meeting; it is recorded here afterwards"),
        required=False,
        widget=forms.HiddenInput,
    )

    field_order = [
        "meeting", "body", "held_on", "document_number", "document_meant", "document_title", "text", "is_early",
    ]  # fmt: skip

    def __init__(self, *args, step, here_since=None, tabled_on=None, at=None, about=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.here_since, self.tabled_on, self.at, self.about = here_since, tabled_on, at, about
        if at is None:
            self._offer_meetings(step)
        else:
            for name in ("meeting", "body", "held_on"):
                del self.fields[name]
        self.ask_for_document(step.by_decision)
        if step.reason_required:
            self.fields["text"].required = True
            self.fields["text"].label = _("Reason")
            self.fields["text"].error_messages["required"] = _("Give the reason for this decision.")

    def _offer_meetings(self, step):
        bodies = Body.objects.visible_to(self.user).that_may(step.power_needed)
        offer_bodies(self.fields["body"], bodies)
        self.fields["meeting"].queryset = (
            Meeting.objects.visible_to(self.user)
            .filter(body__in=bodies, held_on__lte=brussels_today())
            .select_related("body")
        )

    def clean_held_on(self):
        day = self.cleaned_data["held_on"]
        if day and day > brussels_today():
            raise ValidationError(
                _("This day is yet to come. Record a decision on the day of the meeting or later.")
            )
        return day

    def clean(self):
        data = super().clean()
        if self.at is None:
            self._check_meeting(data)
        self._check_day(data)
        return data

    def _check_day(self, data):
        """Nothing is decided before it exists or is tabled, unless that was entered here afterwards.

        Asked back, not refused. What is here since after it was tabled, as results are, is named by that day.
        """
        meeting, day = self.at or data.get("meeting"), data.get("held_on")
        day = meeting.held_on if meeting else day
        since = max(filter(None, [self.here_since, self.tabled_on]), default=None)
        if self.errors or data.get("is_early") or not (day and since and day < since):
            return
        self.fields["is_early"].widget = forms.CheckboxInput()
        words = (
            _(
                "The meeting was on %(day)s, what it decided on was tabled on %(since)s. Is it the right meeting?"
            )
            if since == self.tabled_on
            else _(
                "The meeting was on %(day)s, what it decided on has been in the portal since %(since)s. Is it the "
                "right meeting?"
            )
        )
        self.add_error("is_early", words % {"day": day_words(day), "since": day_words(since)})

    def _check_meeting(self, data):
        meeting, body, day = data.get("meeting"), data.get("body"), data.get("held_on")
        if meeting and (body not in (None, meeting.body) or day not in (None, meeting.held_on)):
            self.add_error("meeting", _("Choose a meeting of the list or describe another one, not both."))
        elif not meeting and not {"meeting", "body", "held_on"} & set(self.errors):
            if not body and not day:
                self.add_error("meeting", _("Choose the meeting, or give body and day of another one."))
            elif not body:
                self.add_error("body", _("Choose the body that met on that day."))
            elif not day:
                self.add_error("held_on", _("Give the day on which the body met."))

    def meeting_row(self):
        """The meeting, made when it is new."""
        if self.at is not None:
            return self.at
        data = self.cleaned_data
        if data["meeting"]:
            return data["meeting"]
        return Meeting.objects.get_or_create(body=data["body"], held_on=data["held_on"])[0]


def offer_bodies(field, bodies):
    """Offer the bodies that may take a decision; another one is refused with their names, asked for only then."""

    def who_may():
        names = ", ".join(str(body) for body in bodies).replace("%", "%%")
        return gettext("This body may not take this decision. Who may: %(bodies)s.") % {"bodies": names}

    field.queryset = bodies
    field.error_messages["invalid_choice"] = lazy(who_may, str)()


class DeletionForm(PortalForm):
    """Asks nothing: the press of the button is all."""
