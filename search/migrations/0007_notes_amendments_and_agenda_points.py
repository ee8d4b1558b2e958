"""Progress notes, amendments and points of agendas are found, each by those who see it."""

from importlib import import_module

from django.db import migrations

FIRST = import_module("search.migrations.0002_texts")
SILENCE = import_module("search.migrations.0006_decisions_by_silence")

# {source: (its table, what stands in the index for the rows `$1`)}. Of an amendment only the reason: who sees it does not
# see each of its changes.
TEXTS = {
    "note": ("actionplans_progressnote", """
        select 'note', n.id::bigint, n.id::bigint, p.number || '.' || a.number, array[p.number || '.' || a.number], a.title,
            concat_ws(E'\\n', nullif(search_plain(n.achieved), ''), nullif(search_plain(n.difficulties), ''),
                nullif(search_plain(n.way_forward), '')),
            n.status, array[p.number::text, a.number::text, n.period_begins_on::text, n.period_ends_on::text]
        from actionplans_progressnote n join actionplans_action a on a.id = n.action_id
        join actionplans_actionplan p on p.id = a.plan_id where n.id = any($1)"""),
    "amendment": ("actionplans_amendment", """
        select 'amendment', m.id::bigint, m.id::bigint, 'Amendment ' || m.number || ' of plan ' || p.number,
            array['amendment ' || m.number || ' of plan ' || p.number, 'amendment ' || m.number], '',
            search_plain(m.reason), m.status, array[p.number::text, m.number::text]
        from actionplans_amendment m join actionplans_actionplan p on p.id = m.plan_id where m.id = any($1)"""),
    "point": ("council_agendapoint", """
        select 'point', x.id::bigint, x.id::bigint, '', array[m.held_on::text], x.title,
            concat_ws(E'\\n', nullif(search_plain(x.note), ''), nullif(search_plain(x.outcome_text), '')),
            '', array[m.id::text, b.name, m.held_on::text, x.id::text]
        from council_agendapoint x join council_meeting m on m.id = x.meeting_id
        join accounts_body b on b.id = m.body_id where x.id = any($1)"""),
}  # fmt: skip
OWN = {table: [(source, "select id from changed", [])] for source, (table, _select) in TEXTS.items()}

# What a change in the tables above them touches besides what it touched before.
NOTES = "select x.id from actionplans_progressnote x join actionplans_action a on a.id = x.action_id join changed c"
FURTHER = {
    "actionplans_actionplan": [
        ("note", f"{NOTES} on c.id = a.plan_id", ["number"]),
        ("amendment", "select x.id from actionplans_amendment x join changed c on c.id = x.plan_id", ["number"]),
    ],
    "actionplans_action": [("note", f"{NOTES} on c.id = a.id", ["number", "title", "plan_id"])],
    "council_meeting": [
        ("point", "select x.id from council_agendapoint x join changed c on c.id = x.meeting_id",
         ["body_id", "held_on"]),
    ],
    "accounts_body": [
        ("point", "select x.id from council_agendapoint x join council_meeting m on m.id = x.meeting_id"
                  " join changed c on c.id = m.body_id", ["name"]),
    ],
}  # fmt: skip
BEFORE = FIRST.FOLLOW | {"accounts_body": [*SILENCE.OF_A_BODY, SILENCE.BY_SILENCE]}


def follow(schema_editor, table, touched):
    """What an update of a table touches. What is new in one of these, or goes, has no texts below it."""
    lines = "".join(FIRST.updated(*one) for one in touched)
    schema_editor.execute(
        f"create or replace function search_follow_{table}_update() returns trigger language plpgsql as"
        f" $$ begin\n{lines}    return null; end $$;",
        params=None,
    )


def rebuild(schema_editor, texts):
    """Let the whole index be made anew from these sources."""
    lines = "".join(
        f"    delete from search_searchentry e where e.source = '{source}'"
        f" and not exists (select from {table} t where t.id = e.object_id);\n"
        f"    perform search_refresh('{source}', array(select id from {table}));\n"
        for source, (table, _select) in texts.items()
    )  # fmt: skip
    schema_editor.execute(
        f"create or replace function search_rebuild() returns void language plpgsql as $$ begin\n{lines}end $$",
        params=None,
    )


def create(apps, schema_editor):
    for source, (table, select) in TEXTS.items():
        schema_editor.execute(
            f"create function search_texts_{source}(ids bigint[]) {FIRST.ROW} as $${select}$$", params=None
        )
        schema_editor.execute(FIRST.rule(table, OWN[table]), params=None)
        schema_editor.execute(f"select search_refresh('{source}', array(select id from {table}))", params=None)
    for table, touched in FURTHER.items():
        follow(schema_editor, table, [*BEFORE[table], *touched])
    rebuild(schema_editor, FIRST.TEXTS | TEXTS)


def remove(apps, schema_editor):
    rebuild(schema_editor, FIRST.TEXTS)
    for table in FURTHER:
        follow(schema_editor, table, BEFORE[table])
    for source, (table, _select) in TEXTS.items():
        for trigger in ("insert", "delete", "update", "truncate"):
            schema_editor.execute(f"drop trigger search_{trigger} on {table}")
        for tail in ("", "_update", "_truncate"):
            schema_editor.execute(f"drop function search_follow_{table}{tail}()")
        schema_editor.execute(f"drop function search_texts_{source}(bigint[])")
        schema_editor.execute(f"delete from search_searchentry where source = '{source}'")


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0006_decisions_by_silence"),
        ("actionplans", "0012_progress_notes"),
        ("council", "0003_agenda_and_previous_documents"),
    ]

    operations = [migrations.RunPython(create, remove)]
