"""A command line that cannot be read ends in one sentence of the reader's language, and says what to do."""

import subprocess
import sys

import pytest

CASES = [
    (["nope"], "no such command", "没有这个命令"),
    (["tasks", "list", "--nope"], "no option --nope", "没有选项 --nope"),
    (["signal", "verify"], "is missing", "缺少"),
    (["signal", "verify", "abc"], "does not fit", "不合要求"),
    (["--as"], "needs a value", "后面需要一个值"),
]


@pytest.mark.parametrize(("arguments", "english", "chinese"), CASES, ids=lambda one: " ".join(one)[:20])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_cannot_be_read_is_told_in_one_sentence(
    arguments: list[str], english: str, chinese: str, language: str
) -> None:
    ran = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-m", "ringfence", "--language", language, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"RINGFENCE_LANGUAGE": language, "COLUMNS": "300", "PATH": ""},
    )
    assert ran.returncode == 2
    [line] = ran.stderr.strip().splitlines()
    assert (english if language == "en" else chinese) in line
    assert "--help" in line
    assert ran.stdout == ""
