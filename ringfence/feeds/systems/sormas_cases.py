"""The case export of SORMAS.

Columns: SORMAS-Foundation/SORMAS-Project,
sormas-api/src/main/java/de/symeda/sormas/api/caze/CaseExportDto.java (read at commit 003bfcc), whose export properties
name them; classes of cases: CaseClassification.java beside it (read at commit 05c0919). Values are exported in the
user's language and dates in the user's layout: a person adds those words and layouts.
"""

from ringfence.feeds.proposals import Proposal

CLASSES = {
    "NOT_CLASSIFIED": "not_classified",
    "SUSPECT": "suspect",
    "PROBABLE": "probable",
    "CONFIRMED": "confirmed",
    "CONFIRMED_NO_SYMPTOMS": "confirmed",
    "CONFIRMED_UNKNOWN_SYMPTOMS": "confirmed",
    "NO_CASE": "no_case",
}


def propose() -> Proposal:
    """Cases with who they are; an export of a hundred more columns is passed over."""
    return Proposal(
        format="case_line_list",
        columns={
            "case_id": "uuid",
            "name": "lastName + firstName",
            "sex": "sex",
            "phone": "phone",
            "address": "city + street + houseNumber",
            "disease": "disease",
            "classification": "caseClassification",
            "reported_at": "reportDate",
        },
        words={"classification": CLASSES, "sex": {"MALE": "male", "FEMALE": "female"}},
        layouts={"reported_at": "YYYY-MM-DD"},
    )
