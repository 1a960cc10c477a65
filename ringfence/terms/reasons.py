"""Reasons as codes with values; the sentences stand in the catalogues, one for each language (DESIGN)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

Value: TypeAlias = str | int | float


class ReasonCode(StrEnum):
    """Every sentence Ringfence says about a row, a verdict, an exposure or a decision."""

    # feeds: why a row was rejected
    EMPTY_FIELD = "empty_field"
    BAD_DATE = "bad_date"
    DATE_OUT_OF_RANGE = "date_out_of_range"
    BAD_NUMBER = "bad_number"
    UNKNOWN_CODE = "unknown_code"
    UNKNOWN_AREA = "unknown_area"
    UNKNOWN_PLACE = "unknown_place"
    UNKNOWN_PERSON = "unknown_person"
    ENDS_BEFORE_START = "ends_before_start"
    DUPLICATE_ROW = "duplicate_row"
    TOO_MANY_FIELDS = "too_many_fields"
    TOO_FEW_FIELDS = "too_few_fields"
    NO_IDENTIFIER = "no_identifier"
    LINE_TOO_LONG = "line_too_long"
    BAD_CHARACTER = "bad_character"
    BROKEN_QUOTES = "broken_quotes"
    SKIPPED_TIME = "skipped_time"
    NUMBER_OUT_OF_RANGE = "number_out_of_range"
    TEXT_TOO_LONG = "text_too_long"
    LOST_DIGITS = "lost_digits"
    BROKEN_JSON = "broken_json"
    UNDECLARED_NAME = "undeclared_name"
    RULE_BROKEN = "rule_broken"
    # feeds: what was noticed
    RISK_AREA_NOTICED = "risk_area_noticed"
    BATCH_WITHDRAWN = "batch_withdrawn"
    FEED_LATE = "feed_late"
    FEED_SILENT = "feed_silent"
    FEED_SHRUNKEN = "feed_shrunken"
    FEED_SWOLLEN = "feed_swollen"
    FEED_EMPTIER = "feed_emptier"
    FEED_NEW_CODES = "feed_new_codes"
    # link: what tied a row to a person
    LINK_TIER = "link_tier"
    LINK_WEIGHT = "link_weight"
    # trace: why somebody is at risk
    SAME_PLACE = "same_place"
    SAME_HOUSEHOLD = "same_household"
    HOUSEHOLD_OF_UNKNOWN = "household_of_unknown"
    NEAR_IN_PLACE_AND_DAY = "near_in_place_and_day"
    SAME_ROOM = "same_room"
    SAME_FLOOR = "same_floor"
    SAME_WARD = "same_ward"
    SAME_WORK_GROUP = "same_work_group"
    SAME_CLASS = "same_class"
    NAMED_CONTACT = "named_contact"
    NEAR_SEAT = "near_seat"
    SAME_CARRIAGE = "same_carriage"
    LIVED_IN_RISK_AREA = "lived_in_risk_area"
    WAS_IN_RISK_AREA = "was_in_risk_area"
    STAYED_IN_RISK_AREA = "stayed_in_risk_area"
    BOARDED_OR_ALIGHTED_IN_RISK_AREA = "boarded_or_alighted_in_risk_area"
    CAME_THROUGH_GATE = "came_through_gate"
    # what raised a signal, or ended one
    POSITIVE_RESULT = "positive_result"
    POSITIVE_POOL = "positive_pool"
    CASE_REPORTED = "case_reported"
    SAID_BY = "said_by"
    POOL_CONTRADICTED = "pool_contradicted"
    CONFIRMED_BY_LABORATORY = "confirmed_by_laboratory"
    CONFIRMED_BY_CLINICIAN = "confirmed_by_clinician"
    SAMPLE_MIXED_UP = "sample_mixed_up"
    RETEST_NEGATIVE = "retest_negative"
    KNOWN_ALREADY = "known_already"
    DECIDED_ON_DOCUMENT = "decided_on_document"
    FENCE_PUBLISHED = "fence_published"
    FENCE_LIFTED = "fence_lifted"
    # work: why it is asked and until when
    EXPOSED_UNTIL = "exposed_until"
    POOL_MEMBER = "pool_member"
    TASK_LATE = "task_late"
    BELOW_THE_CUT = "below_the_cut"
    SEEN_ILL = "seen_ill"
    LOST_TO_FOLLOW_UP = "lost_to_follow_up"
    NO_LONGER_FOUND = "no_longer_found"
    SIGNAL_WITHDRAWN = "signal_withdrawn"
    DISPUTE_UPHELD = "dispute_upheld"
    LINK_UNDONE = "link_undone"
    # what is missing, as account finds it
    NOT_REACHED_IN_TIME = "not_reached_in_time"
    NO_OWNER_ON_DUTY = "no_owner_on_duty"
    RELEASE_OVERDUE = "release_overdue"
    LATE_AT_CITY_LEVEL = "late_at_city_level"
    LISTED_WITHOUT_OWNER = "listed_without_owner"
    UNTOLD_BELOW_THE_CUT = "untold_below_the_cut"
    POOL_UNRESOLVED = "pool_unresolved"
    FOLLOW_UP_NOT_ATTEMPTED = "follow_up_not_attempted"
    PAST_REVIEW_DAY = "past_review_day"
    DISPUTE_UNANSWERED = "dispute_unanswered"
    CANARY_LOOKED_AT = "canary_looked_at"
    LOOK_NOT_JUSTIFIED = "look_not_justified"
    # gate: why a certificate is not believed
    NO_CODE_IN_PICTURE = "no_code_in_picture"
    NOT_A_CERTIFICATE = "not_a_certificate"
    TEXT_DAMAGED = "text_damaged"
    COMPRESSION_BROKEN = "compression_broken"
    MESSAGE_BROKEN = "message_broken"
    CONTENT_UNREADABLE = "content_unreadable"
    SIGNER_UNKNOWN = "signer_unknown"
    ALGORITHM_WRONG = "algorithm_wrong"
    SIGNATURE_FALSE = "signature_false"
    SIGNER_NOT_ENTITLED = "signer_not_entitled"
    SIGNER_OUT_OF_TIME = "signer_out_of_time"
    CERTIFICATE_WITHOUT_PERIOD = "certificate_without_period"
    CERTIFICATE_NOT_YET = "certificate_not_yet"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CONTENT_OFF_SCHEMA = "content_off_schema"
    RULE_NOT_MET = "rule_not_met"
    CERTIFICATE_REVOKED = "certificate_revoked"
    # gate: why a traveller is not let through yet
    NOBODY_KNOWN = "nobody_known"
    CODE_NOT_GREEN = "code_not_green"
    CODE_NOT_NEW = "code_not_new"
    LISTS_STALE = "lists_stale"
    GATE_RULE_CHANGES = "gate_rule_changes"
    HOLDER_NOT_SEEN = "holder_not_seen"
    TEMPERATURE_NOT_MEASURED = "temperature_not_measured"
    FEVER = "fever"
    NO_TEST = "no_test"
    TEST_NOT_NEGATIVE = "test_not_negative"
    TEST_OF_THE_FUTURE = "test_of_the_future"
    TEST_TOO_OLD = "test_too_old"
    FROM_RISK_AREA = "from_risk_area"
    EMERGENCY = "emergency"

    # link: why two numbers are one person
    LINK_CONFIRMED = "link_confirmed"
    # gate: what is told upward
    ARRIVED_FROM_RISK_AREA = "arrived_from_risk_area"
    # sentinels: what was noticed of counts, and of sites that report
    COUNT_ABOVE_BOUND = "count_above_bound"
    COUNT_BELOW_BOUND = "count_below_bound"
    SITE_SILENT = "site_silent"
    SITE_LATE = "site_late"
    SITE_FALLING = "site_falling"
    SITE_SLOW = "site_slow"


@dataclass(frozen=True)
class Reason:
    """A code and the values its sentence needs; never a name, so it may stand in lake, desk, ledger and logs."""

    code: ReasonCode
    values: Mapping[str, Value] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, code: ReasonCode, **values: Value) -> "Reason":
        """A reason with its values."""
        return cls(code, values)

    def to_json(self) -> str:
        """The reason as one line of JSON, the form in which stores keep it."""
        return json.dumps({"code": self.code, **self.values}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Reason":
        """The reason a store kept; ValueError for an unknown code."""
        values = json.loads(text)
        code = ReasonCode(values.pop("code"))
        return cls(code, values)
