"""Every sentence Ringfence says can be said in both languages, with the same values in it."""

import ast
import string
from pathlib import Path

import pytest

import ringfence
import ringfence.errors
from ringfence.errors import RingfenceError, WriterBusy
from ringfence.terms import Language, Reason, ReasonCode, say, say_reason
from ringfence.terms.language import REASON_CONTEXT, read_catalogue

PACKAGE = Path(ringfence.__file__).parent
ERRORS = {
    name for name, kind in vars(ringfence.errors).items() if isinstance(kind, type) and issubclass(kind, RingfenceError)
}


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def reason_sentence(language: Language, code: ReasonCode) -> str:
    message = read_catalogue(language).get(code.value, REASON_CONTEXT)
    return str(message.string) if message else ""


def templates(file: Path) -> list[tuple[int, str, set[str] | None]]:
    """Every error made in a file: its line, its template, and the names of its values (None where unpacked)."""
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _called(node) in ERRORS and node.args:
            assert len(node.args) == 1, f"{file}:{node.lineno}: an error takes one sentence and named values"
            names = [keyword.arg for keyword in node.keywords]
            sentence = node.args[0]
            if isinstance(sentence, ast.Constant):
                values = None if None in names else {name for name in names if name}
                found.append((node.lineno, str(sentence.value), values))
    return found


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


FILES = sorted(file for file in PACKAGE.rglob("*.py") if templates(file))


@pytest.mark.parametrize("code", ReasonCode)
def test_every_reason_is_said_in_both_languages_with_the_same_values(code: ReasonCode) -> None:
    english, chinese = (reason_sentence(language, code) for language in (Language.EN, Language.ZH))
    assert english, f"{code} has no English sentence"
    assert chinese, f"{code} has no Chinese sentence"
    assert placeholders(english) == placeholders(chinese)


def test_no_catalogue_speaks_of_a_reason_that_does_not_exist() -> None:
    for language in Language:
        told = {str(message.id) for message in read_catalogue(language) if message.context == REASON_CONTEXT}
        assert told == set(ReasonCode)


def test_the_scan_finds_errors_where_they_are_raised() -> None:
    found = {file.relative_to(PACKAGE).as_posix() for file in FILES}
    assert {"store/lease.py", "store/keys.py", "store/database_errors.py"} <= found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_every_error_of_a_file_is_given_the_values_its_sentence_asks_for(file: Path) -> None:
    wrong = [
        f"line {line}: {sentence!r} is given {sorted(values)}"
        for line, sentence, values in templates(file)
        if values is not None and not placeholders(sentence) <= values
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_every_error_of_a_file_is_said_in_chinese(file: Path) -> None:
    catalogue = read_catalogue(Language.ZH)
    missing, different = [], []
    for line, sentence, _ in templates(file):
        message = catalogue.get(sentence)
        if message is None or not message.string:
            missing.append(f"line {line}: {sentence}")
        elif placeholders(str(message.string)) != placeholders(sentence):
            different.append(f"line {line}: {sentence} / {message.string}")
    assert not missing, "no Chinese sentence for\n" + "\n".join(missing)
    assert not different, "other values in Chinese for\n" + "\n".join(different)


def test_an_error_is_said_in_the_readers_language() -> None:
    error = WriterBusy("{count} processes write to this desk already; stop one of them", count=64)
    assert str(error) == "64 processes write to this desk already; stop one of them"
    assert "64" in say(error.sentence, error.values, Language.ZH)
    assert say(error.sentence, error.values, Language.ZH) != str(error)


def test_a_sentence_without_a_translation_is_said_as_it_is() -> None:
    assert say("nobody translated {this}", {"this": 7}, Language.ZH) == "nobody translated 7"


def test_a_reason_is_said_in_the_readers_language() -> None:
    reason = Reason.of(ReasonCode.SAME_PLACE, minutes=30)
    assert "30" in say_reason(reason, Language.EN)
    assert "30 分钟" in say_reason(reason, Language.ZH)


def test_codes_among_a_reasons_values_are_said_as_words() -> None:
    reason = Reason.of(ReasonCode.POSITIVE_RESULT, test="nucleic_acid")
    assert "核酸" in say_reason(reason, Language.ZH)
    assert "nucleic acid" in say_reason(reason, Language.EN)
    assert "nucleic" not in say_reason(Reason.of(ReasonCode.POSITIVE_RESULT, test=""), Language.EN)
