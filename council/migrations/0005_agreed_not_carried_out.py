"""What was agreed by silence and could not be carried out has a state of its own."""

from django.db import migrations, models

STATES = [
    ("open", "Open"),
    ("extended", "Extended"),
    ("agreed", "Agreed"),
    ("lapsed", "Agreed, not carried out"),
    ("stopped", "Stopped by objection"),
    ("withdrawn", "Withdrawn"),
]


def name_those_not_carried_out(apps, schema_editor):
    """Those that ended before there was the state."""
    procedures = apps.get_model("council", "SilenceProcedure").objects
    procedures.filter(status="agreed").exclude(not_taken="").update(status="lapsed")
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the table is altered next


class Migration(migrations.Migration):
    dependencies = [("council", "0004_positions_on_texts")]

    operations = [
        migrations.AlterField(
            model_name="silenceprocedure",
            name="status",
            field=models.CharField(choices=STATES, default="open", max_length=10, verbose_name="state"),
        ),
        migrations.AlterField(
            model_name="silenceprocedureevent",
            name="status",
            field=models.CharField(choices=STATES, default="open", max_length=10, verbose_name="state"),
        ),
        migrations.RunPython(name_those_not_carried_out, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="silenceprocedure",
            constraint=models.CheckConstraint(
                name="silence_procedure_lapsed_for_a_reason",
                condition=models.Q(
                    models.Q(("status", "lapsed"), models.Q(("not_taken", ""), _negated=True)),
                    models.Q(models.Q(("status", "lapsed"), _negated=True), ("not_taken", "")),
                    _connector="OR",
                ),
            ),
        ),
    ]
