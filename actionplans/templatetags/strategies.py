"""The state of a strategy's text, once a later strategy has taken its place."""

from django import template

register = template.Library()


@register.inclusion_tag("actionplans/_version_mark.html")
def version_mark(version, standing):
    """The mark of a version's state; of the text that a later strategy has replaced, that it is replaced."""
    return {"version": version, "is_replaced": standing.has_replaced(version)}


@register.simple_tag
def version_word(version, standing):
    """The same as a word."""
    return standing.word_of(version)
