"""Who may change when reminders are due (the one table of this app's permissions)."""

import rules

from accounts.rules import keeps_people_rule

PERMISSIONS = {
    "deadlines.change_leadtimes": keeps_people_rule,
}
for name, predicate in PERMISSIONS.items():
    rules.add_perm(name, predicate)
