"""Forms: read before the page's own work, which runs in a thread."""

from collections.abc import AsyncIterator
from typing import Annotated, TypeAlias

from fastapi import Depends, Request
from starlette.datastructures import FormData


async def read_form(request: Request) -> AsyncIterator[FormData]:
    """The form of a request; its files are let go of once it is answered."""
    async with request.form() as form:
        yield form


Form: TypeAlias = Annotated[FormData, Depends(read_form)]
"""The form of a request, as an argument of what answers it."""
