"""Forms: read before the page's own work, which runs in a thread."""

from typing import Annotated, TypeAlias

from fastapi import Depends, Request
from starlette.datastructures import FormData


async def read_form(request: Request) -> FormData:
    """The form of a request."""
    return await request.form()


Form: TypeAlias = Annotated[FormData, Depends(read_form)]
"""The form of a request, as an argument of what answers it."""
