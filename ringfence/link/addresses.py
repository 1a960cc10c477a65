"""Addresses by regular expression: the county, the community or village, and the door."""

READ_ADDRESSES = r"""
with lowered as (
    select distinct
        address as written,
        translate(lower(narrow(address)), '〇零一二两三四五六七八九', '001223456789') as letters
    from written
),
counted as (
    select
        written,
        case
            when not contains(letters, '十') then letters
            else regexp_replace(
                regexp_replace(regexp_replace(letters, '([1-9])十([1-9])', '\1\2', 'g'), '([1-9])十', '\10', 'g'),
                '十([1-9])', '1\1', 'g'
            )
        end as letters
    from lowered
),
cleaned as (
    select written, regexp_replace(letters, '[^\p{Han}a-z0-9#-]', '', 'g')[:200] as letters
    from counted
),
parted as (
    select
        written,
        letters,
        regexp_extract(
            letters,
            '^(.*?)([0-9]+)(?:号楼|号院|栋|幢|座|楼|号|#|-)*'
            '(?:([0-9]+)(?:单元|门|号|层|-|#)+)?'
            '(?:([0-9]+)(?:室|号|户|房)?)?$',
            ['place', 'building', 'entrance', 'room']
        ) as part,
        regexp_extract(
            letters,
            '^(?:.*?(?:省|自治区))?(?:.*?(?:市|州|盟))?([^省市州盟县旗]{1,7}?(?:[^小社园校院厂矿]区|县|旗))', 1
        ) as county
    from cleaned
),
placed as (
    select
        written,
        county,
        regexp_replace(
            concat_ws('-', nullif(part.building, ''), nullif(part.entrance, ''), nullif(part.room, '')),
            '(^|-)0+', '\1', 'g'
        ) as door,
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    case when part.building = '' then letters else part.place end,
                    '^.*(?:省|市|州|盟|县|旗|镇|乡|街道|办事处|[^小社园校院厂矿]区)', ''
                ),
                '^.*(?:路|街|巷|胡同)(?:[0-9]+号)?(.{2,})$', '\1'
            ),
            '^(.{2,})(?:住宅小区|小区|社区)$', '\1'
        ) as community
    from parted
)
select
    written,
    nullif(county, '') as county,
    nullif(community, '') as community,
    case when community <> '' and door <> '' then community || ' ' || door end as address_key
from placed
"""
"""An address ends in up to three numbers: building, entrance and room. What stands before them, without the areas and
the street it lies in, is the community or village; the two together are the door (`address_key`)."""
