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

PERMISSIONS = {
    "accounts.view_people": keeps_people_rule,
    "accounts.add_user": keeps_people_rule,
    "accounts.change_user": keeps_people_rule,
    "accounts.add_membership": keeps_people_rule,
    "accounts.change_membership": keeps_people_rule,
    "accounts.change_lists": keeps_people_rule,
}
for name, predicate in PERMISSIONS.items():
    rules.add_perm(name, predicate)
