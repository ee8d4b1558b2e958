"""Who may do what with notices (the one table of this app's permissions)."""

import rules

from accounts.rules import is_secretariat

PERMISSIONS = {
    "notifications.resend_notification": is_secretariat,
}
for name, predicate in PERMISSIONS.items():
    rules.add_perm(name, predicate)
