"""Rules about what sensors say: times, units, and numbers that can be (EPCIS 2.0, 7.3.7; CBV 2.0, 7.6)."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from ringfence.coldchain.events import SENSOR_TEXTS, Event, SensorReport
from ringfence.coldchain.hashing import canonical
from ringfence.coldchain.rules.reasons import is_unknown_word
from ringfence.coldchain.rules.rule import Asked, Found, Level, rule
from ringfence.coldchain.vocabulary import COMPONENTS, EXCEPTIONS, GS1, MEASUREMENTS

SENSORS = "sensorElementList"
ELEMENT, METADATA, REPORT = "7.3.7 SensorElement", "7.3.7 SensorMetadata", "7.3.7 SensorReport"
MEASURED = ("value", "minValue", "maxValue", "meanValue", "sDev", "percValue")
SPREAD = ("minValue", "meanValue", "maxValue")
OTHER_VALUES = ("stringValue", "hexBinaryValue", "uriValue")
HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
# Common codes of UN/CEFACT Recommendation 20 by what they measure; a code that is not here may measure anything.
UNITS = {
    "Temperature": {"CEL", "FAH", "KEL"},
    "Mass": {"KGM", "GRM", "MGM", "TNE", "LBR", "ONZ", "MC"},
    "Length": {"MTR", "CMT", "MMT", "KMT", "FOT", "INH", "SMI", "YRD"},
    "Volume": {"LTR", "MLT", "MTQ", "CMQ", "HLT", "GLL", "FTQ"},
    "Time": {"SEC", "MIN", "HUR", "DAY", "WEE", "C26"},
    "Pressure": {"PAL", "KPA", "HPA", "MPA", "BAR", "MBR", "ATM"},
    "Speed": {"MTS", "KMH", "HM", "FR"},
    "Voltage": {"VLT", "KVT", "2Z"},
    "ElectricCurrent": {"AMP", "4K"},
    "Angle": {"DD", "C81", "D61", "D62"},
}
MEASURED_BY = {code: measurement for measurement, codes in UNITS.items() for code in codes}
COLDEST = {"CEL": -273.15, "FAH": -459.67, "KEL": 0.0}
PER_CENT, WHOLE = "P1", 100


def _reports(event: Event) -> Iterator[tuple[str, SensorReport]]:
    for place, element in enumerate(event.sensors):
        for number, report in enumerate(element.reports):
            yield f".sensorElementList[{place}].sensorReport[{number}]", report


def _measurement(report: SensorReport, asked: Asked, event: Event) -> str:
    """What a report measures, as a word."""
    text = report.texts.get("type", "")
    return (MEASUREMENTS.get(text) or canonical(text, asked.document.names_of(event.raw))).removeprefix(GS1)


@rule(REPORT, needs=SENSORS)
def reports_say_something(event: Event, _asked: Asked) -> Iterator[Found]:
    """A sensor report holds a value, an exception, or somebody's own field."""
    for path, report in _reports(event):
        says = report.numbers or report.extensions or report.boolean is not None
        if not says and not any(name in report.texts for name in (*OTHER_VALUES, "exception")):
            yield path, None


@rule(REPORT, needs=SENSORS)
def values_have_a_type(event: Event, _asked: Asked) -> Iterator[Found]:
    """Who reports a number says what was measured."""
    for path, report in _reports(event):
        if report.numbers and "type" not in report.texts:
            yield f"{path}.type", None


@rule(REPORT, needs=SENSORS)
def values_have_a_unit(event: Event, _asked: Asked) -> Iterator[Found]:
    """Who reports a number says in which unit."""
    for path, report in _reports(event):
        if "uom" not in report.texts and any(name in report.numbers for name in MEASURED):
            yield f"{path}.uom", None


@rule("CBV 2.0, 7.6 Measurement types; UN/CEFACT Recommendation 20", needs=SENSORS)
def units_fit_what_is_measured(event: Event, asked: Asked) -> Iterator[Found]:
    """A unit measures what the report says was measured: no temperature in kilograms."""
    for path, report in _reports(event):
        uom, measured = report.texts.get("uom", ""), _measurement(report, asked, event)
        known = UNITS.get(measured)
        by_unit = MEASURED_BY.get(uom)
        if (known and by_unit and uom not in known) or (known is None and by_unit and measured == "RelativeHumidity"):
            yield f"{path}.uom", uom


@rule(REPORT, needs=SENSORS)
def temperatures_can_be(event: Event, asked: Asked) -> Iterator[Found]:
    """Nothing is colder than absolute zero."""
    for path, report in _reports(event):
        coldest = COLDEST.get(report.texts.get("uom", ""))
        if coldest is not None and _measurement(report, asked, event) == "Temperature":
            for name in ("value", *SPREAD, "percValue"):
                if name in report.numbers and report.numbers[name] < coldest:
                    yield f"{path}.{name}", report.numbers[name]


@rule(REPORT, needs=SENSORS)
def humidity_can_be(event: Event, asked: Asked) -> Iterator[Found]:
    """Relative humidity in per cent lies between 0 and 100."""
    for path, report in _reports(event):
        if report.texts.get("uom") == PER_CENT and _measurement(report, asked, event) == "RelativeHumidity":
            for name in ("value", *SPREAD):
                if name in report.numbers and not 0 <= report.numbers[name] <= WHOLE:
                    yield f"{path}.{name}", report.numbers[name]


@rule(REPORT, needs=SENSORS)
def least_mean_and_most_are_in_order(event: Event, _asked: Asked) -> Iterator[Found]:
    """The least value is no more than the mean, and the mean no more than the greatest."""
    for path, report in _reports(event):
        said = [(name, report.numbers[name]) for name in SPREAD if name in report.numbers]
        for (_, lower), (name, upper) in pairwise(said):
            if lower > upper:
                yield f"{path}.{name}", upper


@rule(REPORT, needs=SENSORS)
def deviation_is_not_negative(event: Event, _asked: Asked) -> Iterator[Found]:
    """A standard deviation is not below zero."""
    for path, report in _reports(event):
        if report.numbers.get("sDev", 0) < 0:
            yield f"{path}.sDev", report.numbers["sDev"]


@rule(REPORT, needs=SENSORS)
def percentiles_come_in_pairs(event: Event, _asked: Asked) -> Iterator[Found]:
    """A percentile is a rank between 0 and 100 and the value at it."""
    for path, report in _reports(event):
        rank, found = report.numbers.get("percRank"), report.numbers.get("percValue")
        if (rank is None) != (found is None):
            yield f"{path}.{'percRank' if rank is None else 'percValue'}", None
        elif rank is not None and not 0 <= rank <= WHOLE:
            yield f"{path}.percRank", rank


@rule(REPORT, needs=SENSORS)
def binary_values_are_hexadecimal(event: Event, _asked: Asked) -> Iterator[Found]:
    """A binary value is written as pairs of hexadecimal digits."""
    for path, report in _reports(event):
        text = report.texts.get("hexBinaryValue")
        if text is not None and not HEX.fullmatch(text):
            yield f"{path}.hexBinaryValue", text


@rule("CBV 2.0, 7.6 Measurement types", level=Level.WARNING, needs=SENSORS)
def sensor_words_are_known(event: Event, asked: Asked) -> Iterator[Found]:
    """What was measured, and an exception, are words of the standard, or somebody's own URI."""
    for path, report in _reports(event):
        for name, words in (("type", MEASUREMENTS), ("exception", EXCEPTIONS)):
            text = report.texts.get(name)
            if text is not None and _is_no_word(text, words, asked, event):
                yield f"{path}.{name}", text


def _is_no_word(text: str, words: Mapping[str, str], asked: Asked, event: Event) -> bool:
    written = canonical(text, asked.document.names_of(event.raw))
    is_claimed = written.startswith(GS1) and written not in words.values()
    return is_claimed or is_unknown_word(text, words, asked, event)


@rule("CBV 2.0, 7.6 Components", level=Level.WARNING, needs=SENSORS)
def components_are_known(event: Event, asked: Asked) -> Iterator[Found]:
    """A component of a vector is a word of the standard, or somebody's own URI."""
    for path, report in _reports(event):
        text = report.texts.get("component")
        if text is not None and is_unknown_word(text, COMPONENTS, asked, event):
            yield f"{path}.component", text


@rule(ELEMENT, level=Level.WARNING, needs=SENSORS)
def sensors_saw_it_before_the_event(event: Event, _asked: Asked) -> Iterator[Found]:
    """What a sensor saw is reported no earlier than it was seen."""
    if event.event_time is None:
        return
    for place, element in enumerate(event.sensors):
        for name, time in element.times.items():
            if time > event.event_time:
                yield f".sensorElementList[{place}].sensorMetadata.{name}", time
    for path, report in _reports(event):
        if "time" in report.times and report.times["time"] > event.event_time:
            yield f"{path}.time", report.times["time"]


@rule(METADATA, needs=SENSORS)
def periods_end_after_they_start(event: Event, _asked: Asked) -> Iterator[Found]:
    """The period that a sensor watched ends no earlier than it starts."""
    for place, element in enumerate(event.sensors):
        start, end = element.times.get("startTime"), element.times.get("endTime")
        if start and end and end < start:
            yield f".sensorElementList[{place}].sensorMetadata.endTime", end


@rule(METADATA, needs=SENSORS)
def devices_are_named_once(event: Event, _asked: Asked) -> Iterator[Found]:
    """Device, its metadata, raw data, method and time stand with all reports of an element or with each, not both."""
    for place, element in enumerate(event.sensors):
        for number, report in enumerate(element.reports):
            path = f".sensorElementList[{place}].sensorReport[{number}]"
            yield from ((f"{path}.{name}", report.texts[name]) for name in SENSOR_TEXTS
                        if name in report.texts and name in element.texts)  # fmt: skip
            if "time" in report.times and "time" in element.times:
                yield f"{path}.time", report.times["time"]


@rule(ELEMENT, needs=SENSORS)
def elements_have_reports(event: Event, _asked: Asked) -> Iterator[Found]:
    """A sensor element holds at least one report."""
    for place, element in enumerate(event.sensors):
        if not element.reports:
            yield f".sensorElementList[{place}].sensorReport", None
