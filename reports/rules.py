"""Who may do what with progress and reports (the one table of this app's permissions)."""

import rules

from accounts.rules import is_secretariat

PERMISSIONS = {
    "reports.view_gaps": is_secretariat,
}
for name, predicate in PERMISSIONS.items():
    rules.add_perm(name, predicate)
