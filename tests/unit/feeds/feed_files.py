"""One file of each format as somebody would type it, and what it says."""

from datetime import date
from typing import Protocol

from ringfence.feeds import Format, Received
from ringfence.terms import Clock


class Receive(Protocol):
    """The fixture that receives a content as a file of a format (its name, or itself)."""

    def __call__(
        self, declared: str | Format, content: str | bytes, *, clock: Clock | None = None, today: int | None = None
    ) -> Received: ...


CHECK_INS = """\
place_id,entered_at,left_at,name,id_number,phone
p1,2022-02-28 09:30,2022-02-28 10:15,张伟,140202198001011234,13800000001
p2,2022-02-28 23:30,2022-03-01 00:45:30,"欧阳,丽娟",,139 0000 0002
p1,2022-03-01 08:00,, 李强 ,,
p2,2022-03-01 08:05,2022-03-01 08:50,"艾克拜尔·""小艾""\",,+86 13700000003
"""

PLACES = """\
place_id,name,kind,area_code,longitude,latitude
p1,平城超市,shop,111,113.3012,40.0768
p9,"老王饭店, 二楼",restaurant,1111,,
p10,永泰门,transport,121,-0.5,1e1
"""

RESIDENT_REGISTER = """\
person_id,household_id,name,sex,birth_date,id_number,phone,address,area_code
r1,h1,张伟,male,1980-01-01,140202198001011234,13800000001,平城区永泰街1号楼2单元301室,111
r2,h1,李芳,女,1982-02-28,,,平城区永泰街1号楼2单元301室,111
r3,h2,王小明,,2020-02-29,,,,1111
"""

LABORATORY_RESULTS = """\
sample_id,pool_id,taken_at,reported_at,test,result,laboratory,name,sex,birth_date,id_number,phone,address
s1,t1,2022-02-28 08:00,2022-02-28 20:00,nucleic_acid,positive,检测基地,张伟,male,1980-01-01,140202198001011234,,
s2,t1,2022-02-28 08:01,2022-02-28 20:00,nucleic_acid,positive,检测基地,李芳,female,,,13800000002,
s3,,2022-02-28 09:00,2022-02-28 21:00,核酸,阴性,疾控中心,王小明,,2020-02-29,,,平城区永泰街2号
s4,t2,2022-02-28 09:00,2022-02-28 09:00,antigen,pending,,,,,140202199901011234,,
"""

CASE_LINE_LIST = """\
case_id,name,sex,birth_date,id_number,phone,address,disease,classification,onset_date,sampled_at,reported_at,isolated_at,imported
C1,张伟,male,1980-01-01,,13800000001,,covid19,confirmed,2022-02-26,2022-02-28 08:00,2022-02-28 20:00,2022-02-28 22:30,no
C2,李芳,female,,,13800000002,,covid19,suspect,,,2022-03-01 07:00,,是
C3,王小明,,,,,,mers,probable,2022-02-20,,2022-03-01 07:05,,
"""

CASE_ROUTES = """\
case_id,date,place_kind,longitude,latitude,precision_m
C1,2022-02-25,restaurant,113.30123,40.07681,50
C1,2022-02-26,,113.31,40.08,
"""

DUTY_ROSTER = """\
unit_id,area_code,level,task_kinds,daily_capacity,date,from_time,to_time,leader,deputy
111-g01,111,grid,visit;call; identify,40,2022-03-01,08:00,22:00,officer-0001,officer-0003
111-g01,111,grid,visit;call;identify,45,2022-03-02,20:00,08:00,officer-0002,
1-m,1,city,call;message,300,2022-03-01,00:00,24:00,officer-0009,officer-0010
"""

PASSENGER_LIST = """\
kind,trip_number,departs_on,carriage,seat,board_stop,alight_stop,name,sex,birth_date,id_number,phone
rail,G2024,2022-02-27,5,12F,太原南,大同南,张伟,男,1980-01-01,140202198001011234,13800000001
铁路,K732,2022-02-27,11,无座,朔州,大同,王小明,,,,13900000003
air,MU2391,2022-02-28,,３１排Ａ座,SHA,DAT,AIKEBAIER XIAOAI,M,1975-05-05,E12345678,
road,晋B12345,2022-02-28,,17,浑源,大同,"李芳,",女,,,13800000002
"""

TIMETABLES = """\
kind,trip_number,departs_on,stop_no,stop,arrives_at,leaves_at,stop_area
rail,G2024,2022-02-27,1,太原南,,2022-02-27 09:00,140105
rail,G2024,2022-02-27,2,朔州东,2022-02-27 09:50,2022-02-27 09:52,140602
rail,G2024,2022-02-27,3,大同南,2022-02-27 10:40,,1
"""

GUEST_REGISTER = """\
place_id,room,floor,arrived_on,left_on,name,sex,birth_date,id_number,phone,address
p1,0305,,2022-02-25,2022-02-27,张伟,male,1980-01-01,140202198001011234,13800000001,
p1,307,三,2022-02-26,,李芳,female,1982-02-28,,13800000002,太原市某街1号
p2,牡丹厅,,2022-02-26,2022-02-26,王小明,,,,,
"""

NAMED_CONTACTS = """\
case_id,first_contact_on,last_contact_on,setting,name,sex,birth_date,id_number,phone,address
C1,2022-02-24,2022-02-26,同桌吃饭,李芳,female,,,13800000002,
C1,,,,隔壁老王,,,,,平城区永泰街2号
"""

CASE_CONTACTS = """\
from,to
C1,C2
C2,C1
"""

GROUP_MEMBERS = """\
place_id,group_kind,group,from_date,to_date,name,id_number,phone
p1,work_group,收银一组,2021-09-01,,李芳,,13800000002
p2,班级,三年级二班,2021-09-01,2022-07-01,王小明,,
p2,病区,内科3,,,张伟,140202198001011234,
"""

RISK_AREA_NOTICES = """\
notice_id,disease,risk_area,risk_level,from_date,to_date,issued_by
N-1,covid19,上海市浦东新区某路88弄,高风险,2022-02-20,2022-03-06,国务院联防联控机制
N-2,mers,某市某区,medium,2022-02-21,,
"""

RISK_LISTS = """\
risk_area,from_date,to_date,told_by,name,sex,birth_date,id_number,phone,address
上海市浦东新区,2022-02-20,2022-02-22,上海市疾控中心,张伟,,,140202198001011234,13800000001,
上海市浦东新区,2022-02-21,,,LI FANG,F,1982-02-28,,13800000002,
"""

SENTINEL_SITES = """\
site_id,site_name,site_kind,area_code
F1,市一院发热门诊,发热门诊,111
H2,县医院,hospital,12
"""

SENTINEL_COUNTS = """\
site_id,date,syndrome,count,reported_at
F1,2022-02-28,fever,12,2022-02-28 20:00
F1,2022-02-28,diarrhoea,0,2022-02-28 20:00
"""

FILES = {
    "case_contacts": CASE_CONTACTS,
    "case_line_list": CASE_LINE_LIST,
    "case_routes": CASE_ROUTES,
    "check_ins": CHECK_INS,
    "duty_roster": DUTY_ROSTER,
    "group_members": GROUP_MEMBERS,
    "guest_register": GUEST_REGISTER,
    "laboratory_results": LABORATORY_RESULTS,
    "named_contacts": NAMED_CONTACTS,
    "passenger_list": PASSENGER_LIST,
    "places": PLACES,
    "resident_register": RESIDENT_REGISTER,
    "risk_area_notices": RISK_AREA_NOTICES,
    "risk_lists": RISK_LISTS,
    "sentinel_counts": SENTINEL_COUNTS,
    "sentinel_sites": SENTINEL_SITES,
    "timetables": TIMETABLES,
}

ROUTES_SAY = [
    {"row": 2, "case_id": "C1", "date": date(2022, 2, 25), "place_kind": "restaurant", "longitude": 113.30123,
     "latitude": 40.07681, "precision_m": 50},
    {"row": 3, "case_id": "C1", "date": date(2022, 2, 26), "place_kind": "", "longitude": 113.31,
     "latitude": 40.08, "precision_m": None},
]  # fmt: skip
