"""Every sentence the console says, found where it stands: in templates and in the rooms' code."""

import ast
from pathlib import Path

from jinja2 import nodes

import ringfence.console
from ringfence.console.pages import templates

PACKAGE = Path(ringfence.console.__file__).parent
SAYING = {"words", "say"}
CALLED_WITH = {"Waiting": 1, "Step": 2, "Told": 0}
"""What is made with a sentence that a template says: where among its arguments the sentence stands."""


def in_templates() -> set[str]:
    """The constant sentences that templates hand to `words`, `said` by macros among them."""
    found = set()
    for file in sorted((PACKAGE / "pages").glob("*.html")):
        tree = templates().parse(file.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "words" and call.args:
                found |= {const.value for const in _constants(call.args[0])}
    return found


def in_code() -> set[str]:
    """The constant sentences of `sentence=`, `title=`, `visitor.say(...)`, what waits and the stops of the tour."""
    found = set()
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            arguments = [keyword.value for keyword in node.keywords if keyword.arg in {"sentence", "title"}]
            if called in SAYING:
                arguments += node.args[:1]
            if called in CALLED_WITH:
                arguments += node.args[CALLED_WITH[called] : CALLED_WITH[called] + 1]
            said = [one for argument in arguments for one in _branches(argument)]
            found |= {one.value for one in said if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return found


def _branches(node: ast.expr) -> list[ast.expr]:
    """An expression, or the branches of a choice."""
    return [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]


def _constants(node: nodes.Node) -> list[nodes.Const]:
    """The texts an expression may come to: itself, or the branches of a choice."""
    return [node] if isinstance(node, nodes.Const) else list(node.find_all(nodes.Const))
