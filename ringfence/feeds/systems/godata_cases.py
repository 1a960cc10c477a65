"""The case export of Go.Data, by the names of its fields.

Fields: the case model's `fieldLabelsMap` in WorldHealthOrganization/GoDataSource-API,
components/baseModelOptions/case.js (read at commit 7c82071): visualId, dateOfReporting, firstName, lastName, gender,
dob, classification, dateOfOnset. Its reference data are tokens, of which a deployment may add its own: a person says
what each stands for.
"""

from ringfence.feeds.proposals import Proposal


def propose() -> Proposal:
    """Cases with who they are; which disease the outbreak is about, a person fills in."""
    return Proposal(
        format="case_line_list",
        columns={
            "case_id": "visualId",
            "name": "lastName + firstName",
            "sex": "gender",
            "birth_date": "dob",
            "classification": "classification",
            "onset_date": "dateOfOnset",
            "reported_at": "dateOfReporting",
        },
        constants={"disease": ""},
        words={
            "classification": {"LNG_REFERENCE_DATA_CATEGORY_CASE_CLASSIFICATION_NOT_A_CASE_DISCARDED": "no_case"},
        },
        layouts={"reported_at": "YYYY-MM-DD"},
    )
