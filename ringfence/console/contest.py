"""Contesting without an account: whoever holds the link on a paper says so here, in one click (policy 2.6)."""

from http import HTTPStatus

from fastapi import FastAPI, Request, Response

from ringfence import redress
from ringfence.access import CONTESTS_AT_ONCE, CONTESTS_PER_SECOND, RateLimit
from ringfence.console.door import Door, check_origin, client_address
from ringfence.console.forms import Form
from ringfence.console.pages import render_bare
from ringfence.errors import InputRefused
from ringfence.terms import DisputeGround

CONTEST_PAGE = "/contest"
"""Where a link on a paper leads."""


def add_contest(app: FastAPI, door: Door) -> None:
    """Put the page into the console. It shows nothing of what is contested: the link opens nothing.

    Nobody who contests has signed in, so each address may only do so now and then.
    """
    limit = RateLimit(CONTESTS_AT_ONCE, CONTESTS_PER_SECOND)

    @app.get(CONTEST_PAGE)
    def ask(request: Request) -> Response:
        link = request.query_params.get("link", "")
        return render_bare(request, "contest.html", {"link": link, "grounds": list(DisputeGround), "due_at": None})

    @app.post(CONTEST_PAGE)
    def contest(request: Request, form: Form) -> Response:
        check_origin(request)
        limit.take(client_address(request))
        ground = str(form.get("ground", ""))
        if ground not in set(DisputeGround):
            raise InputRefused("say what is wrong; choose one of the two")
        dispute = redress.contest(door.store, str(form.get("link", "")), ground=DisputeGround(ground), now=door.clock())
        due_at = dispute.due_at.astimezone(door.store.clock.zone).strftime("%Y-%m-%d %H:%M")
        values = {"link": "", "grounds": [], "due_at": due_at}
        return render_bare(request, "contest.html", values, status=HTTPStatus.OK)
