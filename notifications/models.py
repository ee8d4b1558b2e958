"""The outbox: everything the portal tells anyone is first a row here, in the transaction of what it tells of."""

from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications.querysets import NotificationQuerySet
from strategy_portal.dates import now
from strategy_portal.workflow import Step, Workflow

ACCOUNT = "account"  # the kind of the mails about sign-in: their text holds a personal link


def may_be_repeated(notification):
    """A personal link is forgotten once it was sent; only its owner can ask for a new one."""
    if notification.is_secret:
        return _(
            "It held a personal link, which is not kept. The person asks for a new one on the sign-in page."
        )
    return ""


class Notification(Workflow):
    """One notice to a post, a person or an address. People are found when it is delivered.

    `created_at` is the portal's moment; `queued_at`, `lease_until` and `next_try_at` are real time, so that a moved
    demonstration clock neither ends a lease nor hides a notice that waits.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Unknown")
        SKIPPED = "skipped", _("Skipped")

    STEPS = {
        "claim": Step(frozenset({Status.QUEUED}), Status.SENDING, _("Claim")),
        "retry": Step(frozenset({Status.SENDING}), Status.QUEUED, _("Put back")),
        "confirm": Step(frozenset({Status.SENDING}), Status.SENT, _("Confirm")),
        "fail": Step(frozenset({Status.SENDING}), Status.FAILED, _("Give up")),
        "lose": Step(frozenset({Status.SENDING}), Status.UNKNOWN, _("Lose sight")),
        "skip": Step(frozenset({Status.SENDING}), Status.SKIPPED, _("Skip")),
        "resend": Step(
            frozenset({Status.SENT, Status.FAILED, Status.UNKNOWN}), Status.QUEUED, _("Send again"), (may_be_repeated,)
        ),
    }  # fmt: skip

    post = models.ForeignKey(
        "accounts.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="notifications"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="notifications",
    )
    address = models.EmailField(_("address"), blank=True)
    kind = models.SlugField(_("kind"), max_length=40)
    subject = models.CharField(_("subject"), max_length=250)
    body = models.TextField(_("text"), blank=True)
    link = models.CharField(_("link"), max_length=300, blank=True)
    content_type = models.ForeignKey(ContentType, null=True, blank=True, on_delete=models.PROTECT)
    object_id = models.PositiveBigIntegerField(null=True, blank=True)
    about = GenericForeignKey()
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.QUEUED)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("written"), default=now)
    queued_at = models.DateTimeField(auto_now_add=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    resent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resent_at = models.DateTimeField(_("sent again"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                name="notices_to_deliver", fields=["queued_at"], condition=Q(status__in=["queued", "sending"])
            ),
            models.Index(name="notices_newest_first", fields=["-created_at", "-id"]),
            models.Index(fields=["content_type", "object_id"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="notice_for_a_post_a_person_or_an_address",
                condition=Q(post__isnull=False, user=None, address="")
                | Q(post=None) & (Q(user__isnull=False) | ~Q(address="")),
            ),
            models.CheckConstraint(
                name="notice_claimed_iff_leased",
                condition=Q(status="sending", lease_until__isnull=False)
                | ~Q(status="sending") & Q(lease_until=None),
            ),
            models.CheckConstraint(
                name="notice_sent_at_a_moment", condition=~Q(status="sent") | Q(sent_at__isnull=False)
            ),
            models.CheckConstraint(
                name="notice_keeps_no_personal_link",
                condition=~Q(kind=ACCOUNT) | Q(status__in=["queued", "sending"]) | Q(body=""),
            ),
        ]

    def __str__(self):
        return self.subject

    def get_absolute_url(self):
        return reverse("notifications:notification_detail", args=[self.pk])

    def get_step_url(self, verb):
        """The address at which the one step that people take, "resend", is taken."""
        return reverse(f"notifications:notification_{verb}", args=[self.pk])

    @property
    def is_secret(self):
        """Whether the text holds a personal link: it is shown to nobody and forgotten once it was sent."""
        return self.kind == ACCOUNT

    @property
    def recipient(self):
        """For whom it is, in words."""
        return str(self.post or self.user or self.address)

    @property
    def url(self):
        """The absolute address of what it is about, or ""."""
        return urljoin(settings.PORTAL_URL, self.link) if self.link else ""

    @property
    def message_id(self):
        """The one Message-ID of this notice, however often and to however many addresses it is sent."""
        host = urlsplit(settings.PORTAL_URL).hostname or "portal"
        return f"<notice.{self.pk}.{self.queued_at:%Y%m%d%H%M%S}@{host}>"

    def addresses(self, on):
        """Where it is to be delivered on a day: the post's people and mailbox, or the person's address."""
        if self.post:
            return self.post.addresses(on)
        if self.address:
            return [self.address.lower()]
        return [self.user.email.lower()] if self.user.is_active else []

    def resend(self, *, by, note=""):
        """Send again: to the addresses that it did not certainly reach, or to all when it reached every one."""
        with transaction.atomic():
            self.move(
                "resend",
                by=by,
                note=note,
                reason="",
                attempts=0,
                next_try_at=None,
                resent_by=by,
                resent_at=now(),
            )
            missed = self.deliveries.exclude(status=Delivery.Status.SENT)
            again = missed if missed.exists() else self.deliveries.all()
            again.update(status=Delivery.Status.QUEUED, refusals=0, reason="")


class Delivery(models.Model):
    """One address of a notice, sent to and committed alone: a failure at one address repeats nothing at another."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Unknown")

    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="deliveries")
    address = models.EmailField(_("address"))
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.QUEUED)
    refusals = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["notification", "address"], name="notice_once_to_an_address"),
        ]

    def __str__(self):
        return self.address
