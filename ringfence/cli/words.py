"""The language of the command line, known before its commands are built, so that their help speaks it too."""

import locale
import os
import sys
from itertools import pairwise

from ringfence.terms import Language, say


def _chosen() -> str:
    """What was asked for: the option, else the variable, else the locale of the terminal."""
    options = [value for option, value in pairwise(sys.argv) if option == "--language"]
    named = [argument.removeprefix("--language=") for argument in sys.argv if argument.startswith("--language=")]
    asked = [*options, *named, os.environ.get("RINGFENCE_LANGUAGE", "")]
    return asked[0] or locale.getlocale()[0] or os.environ.get("LANG", "")


LANGUAGE = Language.ZH if _chosen().lower().startswith(("zh", "chinese")) else Language.EN


def words(sentence: str, **values: object) -> str:
    """A sentence of the command line in its language."""
    return say(sentence, values, LANGUAGE)
