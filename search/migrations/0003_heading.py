"""The words of reference and title by themselves: texts that have all words there stand before others."""

import django.contrib.postgres.search
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0002_texts'),
    ]

    operations = [
        migrations.AddField(
            model_name='searchentry',
            name='heading',
            field=models.GeneratedField(db_persist=True, expression=models.Func(models.F('reference'), models.F('title'), models.Value(''), function='search_vector'), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
    ]
