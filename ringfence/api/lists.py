"""Lists over HTTP: the parameters, pages and single things of a declared listing."""

import inspect
from collections.abc import Callable
from datetime import date
from enum import Enum
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, create_model

from ringfence import store
from ringfence.api.answers import answer, say_row, version_of
from ringfence.api.caller import Look, looks_for, purposes_of
from ringfence.api.reach import stay_within
from ringfence.api.rows import Key, Number, page_model, row_model
from ringfence.store import MOST_ROWS, PROTECTED, Filter, Listing, Page, read_day, read_instant

SHARED = frozenset({"sort", "limit", "after", "area"})


def add_list(
    router: APIRouter,
    path: str,
    listing: Listing,
    *,
    purposes: tuple[str, ...],
    summary: str,
    single: str | None = None,
    on_look: Callable[[Look, Page], None] | None = None,
) -> type[BaseModel]:
    """Let a router answer for a list, and (`single`, such as "one signal") for each thing on it; the rows' model.

    `on_look` puts a look on record before it is answered.
    """
    row = row_model(listing)

    def read_list(look: Look, asked: BaseModel) -> Response:
        return _answer_page(look, listing, asked, on_look=on_look)

    look_for = Annotated[Look, Depends(looks_for(*purposes, opens=listing.table))]
    router.add_api_route(
        path,
        _taking(read_list, look=look_for, asked=Annotated[_query_model(listing), Query()]),
        methods=["GET"],
        summary=summary,
        name=f"list_{listing.name.replace('-', '_')}",
        response_model=page_model(listing, row),
        openapi_extra=purposes_of(*purposes),
    )
    if single:
        _add_single(router, f"{path}/{{{listing.key}}}", listing, row, purposes=purposes, summary=single)
    return row


def _add_single(
    router: APIRouter, path: str, listing: Listing, row: type[BaseModel], *, purposes: tuple[str, ...], summary: str
) -> None:
    def read_one(request: Request, look: Look, key: object) -> Response:
        found = store.read_row(look.caller.store.desk, listing, key, scope=look.scope)
        language = look.caller.language
        return answer(request, say_row(found, language), language=language, version=version_of(found))

    look_for = Annotated[Look, Depends(looks_for(*purposes, opens=listing.table))]
    kind = Number if listing.columns[listing.key] is int else Key
    router.add_api_route(
        path,
        _taking(read_one, look=look_for, key=Annotated[kind, Path(alias=listing.key)]),
        methods=["GET"],
        summary=summary,
        name=f"read_{listing.name.replace('-', '_').removesuffix('s')}",
        response_model=row,
        openapi_extra=purposes_of(*purposes),
    )


def _taking(function: Callable[..., Response], **kinds: Any) -> Callable[..., Response]:  # noqa: ANN401 - annotations
    """A route's function that takes what a listing declares: the types are made with it, so they are put in here."""
    function.__annotations__.update(kinds)
    return function


def _answer_page(
    look: Look, listing: Listing, asked: BaseModel, *, on_look: Callable[[Look, Page], None] | None
) -> Response:
    caller, given = look.caller, asked.model_dump(exclude_none=True)
    scope = stay_within(look, given.get("area"), table=listing.table)
    page = store.read_page(
        caller.store.desk,
        listing,
        scope=scope,
        sort=given.get("sort"),
        after=given.get("after"),
        limit=given["limit"],
        filters={name: value for name, value in given.items() if name not in SHARED},
    )
    if on_look:
        on_look(look, page)
    body = {"rows": [say_row(row, caller.language) for row in page.rows], "next_cursor": page.next_cursor}
    return answer(caller.request, body, language=caller.language, headers=_link(caller.request, page))


def _link(request: Request, page: Page) -> dict[str, str]:
    """Where the next page is (RFC 8288)."""
    if page.next_cursor is None:
        return {}
    return {"Link": f'<{request.url.include_query_params(after=page.next_cursor)}>; rel="next"'}


def _query_model(listing: Listing) -> type[BaseModel]:
    sorts = tuple(way + name for name in listing.sorts for way in ("", "-"))
    fields: dict[str, Any] = {
        "sort": (Literal[sorts], Field(listing.usual_sort, description="By what; a minus sign turns it round.")),
        "limit": (int, Field(50, ge=1, le=MOST_ROWS, description="The most rows of a page.")),
        "after": (str | None, Field(None, max_length=2_000, description="The cursor of the page before.")),
    }
    if listing.table in PROTECTED:
        fields["area"] = (str | None, Field(None, max_length=50, description="The code of the area to stay within."))
    for name, declared in listing.filters.items():
        kind = _kind_of(declared)
        fields[name] = (kind, ...) if name in listing.needed else (kind | None, None)
    title = f"{listing.name.replace('-', ' ').title().replace(' ', '')}Query"
    return create_model(title, __config__=ConfigDict(extra="forbid"), **fields)


def _kind_of(declared: Filter) -> Any:  # noqa: ANN401 - a type
    """What a filter is in an address."""
    kind = declared.kind
    if kind is read_instant:
        return AwareDatetime
    if kind is read_day:
        return date
    if kind is int:
        return Number
    if inspect.isclass(kind) and (issubclass(kind, Enum) or kind is bool):
        return kind
    return Key
