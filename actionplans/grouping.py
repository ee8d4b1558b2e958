"""The actions of a plan under headings: by the aim that they serve first, by lead, or by state."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from actionplans.held_objectives import EARLIER, WITHDRAWN, lack_of, names_of
from actionplans.models import Action

Groups = list[tuple[str, str, list[Action]]]  # a letter before the heading or "", the heading, the actions


def by_aim(actions, aims, aim_of, chosen="") -> Groups:
    """Actions under the aim of the first objective that they serve, or under the aim that was chosen.

    `aims` holds, by letter, the text and the identities of the objectives, `aim_of` the way back. Those that serve
    none of them stand last, under what `lack_of()` says of them.
    """

    def key_of(action):
        letters = [aim_of[link.objective_id] for link in action.served.all() if link.objective_id in aim_of]
        if chosen or letters:
            return chosen or letters[0]
        lack = lack_of(action)
        return lack if lack in (WITHDRAWN, EARLIER) else ""

    def codes(key):
        return {"codes": ", ".join(names_of(action for action in actions if key_of(action) == key))}

    headings = [
        *((letter, letter, text) for letter, (text, _ids) in aims.items()),
        (EARLIER, "", _("Serving only objectives of an earlier strategy: %(codes)s") % codes(EARLIER)),
        (WITHDRAWN, "", _("Serving only withdrawn objectives: %(codes)s") % codes(WITHDRAWN)),
        ("", "", _("Without an objective of the strategy in force")),
    ]
    return _under(actions, key_of, headings)


def by_lead(actions) -> Groups:
    """Actions under their leads, in the order of protocol; at the end those that have none."""
    leads = {action.lead for action in actions if action.lead}
    headings = [
        (lead, "", str(lead)) for lead in sorted(leads, key=lambda lead: (lead.protocol_order, lead.code))
    ]
    return _under(actions, lambda action: action.lead, [*headings, (None, "", _("No lead is named yet"))])


def by_status(actions) -> Groups:
    """Actions under their states, from proposed to ended."""
    headings = [(status, "", str(label)) for status, label in Action.Status.choices]
    return _under(actions, lambda action: action.status, headings)


def _under(actions: Iterable[Action], key_of: Callable, headings) -> Groups:
    """The actions under those of the headings (key, letter, text) that have any."""
    found = defaultdict(list)
    for action in actions:
        found[key_of(action)].append(action)
    return [(letter, text, found[key]) for key, letter, text in headings if found[key]]
