"""Plug-ins: each file of a folder defines one function of the agreed name, and the folder is the register (STYLE 5)."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any


@cache
def find_plugins(package: str, function: str) -> dict[str, Callable[..., Any]]:
    """Every module of a package that does not start with an underscore, by name, with its function of that name.

    AttributeError for a file that lacks the function: a plug-in that cannot be called must not pass unseen.
    """
    folder = import_module(package)
    names = sorted(module.name for module in iter_modules(folder.__path__) if not module.name.startswith("_"))
    return {name: getattr(import_module(f"{package}.{name}"), function) for name in names}
