"""Lists that come in pages."""


class AnyPage:
    """For list views: what names no page shows the first one, a number beyond the end the last one."""

    def paginate_queryset(self, queryset, page_size):
        """As Django's, but never "not found": the address of a list is typed and kept by people."""
        page = self.get_paginator(queryset, page_size).get_page(self.request.GET.get(self.page_kwarg))
        return page.paginator, page, page.object_list, page.has_other_pages()
