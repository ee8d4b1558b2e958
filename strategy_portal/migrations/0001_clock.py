from django.db import migrations


class Migration(migrations.Migration):
    """The demonstration's clock: one row, read by plain SQL so that web, worker and beat move together."""

    dependencies = []

    operations = [
        migrations.RunSQL(
            sql=[
                """
                create table portal_clock (
                    only_row boolean primary key default true check (only_row),
                    offset_seconds bigint not null default 0
                )
                """,
                "insert into portal_clock default values",
            ],
            reverse_sql="drop table portal_clock",
        ),
    ]
