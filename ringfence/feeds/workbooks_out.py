"""Workbooks that go out: a text stays a text there, whatever it begins with, and never becomes a formula."""

from collections.abc import Iterable
from pathlib import Path


def write_workbook(
    path: Path, rows: Iterable[Iterable[object]], *, name: str = "", mark: str = "", is_sortable: bool = False
) -> None:
    """Write rows (texts, numbers, times) as a sheet, the header first; `mark` stands at the foot of each printed page.

    A sortable one has its header frozen and a filter above each column. Rows are written as they come, none is held.
    """
    import openpyxl  # type: ignore[import-untyped]  # it ships no types  # noqa: PLC0415 - 30 MB few processes need
    from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]  # noqa: PLC0415 - as above

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(name or None)
    sheet.oddFooter.center.text = mark
    sheet.freeze_panes = "A2" if is_sortable else None
    width = height = 0
    for row in rows:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=value)
            if isinstance(value, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
        width, height = len(cells), height + 1
    if is_sortable:
        sheet.auto_filter.ref = f"A1:{openpyxl.utils.get_column_letter(max(1, width))}{max(1, height)}"
    book.save(path)
