"""What people did, in words, by the verb under which it is recorded."""

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

# The steps of every model, and what else people do.
VERBS = {
    "create": _("Created"), "change": _("Changed"), "edit": _("Changed"), "delete": _("Removed"),
    "add": _("Added"), "record": _("Recorded"), "correct": _("Began a correction"), "invite": _("Invited"),
    "deactivate": _("Deactivated"), "reactivate": _("Reactivated"), "end": _("Ended"), "load": _("Loaded"),
    "table": _("Tabled"), "return_to_draft": _("Returned to draft"), "agree": _("Agreed"), "approve": _("Approved"),
    "supersede": _("Superseded"), "withdraw": _("Withdrawn"), "adopt": _("Adopted"), "evaluate": _("Evaluated"),
    "close": _("Closed"), "plan": _("Planned"), "start": _("Started"), "complete": _("Completed"),
    "complete_partly": _("Closed as partly achieved"), "discontinue": _("Discontinued"),
    "carry_over": _("Carried over"), "reopen": _("Reopened"), "return_to_proposer": _("Returned to the proposer"),
    "reject": _("Rejected"), "end_operational": _("Operational phase ended"), "debrief": _("Debriefed"),
    "note_results": _("Results noted"), "note_further_results": _("Further results noted"),
    "note_after_the_report": _("Further results noted"), "note_during_follow_up": _("Further results noted"),
    "report": _("Reported to the Committee"), "follow_up": _("Follow-up begun"), "postpone": _("Postponed"),
    "resume": _("Planning resumed"), "cancel": _("Cancelled"), "confirm": _("Confirmed"), "decline": _("Declined"),
    "submit": _("Submitted"), "recall": _("Recalled"), "return_to_delegation": _("Returned to the delegation"),
    "validate": _("Validated"), "load strategy": _("Loaded from the published text"),
    "amend": _("Amended"), "apply": _("Applied"), "move": _("Moved"), "take_back": _("Taken back"),
    "conclude": _("Concluded"),
    "import": _("Brought in from a spreadsheet"),
    "reorder": _("Actions arranged"), "roll_over": _("Rolled over from an earlier plan"),
    "open": _("Opened"), "extend": _("Extended"), "stop": _("Stopped by an objection"),
    "lapse": _("Agreed, but not carried out"), "answer": _("Answered"),
    "take_over": _("Taken over and changed"),
    "ask": _("Asked for a later day"), "refuse": _("Refused"), "reach": _("Said when it was reached"),
    "return_to_lead": _("Returned to the lead"),
    "create administrator": _("Made administrator"),
}  # fmt: skip


def verb_words(verb: str) -> str:
    """A verb as people read it: "return_to_draft" is "Returned to draft"; "" stays "" : then the changes say it."""
    return str(VERBS.get(verb) or capfirst(verb.replace("_", " ")))
