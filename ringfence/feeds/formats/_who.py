"""The columns by which departments say who somebody is."""

from ringfence.feeds.declarations import Column, Kind, codes_of
from ringfence.terms import Sex

NAME = Column(name="name", longest=100)
SEX = Column(
    name="sex",
    kind=Kind.CODE,
    codes=codes_of(Sex, 男=Sex.MALE, 女=Sex.FEMALE, 未知=Sex.UNKNOWN, M=Sex.MALE, F=Sex.FEMALE),
)
BIRTH_DATE = Column(name="birth_date", kind=Kind.DAY)
ID_NUMBER = Column(name="id_number", longest=50)
PHONE = Column(name="phone", longest=100)
ADDRESS = Column(name="address", longest=500)

IN_BRIEF = (NAME, ID_NUMBER, PHONE)
IN_FULL = (NAME, SEX, BIRTH_DATE, ID_NUMBER, PHONE, ADDRESS)
