"""The state of a strategy's text, once a later strategy has taken its place."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()


def _is_replaced(version, standing):
    return bool(standing.replaced) and version.status == version.Status.IN_FORCE


@register.inclusion_tag("actionplans/_version_mark.html")
def version_mark(version, standing):
    """The mark of a version's state; of the text that a later strategy has replaced, that it is replaced."""
    return {"version": version, "is_replaced": _is_replaced(version, standing)}


@register.simple_tag
def version_word(version, standing):
    """The same as a word."""
    return _("Replaced") if _is_replaced(version, standing) else version.get_status_display()
