"""Who may do what with plans, actions and terms of reference (the one table of this app's permissions)."""

import rules

from accounts.rules import is_secretariat


@rules.predicate
def edits_for_the_lead(user, action):
    return action is not None and action.lead_id in user.editor_of


@rules.predicate
def submits_for_the_lead(user, action):
    return action is not None and action.lead_id in user.submitter_of


@rules.predicate
def edits_for_the_lead_of_the_terms(user, terms):
    return terms is not None and terms.action.lead_id in user.editor_of


@rules.predicate
def submits_for_the_lead_of_the_terms(user, terms):
    return terms is not None and terms.action.lead_id in user.submitter_of


@rules.predicate
def submits_for_a_delegation(user, terms):
    """For a delegation of the working party; which, the address of the form says."""
    return user.is_authenticated and user.is_delegate and bool(user.submitter_of)


@rules.predicate
def edits_for_a_lead_of_the_plan(user, plan):
    return plan is not None and bool(user.editor_of) and plan.actions.filter(lead__in=user.editor_of).exists()


@rules.predicate
def edits_for_who_drafts_it(user, amendment):
    return amendment is not None and amendment.delegation_id in user.editor_of


@rules.predicate
def edits_for_the_lead_of_the_note(user, note):
    return note is not None and note.action.lead_id in user.editor_of


@rules.predicate
def submits_for_the_lead_of_the_note(user, note):
    return note is not None and note.action.lead_id in user.submitter_of


@rules.predicate
def edits_for_the_lead_of_the_milestone(user, milestone):
    return milestone is not None and milestone.terms.action.lead_id in user.editor_of


@rules.predicate
def edits_for_who_owes(user, thing):
    return thing is not None and thing.owed_by is not None and thing.owed_by.pk in user.editor_of


@rules.predicate
def edits_for_who_asked(user, extension):
    return extension is not None and extension.delegation_id in user.editor_of


PERMISSIONS = {
    "actionplans.add_strategy": is_secretariat,
    "actionplans.change_strategy": is_secretariat,
    "actionplans.add_strategyversion": is_secretariat,
    "actionplans.change_strategyversion": is_secretariat,
    "actionplans.table_strategyversion": is_secretariat,
    "actionplans.return_to_draft_strategyversion": is_secretariat,
    "actionplans.agree_strategyversion": is_secretariat,
    "actionplans.approve_strategyversion": is_secretariat,
    "actionplans.withdraw_strategyversion": is_secretariat,
    "actionplans.relate_objective": is_secretariat,
    "actionplans.add_strategyreview": is_secretariat,
    "actionplans.change_strategyreview": is_secretariat,
    "actionplans.conclude_strategyreview": is_secretariat,
    "actionplans.reopen_strategyreview": is_secretariat,
    "actionplans.add_actionplan": is_secretariat,
    "actionplans.change_actionplan": is_secretariat,
    "actionplans.table_actionplan": is_secretariat,
    "actionplans.return_to_draft_actionplan": is_secretariat,
    "actionplans.adopt_actionplan": is_secretariat,
    "actionplans.withdraw_actionplan": is_secretariat,
    "actionplans.import_actionplan": is_secretariat,
    "actionplans.reorder_actionplan": is_secretariat,
    "actionplans.roll_over_actionplan": is_secretariat,
    "actionplans.add_action": is_secretariat,
    "actionplans.delete_action": is_secretariat,
    "actionplans.change_action": is_secretariat | edits_for_the_lead,
    "actionplans.start_action": is_secretariat | submits_for_the_lead,
    "actionplans.complete_action": is_secretariat | submits_for_the_lead,
    "actionplans.complete_partly_action": is_secretariat | submits_for_the_lead,
    "actionplans.discontinue_action": is_secretariat,
    "actionplans.carry_over_action": is_secretariat,
    "actionplans.reopen_action": is_secretariat,
    "actionplans.add_terms": is_secretariat | edits_for_the_lead,  # asked of the action
    "actionplans.change_termsofreference": is_secretariat | edits_for_the_lead_of_the_terms,
    "actionplans.table_termsofreference": is_secretariat | submits_for_the_lead_of_the_terms,
    "actionplans.return_to_draft_termsofreference": is_secretariat | submits_for_the_lead_of_the_terms,
    "actionplans.agree_termsofreference": is_secretariat,
    "actionplans.answer_termsofreference": submits_for_a_delegation,
    "actionplans.add_amendment": is_secretariat | edits_for_a_lead_of_the_plan,  # asked of the plan
    "actionplans.change_amendment": is_secretariat | edits_for_who_drafts_it,
    "actionplans.amend_action": is_secretariat | edits_for_the_lead,  # asked of the action
    "actionplans.table_amendment": is_secretariat,
    "actionplans.return_to_draft_amendment": is_secretariat,
    "actionplans.adopt_amendment": is_secretariat,
    "actionplans.apply_amendment": is_secretariat,
    "actionplans.withdraw_amendment": is_secretariat,
    "actionplans.add_progressnote": edits_for_the_lead,  # asked of the action
    "actionplans.change_progressnote": edits_for_the_lead_of_the_note,
    "actionplans.submit_progressnote": submits_for_the_lead_of_the_note,
    "actionplans.confirm_progressnote": is_secretariat,
    "actionplans.return_to_lead_progressnote": is_secretariat,
    "actionplans.reach_milestone": is_secretariat | edits_for_the_lead_of_the_milestone,
    "actionplans.add_extension": edits_for_who_owes,  # asked of what is due
    "actionplans.change_extension": edits_for_who_asked,
    "actionplans.withdraw_extension": edits_for_who_asked,
    "actionplans.agree_extension": is_secretariat,
    "actionplans.refuse_extension": is_secretariat,
}
for name, predicate in PERMISSIONS.items():
    rules.add_perm(name, predicate)
