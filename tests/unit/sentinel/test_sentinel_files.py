"""Files of counts as sites send them: gaps, corrections, codes that change, and counts that are none."""

from pathlib import Path

import numpy as np
import pytest

from ringfence.errors import InputRefused
from ringfence.sentinel import detect, read_counts, write_alarms

HEADER = "t,date,unit,observed,population\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "counts.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_day_that_no_row_names_is_missing_and_not_zero(tmp_path: Path) -> None:
    read = read_counts(
        write(tmp_path, "date,count,id\n2022-03-01,4,A\n2022-03-02,5,A\n2022-03-04,6,A\n2022-03-01,0,B\n")
    )
    assert read.counts.units == ("A", "B")
    assert np.array_equal(read.counts.counts[:, 0], [4, 5, np.nan, 6], equal_nan=True)
    assert np.array_equal(read.counts.counts[:, 1], [0, np.nan, np.nan, np.nan], equal_nan=True)
    assert (read.missing, read.counts.frequency) == (4, 365)


def test_a_later_report_corrects_the_earlier(tmp_path: Path) -> None:
    read = read_counts(write(tmp_path, HEADER + "1,NA,A,4,1\n2,NA,A,5,1\n1,NA,A,9,1\n"))
    assert read.counts.counts[:, 0].tolist() == [9, 5]
    assert read.corrected == 1


def test_counts_that_are_none_are_missing_and_counted(tmp_path: Path) -> None:
    read = read_counts(write(tmp_path, HEADER + "1,NA,A,-4,1\n2,NA,A,inf,1\n3,NA,A,1e300,1\n4,NA,A,NA,1\n5,NA,A,7,1\n"))
    assert np.isnan(read.counts.counts[:4, 0]).all()
    assert (read.refused, read.missing) == (3, 4)


def test_a_site_that_changed_its_code_is_one_series_when_told(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + "1,NA,old,4,1\n2,NA,new,5,1\n")
    assert read_counts(path).counts.units == ("old", "new")
    assert read_counts(path, codes={"old": "new"}).counts.counts.tolist() == [[4], [5]]


@pytest.mark.parametrize(
    ("days", "frequency"),
    [
        (("2022-02-28", "2022-03-07", "2022-03-14"), 52),
        (("2022-01-01", "2022-02-01", "2022-04-01"), 12),
        (("2022-02-28", "2022-03-01", "2022-03-02"), 365),
    ],
)
def test_the_rhythm_is_read_from_the_dates(days: tuple[str, ...], frequency: int, tmp_path: Path) -> None:
    read = read_counts(write(tmp_path, "date,count\n" + "".join(f"{day},1\n" for day in days)))
    assert read.counts.frequency == frequency


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cannot be read as a CSV file"),
        ("a,b\n1,2\n", "has the columns a, b"),
        ("date,count\n", "has no rows"),
        ("date,count\n2022-03-01,four\n", "something that is no number"),
        ("date,count\n01.03.2022,4\n", "a date cannot be read"),
        ("date,count\nNA,4\n", "a date is missing"),
        (HEADER + "0,NA,A,4,1\n", "not a whole number from 1"),
        (HEADER + "1000000000000,NA,A,4,1\n", "at most 50000 are read"),
        ("date,count\n2022-03-01,4\n2022-03-02,4\n2022-03-03,4\n9022-03-03,4\n", "at most 50000 are read"),
        ("date,count\n2022-03-01,1\n2022-03-08,1\n2022-03-15,1\n2022-03-16,1\n", "2022-03-16 does not fit the rhythm"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match=said):
        read_counts(write(tmp_path, text))


def test_alarms_are_written_by_series_with_na_for_nothing(tmp_path: Path) -> None:
    rows = "".join(f"{t},NA,{unit},{2 + t % 2},1\n" for t in range(1, 11) for unit in ('"B, north"', "A"))
    read = read_counts(write(tmp_path, HEADER + rows + "11,NA,A,NA,1\n"))
    write_alarms(tmp_path / "out.csv", read, detect(read.counts, detector="ears", control={"range": [10, 11]}))
    lines = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "t,unit,observed,upperbound,alarm"
    assert [line.split(",")[-3:] for line in lines[1:]][1][0] == "NA"
    assert lines[1].startswith('10,"B, north",2,')
    assert lines[4].startswith("11,A,NA,")
    assert lines[4].endswith(",NA")


def test_columns_of_the_cdc_keep_the_files_own(tmp_path: Path) -> None:
    rows = "".join(f"2022-03-{day:02},w{day},{day % 3}\n" for day in range(1, 21) if day != 5)
    read = read_counts(write(tmp_path, "date,week,count\n" + rows))
    write_alarms(tmp_path / "out.csv", read, detect(read.counts, detector="cdc_ewma", control={}))
    lines = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "date,week,count,baseline_expected,test_statistic,p.value,alert"
    assert lines[5] == "2022-03-05,NA,NA,NA,NA,NA,grey"
