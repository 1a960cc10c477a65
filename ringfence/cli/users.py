"""`ringfence users`: accounts by key, never by name, and their roles within areas (policy 6.4)."""

from typing import Annotated

import typer

from ringfence import access, areas
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.frame import Frame, ask_password
from ringfence.cli.words import words
from ringfence.store import EVERYWHERE, Store
from ringfence.terms import Grant, Role

app = typer.Typer(help=words("Accounts and their roles within areas."), no_args_is_help=True)


@call
def add_account(store: Store, asked: Asked, *, user: str, password: str | None) -> Answer:
    """Open an account."""
    store.act(lambda act: access.add_user(act, user, password=password), actor=asked.actor, now=asked.now)
    return {"user": user}


@call
def grant_role(store: Store, asked: Asked, *, user: str, role: str, area: str | None) -> Answer:
    """Give a role."""
    path = areas.path_of(areas.read_hierarchy(store.desk), area) if area else EVERYWHERE
    grant = Grant(role=Role(role), area_path=path)
    number = store.act(lambda act: access.grant_role(act, user, grant), actor=asked.actor, now=asked.now)
    return {"user": user, "role": role, "area": area or "", "grant": number}


@call
def set_password(store: Store, asked: Asked, *, user: str, password: str) -> Answer:
    """Change a password."""
    access.set_password(store, user, password=password, actor=asked.actor, now=asked.now)
    return {"user": user}


@call
def list_accounts(store: Store, asked: Asked) -> Answer:
    """Who may do what where."""
    purpose = access.read_purpose(store.desk, "administration", now=asked.now)
    scope = access.read_scope(store.desk, asked.actor, purpose, now=asked.now)
    rows = access.list_grants(store.desk, scope=scope)
    return {"grants": [{"grant": n, "user": user, "role": role, "area": path} for n, user, role, path in rows]}


@app.command(help=words("Open an account; with --password it can sign in and approve."))
def add(
    context: typer.Context,
    user: Annotated[str, typer.Argument(help=words("The account's key, such as officer-0012; no name."))],
    *,
    password: Annotated[bool, typer.Option("--password", help=words("Ask for a password."))] = False,
) -> None:
    """Open an account."""
    frame: Frame = context.obj
    frame.show(frame.ask(add_account, user=user, password=ask_password(user) if password else None), "Opened {user}.")


@app.command(help=words("Give an account a role within an area."))
def grant(
    context: typer.Context,
    user: str,
    role: Role,
    *,
    area: Annotated[str | None, typer.Option(help=words("The area's code; everywhere if not given."))] = None,
) -> None:
    """Give a role."""
    frame: Frame = context.obj
    frame.show(frame.ask(grant_role, user=user, role=role, area=area), "{user} is {role} (grant {grant}).")


@app.command(help=words("Change an account's password."))
def password(context: typer.Context, user: str) -> None:
    """Change a password."""
    frame: Frame = context.obj
    frame.show(frame.ask(set_password, user=user, password=ask_password(user)), "The password of {user} is changed.")


@app.command("list", help=words("The accounts and their roles."))
def show(context: typer.Context) -> None:
    """List."""
    frame: Frame = context.obj
    frame.show_rows(frame.ask(list_accounts)["grants"], ["grant", "user", "role", "area"])
