"""What is not at an address, said in plain words."""

from collections.abc import Sequence

from django.http import Http404


class Missing(Http404):
    """Nothing that is shown to the reader is there: which thing, and links (label, address) to what there is.

    Whoever raises it must say the same of what is not there and of what this reader may not see.
    """

    def __init__(self, why: str, *links: tuple[str, str]):
        super().__init__(why)
        self.why = why
        self.links: Sequence[tuple[str, str]] = links
