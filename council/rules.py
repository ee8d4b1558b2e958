"""The secretariat keeps the institutional record (the one table of this app's permissions)."""

import rules

from accounts.rules import is_secretariat
from council.querysets import hands_over


@rules.predicate
def submits_for_a_delegation(user, procedure):
    """For one of the delegations that are asked; which of them, the address of the form says."""
    return user.is_authenticated and user.is_delegate and bool(user.submitter_of)


@rules.predicate
def presides_now_or_next(user, thing):
    """The delegation that holds the Presidency, and the one to which it hands over."""
    return user.is_authenticated and hands_over(user)


PERMISSIONS = {
    "council.add_meeting": is_secretariat,
    "council.change_meeting": is_secretariat,
    "council.delete_meeting": is_secretariat,
    "council.add_agendapoint": is_secretariat,
    "council.change_agendapoint": is_secretariat,
    "council.delete_agendapoint": is_secretariat,
    "council.close_agendapoint": is_secretariat,
    "council.view_handover": is_secretariat | presides_now_or_next,
    "council.add_document": is_secretariat,
    "council.change_document": is_secretariat,
    "council.add_decision": is_secretariat,
    "council.add_silenceprocedure": is_secretariat,
    "council.extend_silenceprocedure": is_secretariat,
    "council.withdraw_silenceprocedure": is_secretariat,
    "council.answer_silenceprocedure": submits_for_a_delegation,
}
for name, predicate in PERMISSIONS.items():
    rules.add_perm(name, predicate)
