#!/usr/bin/env python
"""Django's commands, on the servers named in the environment or on the data folder's own."""

import os
import sys

OWNERS_COMMANDS = {"migrate", "restore", "createcachetable"}  # all others run with the portal's own rights


def main() -> None:
    """Run one command; the embedded services, where needed, stay up for its length."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "strategy_portal.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNERS_COMMANDS:
        os.environ["DATABASE_ROLE"] = "owner"
    held = None
    if not os.environ.get("PRODUCTION"):
        from strategy_portal import embedded, keeper  # noqa: PLC0415 - production needs none of it

        try:
            held = keeper.use()
        except embedded.CannotStart as problem:
            sys.exit(str(problem))
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - after the environment is set

    execute_from_command_line(sys.argv)
    if held is not None:
        held.close()


if __name__ == "__main__":
    main()
