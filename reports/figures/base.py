"""What every figure of the dashboard has."""

from publishing.figures import Cell, Figure
from publishing.words import number_words
from reports.board import Board


class Shown:
    """One figure for one board: `slug`, what it is chosen by, its drawing and table, and its rows."""

    slug = ""
    title = ""
    noun = ""
    scope: tuple[str, ...] = ()
    do_not_call_in_templates = True  # a page of rows names the class: its title and noun

    def __init__(self, board: Board):
        self.board = board

    def rows_url(self, **params) -> str:
        return self.board.url("figure_rows", self.slug, self.scope, **params)

    @property
    def links(self) -> dict[str, str]:
        return {
            "csv_url": self.board.url("figure_csv", self.slug, self.scope),
            "xlsx_url": self.board.url("figure_xlsx", self.slug, self.scope),
            "rows_url": self.rows_url(),
        }

    def figure(self) -> Figure:
        """The sentence, the drawing and the table."""
        raise NotImplementedError

    def row_fields(self) -> dict:
        """The parameters by which its rows are found."""
        return {}

    def rows(self, wanted: dict[str, str]):
        """The rows behind a number."""
        raise NotImplementedError


def count_cell(number: int, url: str, hint: str) -> Cell:
    """A number of a table, which leads to its rows where there are any."""
    return Cell(number_words(number), url if number else "", hint, True)
