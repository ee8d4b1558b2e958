"""What a higher app shows on a lower app's page, without the lower app knowing it.

A higher app registers in its `AppConfig.ready`; the page asks the registry while it renders.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple


class Panel(NamedTuple):
    """One block of a page: its template and what the template is given."""

    template: str
    context: dict[str, Any]


_registered: dict[str, list[tuple[Callable[[Any, Any], dict[str, Any] | None], str]]] = defaultdict(list)


def register(page: str, function: Callable[[Any, Any], dict[str, Any] | None], template: str) -> None:
    """Add a block to a page: `function(user, object)` gives the template's context, or None for no block."""
    if (function, template) not in _registered[page]:
        _registered[page].append((function, template))


def panels_for(page: str, user: Any, thing: Any) -> list[Panel]:
    """The blocks that higher apps add to a page, in the order in which they were registered."""
    found = ((function(user, thing), template) for function, template in _registered[page])
    return [Panel(template, context) for context, template in found if context is not None]
