"""The form that takes a plan's spreadsheet. It reads the file once and refuses what is no table of a plan."""

from pathlib import PurePath

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplans.table_reading import MOST_ACTIONS, columns_of, rows_of
from editing.forms import PortalForm
from publishing.reading import MOST_BYTES, Unreadable, read_table
from strategy_portal.fields import clean_line

LONGEST_NAME = 200


class PlanFileForm(PortalForm):
    """A file with a row for each action; nothing is written before the preview is confirmed."""

    file = forms.FileField(
        label=gettext_lazy("Spreadsheet"),
        help_text=gettext_lazy(
            "xlsx or CSV, at most 5 MB and 1 000 actions, with the same headings as the file that you can take away. "
            "Nothing is written yet: you see first what would change."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={
            "required": gettext_lazy("Choose the file."),
            "empty": gettext_lazy("The file is empty: it has no cell with anything in it."),
        },
    )

    def clean_file(self):
        """The file, once its table is read; the table is kept beside it."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(
                _(
                    "The file has more than %(size)d MB. Take out pictures and other sheets, or send it in parts."
                )
                % {"size": MOST_BYTES // 1024 // 1024}
            )
        try:
            self.table = read_table(file.read(), most_rows=MOST_ACTIONS)
        except Unreadable as error:
            raise ValidationError(str(error)) from error
        columns_of(self.table.rows[0])
        if not rows_of(self.table.rows):
            raise ValidationError(_("The file has headings and no action under them."))
        return file

    @property
    def name(self) -> str:
        """The name of the file as it can be shown."""
        name = PurePath(self.cleaned_data["file"].name or "").name[:LONGEST_NAME]
        try:
            return clean_line(name) or "-"
        except ValidationError:
            return "-"
