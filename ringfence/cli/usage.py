"""A command line that cannot be read, told in one sentence of the reader's language; the parser knows English only."""

from collections.abc import Mapping

from typer.exceptions import TyperException

from ringfence.errors import InputRefused

SENTENCES: Mapping[str, str] = {
    "MissingParameter": "{what} is missing; `{command} --help` shows what has to be given",
    "NoSuchOption": "there is no option {what}; `{command} --help` lists those there are",
    "BadOptionUsage": "option {what} needs a value behind it; `{command} --help` shows which",
    "BadParameter": "what is given for {what} does not fit; `{command} --help` says what may stand there",
}
"""By the parser's name for what went wrong."""

OTHERWISE = "there is no such command, or too much stands behind it; `{command} --help` lists what there is"


def told(error: TyperException) -> InputRefused | None:
    """What went wrong, as an error of ours; None where the parser showed the help and there is nothing to add."""
    kind = type(error).__name__
    if kind == "NoArgsIsHelpError":
        return None
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "ringfence"
    return InputRefused(SENTENCES.get(kind, OTHERWISE), command=command, what=_name(error))


def _name(error: TyperException) -> str:
    """The option or argument that it is about, as it is written."""
    parameter = getattr(error, "param", None)
    if parameter is None:
        return str(getattr(error, "option_name", ""))
    written = [str(one) for one in parameter.opts]
    return max(written, key=len) if written[0].startswith("-") else str(parameter.name).upper()
