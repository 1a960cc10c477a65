"""Local health codes by adapter: each form is one file of a folder; without one, staff attest colour and time (1.2)."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from ringfence.errors import InputRefused
from ringfence.gate.traveller import HealthCode
from ringfence.plugins import find_plugins

FORMS = "ringfence.gate.health_codes"

ReadCode: TypeAlias = Callable[[str], HealthCode | None]
"""What a scanned code says; None for one that nothing is known of, which is nobody's fault and no refusal."""


def open_codes(form: str, source: Path) -> ReadCode:
    """A reader of scanned codes from a source in one of the forms; InputRefused for a form nobody wrote."""
    forms = find_plugins(FORMS, "open_codes")
    if form not in forms:
        raise InputRefused(
            "no health codes come in the form {form}; there are {forms}", form=form, forms=", ".join(forms)
        )
    found: ReadCode = forms[form](source)
    return found
