"""`ringfence users`: accounts by key, never by name, their roles within areas, units and phones (policy 6.4)."""

from pathlib import Path
from typing import Annotated

import typer

from ringfence import access, areas, seal, work
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.frame import Frame, ask_password
from ringfence.cli.words import LANGUAGE, words
from ringfence.errors import InputRefused
from ringfence.store import EVERYWHERE, Act, Store
from ringfence.terms import Grant, Role, say_reason

app = typer.Typer(help=words("Accounts and their roles within areas."), no_args_is_help=True)


@call
def add_account(store: Store, asked: Asked, *, user: str, password: str | None) -> Answer:
    """Open an account."""
    hashed = access.hash_password(store, user, password=password, now=asked.now) if password else None
    store.act(lambda act: access.add_user(act, user, password_hash=hashed), actor=asked.actor, now=asked.now)
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


@call
def import_units(store: Store, asked: Asked, *, file: str) -> Answer:
    """Put the units and people of a workbook in, all or none."""
    book = access.read_units_book(store.desk, Path(file))
    if book.problems:
        return {"problems": [_spoken(problem) for problem in book.problems], "tokens": {}}

    def put(act: Act) -> dict[str, str]:
        if book.units:
            work.put_units(act, book.units)
        return access.put_members(act, book.members, clock=store.clock)

    tokens = store.act(put, actor=asked.actor, now=asked.now)
    return {"problems": [], "units": len(book.units), "people": len(book.members), "tokens": tokens}


@call
def make_link(store: Store, asked: Asked, *, user: str) -> Answer:
    """Make an account's activation link."""
    tokens = store.act(lambda act: access.make_links(act, [user], clock=store.clock), actor=asked.actor, now=asked.now)
    return {"tokens": tokens}


@call
def make_phone_link(store: Store, asked: Asked, *, unit: str) -> Answer:
    """Make a link that registers a phone of a unit."""
    token = store.act(
        lambda act: access.make_device_link(act, unit, clock=store.clock), actor=asked.actor, now=asked.now
    )
    return {"tokens": {f"phone-{unit}": token}}


@call
def end_sessions(store: Store, asked: Asked, *, user: str) -> Answer:
    """Sign an account out everywhere."""
    count = store.act(lambda act: access.sign_out_everywhere(act, user), actor=asked.actor, now=asked.now)
    return {"user": user, "count": count}


@call
def forgive_failures(store: Store, asked: Asked, *, user: str) -> Answer:
    """Forget an account's wrong tries."""
    store.act(lambda act: access.forgive_failures(act, user), actor=asked.actor, now=asked.now)
    return {"user": user}


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


QrOption = Annotated[Path, typer.Option("--qr", help=words("The folder the activation codes are written to, as SVG."))]
AddressOption = Annotated[
    str, typer.Option("--address", help=words("Where people's browsers find this server, such as https://host."))
]


@app.command("import", help=words("Put the units of a workbook in, with accounts for their people, all or none."))
def import_workbook(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=words("An .xlsx file with the sheets 'units' and 'people'."))],
    *,
    qr: QrOption,
    address: AddressOption,
) -> None:
    """Import, and write a code for everybody who has no password or PIN yet."""
    frame: Frame = context.obj
    answer = frame.ask(import_units, file=str(file.resolve()))
    if answer["problems"]:
        frame.show_rows(answer["problems"], ["sheet", "row", "problem"])
        raise InputRefused("nothing of {file} was put in; mend the rows above and send it again", file=file.name)
    count = _write_codes(answer.pop("tokens"), folder=qr, address=address)
    frame.show(
        answer | {"codes": count, "folder": str(qr)}, "{units} units, {people} people; {codes} codes in {folder}."
    )


@app.command(help=words("Make an account's one-time link to choose a password or PIN with."))
def link(context: typer.Context, user: str, *, qr: QrOption, address: AddressOption) -> None:
    """Make a link."""
    _show_code(context.obj, context.obj.ask(make_link, user=user), folder=qr, address=address)


@app.command(help=words("Make a one-time link that registers a phone shared by a unit."))
def phone(context: typer.Context, unit: str, *, qr: QrOption, address: AddressOption) -> None:
    """Make a link for a phone."""
    _show_code(context.obj, context.obj.ask(make_phone_link, unit=unit), folder=qr, address=address)


@app.command("sign-out", help=words("End every session of an account."))
def sign_out(context: typer.Context, user: str) -> None:
    """Sign an account out everywhere."""
    frame: Frame = context.obj
    frame.show(frame.ask(end_sessions, user=user), "{count} sessions of {user} are ended.")


@app.command(help=words("Let an account try again at once after wrong passwords or PINs."))
def forgive(context: typer.Context, user: str) -> None:
    """Forget an account's wrong tries."""
    frame: Frame = context.obj
    frame.show(frame.ask(forgive_failures, user=user), "{user} can try again.")


def _show_code(frame: Frame, answer: Answer, *, folder: Path, address: str) -> None:
    count = _write_codes(answer["tokens"], folder=folder, address=address)
    frame.show({"codes": count, "folder": str(folder)}, "{codes} codes in {folder}.")


def _write_codes(tokens: dict[str, str], *, folder: Path, address: str) -> int:
    """A code for each token, for its owner's eyes; how many."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for key, token in tokens.items():
        picture = seal.write_qr_svg(f"{address.rstrip('/')}{access.LINK_PAGE}{token}")
        (folder / f"{key}.svg").write_text(picture, encoding="utf-8")
    return len(tokens)


def _spoken(problem: access.RowProblem) -> Answer:
    return {"sheet": problem.sheet, "row": problem.row, "problem": say_reason(problem.reason, LANGUAGE)}
