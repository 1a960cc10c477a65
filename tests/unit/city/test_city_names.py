import numpy as np
import pyarrow as pa
import pypinyin

from ringfence.city.arrays import to_letters, to_texts
from ringfence.city.names import homophones, read_material, readings


def test_readings_agree_with_a_dictionary() -> None:
    known = {letter: pinyin for letter, pinyin in readings().items() if pypinyin.pinyin(letter, errors="ignore")}
    assert len(known) > 500
    for letter, pinyin in known.items():
        spoken = {one.replace("ü", "v") for one in pypinyin.pinyin(letter, style=pypinyin.NORMAL, heteronym=True)[0]}
        assert pinyin in spoken, letter


def test_every_character_of_a_given_or_dotted_name_can_be_spelled() -> None:
    letters = {letter for row in read_material("given_names.csv") for letter in row["characters"]}
    letters |= {letter for row in read_material("dotted_names.csv") for letter in row["part"]}
    assert letters <= set(readings())


def test_a_homophone_sounds_alike_and_is_mostly_another_character() -> None:
    letters, others = homophones()
    spelled = readings()
    assert all(spelled[chr(a)] == spelled[chr(b)] for a, b in zip(letters, others, strict=True))
    assert np.mean(letters != others) > 0.75
    assert np.array_equal(letters, np.sort(letters))


def test_texts_go_through_letters_and_back() -> None:
    texts = to_texts(to_letters(to_texts(np.zeros((0, 4), dtype=np.uint32)), width=4))
    assert len(texts) == 0
    names = ["王伟", "", "𬱟x", "阿依古丽·买买提"]
    letters = to_letters(pa.array(names), width=9)
    assert letters.shape == (4, 9)
    assert to_texts(letters).to_pylist() == names
