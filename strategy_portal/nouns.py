"""What lists count: the noun follows the number."""

from django.utils.translation import ngettext_lazy

# By the name that `{% filter_form … noun="actions" %}` gives; `NOUNS[name] % count` is the word for so many.
NOUNS = {
    "actions": ngettext_lazy("action", "actions"),
    "dates": ngettext_lazy("date", "dates"),
    "decisions": ngettext_lazy("decision", "decisions"),
    "documents": ngettext_lazy("document", "documents"),
    "lines": ngettext_lazy("line", "lines"),
    "lines in the table": ngettext_lazy("line in the table", "lines in the table"),
    "meetings": ngettext_lazy("meeting", "meetings"),
    "notices": ngettext_lazy("notice", "notices"),
    "operations": ngettext_lazy("operation", "operations"),
    "operations to choose from": ngettext_lazy("operation to choose from", "operations to choose from"),
    "participants": ngettext_lazy("participant", "participants"),
    "people": ngettext_lazy("person", "people"),
    "plans": ngettext_lazy("plan", "plans"),
    "published figures": ngettext_lazy("published figure", "published figures"),
    "reminders": ngettext_lazy("reminder", "reminders"),
    "silence procedures": ngettext_lazy("silence procedure", "silence procedures"),
    "result lines": ngettext_lazy("result line", "result lines"),
}
MANY = 1000


def noun_for(name: str, count: int) -> str:
    """The noun for `count` things, such as "action" for 1. Raises KeyError for a name that is not in NOUNS."""
    return NOUNS[name] % count
