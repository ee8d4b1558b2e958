"""The secretariat keeps the institutional record (the one table of this app's permissions)."""

import rules

from accounts.rules import is_secretariat

PERMISSIONS = {
    "council.add_meeting": is_secretariat,
    "council.change_meeting": is_secretariat,
    "council.add_document": is_secretariat,
    "council.change_document": is_secretariat,
    "council.add_decision": is_secretariat,
}
for name, predicate in PERMISSIONS.items():
    rules.add_perm(name, predicate)
