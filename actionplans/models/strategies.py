"""The strategies, the versions of their texts, and the lasting objectives that actions serve."""

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actionplans import in_brief, notices
from actionplans.before_decisions import in_the_shade, notes_before, reasons_against_day, text_complete
from actionplans.querysets import ONCE_AGREED, ObjectiveQuerySet, StrategyQuerySet, StrategyVersionQuerySet
from council.record_card import why_held
from strategy_portal.fields import clean_block, clean_line
from strategy_portal.workflow import NotAllowed, Step, Workflow, keeps_history


@keeps_history()
class Strategy(models.Model):
    """A strategy for customs cooperation, as a Council document with its references.

    It may be a record without a text. Its standing is that of the document in the Official Journal; which text the
    portal works with is the state of its versions.
    """

    class Standing(models.TextChoices):
        IN_FORCE = "in_force", _("In force")
        REPEALED = "repealed", _("Repealed")
        NOT_KNOWN = "not_known", _("Not known")

    slug = models.SlugField(_("short name"), unique=True)
    title = models.CharField(_("title"), max_length=300, validators=[clean_line])
    reference = models.CharField(_("document"), max_length=60, unique=True, validators=[clean_line])
    resolution = models.CharField(_("resolution"), max_length=200, blank=True, validators=[clean_line])
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True, validators=[clean_line])
    dated_on = models.DateField(_("date"))
    place = models.CharField(_("place"), max_length=100, blank=True, validators=[clean_line])
    kind = models.CharField(_("type of document"), max_length=60, blank=True, validators=[clean_line])
    sender = models.CharField(_("from"), max_length=150, blank=True, validators=[clean_line])
    addressee = models.CharField(_("to"), max_length=150, blank=True, validators=[clean_line])
    subject_codes = ArrayField(
        models.CharField(max_length=60),
        verbose_name=_("subject codes"),
        default=list,
        blank=True,
    )
    previous_documents = ArrayField(
        models.CharField(max_length=120),
        verbose_name=_("previous documents"),
        default=list,
        blank=True,
    )

    requested = models.CharField(_("what is requested"), max_length=300, blank=True, validators=[clean_line])
    standing = models.CharField(
        _("standing"), max_length=10, choices=Standing.choices, default=Standing.NOT_KNOWN
    )
    ended_on = models.DateField(_("no longer in force from"), null=True, blank=True)
    repealed_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="repealed",
        verbose_name=_("repealed by"),
    )  # fmt: skip
    source = models.CharField(_("source"), max_length=300, blank=True, validators=[clean_line])
    note = models.TextField(_("note"), blank=True, validators=[clean_block])

    objects = StrategyQuerySet.as_manager()

    class Meta:
        verbose_name = _("strategy")
        verbose_name_plural = _("strategies")
        ordering = ["dated_on"]
        constraints = [
            models.CheckConstraint(
                name="only_a_repealed_strategy_has_ended",
                condition=Q(standing="repealed") | Q(ended_on=None, repealed_by=None),
            ),
            models.CheckConstraint(
                name="strategy_ends_on_its_date_or_later",
                condition=Q(ended_on=None) | Q(ended_on__gte=models.F("dated_on")),
                violation_error_message=_("A strategy ends on its date or later."),
            ),
            models.CheckConstraint(
                name="no_strategy_repeals_itself",
                condition=Q(repealed_by=None) | ~Q(repealed_by=models.F("id")),
                violation_error_message=_("No strategy repeals itself."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return self.address("strategy_detail")

    def repeal(self, others, on):
        """Keep that this strategy has repealed others, which are no longer in force from a day.

        They are locked: what another strategy has repealed meanwhile is refused.
        """
        with transaction.atomic():
            locked = Strategy.objects.select_for_update().filter(pk__in=[other.pk for other in others])
            for other in locked.order_by("pk"):
                if other.standing == self.Standing.REPEALED:
                    raise NotAllowed(
                        gettext("%(reference)s is repealed already.") % {"reference": other.reference}
                    )
                other.standing, other.ended_on, other.repealed_by = self.Standing.REPEALED, on, self
                other.save(update_fields=["standing", "ended_on", "repealed_by"])

    def has_agreed_text(self):
        """Whether a text of it was ever agreed: what that says of its document stays."""
        return self.versions.filter(status__in=ONCE_AGREED).exists()

    def has_repealed(self, other):
        """Whether another strategy was repealed by this one, or by one that this one has repealed in turn."""
        by = dict(Strategy.objects.values_list("pk", "repealed_by"))
        pk, passed = other.pk, set()
        while pk is not None and pk not in passed:
            if pk == self.pk:
                return True
            passed.add(pk)
            pk = by.get(pk)
        return False

    @property
    def subject_in_a_sentence(self):
        """The title as it stands within a sentence."""
        return self.title[:1].lower() + self.title[1:]

    def address(self, name, *arguments):
        """The address of one of the strategy's pages: by its short name, so that it never comes to mean another's."""
        return reverse(f"actionplans:{name}", args=[self.slug, *map(str, arguments)])


@keeps_history()
class StrategyVersion(Workflow):
    """One text of a strategy. A version in force never changes (15198/09, II.2: "a living document").

    `stated_agreed_on` is what the file of a loaded draft says of its agreement: it goes out with the text again, and is
    dropped when that is changed. Agreed is the version only by `agreed_on`.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        TABLED = "tabled", _("Tabled")
        AGREED = "agreed", _("Agreed by the CCWP")
        IN_FORCE = "in_force", _("In force")
        SUPERSEDED = "superseded", _("Superseded")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    STEPS = {
        "table": Step(frozenset({Status.DRAFT}), Status.TABLED, _("Table the version"), (text_complete,)),
        "return_to_draft": Step(frozenset({Status.TABLED}), Status.DRAFT, _("Return to draft")),
        "agree": Step(
            frozenset({Status.TABLED}), Status.AGREED, _("Record the agreement"),
            by_decision="agree", decision_field="agreement",
        ),
        "approve": Step(
            frozenset({Status.AGREED}), Status.IN_FORCE, _("Record the approval"),
            by_decision="approve", decision_field="approval",
        ),
        "supersede": Step(frozenset({Status.IN_FORCE}), Status.SUPERSEDED, _("Supersede")),
        "withdraw": Step(
            frozenset({Status.DRAFT, Status.TABLED}), Status.WITHDRAWN, _("Withdraw"), reason_required=True
        ),
    }  # fmt: skip

    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    status = models.CharField(_("state"), max_length=12, choices=Status.choices, default=Status.DRAFT)
    agreement = models.ForeignKey(
        "council.Decision",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    approval = models.ForeignKey(
        "council.Decision",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)
    stated_agreed_on = models.DateField(
        _("agreed on, as the file says"), null=True, blank=True, editable=False
    )
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True, validators=[clean_block])

    objects = StrategyVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("strategy version")
        verbose_name_plural = _("strategy versions")
        ordering = ["strategy", "number"]
        constraints = [
            models.UniqueConstraint(fields=["strategy", "number"], name="strategy_version_number_once"),
            models.UniqueConstraint(
                fields=["strategy"],
                condition=Q(status="in_force"),
                name="one_version_of_a_strategy_in_force",
            ),
            models.UniqueConstraint(
                fields=["strategy"],
                condition=Q(status__in=["draft", "tabled"]),
                name="one_version_of_a_strategy_in_preparation",
                violation_error_message=_("Another version of this strategy is in preparation already."),
            ),
            models.CheckConstraint(
                name="strategy_version_in_force_is_dated",
                condition=~Q(status__in=["in_force", "superseded"]) | Q(in_force_from__isnull=False),
            ),
            models.CheckConstraint(
                name="strategy_version_in_force_once_agreed",
                condition=Q(agreed_on=None)
                | Q(in_force_from=None)
                | Q(in_force_from__gte=models.F("agreed_on")),
                violation_error_message=_("A version comes into force on the day of its agreement or later."),
            ),
        ]

    def __str__(self):
        return _("%(strategy)s, version %(number)d") % {
            "strategy": self.strategy.reference,
            "number": self.number,
        }

    def get_absolute_url(self):
        return self.address("strategyversion_detail")

    def address(self, name, *arguments):
        """The address of one of the version's pages."""
        return self.strategy.address(name, self.number, *arguments)

    def get_step_url(self, verb):
        """The address at which a step is taken."""
        return self.address("strategyversion_step", verb)

    def why_locked(self):
        """Why the text cannot be changed now, or "". A version that was agreed never changes again."""
        if self.status == self.Status.DRAFT:
            return ""
        if self.status == self.Status.TABLED:
            return why_held(self) or gettext(
                "Version %(number)d is tabled. Return it to draft to change it."
            ) % {"number": self.number}
        return gettext("Version %(number)d is %(state)s; its text never changes.") % {
            "number": self.number,
            "state": self.state_words,
        }

    @property
    def exported_agreed_on(self):
        """The day of agreement that a file of this version names, or None."""
        return self.agreed_on or self.stated_agreed_on

    def told_of(self, verb):
        """What becomes of the text by a decision, where its state alone would say too much; or ""."""
        said = in_the_shade(self) if verb == "approve" else ""
        return said and gettext("%(version)s is approved. %(said)s") % {"version": self, "said": said}

    def before_deciding(self, verb):
        """What whoever records a decision on the text should know first; none of it hinders it."""
        return notes_before(self)

    def in_brief(self):
        """What it says, for a notice."""
        return in_brief.of_version(self)

    def table(self, *, by, note=""):
        """Put the text before the working party, and tell every delegation."""
        with transaction.atomic():
            self.move("table", by=by, note=note)
            notices.tabled(self)

    def agree(self, *, by, agreement, note=""):
        """Keep that the working party has agreed the text, and on which day."""
        self.move("agree", by=by, note=note, agreement=agreement, agreed_on=agreement.taken_on)

    def approve(self, *, by, approval, note=""):
        """Put the version in force by the Committee's decision; the one before it is superseded.

        All versions of the strategy are locked, always in the same order: of two approvals at once the second waits and
        then reads why not.
        """
        with transaction.atomic():
            versions = list(
                StrategyVersion.objects.select_for_update(of=("self",))
                .filter(strategy=self.strategy_id)
                .order_by("pk")
            )
            own = next(version for version in versions if version.pk == self.pk)
            if reasons := own.reasons_against("approve", by):
                raise NotAllowed(*reasons)
            in_force = next((version for version in versions if version.status == self.Status.IN_FORCE), None)
            if too_early := reasons_against_day(own, approval.taken_on, in_force):
                raise NotAllowed(*too_early)
            if in_force is not None:
                in_force.move("supersede", by=by)
            self.move("approve", by=by, note=note, approval=approval, in_force_from=approval.taken_on)


@keeps_history()
class Objective(models.Model):
    """The lasting identity of an objective. Its code is given once per strategy and never reused."""

    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="objectives")
    code = models.CharField(_("code"), max_length=30)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sub_points",
    )
    order = models.PositiveSmallIntegerField(_("order"))
    predecessors = models.ManyToManyField(
        "self", through="actionplans.ObjectivePredecessor", symmetrical=False, blank=True,
        through_fields=("objective", "predecessor"), related_name="successors",
        verbose_name=_("predecessors"),
    )  # fmt: skip

    objects = ObjectiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        ordering = ["strategy", "order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["strategy", "code"], name="objective_code_once_a_strategy")
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        return self.strategy.address("objective_detail", self.code)


@keeps_history()
class ObjectivePredecessor(models.Model):
    """An objective goes on from one of an earlier strategy."""

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="predecessor_links")
    predecessor = models.ForeignKey(
        Objective, on_delete=models.PROTECT, related_name="successor_links", verbose_name=_("predecessor")
    )

    HISTORY_PARENT = "objective"

    class Meta:
        verbose_name = _("predecessor")
        verbose_name_plural = _("predecessors")
        ordering = ["objective", "predecessor"]
        constraints = [
            models.UniqueConstraint(
                fields=["objective", "predecessor"], name="predecessor_once_an_objective"
            ),
            models.CheckConstraint(
                name="no_objective_is_its_own_predecessor",
                condition=~Q(objective=models.F("predecessor")),
            ),
        ]

    def __str__(self):
        return f"{self.predecessor} → {self.objective}"
