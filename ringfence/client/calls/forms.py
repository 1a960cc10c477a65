"""The calls of forms. Made from the description of the API by `tools/docs.py`; do not edit."""

from datetime import date
from typing import Literal

from ringfence.client.room import FileAnswer, Room, in_path

Correctable = Literal["csv", "xlsx", "jsonl"]


class FormsCalls(Room):
    """The calls of forms."""

    def fill_form(
        self, content: bytes, *, day: date | None = None, area: str | None = None, name: str = "upload.csv"
    ) -> FileAnswer:
        """Fill a superior's form: a workbook whose cells name indicators (POST /forms)."""
        return self._keep("POST", "/forms", {"day": day, "area": area, "name": name}, None, content)

    def write_rejects(self, batch_no: int, *, container: Correctable = "csv") -> FileAnswer:
        """The rejected rows of a file with their reasons, to be corrected and sent again.

        POST /batches/{batch_no}/rejects
        """
        return self._keep("POST", f"/batches/{in_path(batch_no)}/rejects", {"container": container})
