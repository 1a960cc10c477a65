"""The application: routes, limits, errors, and its description."""

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from ringfence.access import CONTESTS_AT_ONCE, CONTESTS_PER_SECOND, RateLimit
from ringfence.api.description import describe
from ringfence.api.lane_caller import LaneCallers
from ringfence.api.limits import LARGEST_BODY, BodyLimit, LongWork
from ringfence.api.problems import answer_crash, answer_error, answer_http, answer_invalid
from ringfence.api.routes import (
    account,
    chains,
    disputes,
    exports,
    feed_desk,
    feeds,
    fences,
    follow_up,
    forms,
    lane,
    lane_desk,
    ledger,
    links,
    looks,
    orders,
    people,
    places,
    policies,
    responses,
    sessions,
    signals,
    tasks,
    units,
    users,
    webhooks,
)
from ringfence.api.together import PassagesTogether
from ringfence.errors import RingfenceError
from ringfence.store import Store

PREFIX = "/api/v1"
"""Where a server mounts it; what stands behind it stays as it is until there is a v2."""

SUBJECTS = (
    lane,
    sessions,
    signals,
    responses,
    chains,
    tasks,
    orders,
    disputes,
    follow_up,
    account,
    exports,
    feeds,
    feed_desk,
    lane_desk,
    links,
    forms,
    places,
    fences,
    people,
    policies,
    users,
    units,
    looks,
    ledger,
    webhooks,
)
"""The lane comes first: routes are looked through in this order, and its is asked thousands of times a second."""


def make_api(
    store: Store,
    *,
    clock: Callable[[], datetime],
    rate_limit: RateLimit | None = None,
    contest_limit: RateLimit | None = None,
    largest_body: int = LARGEST_BODY,
    is_private_allowed: bool = False,
) -> FastAPI:
    """The API of an open store; `clock` is the one place that reads the time.

    `is_private_allowed` lets webhooks lead into the deployment's own network.
    """
    app = FastAPI(title="Ringfence", version="1", docs_url=None, redoc_url=None, separate_input_output_schemas=False)
    app.state.store = store
    app.state.clock = clock
    app.state.rate_limit = rate_limit or RateLimit()
    app.state.contest_limit = contest_limit or RateLimit(CONTESTS_AT_ONCE, CONTESTS_PER_SECOND)
    app.state.long_work = LongWork()
    app.state.lane_callers = LaneCallers()
    app.state.passages_together = PassagesTogether(store)
    app.state.is_private_allowed = is_private_allowed
    for subject in SUBJECTS:
        app.include_router(subject.router)
    app.add_exception_handler(RingfenceError, answer_error)
    app.add_exception_handler(RequestValidationError, answer_invalid)
    app.add_exception_handler(HTTPException, answer_http)
    app.add_exception_handler(Exception, answer_crash)
    app.add_middleware(BodyLimit, largest=largest_body)
    describe(app, prefix=PREFIX)
    return app
