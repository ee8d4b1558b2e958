from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_one_contact_point_each'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('is_contact_point', True)), fields=('delegation',), name='one_contact_point_of_a_delegation', violation_error_message='This delegation has a contact point already.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('is_deputy', True)), fields=('delegation',), name='one_deputy_of_a_delegation', violation_error_message='This delegation has a deputy already.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('is_contact_point', False), ('is_deputy', False), _connector='OR'), name='contact_point_and_deputy_are_two', violation_error_message='Contact point and deputy are two people.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_contact_point', False), ('is_deputy', False)), models.Q(('delegation__isnull', False), ('role', 'submitter')), _connector='OR'), name='contact_point_and_deputy_may_submit', violation_error_message='Only a submitter of the delegation is its contact point or deputy.'),
        ),
    ]
