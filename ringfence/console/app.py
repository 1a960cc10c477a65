"""The first room: what there is, and what is to be done, in the reader's areas and language (policy 7.3, 2.3)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from ringfence import access, account, work
from ringfence.errors import NotAllowed, RingfenceError
from ringfence.store import Scope, Store
from ringfence.terms import Actor, Language, Task, say, say_reason

POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'none'; frame-ancestors 'none'"
"""No script, no frame, no foreign host: the page is text and a table."""

MOST_TASKS = 200

_PAGES = Environment(loader=PackageLoader("ringfence.console", "pages"), autoescape=True, undefined=StrictUndefined)


def make_app(store: Store, *, actor: Actor, clock: Callable[[], datetime]) -> FastAPI:
    """The page of one reader on this machine; signing in comes with the console's other rooms."""
    app = FastAPI(title="Ringfence", docs_url=None, redoc_url=None, openapi_url=None)

    @app.middleware("http")
    async def fence(request: Request, call_next: Callable[[Request], Any]) -> Response:
        response: Response = await call_next(request)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    @app.exception_handler(RingfenceError)
    def refuse(request: Request, error: RingfenceError) -> Response:
        sentence = say(error.sentence, error.values, _preferred(request))
        status = 403 if isinstance(error, NotAllowed) else 500
        return Response(sentence, status_code=status, media_type="text/plain; charset=utf-8")

    @app.get("/", response_class=HTMLResponse)
    def today(request: Request, language: Language | None = None) -> str:
        chosen = language or _preferred(request)
        return _render(store, actor=actor, now=clock(), language=chosen)

    @app.get("/style.css")
    def style() -> Response:
        sheet = _PAGES.get_template("style.css").render()
        return Response(sheet, media_type="text/css")

    return app


def _render(store: Store, *, actor: Actor, now: datetime, language: Language) -> str:
    def words(sentence: str, **values: object) -> str:
        return say(sentence, values, language)

    tasks = work.list_tasks(store.desk, scope=_scope(store, actor, "outreach", now))
    whole = account.read_overview(store.desk, scope=_scope(store, actor, "accountability", now))
    return _PAGES.get_template("today.html").render(
        words=words,
        language=language,
        other=Language.EN if language is Language.ZH else Language.ZH,
        now=now.astimezone(store.clock.zone),
        whole=whole,
        tasks=[_row(task, language, store) for task in tasks[:MOST_TASKS]],
        count=len(tasks),
        late=sum(task.due_at < now for task in tasks),
    )


def _row(task: Task, language: Language, store: Store) -> dict[str, str]:
    """A task as a worker sees it: whom, what, why and until when; never the case or the path."""
    return {
        "task": str(task.task_id),
        "kind": say(task.kind.value, {}, language),
        "subject": f"{say(task.subject.kind.value, {}, language)} {task.subject.key}",
        "owner": task.owner,
        "status": say(task.status.value, {}, language),
        "level": say(task.level.value, {}, language),
        "due": task.due_at.astimezone(store.clock.zone).strftime("%m-%d %H:%M"),
        "reason": say_reason(task.reason, language),
    }


def _scope(store: Store, actor: Actor, purpose: str, now: datetime) -> Scope:
    return access.read_scope(store.desk, actor, access.read_purpose(store.desk, purpose, now=now), now=now)


def _preferred(request: Request) -> Language:
    asked = request.headers.get("accept-language", "").lower()
    return Language.ZH if asked.startswith("zh") else Language.EN
