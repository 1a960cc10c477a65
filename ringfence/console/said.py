"""One sentence said on the next page: what an action came to, after the browser was sent on (Post/Redirect/Get)."""

from urllib.parse import quote, unquote

from fastapi import Request, Response

COOKIE = "said"
_SECONDS = 60


def say_next(answer: Response, sentence: str) -> None:
    """Keep a sentence for the next page; it holds counts and codes, never a name."""
    answer.set_cookie(COOKIE, quote(sentence), max_age=_SECONDS, path="/", httponly=True, samesite="lax")


def read_said(request: Request) -> str:
    """The sentence kept; empty where there is none."""
    return unquote(request.cookies.get(COOKIE, ""))


def forget_said(answer: Response) -> None:
    """It was said."""
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
