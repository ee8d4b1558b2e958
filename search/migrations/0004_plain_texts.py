"""Texts stand in the index without the marks of Markdown, and an objective under the text that it has.

Finds are marked in what the index holds, so what is shown has to be that: a passage with `**` and `|` in it cannot be
cleaned later without moving the finds. Only texts that pages read as Markdown are stripped; the strategy's never are.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("search.migrations.0002_texts")

# What `publishing.markdown` knows: tables, headings, lists, links, bold and italics, and signs that are meant as such.
# It errs on the side of leaving a sign; no word of what is shown is lost, and of a link the address is not a word.
# A text beyond what is indexed stays as it is: nobody has to wait for one.
PLAIN = r"""
create function search_plain(words text) returns text language plpgsql immutable strict parallel safe as $$
declare
    is_table constant text := '^ *\|?( *:?-+:? *\|)+( *:?-+:?)? *$';
    inside constant text := '([^*\n]|\n(?!\s*\n))*';
begin
    if char_length(words) > 100000 or words !~ '[][*_#|\\]|(^|\n)\s*-\s' then return words; end if;
    if regexp_like(words, is_table, 'n') then
        words := regexp_replace(words, is_table || '\n?', '', 'gn');
        words := regexp_replace(words, '^[ \t]*\||(?<!\\)\|[ \t]*$', '', 'gn');
        words := regexp_replace(words, '[ \t]*(?<!\\)\|[ \t]*', ' · ', 'g');
    end if;
    words := regexp_replace(words, '^[ \t]*([-*][ \t]+)?(#{1,6}[ \t]+)?', '', 'gn');
    words := regexp_replace(words, '\[([^][\n]*)\]\((https?://|mailto:)([^\s()]|\([^\s()]*\))*( "[^"\n]*")?\)', '\1', 'gi');
    for turn in 1..2 loop
        words := regexp_replace(words, '(?<![*\\])\*([^\s*]|[^\s*]' || inside || '[^\s*\\])\*(?!\*)', '\1', 'g');
        words := regexp_replace(words, '(?<!\\)\*\*([^\s*]|[^\s*]' || inside || '[^\s*\\])\*\*', '\1', 'g');
    end loop;
    words := regexp_replace(words, '(?<![\w\\])(_{1,2})([^\s_]|[^\s_]([^_\n]|\n(?!\s*\n))*[^\s_\\])\1(?!\w)', '\2', 'g');
    return regexp_replace(words, '\\([^\w\s])', '\1', 'g');
end $$;
"""

TEXTS = {
    # All objectives for the same addressees have one heading: it says for whom they are, not which one it is.
    "objective": """
        select 'objective', w.id::bigint, v.id::bigint, o.code, array[lower(search_fold(o.code))], w.text,
            rtrim(b.heading, ': '), '', array[s.slug, v.number::text, o.code]
        from actionplans_wording w join actionplans_objective o on o.id = w.objective_id
        join actionplans_addresseeblock b on b.id = w.block_id
        join actionplans_strategyversion v on v.id = w.version_id join actionplans_strategy s on s.id = v.strategy_id
        where w.id = any($1)""",
    "action": """
        select 'action', a.id::bigint, a.id::bigint, p.number || '.' || a.number, array[p.number || '.' || a.number],
            a.title, search_plain(a.summary), a.status, array[p.number::text, a.number::text]
        from actionplans_action a join actionplans_actionplan p on p.id = a.plan_id where a.id = any($1)""",
    "terms": """
        select 'terms', t.id::bigint, t.id::bigint, p.number || '.' || a.number, array[p.number || '.' || a.number],
            a.title, concat_ws(E'\\n', nullif(search_plain(t.background), ''), nullif(search_plain(t.main_goals), ''),
                nullif(search_plain(t.expected_outcome), ''), nullif(search_plain(t.tasks), ''),
                nullif(search_plain(t.timetable), ''), nullif(search_plain(t.resources), '')),
            t.status, array[p.number::text, a.number::text, t.version::text]
        from actionplans_termsofreference t join actionplans_action a on a.id = t.action_id
        join actionplans_actionplan p on p.id = a.plan_id where t.id = any($1)""",
    "operation": """
        select 'operation', o.id::bigint, o.id::bigint, '', array[lower(search_fold(o.name)), o.slug], o.name,
            concat_ws(E'\\n', nullif(search_plain(o.purpose), ''), nullif(o.goods, ''), nullif(o.modes, ''),
                nullif(o.published_kind, ''), nullif(o.published_lead, ''), nullif(o.published_support, ''),
                nullif(o.published_participants, ''), nullif(search_plain(o.published_results), ''), nullif(o.source, '')),
            o.status, array[o.slug]
        from jcos_operation o where o.id = any($1)""",
    "decision": """
        select 'decision', d.id::bigint, d.id::bigint,
            case d.kind when 'adopt' then 'adopted' when 'approve' then 'approved' when 'agree' then 'agreed'
                when 'note' then 'noted' when 'endorse' then 'endorsed' when 'reject' then 'rejected' else 'decided' end
            || ' by ' || b.name || ', ' || search_day(m.held_on),
            array_remove(array[m.held_on::text,
                lower(search_document(c.number, c.year, c.revision, c.addendum, c.corrigendum))], null),
            d.about, search_plain(d.text), d.kind, array[d.id::text, b.name, m.held_on::text]
        from council_decision d join council_meeting m on m.id = d.meeting_id join accounts_body b on b.id = m.body_id
        left join council_document c on c.id = d.document_id where d.id = any($1)""",
}  # fmt: skip


def replace(schema_editor, texts):
    """Let the functions say this of these sources, and bring their entries in line."""
    for source, select in texts.items():
        schema_editor.execute(
            f"create or replace function search_texts_{source}(ids bigint[]) {BEFORE.ROW} as $${select}$$",
            params=None,
        )
        table = BEFORE.TEXTS[source][0]
        schema_editor.execute(f"select search_refresh('{source}', array(select id from {table}))")


def create(apps, schema_editor):
    schema_editor.execute(PLAIN, params=None)  # nothing to fill in, though `%` could stand in it
    replace(schema_editor, TEXTS)


def remove(apps, schema_editor):
    replace(schema_editor, {source: BEFORE.TEXTS[source][1] for source in TEXTS})
    schema_editor.execute("drop function search_plain(text)")


class Migration(migrations.Migration):
    dependencies = [("search", "0003_heading")]

    operations = [migrations.RunPython(create, remove)]
