"""Who may do what with operations and results (the one table of this app's permissions)."""

import rules

from accounts.rules import is_secretariat


def _leads(operation):
    """Identities of the delegations that lead or co-lead; no query where the participations are prefetched."""
    return {p.delegation_id for p in operation.leading()}


@rules.predicate
def proposes(user):
    """Editors of delegations of the working party may propose an operation."""
    return user.is_authenticated and user.is_delegate and bool(user.editor_of)


@rules.predicate
def edits_the_operation(user, operation):
    """Before the agreement the proposer's editors, afterwards the leads' editors."""
    if operation is None:
        return False
    if operation.status in {"proposed", "tabled"}:
        return operation.proposed_by_id in user.editor_of
    return bool(user.editor_of and user.editor_of & _leads(operation))


@rules.predicate
def leads_as_submitter(user, operation):
    return operation is not None and bool(user.submitter_of and user.submitter_of & _leads(operation))


@rules.predicate
def leads_the_operation(user, operation):
    return operation is not None and bool(user.editor_of and user.editor_of & _leads(operation))


@rules.predicate
def submits_for_its_delegation(user, thing):
    return thing is not None and thing.delegation_id in user.submitter_of


@rules.predicate
def edits_for_its_delegation(user, thing):
    return thing is not None and thing.delegation_id in user.editor_of


@rules.predicate
def edits_the_line(user, line):
    return line is not None and line.submission.delegation_id in user.editor_of


PERMISSIONS = {
    "jcos.add_operation": is_secretariat | proposes,
    "jcos.change_operation": is_secretariat | edits_the_operation,
    "jcos.table_operation": is_secretariat,
    "jcos.return_to_proposer_operation": is_secretariat,
    "jcos.agree_operation": is_secretariat,
    "jcos.reject_operation": is_secretariat,
    "jcos.plan_operation": is_secretariat | leads_as_submitter,
    "jcos.start_operation": is_secretariat | leads_as_submitter,
    "jcos.end_operational_operation": is_secretariat | leads_as_submitter,
    "jcos.debrief_operation": is_secretariat | leads_as_submitter,
    "jcos.postpone_operation": is_secretariat | leads_as_submitter,
    "jcos.resume_operation": is_secretariat | leads_as_submitter,
    "jcos.cancel_operation": is_secretariat,
    "jcos.note_results_operation": is_secretariat,
    "jcos.note_further_results_operation": is_secretariat,
    "jcos.note_after_the_report_operation": is_secretariat,
    "jcos.note_during_follow_up_operation": is_secretariat,
    "jcos.report_operation": is_secretariat,
    "jcos.follow_up_operation": is_secretariat,
    "jcos.close_operation": is_secretariat,
    "jcos.invite": is_secretariat | leads_the_operation,  # asked of the operation
    "jcos.confirm_participation": is_secretariat | submits_for_its_delegation,
    "jcos.decline_participation": is_secretariat | submits_for_its_delegation,
    "jcos.withdraw_participation": is_secretariat | submits_for_its_delegation,
    "jcos.add_submission": edits_for_its_delegation,  # asked of the participation
    "jcos.change_submission": edits_for_its_delegation,
    "jcos.change_resultline": edits_the_line,
    "jcos.submit_submission": submits_for_its_delegation,
    "jcos.recall_submission": submits_for_its_delegation,
    "jcos.return_to_delegation_submission": is_secretariat,
    "jcos.validate_submission": is_secretariat,
    "jcos.correct_submission": edits_for_its_delegation,
    "jcos.change_publishedfigure": is_secretariat,
}
for name, predicate in PERMISSIONS.items():
    rules.add_perm(name, predicate)
