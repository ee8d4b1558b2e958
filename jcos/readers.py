"""Who will see results, told to the delegation before it submits (the words of the rule that the querysets keep)."""

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import Body
from publishing.words import day_words


def who_will_see(submission):
    """From when on whom, as pairs of words."""
    operation, delegation = submission.operation, submission.delegation
    others = _("the other participants")
    if operation.embargo_until:
        others += " " + _("after the embargo, which lasts until the end of %(day)s") % {
            "day": day_words(operation.embargo_until)
        }
    return [
        (_("As soon as you submit"), _("%(delegation)s and the secretariat") % {"delegation": delegation}),
        (
            _("Once the secretariat has validated them"),
            _("The leads of the operation, and %(others)s") % {"others": others},
        ),
        (
            _("Once the CCWP has noted them"),
            _("All delegations and who receives reports: %(bodies)s")
            % {"bodies": bodies_that_receive_reports()},
        ),
    ]


def bodies_that_receive_reports():
    """The bodies to which the working party reports, by their names of today."""
    return get_text_list([body.name for body in Body.objects.receiving_reports()], _("and"))
