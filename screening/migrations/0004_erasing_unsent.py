"""A request for erasure without a case: of answers that were never sent."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('screening', '0003_ways_back'),
    ]

    operations = [
        migrations.AlterField(
            model_name='erasurerequest',
            name='reference',
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AlterField(
            model_name='erasurerequest',
            name='referral',
            field=models.PositiveBigIntegerField(blank=True, null=True),
        ),
    ]
