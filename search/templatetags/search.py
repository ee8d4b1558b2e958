"""The addresses of a search's neighbours."""

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def search_url(context, **changed):
    """The address of this search with other values: `{% search_url kind="action" %}`; it begins at the first page."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    for name, value in changed.items():
        if value:
            query[name] = value
        else:
            query.pop(name, None)
    return f"?{query.urlencode()}"
