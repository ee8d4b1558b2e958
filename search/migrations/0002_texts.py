"""What is found, and how the index follows it: one function per source, one rule per table, kept by triggers.

`search_texts_<source>(ids)` says what stands in the index for these rows; it is the only place that does.
`search_refresh(source, ids)` brings the entries of these rows in line with it. The triggers call that for what each
statement has changed, so that bulk writes and raw SQL are followed, too. Functions keep no hold on the columns that
they read: a later migration may change those, and then replaces the function.
"""

from django.db import migrations

ROW = """returns table (source text, object_id bigint, owner_id bigint, reference text, keys text[], title text,
    body text, state text, args text[]) language sql stable"""

# {source: (its table, what stands in the index for the rows `$1`)}
TEXTS = {
    "strategy": ("actionplans_strategy", """
        select 'strategy', s.id::bigint, s.id::bigint, s.reference, array[lower(search_fold(s.reference)), s.slug], s.title,
            concat_ws(E'\\n', nullif(s.resolution, ''), nullif(s.legal_basis, ''), nullif(array_to_string(s.previous_documents, ', '), '')),
            '', array[s.slug]
        from actionplans_strategy s where s.id = any($1)"""),
    "section": ("actionplans_section", """
        select 'section', x.id::bigint, v.id::bigint, x.number, array[lower(search_fold(x.number))], x.title,
            coalesce((select string_agg(concat_ws(' ', nullif(b.letter, '') || ')', b.text), E'\\n' order by b."order")
                from actionplans_sectionblock b where b.section_id = x.id), ''),
            '', array[s.slug, v.number::text, 'section-' || x.number]
        from actionplans_section x
        join actionplans_strategyversion v on v.id = x.version_id join actionplans_strategy s on s.id = v.strategy_id
        where x.id = any($1)"""),
    "aim": ("actionplans_aim", """
        select 'aim', a.id::bigint, v.id::bigint, a.letter, array['aim ' || lower(search_fold(a.letter))], '', a.text, '',
            array[s.slug, v.number::text, 'aim-' || a.letter]
        from actionplans_aim a
        join actionplans_strategyversion v on v.id = a.version_id join actionplans_strategy s on s.id = v.strategy_id
        where a.id = any($1)"""),
    "objective": ("actionplans_wording", """
        select 'objective', w.id::bigint, v.id::bigint, o.code, array[lower(search_fold(o.code))], b.heading, w.text, '',
            array[s.slug, v.number::text, o.code]
        from actionplans_wording w join actionplans_objective o on o.id = w.objective_id
        join actionplans_addresseeblock b on b.id = w.block_id
        join actionplans_strategyversion v on v.id = w.version_id join actionplans_strategy s on s.id = v.strategy_id
        where w.id = any($1)"""),
    # A lead of an action sees of a draft plan only number and period: that is an entry of its own.
    "plan": ("actionplans_actionplan", """
        select 'plan', p.id::bigint, p.id::bigint, p.number::text, array['plan ' || p.number, p.number::text], p.title,
            search_day(p.starts_on) || ' – ' || search_day(p.ends_on), p.status, array[p.number::text]
        from actionplans_actionplan p where p.id = any($1)"""),
    "planpart": ("actionplans_actionplan", """
        select 'planpart', p.id::bigint, p.id::bigint, p.number::text, array['plan ' || p.number, p.number::text], '',
            search_day(p.starts_on) || ' – ' || search_day(p.ends_on), '', array[p.number::text]
        from actionplans_actionplan p where p.id = any($1)"""),
    "action": ("actionplans_action", """
        select 'action', a.id::bigint, a.id::bigint, p.number || '.' || a.number, array[p.number || '.' || a.number],
            a.title, a.summary, a.status, array[p.number::text, a.number::text]
        from actionplans_action a join actionplans_actionplan p on p.id = a.plan_id where a.id = any($1)"""),
    "terms": ("actionplans_termsofreference", """
        select 'terms', t.id::bigint, t.id::bigint, p.number || '.' || a.number, array[p.number || '.' || a.number],
            a.title, concat_ws(E'\\n', nullif(t.background, ''), nullif(t.main_goals, ''),
                nullif(t.expected_outcome, ''), nullif(t.tasks, ''), nullif(t.timetable, ''), nullif(t.resources, '')),
            t.status, array[p.number::text, a.number::text, t.version::text]
        from actionplans_termsofreference t join actionplans_action a on a.id = t.action_id
        join actionplans_actionplan p on p.id = a.plan_id where t.id = any($1)"""),
    "operation": ("jcos_operation", """
        select 'operation', o.id::bigint, o.id::bigint, '', array[lower(search_fold(o.name)), o.slug], o.name,
            concat_ws(E'\\n', nullif(o.purpose, ''), nullif(o.goods, ''), nullif(o.modes, ''), nullif(o.published_kind, ''),
                nullif(o.published_lead, ''), nullif(o.published_support, ''), nullif(o.published_participants, ''),
                nullif(o.published_results, ''), nullif(o.source, '')),
            o.status, array[o.slug]
        from jcos_operation o where o.id = any($1)"""),
    "meeting": ("council_meeting", """
        select 'meeting', m.id::bigint, m.id::bigint, search_day(m.held_on), array[m.held_on::text], b.name, m.place, '',
            array[m.id::text, b.name, m.held_on::text]
        from council_meeting m join accounts_body b on b.id = m.body_id where m.id = any($1)"""),
    "document": ("council_document", """
        select 'document', d.id::bigint, d.id::bigint, search_document(d.number, d.year, d.revision, d.addendum, d.corrigendum),
            array_remove(array[lower(search_document(d.number, d.year, d.revision, d.addendum, d.corrigendum)),
                search_document(d.number, d.year, 0, 0, 0), d.number::text, d.dated_on::text], null),
            d.title, array_to_string(d.subject_codes, ', '), '', array[d.id::text]
        from council_document d where d.id = any($1)"""),
    "decision": ("council_decision", """
        select 'decision', d.id::bigint, d.id::bigint,
            case d.kind when 'adopt' then 'adopted' when 'approve' then 'approved' when 'agree' then 'agreed'
                when 'note' then 'noted' when 'endorse' then 'endorsed' when 'reject' then 'rejected' else 'decided' end
            || ' by ' || b.name || ', ' || search_day(m.held_on),
            array_remove(array[m.held_on::text,
                lower(search_document(c.number, c.year, c.revision, c.addendum, c.corrigendum))], null),
            d.about, d.text, d.kind, array[d.id::text, b.name, m.held_on::text]
        from council_decision d join council_meeting m on m.id = d.meeting_id join accounts_body b on b.id = m.body_id
        left join council_document c on c.id = d.document_id where d.id = any($1)"""),
}  # fmt: skip

VERSIONS = "select x.id from actionplans_{} x join changed c on c.id = x.version_id"
ACTIONS = "select x.id from actionplans_action x join changed c on c.id = x.plan_id"
TERMS = "select x.id from actionplans_termsofreference x join actionplans_action a on a.id = x.action_id join changed c"
# What a change in a table touches: (source, the ids among `changed`, the columns that matter; none: any column).
FOLLOW = {
    "actionplans_strategy": [
        ("strategy", "select id from changed", []),
        *(
            (source, f"select x.id from actionplans_{table} x join actionplans_strategyversion v on v.id = x.version_id"
                     " join changed c on c.id = v.strategy_id", ["slug"])
            for source, table in (("section", "section"), ("aim", "aim"), ("objective", "wording"))
        ),
    ],
    "actionplans_strategyversion": [
        ("section", VERSIONS.format("section"), ["number", "strategy_id"]),
        ("aim", VERSIONS.format("aim"), ["number", "strategy_id"]),
        ("objective", VERSIONS.format("wording"), ["number", "strategy_id"]),
    ],
    "actionplans_section": [("section", "select id from changed", [])],
    "actionplans_sectionblock": [("section", "select section_id from changed", [])],
    "actionplans_aim": [("aim", "select id from changed", [])],
    "actionplans_objective": [
        ("objective", "select x.id from actionplans_wording x join changed c on c.id = x.objective_id", ["code"])
    ],
    "actionplans_addresseeblock": [
        ("objective", "select x.id from actionplans_wording x join changed c on c.id = x.block_id", ["heading"])
    ],
    "actionplans_wording": [("objective", "select id from changed", [])],
    "actionplans_actionplan": [
        ("plan", "select id from changed", []),
        ("planpart", "select id from changed", []),
        ("action", ACTIONS, ["number"]),
        ("terms", f"{TERMS} on c.id = a.plan_id", ["number"]),
    ],
    "actionplans_action": [
        ("action", "select id from changed", []),
        ("terms", f"{TERMS} on c.id = a.id", ["number", "title", "plan_id"]),
    ],
    "actionplans_termsofreference": [("terms", "select id from changed", [])],
    "jcos_operation": [("operation", "select id from changed", [])],
    "accounts_body": [
        ("meeting", "select x.id from council_meeting x join changed c on c.id = x.body_id", ["name"]),
        ("decision", "select x.id from council_decision x join council_meeting m on m.id = x.meeting_id"
                     " join changed c on c.id = m.body_id", ["name"]),
    ],
    "council_meeting": [
        ("meeting", "select id from changed", []),
        ("decision", "select x.id from council_decision x join changed c on c.id = x.meeting_id",
         ["body_id", "held_on"]),
    ],
    "council_document": [
        ("document", "select id from changed", []),
        ("decision", "select x.id from council_decision x join changed c on c.id = x.document_id",
         ["number", "year", "revision", "addendum", "corrigendum"]),
    ],
    "council_decision": [("decision", "select id from changed", [])],
}  # fmt: skip

WORDS = """
create function search_day(day date) returns text language sql immutable strict parallel safe as
$$ select extract(day from day) || ' ' || (array['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August',
    'September', 'October', 'November', 'December'])[extract(month from day)::int] || ' ' || extract(year from day) $$;

create function search_document(number int, year int, revision int, addendum int, corrigendum int) returns text
language sql immutable strict parallel safe as
$$ select number || case when revision > 0 then '/' || revision else '' end || '/' || lpad((year % 100)::text, 2, '0')
    || case when revision > 0 then ' REV ' || revision else '' end
    || case when addendum > 0 then ' ADD ' || addendum else '' end
    || case when corrigendum > 0 then ' COR ' || corrigendum else '' end $$;
"""

# Locks before it reads: of two statements that change blocks of one section, the later one sees what the earlier wrote.
REFRESH = """
create function search_refresh(kept text, ids bigint[]) returns void language plpgsql as $$
begin
    perform 1 from search_searchentry e where e.source = kept and e.object_id = any(ids) order by e.object_id for update;
    execute format('
        insert into search_searchentry (source, object_id, owner_id, reference, keys, title, body, state, args)
        select t.source, t.object_id, t.owner_id, t.reference, t.keys, normalize(t.title, NFC), normalize(t.body, NFC),
            t.state, t.args
        from search_texts_%s($1) t order by t.object_id
        on conflict (source, object_id) do update set owner_id = excluded.owner_id, reference = excluded.reference,
            keys = excluded.keys, title = excluded.title, body = excluded.body, state = excluded.state, args = excluded.args
        where (search_searchentry.owner_id, search_searchentry.reference, search_searchentry.keys, search_searchentry.title,
                search_searchentry.body, search_searchentry.state, search_searchentry.args)
            is distinct from (excluded.owner_id, excluded.reference, excluded.keys, excluded.title, excluded.body,
                excluded.state, excluded.args)', kept) using ids;
    execute format('
        delete from search_searchentry e where e.source = $2 and e.object_id = any($1)
            and e.object_id not in (select t.object_id from search_texts_%s($1) t)', kept) using ids, kept;
end $$;
"""


def rule(table, touched):
    """The triggers of one table, and the functions that they call."""
    inserted = "".join(
        f"    perform search_refresh('{source}', t.ids) from (select array({ids}) ids) t where t.ids <> '{{}}';\n"
        for source, ids, _columns in touched
    )
    return f"""
create function search_follow_{table}() returns trigger language plpgsql as $$ begin
{inserted}    return null; end $$;
create function search_follow_{table}_update() returns trigger language plpgsql as $$ begin
{"".join(updated(*one) for one in touched)}    return null; end $$;
create function search_follow_{table}_truncate() returns trigger language plpgsql as $$ begin
    delete from search_searchentry where source in ({", ".join(f"'{source}'" for source, ids, _c in touched)});
    return null; end $$;
create trigger search_insert after insert on {table} referencing new table as changed
    for each statement execute function search_follow_{table}();
create trigger search_delete after delete on {table} referencing old table as changed
    for each statement execute function search_follow_{table}();
create trigger search_update after update on {table} referencing new table as after old table as before
    for each statement execute function search_follow_{table}_update();
create trigger search_truncate after truncate on {table}
    for each statement execute function search_follow_{table}_truncate();
"""


def updated(source, ids, columns):
    """What follows an update: the rows as they are and as they were, where a column that matters has changed."""
    matters = "true"
    if columns:
        now, then = (", ".join(f"{row}.{column}" for column in columns) for row in ("a", "b"))
        matters = f"({now}) is distinct from ({then})" if len(columns) > 1 else f"{now} is distinct from {then}"
    rows = f"""with moved as (select a.id from after a left join before b on b.id = a.id where {matters}),
        changed as (select r.* from after r join moved on moved.id = r.id
            union all select r.* from before r join moved on moved.id = r.id)
        {ids}"""
    return f"    perform search_refresh('{source}', t.ids) from (select array({rows}) ids) t where t.ids <> '{{}}';\n"


def create(apps, schema_editor):
    def execute(sql):
        schema_editor.execute(sql, params=None)  # nothing to fill in, though `%` stands in it

    execute(WORDS)
    for source, (_table, select) in TEXTS.items():
        execute(f"create function search_texts_{source}(ids bigint[]) {ROW} as $${select}$$")
    execute(REFRESH)
    rebuild = "".join(
        f"    delete from search_searchentry e where e.source = '{source}'"
        f" and not exists (select from {table} t where t.id = e.object_id);\n"
        f"    perform search_refresh('{source}', array(select id from {table}));\n"
        for source, (table, _select) in TEXTS.items()
    )
    execute(
        f"create function search_rebuild() returns void language plpgsql as $$ begin\n{rebuild}end $$"
    )
    for table, touched in FOLLOW.items():
        execute(rule(table, touched))
    execute("select search_rebuild()")


def remove(apps, schema_editor):
    for table in FOLLOW:
        for trigger in ("insert", "delete", "update", "truncate"):
            schema_editor.execute(f"drop trigger search_{trigger} on {table}")
        for tail in ("", "_update", "_truncate"):
            schema_editor.execute(f"drop function search_follow_{table}{tail}()")
    schema_editor.execute("drop function search_rebuild()")
    schema_editor.execute("drop function search_refresh(text, bigint[])")
    for source in TEXTS:
        schema_editor.execute(f"drop function search_texts_{source}(bigint[])")
    schema_editor.execute("drop function search_day(date)")
    schema_editor.execute("drop function search_document(int, int, int, int, int)")


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0001_initial"),
        ("accounts", "0001_initial"),
        ("actionplans", "0001_initial"),
        ("council", "0001_initial"),
        ("jcos", "0001_initial"),
    ]

    operations = [migrations.RunPython(create, remove)]
