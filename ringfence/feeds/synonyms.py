"""What departments write above a column, in Chinese and English: what a proposal goes by (policy 2.1).

R linelist's tags and epicontacts' names are among them: `id`, `date_onset`, `date_reporting`, `gender`, `from`, `to`
(packages linelist, help page of `make_linelist`, and epicontacts, help page of `make_epicontacts`).
"""

import unicodedata

SYNONYMS = {
    "name": (
        "姓名",
        "名字",
        "人员姓名",
        "旅客姓名",
        "住客姓名",
        "场所名称",
        "单位名称",
        "place name",
        "full name",
        "passenger",
        "guest",
        "patient name",
    ),
    "sex": ("性别", "gender"),
    "birth_date": ("出生日期", "出生年月日", "生日", "date of birth", "dob", "birthdate"),
    "id_number": (
        "身份证号",
        "身份证",
        "身份证号码",
        "证件号",
        "证件号码",
        "公民身份号码",
        "id card",
        "national id",
        "passport",
    ),
    "phone": ("手机号", "手机", "电话", "联系电话", "手机号码", "mobile", "telephone", "phone number"),
    "address": ("住址", "地址", "现住址", "家庭住址", "居住地址", "home address", "location"),
    "area_code": ("区划代码", "行政区划", "行政区划代码", "地区代码", "area"),
    "place_id": ("场所编号", "场所码", "场所代码", "酒店编号", "单位编号", "place", "venue", "venue id", "hotel id"),
    "entered_at": ("进入时间", "扫码时间", "到达时间", "签到时间", "check in time", "entry time", "enter time"),
    "left_at": ("离开时间", "签退时间", "check out time", "exit time", "leave time"),
    "sample_id": ("样本编号", "标本编号", "采样编号", "specimen", "sample no"),
    "pool_id": ("混管编号", "试管编号", "管号", "pool", "tube"),
    "taken_at": ("采样时间", "采集时间", "sampling time", "collection time", "sampled at"),
    "reported_at": (
        "报告时间",
        "出结果时间",
        "检测时间",
        "report time",
        "date reporting",
        "report date",
        "date of reporting",
    ),
    "test": ("检测项目", "检测类型", "test type", "assay"),
    "result": ("检测结果", "结果", "test result"),
    "laboratory": ("检测机构", "实验室", "lab"),
    "case_id": ("病例编号", "病例号", "case", "id", "uuid"),
    "from": ("infector", "source case"),
    "to": ("infectee", "contact case"),
    "disease": ("疾病", "病种", "诊断", "diagnosis"),
    "classification": ("病例分类", "诊断类型", "case classification"),
    "onset_date": ("发病日期", "发病时间", "date onset", "date of onset", "onset"),
    "sampled_at": ("首次阳性采样时间", "sample date"),
    "isolated_at": ("隔离时间", "date admission"),
    "imported": ("是否输入", "输入病例"),
    "kind": ("类别", "类型", "交通方式", "type", "mode"),
    "trip_number": ("车次", "航班号", "航班", "班次", "车牌号", "train", "flight", "flight number", "train number"),
    "departs_on": ("发车日期", "乘车日期", "航班日期", "出发日期", "travel date", "departure date", "flight date"),
    "carriage": ("车厢", "车厢号", "coach"),
    "seat": ("座位", "座位号", "席位号", "seat number"),
    "board_stop": ("上车站", "出发站", "始发站", "登机机场", "boarding", "origin station"),
    "alight_stop": ("下车站", "到达站", "目的站", "到达机场", "alighting", "destination"),
    "stop_no": ("站序", "stop number", "sequence"),
    "stop": ("站名", "车站", "station"),
    "arrives_at": ("到站时间", "arrival time"),
    "leaves_at": ("开车时间", "发车时间", "departure time"),
    "room": ("房间", "房间号", "房号", "room number"),
    "floor": ("楼层", "storey"),
    "arrived_on": ("入住日期", "入住时间", "check in date", "checkin"),
    "left_on": ("离店日期", "退房日期", "退房时间", "check out date", "checkout"),
    "first_contact_on": ("首次接触日期", "接触日期", "date first contact", "first contact"),
    "last_contact_on": ("末次接触日期", "date last contact", "last contact", "date of last contact"),
    "setting": ("接触方式", "接触场景", "exposure setting", "exposure type"),
    "group": ("班级", "班组", "组别", "class", "team"),
    "group_kind": ("组别类型", "group type"),
    "from_date": ("开始日期", "起始日期", "start date", "from day"),
    "to_date": ("结束日期", "截止日期", "end date", "to day"),
    "risk_area": ("风险地区", "风险区域", "中高风险地区", "risk zone"),
    "risk_level": ("风险等级", "level"),
    "notice_id": ("通报编号", "文号", "notice"),
    "site_id": ("哨点编号", "机构编号", "site", "facility id"),
    "site_name": ("哨点名称", "机构名称", "facility"),
    "syndrome": ("症候群", "症状", "syndrome name"),
    "count": ("人数", "例数", "就诊人数", "n", "number of cases"),
    "date": ("日期", "统计日期", "day"),
    "person_id": ("人员编号", "person", "resident id"),
    "household_id": ("户号", "户编号", "household"),
    "unit_id": ("单位代码", "网格编号", "unit"),
    "leader": ("负责人", "带班领导"),
    "deputy": ("副职", "备班"),
    "longitude": ("经度", "lon", "lng"),
    "latitude": ("纬度", "lat"),
}
"""By column of a format; the column's own name is understood besides."""


def plain(header: str) -> str:
    """A header without what people set around it: width, capitals, blanks, underscores, brackets and stars."""
    text = unicodedata.normalize("NFKC", header).casefold().split("(", maxsplit=1)[0]
    return "".join(letter for letter in text if letter.isalnum())


PLAIN = {
    column: frozenset({plain(column), *(plain(synonym) for synonym in words)}) for column, words in SYNONYMS.items()
}
