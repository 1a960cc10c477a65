"""A folder with the shipped policy, to be spoilt line by line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ringfence.errors import PolicyRefused
from ringfence.policy import copy_defaults, read_folder

Edit = Callable[[str, str, str], Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy_defaults(tmp_path / "policy")
    return tmp_path / "policy"


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Replace a passage of a file, which must stand there exactly once; the folder it lies in."""

    def replace(file: str, old: str, new: str) -> Path:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")
        return folder

    return replace


@pytest.fixture
def refusal(edit: Edit) -> Callable[[str, str, str], str]:
    """Spoil a file in the same way; the sentence the folder is then refused with."""

    def spoil(file: str, old: str, new: str) -> str:
        with pytest.raises(PolicyRefused) as refused:
            read_folder(edit(file, old, new))
        return str(refused.value)

    return spoil
