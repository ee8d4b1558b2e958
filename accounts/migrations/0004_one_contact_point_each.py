from django.db import migrations

# Until now a delegation could have many contact points, viewers among them, and a body, too. Of the submitters who can
# act today the first named stays contact point and the second is deputy; what they were stays in the history.
KEEP_TWO = """
    WITH able AS (
        SELECT m.id, row_number() OVER (PARTITION BY m.delegation_id ORDER BY m.from_on, m.id) AS place
        FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id
        WHERE m.is_contact_point AND m.role = 'submitter' AND m.delegation_id IS NOT NULL AND u.is_active
          AND m.from_on <= CURRENT_DATE AND (m.until_on IS NULL OR m.until_on >= CURRENT_DATE)
    )
    UPDATE accounts_membership m
    SET is_contact_point = false, is_deputy = EXISTS (SELECT 1 FROM able WHERE able.id = m.id AND able.place = 2)
    WHERE m.is_contact_point AND NOT EXISTS (SELECT 1 FROM able WHERE able.id = m.id AND able.place = 1)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_deputies'),
    ]

    operations = [
        migrations.RunSQL(KEEP_TWO, migrations.RunSQL.noop),
    ]
