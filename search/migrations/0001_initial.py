"""The index itself."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models


# The words of a text. Accents fall away ("Liege" finds "Liège"), each character giving one, so that what is found in the
# folded text stands at the same place in the text itself; `search/question.py` folds what is typed in the same way.
# Signs that would make one word of two, or markup of a text, are blanks. The vector has English stems, and the words as
# they are for names, references and beginnings; the cut keeps any text below the 1 MB that a tsvector can hold.
FUNCTIONS = """
create function search_fold(words text) returns text language sql immutable strict parallel safe as
$$ select case when octet_length(words) = char_length(words) then words else
    translate(regexp_replace(normalize(words, NFD), '[\\u0300-\\u036f]', '', 'g'),
        'øØłŁđĐßæÆœŒıðÐþÞħĦς', 'oOlLdDsaAoOidDtThHσ') end $$;

create function search_words(words text) returns text language sql immutable strict parallel safe as
$$ select translate(public.search_fold(words), '<>&/+_-', '       ') $$;

create function search_vector(reference text, title text, body text) returns tsvector
language sql immutable strict parallel safe as
$$ select setweight(to_tsvector('pg_catalog.simple', public.search_words(reference)), 'A')
    || setweight(to_tsvector('pg_catalog.english', public.search_words(title)), 'B')
    || setweight(to_tsvector('pg_catalog.simple', public.search_words(title)), 'B')
    || to_tsvector('pg_catalog.english', public.search_words(left(body, 100000)))
    || to_tsvector('pg_catalog.simple', public.search_words(left(body, 100000))) $$;
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.RunSQL(
            FUNCTIONS,
            "drop function search_vector(text, text, text);"
            " drop function search_words(text); drop function search_fold(text)",
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=20)),
                ('object_id', models.BigIntegerField()),
                ('owner_id', models.BigIntegerField()),
                ('reference', models.TextField(blank=True)),
                ('keys', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('title', models.TextField(blank=True)),
                ('body', models.TextField(blank=True)),
                ('state', models.CharField(blank=True, max_length=20)),
                ('args', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('document', models.GeneratedField(db_persist=True, expression=models.Func(models.F('reference'), models.F('title'), models.F('body'), function='search_vector'), output_field=django.contrib.postgres.search.SearchVectorField())),
            ],
            options={
                'verbose_name': 'entry of the index',
                'verbose_name_plural': 'entries of the index',
                'ordering': ['source', 'object_id'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['document'], name='search_entry_document'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['keys'], name='search_entry_keys')],
                'constraints': [models.UniqueConstraint(fields=('source', 'object_id'), name='one_search_entry_a_text')],
            },
        ),
    ]
