"""A form that creates, where nothing can be created now: the page says why, and shows what was typed."""

from editing import once
from editing.conflicts import typed
from editing.pages import CONFLICT
from editing.views import CreateOnceView
from strategy_portal.workflow import NotAllowed


class LockableCreateView(CreateOnceView):
    """Creates below an object that may be locked. `why_locked()` says why, `locked_thing` is what to open instead."""

    locked_thing = None

    def why_locked(self) -> str:
        """Why nothing can be created now, or ""."""
        raise NotImplementedError

    def get(self, request, **kwargs):
        self.check_permission()
        if why := self.why_locked():
            return self.locked(why)
        return super().get(request, **kwargs)

    def post(self, request, **kwargs):
        self.check_permission()
        if once.earlier(request) is None and (why := self.why_locked()):
            return self.locked(why, self.typed())
        return super().post(request, **kwargs)

    def refused(self, error):
        if isinstance(error, NotAllowed):
            return self.locked(str(error), self.typed())
        return super().refused(error)

    def typed(self):
        """What was typed into the form and its lines, as label and text."""
        form, formsets = self.posted_forms()
        lines = [line for formset in formsets.values() for line in formset.forms]
        return [pair for one in (form, *lines) for pair in typed(one)]

    def locked(self, why, entries=()):
        """409 with the reason; nothing typed is lost."""
        return self.page(
            "editing/too_late.html", CONFLICT, why=why, typed=list(entries), object=self.locked_thing
        )
