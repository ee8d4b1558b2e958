"""A constraint of the database that also answers in forms which do not contain all its fields."""

from django.contrib.postgres.constraints import ExclusionConstraint


class PeriodExclusion(ExclusionConstraint):
    """An exclusion constraint whose condition is checked even when the form lacks the condition's fields.

    Django leaves the condition's fields unresolved when a form excludes them and then fails; here they are read from
    the instance. `condition_fields` are the names in the condition.
    """

    def __init__(self, *, condition_fields=(), **options):
        self.condition_fields = tuple(condition_fields)
        super().__init__(**options)

    def validate(self, model, instance, exclude=None, using="default"):
        exclude = set(exclude or ()) - set(self.condition_fields)
        super().validate(model, instance, exclude=exclude, using=using)

    def deconstruct(self):
        path, args, options = super().deconstruct()
        options["condition_fields"] = self.condition_fields
        return path, args, options
