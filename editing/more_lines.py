"""One more empty line in a form with lines: a button that works without scripts, and loses nothing typed."""

from django.forms.formsets import TOTAL_FORM_COUNT

from editing.drafting import as_typed
from editing.forms import PREVIEW

MORE = "more_lines"  # the button's name; its value is the prefix of the lines


class MoreLinesMixin:
    """For the views of forms whose formsets state an `add_label`; stands before them among the bases."""

    def post(self, request, **kwargs):
        """The form again with one more line, when that is asked for; else what the view does with a post."""
        if MORE in request.POST:
            data = request.POST.copy()
            name = f"{data[MORE]}-{TOTAL_FORM_COUNT}"
            if data.get(name, "").isdecimal() and len(data[name]) < 4:
                data[name] = str(int(data[name]) + 1)
            data[PREVIEW] = "1"  # as there, nothing is checked or saved
            request.POST = data
        return super().post(request, **kwargs)

    def previewed(self, form, formsets):
        """The form again as typed; of one that only grows the texts are not previewed."""
        if MORE not in self.request.POST:
            return super().previewed(form, formsets)
        return self.form_page(*as_typed(form, formsets))
