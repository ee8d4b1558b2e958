"""Terms of reference are found by all their sections, and by the words of their milestones and indicators."""

from importlib import import_module

from django.db import migrations

ROW = import_module("search.migrations.0002_texts").ROW
BEFORE = import_module("search.migrations.0004_plain_texts")
TABLES = ("actionplans_milestone", "actionplans_indicator")
SECTIONS = (
    "background", "main_goals", "expected_outcome", "tasks", "scope", "timetable", "reporting", "resources",
    "legal_instruments",
)  # fmt: skip
TERMS = f"""
        select 'terms', t.id::bigint, t.id::bigint, p.number || '.' || a.number, array[p.number || '.' || a.number],
            a.title, concat_ws(E'\\n', {", ".join(f"nullif(search_plain(t.{name}), '')" for name in SECTIONS)},
                (select string_agg(concat_ws(' ', m.title, nullif(search_plain(m.text), '')), E'\\n' order by m."order")
                    from actionplans_milestone m where m.terms_id = t.id),
                (select string_agg(concat_ws(' ', i.title, nullif(search_plain(i.measured), '')), E'\\n' order by i."order")
                    from actionplans_indicator i where i.terms_id = t.id)),
            t.status, array[p.number::text, a.number::text, t.version::text]
        from actionplans_termsofreference t join actionplans_action a on a.id = t.action_id
        join actionplans_actionplan p on p.id = a.plan_id where t.id = any($1)"""  # noqa: S608 - constants of our own
REFRESH_ALL = "select search_refresh('terms', array(select id::bigint from actionplans_termsofreference))"


def follow(table):
    """The terms of the lines that a statement has changed are read again."""

    def body(rows):
        ids = f"select distinct c.terms_id::bigint from ({rows}) c"  # noqa: S608 - constants of our own
        return f"""returns trigger language plpgsql as $$ begin
    perform search_refresh('terms', t.ids) from (select array({ids}) ids) t where t.ids <> '{{}}';
    return null; end $$;"""

    return f"""
create function search_follow_{table}() {body("select * from changed")}
create function search_follow_{table}_update() {body("select * from after union all select * from before")}
create trigger search_insert after insert on {table} referencing new table as changed
    for each statement execute function search_follow_{table}();
create trigger search_delete after delete on {table} referencing old table as changed
    for each statement execute function search_follow_{table}();
create trigger search_update after update on {table} referencing new table as after old table as before
    for each statement execute function search_follow_{table}_update();
"""


def replace(schema_editor, select):
    """Let the entries of terms say this, at once."""
    sql = f"create or replace function search_texts_terms(ids bigint[]) {ROW} as $${select}$$"
    schema_editor.execute(sql, params=None)
    schema_editor.execute(REFRESH_ALL, params=None)


def create(apps, schema_editor):
    replace(schema_editor, TERMS)
    for table in TABLES:
        schema_editor.execute(follow(table), params=None)


def drop(apps, schema_editor):
    for table in TABLES:
        for name in ("insert", "delete", "update"):
            schema_editor.execute(f"drop trigger search_{name} on {table}")
        schema_editor.execute(f"drop function search_follow_{table}(), search_follow_{table}_update()")
    replace(schema_editor, BEFORE.TEXTS["terms"])


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0004_plain_texts'),
        ('actionplans', '0007_terms_of_reference_with_all_their_parts'),
    ]

    operations = [migrations.RunPython(create, drop)]
