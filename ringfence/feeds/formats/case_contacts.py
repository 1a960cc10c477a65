"""Contacts between cases, in the columns of R's epicontacts (policy 2.2).

`from` and `to` are the first two columns of an epicontacts object's contacts, both identifiers of its line list:
reconhub/epicontacts, R/make_epicontacts.R (read at commit 1b5340a).
"""

from ringfence.feeds.declarations import Column, Contract, Format, Order, Period, Reference


def declare() -> Format:
    """One row a pair of cases, both of which must have been on a line list before."""
    return Format(
        name="case_contacts",
        contract=Contract(
            department="disease control", purpose="tracing", retention="feed.case_contacts", basis="inquiry with a case"
        ),
        columns=(
            Column(name="from", is_required=True, refers_to=Reference.CASE),
            Column(name="to", is_required=True, refers_to=Reference.CASE),
        ),
        periods=(Period(starts="from", ends="to", order=Order.DIFFERENT),),
        rows_stand_alone=True,
    )
