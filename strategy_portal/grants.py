"""What the running portal may do in the database, settled by the owner after every migration.

It reads and writes rows; it makes no tables, and it can neither change nor empty history.
"""

from typing import Any

import pghistory.models
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg2 import sql


def after_migrations(using: str, verbosity: int, **kwargs: Any) -> None:
    """Make the cache's table and, where owner and portal are two roles, settle the portal's rights."""
    call_command("createcachetable", database=using, verbosity=0)
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_user, exists (select 1 from pg_roles where rolname = %s)",
            [settings.DATABASE_APP_ROLE],
        )
        owner, app_exists = cursor.fetchone()
        if owner == settings.DATABASE_APP_ROLE or not app_exists:
            return
        names = {"app": sql.Identifier(settings.DATABASE_APP_ROLE), "owner": sql.Identifier(owner)}
        for statement in (
            "grant usage on schema public to {app}",
            "grant select, insert, update, delete on all tables in schema public to {app}",
            "grant usage, select on all sequences in schema public to {app}",
            "alter default privileges for role {owner} in schema public"
            " grant select, insert, update, delete on tables to {app}",
            "alter default privileges for role {owner} in schema public grant usage, select on sequences to {app}",
        ):
            cursor.execute(sql.SQL(statement).format(**names))
        present = connection.introspection.table_names(cursor)
        history = [sql.Identifier(table) for table in sorted(event_tables()) if table in present]
        if history:
            revoke = sql.SQL("revoke update, delete, truncate on {tables} from {app}")
            cursor.execute(revoke.format(tables=sql.SQL(", ").join(history), **names))
        cursor.execute(
            sql.SQL("revoke insert, update, delete on django_migrations from {app}").format(**names)
        )


def event_tables() -> set[str]:
    """The tables that hold history."""
    models = apps.get_models()
    return {m._meta.db_table for m in models if issubclass(m, pghistory.models.Event) and m._meta.managed}
