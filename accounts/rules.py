"""Who may keep people: secretariat and administrator (the one table of this app's permissions)."""

import rules

from accounts.querysets import keeps_people


@rules.predicate
def is_secretariat(user):
    return user.is_authenticated and user.is_secretariat


@rules.predicate
def is_committee(user):
    return user.is_authenticated and user.is_committee


@rules.predicate
def is_delegate(user):
    return user.is_authenticated and user.is_delegate


keeps_people_rule = rules.predicate(keeps_people, name="keeps_people")


@rules.predicate
def is_administrator(user):
    return user.is_authenticated and user.is_administrator


@rules.predicate
def is_no_administrator(user, person):
    """An administrator's account is closed and opened by administrators only."""
    return person is not None and not person.is_administrator


@rules.predicate
def is_oneself(user, person):
    return person is not None and user.pk == person.pk


# Whoever keeps people may give any membership, that of the secretariat and their own among them; each is told in
# the log and in the history.
PERMISSIONS = {
    "accounts.view_people": keeps_people_rule,
    "accounts.add_user": keeps_people_rule,
    "accounts.change_user": keeps_people_rule,
    "accounts.reinvite_user": keeps_people_rule,
    "accounts.deactivate_user": is_administrator | keeps_people_rule & is_no_administrator,
    "accounts.reactivate_user": is_administrator | keeps_people_rule & is_no_administrator,
    "accounts.grant_administrator": is_administrator,
    "accounts.change_own_user": is_oneself,
    "accounts.add_membership": keeps_people_rule,
    "accounts.change_membership": keeps_people_rule,
    "accounts.end_membership": keeps_people_rule,
    "accounts.change_delegation": keeps_people_rule,
    "accounts.change_body": keeps_people_rule,
}
for name, predicate in PERMISSIONS.items():
    rules.add_perm(name, predicate)
