"""Decisions that were taken by silence procedure are found as those of meetings: by body, day, document and text."""

from importlib import import_module

from django.db import migrations

FIRST = import_module("search.migrations.0002_texts")
AT_A_MEETING = import_module("search.migrations.0004_plain_texts").TEXTS["decision"]
DAY = "coalesce(m.held_on, (s.closes_at at time zone 'Europe/Brussels')::date)"
ANYWHERE = AT_A_MEETING.replace("m.held_on", DAY).replace(
    "join council_meeting m on m.id = d.meeting_id join accounts_body b on b.id = m.body_id",
    "left join council_meeting m on m.id = d.meeting_id left join council_silenceprocedure s on s.id = d.silence_id\n"
    "        join accounts_body b on b.id = coalesce(m.body_id, s.body_id)",
)


# A body that is renamed took decisions at meetings and by silence.
OF_A_BODY = FIRST.FOLLOW["accounts_body"]
BY_SILENCE = (
    "decision",
    "select x.id from council_decision x join council_silenceprocedure s on s.id = x.silence_id"
    " join changed c on c.id = s.body_id",
    ["name"],
)


def replace(select, touched):
    def run(apps, schema_editor):
        followed = "".join(FIRST.updated(*one) for one in touched)
        schema_editor.execute(
            "create or replace function search_follow_accounts_body_update() returns trigger language plpgsql as"
            f" $$ begin\n{followed}    return null; end $$;",
            params=None,
        )
        schema_editor.execute(
            f"create or replace function search_texts_decision(ids bigint[]) {FIRST.ROW} as $${select}$$", params=None
        )
        schema_editor.execute("select search_refresh('decision', array(select id from council_decision))")

    return run


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0005_terms_with_all_their_parts"),
        ("council", "0002_silence"),
    ]

    operations = [
        migrations.RunPython(replace(ANYWHERE, [*OF_A_BODY, BY_SILENCE]), replace(AT_A_MEETING, OF_A_BODY))
    ]
