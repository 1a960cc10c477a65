"""Everything a policy can be refused with is said in Chinese too."""

import ast
from collections.abc import Iterator
from importlib.resources import files

import pytest

from ringfence.terms import Language, say

SAID_BY = {"PolicyRefused", "NotFound", "ApprovalMissing", "refuse"}


def sentences() -> Iterator[str]:
    for module in files("ringfence.policy").iterdir():
        if not module.name.endswith(".py"):
            continue
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in SAID_BY:
                    yield str(node.args[0].value)


class Echo(dict[str, str]):
    """Values that fill themselves in, so that a sentence keeps its braces."""

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


@pytest.mark.parametrize("sentence", sorted(set(sentences())))
def test_a_refusal_is_said_in_chinese_with_the_same_values(sentence: str) -> None:
    in_chinese = say(sentence, Echo(), Language.ZH)
    assert in_chinese != sentence
    named = {part.split("}")[0] for part in sentence.split("{")[1:]}
    assert {part.split("}")[0] for part in in_chinese.split("{")[1:]} == named
