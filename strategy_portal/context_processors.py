"""What every page is given: the portal's day, who is signed in, where they can go, what they are looking at."""

from datetime import UTC, datetime
from typing import NamedTuple

from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from strategy_portal.dates import BRUSSELS, now

# What an entry of the menu leads to beside its own address and those below.
WITHIN = {
    "/manage/people/": "/manage/",
    "/meetings/": ("/meetings/", "/decisions/", "/silence/", "/presidency/"),
    "/strategy/": ("/strategy/", "/strategies/"),
}
KEEP_THE_DAY = {"/strategy/", "/plans/"}


class Place(NamedTuple):
    """One entry of the menu."""

    label: str
    url: str
    is_current: bool
    keeps_day: bool  # its pages can be read as they stood on the day that an address asks for


class Portal:
    """The frame of a page. Everything is found when a template asks, once per page."""

    def __init__(self, request):
        self._request = request
        self._user = getattr(request, "user", None)

    @property
    def version(self) -> str:
        return settings.VERSION

    @property
    def contact(self) -> str:
        """The address that answers questions about the portal, or ""."""
        return settings.PORTAL_CONTACT

    @property
    def is_demonstration(self) -> bool:
        return settings.DEMONSTRATION

    @property
    def asks_second_factor(self) -> bool:
        """Whether nobody works here without a second factor."""
        return settings.SECOND_FACTOR_REQUIRED

    @cached_property
    def now(self):
        """The portal's moment (UTC)."""
        return now()

    @property
    def today(self):
        """The portal's day in Brussels."""
        return self.now.astimezone(BRUSSELS).date()

    @property
    def clock_is_moved(self) -> bool:
        """Whether the demonstration clock shows another day than the calendar."""
        return self.today != datetime.now(UTC).astimezone(BRUSSELS).date()

    @cached_property
    def user(self):
        """Who is signed in, or None."""
        return self._user if self._user is not None and self._user.is_authenticated else None

    @cached_property
    def whose(self) -> str:
        """For whom the person works, in a word or two: "Secretariat", "Belgium"; "" for nobody."""
        if self.user is None:
            return ""
        names = [str(m.delegation or m.body) for m in self.user.current_memberships]
        if self.user.is_secretariat:
            return _("Secretariat")
        if not names and self.user.is_administrator:
            return _("Administrator")
        return ", ".join(names[:2])

    @cached_property
    def marking(self) -> str:
        """The marking of a page that names none: what the working party works on is LIMITE.

        Third parties and visitors are shown nothing that is.
        """
        if self.user is None or self.user.is_third_party:
            return ""
        return "LIMITE"

    @cached_property
    def menu(self) -> list[Place]:
        """Where this person can go; what they have no right to is absent."""
        user = self.user
        if user is None:
            return []
        meets = user.is_delegate or user.is_secretariat or user.is_committee
        manages = user.is_secretariat or user.is_administrator
        entries = [
            (_("My work"), "/", True),
            (_("Strategy"), "/strategy/", True),
            (_("Plans"), "/plans/", True),
            (_("Operations"), "/jcos/", True),
            (_("Progress"), "/progress/", True),
            (_("Meetings"), "/meetings/", meets),
            (_("Documents"), "/documents/", True),
            (_("Deadlines"), "/deadlines/", True),
            (_("Notices"), "/notifications/", True),
            (_("Manage"), "/manage/people/", manages),
        ]
        return [
            Place(label, url, self._is_within(url), url in KEEP_THE_DAY)
            for label, url, shown in entries
            if shown
        ]

    @property
    def is_own_account(self) -> bool:
        """Whether the page concerns the reader's own account."""
        return self._request.path.startswith("/accounts/")

    def _is_within(self, url: str) -> bool:
        path = self._request.path
        if url == "/":
            return path == "/"
        return path.startswith(WITHIN.get(url, url))


def portal(request) -> dict:
    """`portal` in every template: see `Portal`."""
    return {"portal": Portal(request)}
