"""The contact export of SORMAS.

Columns: SORMAS-Foundation/SORMAS-Project,
sormas-api/src/main/java/de/symeda/sormas/api/contact/ContactExportDto.java, whose getters in their order name them
(sourceCaseUuid, lastContactDate, firstName, lastName, sex, phone, contactProximity).
"""

from ringfence.feeds.proposals import Proposal


def propose() -> Proposal:
    """Contacts of cases that came with the case export before."""
    return Proposal(
        format="named_contacts",
        columns={
            "case_id": "sourceCaseUuid",
            "last_contact_on": "lastContactDate",
            "setting": "contactProximity",
            "name": "lastName + firstName",
            "sex": "sex",
            "phone": "phone",
        },
        words={"sex": {"MALE": "male", "FEMALE": "female"}},
        layouts={"last_contact_on": "YYYY-MM-DD"},
    )
