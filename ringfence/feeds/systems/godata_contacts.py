"""The contact export of Go.Data, by the names of its fields.

Fields: the contact model's `fieldLabelsMap` and the relationship's fields that `sanitizeFieldLabelsMapForExport` adds,
in WorldHealthOrganization/GoDataSource-API, common/models/contact.js (read at commit 0220e69): firstName, lastName,
gender, dob, dateOfLastContact, relationship.relatedId, relationship.contactDate,
relationship.socialRelationshipTypeId. The source names `relatedId` and does not say which of a case's numbers it
holds: a person sees to it that the cases came under the same ones (`godata_cases` takes visualId; `id` stands beside).
Of addresses, and of phones in them, there are as many columns as somebody has addresses: they are left out.
"""

from ringfence.feeds.proposals import Proposal


def propose() -> Proposal:
    """Contacts of cases that came with the case export before."""
    return Proposal(
        format="named_contacts",
        columns={
            "case_id": "relationship.relatedId",
            "first_contact_on": "relationship.contactDate",
            "last_contact_on": "dateOfLastContact",
            "setting": "relationship.socialRelationshipTypeId",
            "name": "lastName + firstName",
            "sex": "gender",
            "birth_date": "dob",
        },
        layouts={"first_contact_on": "YYYY-MM-DD", "last_contact_on": "YYYY-MM-DD"},
    )
