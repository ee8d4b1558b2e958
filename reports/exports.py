"""Tables as files to keep: the same rows as on the page, as CSV or xlsx."""

import logging
from collections.abc import Iterable, Sequence
from datetime import date

from django.http import Http404, HttpResponse

from publishing.figures import Cell, Column
from publishing.spreadsheets import CONTENT_TYPES, file_of

log = logging.getLogger("portal.exports")


def file_response(
    suffix: str, name: str, day: date, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]
) -> HttpResponse:
    """The table as a file named for what it holds and the day; one log event. 404 for another suffix."""
    if suffix not in CONTENT_TYPES:
        raise Http404
    log.info("export", extra={"figure": name, "suffix": suffix})
    return HttpResponse(
        file_of(suffix, title, columns, rows),
        content_type=CONTENT_TYPES[suffix],
        headers={
            "Content-Disposition": f'attachment; filename="progress-{name}-{day:%Y-%m-%d}.{suffix}"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )
