"""A line list as R's linelist package tags it.

Tags: epiverse-trace/linelist, R/tags_types.R (read at commit 3979a48): id, date_onset, date_reporting, date_admission,
date_discharge, date_outcome, date_death, gender, age, location, occupation, hcw, outcome. None of them says who
somebody is: `name` and `phone` are columns that the clinic adds.
"""

from ringfence.feeds.proposals import Proposal


def propose() -> Proposal:
    """Cases by their tags; which disease and class all of them are, a person fills in."""
    return Proposal(
        format="case_line_list",
        columns={
            "case_id": "id",
            "onset_date": "date_onset",
            "reported_at": "date_reporting",
            "sex": "gender",
            "address": "location",
            "name": "name",
            "phone": "phone",
        },
        constants={"disease": "", "classification": ""},
        layouts={"reported_at": "YYYY-MM-DD"},
    )
