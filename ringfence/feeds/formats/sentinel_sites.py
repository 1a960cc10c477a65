"""The sentinels: fever clinics, hospitals, primary clinics and pharmacies that report every day (policy 4.1)."""

from enum import StrEnum

from ringfence.feeds.declarations import Column, Contract, Format, Kind, Reference, codes_of


class SiteKind(StrEnum):
    """What reports."""

    FEVER_CLINIC = "fever_clinic"
    HOSPITAL = "hospital"
    PRIMARY_CLINIC = "primary_clinic"
    PHARMACY = "pharmacy"
    SCHOOL = "school"


def declare() -> Format:
    """One row a site; the same `site_id` in a later file says what it is now."""
    words = {
        "发热门诊": SiteKind.FEVER_CLINIC,
        "医院": SiteKind.HOSPITAL,
        "基层医疗机构": SiteKind.PRIMARY_CLINIC,
        "药店": SiteKind.PHARMACY,
        "学校": SiteKind.SCHOOL,
    }
    return Format(
        name="sentinel_sites",
        contract=Contract(department="health", purpose="surveillance", retention="feed.sentinel_sites"),
        columns=(
            Column(name="site_id", is_required=True, longest=100),
            Column(name="site_name", is_required=True),
            Column(name="site_kind", kind=Kind.CODE, is_required=True, codes=codes_of(SiteKind, **words)),
            Column(name="area_code", is_required=True, refers_to=Reference.AREA),
        ),
    )
