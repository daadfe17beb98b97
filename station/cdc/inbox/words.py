"""The page's words in English and Chinese."""

from collections.abc import Mapping
from enum import StrEnum

from station.cdc.inbox.station_map import MarkState
from station.core.cases import BodySite, CaseOutcome, CaseState, HandoverStep, TrustClass
from station.core.extraction import RejectReason, Site
from station.core.lane_events import LaneFaultKind, LaneState
from station.core.registration import Exposure, HubKind, Medicine, Symptom
from station.core.report import ReportKind
from station.core.screening import Outcome
from station.reporting.messages.status import StationState


class Language(StrEnum):
    """What the page speaks."""

    EN = "en"
    """English."""
    ZH = "zh"
    """Chinese, simplified."""


_Pair = tuple[str, str]

STORED: Mapping[type[StrEnum], Mapping[str, _Pair]] = {
    Outcome: {
        "below": ("below threshold", "低于阈值"),
        "above": ("at or above threshold", "达到或高于阈值"),
        "repeat": ("measure again", "请再测"),
        "not_measured": ("not measured", "未测到"),
    },
    CaseState: {
        "open": ("Waiting for second check", "待复测"),
        "referred": ("Second reading taken", "已复测"),
        "confirmed": ("Fever confirmed", "确认发热"),
        "cleared": ("Cleared", "已排除发热"),
        "unresolved": ("Unresolved", "待定"),
        "closed": ("Closed", "已结案"),
    },
    ReportKind: {
        "flagged": ("flagged", "初筛预警"),
        "second_reading": ("second reading", "复测"),
        "verdict": ("verdict", "判定"),
        "handover": ("hand-over", "移交"),
        "registered": ("registered", "已登记"),
        "outcome": ("outcome", "就诊结果"),
        "left": ("left without hand-over", "未移交即离开"),
        "corrected": ("corrected", "已更正"),
    },
    HandoverStep: {
        "requested": ("requested", "已请求"),
        "accepted": ("accepted", "已接受"),
        "departed": ("departed", "已离站"),
        "arrived": ("arrived", "已送达"),
        "left_without": ("left without hand-over", "未移交即离开"),
    },
    StationState: {
        "online": ("online", "在线"),
        "attention": ("online, needs a look", "在线，需查看"),
        "offline": ("offline", "离线"),
        "lost": ("connection lost", "连接中断"),
    },
    MarkState: {
        "lost": ("connection lost", "连接中断"),
        "attention": ("needs a look", "需查看"),
        "offline": ("offline", "离线"),
        "unknown": ("not known", "状态未知"),
        "online": ("online", "在线"),
    },
    TrustClass: {
        "contact": ("contact", "接触式"),
        "tympanic": ("ear", "耳温"),
        "forehead": ("forehead", "额温"),
        "surface": ("surface only", "仅表面"),
    },
    BodySite: {
        "forehead": ("forehead", "额"),
        "ear": ("ear", "耳"),
        "mouth": ("mouth", "口腔"),
        "armpit": ("armpit", "腋下"),
    },
    HubKind: {
        "train": ("train", "车次"),
        "coach": ("coach", "班次"),
        "flight": ("flight", "航班"),
        "road": ("by road", "公路"),
    },
    Symptom: {
        "cough": ("cough", "咳嗽"),
        "sore_throat": ("sore throat", "咽痛"),
        "breathless": ("short of breath", "气促"),
        "aches": ("aches", "头痛或肌肉痛"),
        "diarrhoea": ("diarrhoea, vomiting", "腹泻、呕吐"),
        "rash": ("rash", "皮疹"),
    },
    Medicine: {
        "none": ("none taken", "未服"),
        "taken": ("taken", "已服"),
        "unknown": ("not known", "不详"),
    },
    Exposure: {
        "case": ("a confirmed case", "确诊病例"),
        "sick_nearby": ("others with fever", "其他发热者"),
        "area": ("a place with an outbreak", "疫情地区"),
        "animals": ("live animals", "活体动物"),
    },
    CaseOutcome: {
        "positive": ("the infection looked for", "所查传染病阳性"),
        "negative": ("not that infection", "所查传染病阴性"),
        "other": ("another illness", "其他疾病"),
        "unknown": ("the clinic does not tell", "发热门诊未反馈"),
    },
    Site: {
        "inner_canthus": ("inner eye corner", "内眼角"),
        "face_maximum": ("hottest spot of the face", "面部最高点"),
    },
    RejectReason: {
        "not_radiometric": ("the camera gives no temperatures", "热像仪无温度数据"),
        "stale_frame": ("the picture stood still", "画面冻结"),
        "shutter": ("the camera was adjusting", "热像仪校正中"),
        "warming_up": ("the camera was warming up", "热像仪预热中"),
        "no_reference": ("no reference source in view", "看不到参考源"),
        "reference_unstable": ("reference source unsteady", "参考源不稳定"),
        "reference_moved": ("reference source moved", "参考源移位"),
        "reference_out_of_band": ("reference source far off", "参考源偏差过大"),
        "too_far": ("too far away", "距离太远"),
        "turned_away": ("face turned away", "未面向镜头"),
        "at_edge": ("at the picture's edge", "位于画面边缘"),
        "glasses": ("glasses", "戴眼镜"),
        "covered_eyes": ("eyes covered", "眼部被遮挡"),
        "faces_too_near": ("another face too near", "与他人距离过近"),
        "blurred": ("moved too fast", "移动过快"),
        "sun_or_reflection": ("sun or a reflection on the face", "阳光或反光"),
        "cold_arrival": ("chilled, must rest indoors first", "受凉，需先在室内休息"),
        "implausible": ("too hot for skin", "高于皮肤温度"),
        "unsteady": ("readings disagreed", "读数不一致"),
        "too_few_frames": ("passed too quickly", "通过太快"),
        "room_out_of_band": ("room too cold, warm or damp", "室温或湿度超限"),
        "clock": ("the station's clock jumped", "时钟跳变"),
        "calibration_expired": ("calibration expired", "校准过期"),
        "no_policy": ("no threshold order in force", "无有效规定"),
    },
    LaneState: {
        "starting": ("starting", "正在启动"),
        "warming_up": ("warming up", "预热中"),
        "settling": ("adjusting", "校正中"),
        "blocked": ("not measuring", "未在测量"),
        "no_reference": ("no reference source", "无参考源"),
        "ready": ("ready", "就绪"),
        "tracking": ("measuring", "测量中"),
        "measured": ("measured", "已测量"),
        "fault": ("camera fault", "热像仪故障"),
    },
    LaneFaultKind: {
        "no_pictures": ("no pictures", "无画面"),
        "internal": ("station fault", "系统故障"),
    },
}
"""Words for stored values, by the enum that they come from."""

COUNTS: Mapping[str, tuple[str, str, str]] = {
    "waiting_count": (
        "{0} alert waits for an answer",
        "{0} alerts wait for an answer",
        "{0} 条待处置",
    ),
    "drills_waiting": ("{0} drill alert waits", "{0} drill alerts wait", "{0} 条演练待处置"),
    "minutes": ("{0} minute", "{0} minutes", "{0} 分钟"),
    "unseen": (
        "{0} more alert waits and is not shown. Answer these first; the newest follow below, and "
        "each station's name leads to its own.",
        "{0} more alerts wait and are not shown. Answer these first; the newest follow below, and "
        "each station's name leads to its own.",
        "另有 {0} 条待处置未显示。请先处理以上各条；最新的列在下方，点击站点名可查看该站点。",
    ),
    "newer": (
        "{0} message of a newer version, perhaps an alert, cannot be shown: telephone the station; "
        "update this program, then run `fever-station cdc reread`",
        "{0} messages of a newer version, perhaps alerts, cannot be shown: telephone these "
        "stations; update this program, then run `fever-station cdc reread`",
        "{0} 条新版本消息无法显示，其中可能有预警：请电话联系下列站点；更新本程序后运行 "
        "`fever-station cdc reread`",
    ),
    "aside": (
        "{0} message was set aside within 24 hours (damaged, or not believed): call a technician",
        "{0} messages were set aside within 24 hours (damaged, or not believed): call a technician",
        "24 小时内有 {0} 条消息被搁置（损坏或不可信）：请联系技术员",
    ),
    "overdue": (
        "{0} station has not sent its figures of {1}, due at {2}: telephone it",
        "{0} stations have not sent their figures of {1}, due at {2}: telephone them",
        "{0} 个站点尚未上报 {1} 的日报数据（应于 {2} 前上报）：请电话催报",
    ),
    "unplaced": (
        "{0} station has no coordinates in the book of checkpoints: it stands in the list alone",
        "{0} stations have no coordinates in the book of checkpoints: they stand in the list alone",
        "{0} 个站点在登记表中没有坐标，仅列于列表",
    ),
}
"""Words around a number: for one, for several, and in Chinese."""

WORDS: Mapping[str, _Pair] = {
    "title": ("Fever alerts", "发热预警值班台"),
    "aid": ("Triage aid, not a diagnosis", "辅助筛查，非诊断"),
    "board": ("Alerts", "预警"),
    "log": ("Event log", "事件记录"),
    "accounts": ("Accounts", "账号"),
    "map": ("Map", "地图"),
    "large_map": ("Large map", "打开大地图"),
    "whole_map": ("Whole map", "显示全图"),
    "map_is_listed": (
        "Map of the stations; the list of stations says the same in words",
        "站点分布图；站点列表以文字列出相同内容",
    ),
    "no_book": (
        "No map: the settings name no checkpoints_file with places and telephone numbers.",
        "无地图：设置文件未指定 checkpoints_file（站点坐标与电话登记表）。",
    ),
    "no_place": (
        "No station in the list has coordinates in the book of checkpoints.",
        "列表中的站点在登记表中均无坐标。",
    ),
    "not_placed": ("not on the map", "未标注在地图上"),
    "more_here": ("{0} more", "另有 {0} 个"),
    "pill": ("alerts wait for an answer", "待处置预警数"),
    "phone": ("Duty desk", "值班电话"),
    "no_phone": ("no telephone number in the book", "登记表中无值班电话"),
    "book_trouble": (
        "The book of checkpoints was changed and cannot be read; the one before stays in use",
        "站点登记表已更改但无法读取，仍使用之前的版本",
    ),
    "sign_in": ("Sign in", "登录"),
    "sign_out": ("Sign out", "退出"),
    "name": ("Name", "姓名"),
    "password": ("Password", "密码"),
    "wrong": ("Name or password is wrong.", "姓名或密码错误。"),
    "too_many": (
        "Too many wrong passwords: wait 15 minutes, or let an administrator give you a new one.",
        "密码错误次数过多：请等待 15 分钟，或请管理员重设密码。",
    ),
    "no_accounts": (
        "There is no account yet: run `fever-station cdc account add NAME --role officer`.",
        "尚无账号：请运行 `fever-station cdc account add NAME --role officer`。",
    ),
    "stale_form": (
        "This form is too old, or did not come from this page: load the page again.",
        "表单已过期或并非来自本页面：请重新加载。",
    ),
    "not_allowed": ("Your role does not allow this.", "您的权限不允许此操作。"),
    "not_found": ("There is no such page.", "没有此页面。"),
    "trouble": ("The inbox cannot be read", "无法读取数据库"),
    "role_viewer": ("viewer", "查看"),
    "role_officer": ("duty officer", "值班员"),
    "role_admin": ("administrator", "管理员"),
    "blocked": ("blocked", "已停用"),
    "active": ("active", "启用"),
    "block": ("Block", "停用"),
    "unblock": ("Let in again", "重新启用"),
    "none_waiting": ("Nobody is waiting for an answer", "无待处置预警"),
    "none_known": ("Nobody is known to wait", "目前未知有待处置预警"),
    "intake_closed": (
        "NO SIGN OF A RECEIVER: new alerts do not come in; stations keep them and send them later. "
        "Call a technician (does `fever-station cdc serve` run?), and telephone the stations.",
        "没有接收程序的运行信号：收不到新预警，站点会保存并补报。请联系技术员检查 "
        "`fever-station cdc serve` 是否运行，其间请电话联系各站点。",
    ),
    "intake_troubled": (
        "THE RECEIVER TAKES NO ALERTS: stations keep them and send them later. Call a technician, "
        "and telephone the stations meanwhile.",
        "接收程序无法接收预警：站点会保存并补报。请联系技术员，其间请电话联系各站点。",
    ),
    "unwritable": (
        "NOTHING CAN BE WRITTEN: answers are not taken now. Call a technician.",
        "无法写入数据库：目前不能接警。请联系技术员。",
    ),
    "last_sign": ("Its last word: {0}.", "最近一次运行记录：{0}。"),
    "level": ("Level", "级别"),
    "call_now": ("Call now", "请立即联系"),
    "no_contact": (
        "no contact is set: see [[contacts]] in the settings",
        "未设置联系人：见设置文件 [[contacts]]",
    ),
    "next_level": ("next level at", "下次升级"),
    "drill": ("DRILL", "演练"),
    "case": ("Case", "个案"),
    "lane": ("lane", "通道"),
    "skin": ("Skin surface (camera)", "体表温度（热像仪）"),
    "body": ("Body (thermometer)", "体温（体温计）"),
    "no_body": ("no second reading yet", "尚无复测"),
    "not_skin": ("uncertainty not stated", "不确定度未提供"),
    "coverage": ("k=2", "k=2"),
    "why": ("why", "原因"),
    "waits": ("waits", "已等"),
    "acknowledge": ("Acknowledge as", "接警："),
    "acknowledged": ("Acknowledged", "已接警"),
    "not_needed": ("Cleared by the station: no answer needed", "站点已排除发热：无需接警"),
    "unanswered": ("Not acknowledged", "尚未接警"),
    "late": ("came late, made at", "补报，生成于"),
    "alone": ("this case alone, to print it", "单独显示本个案，便于打印"),
    "print": ("Print", "打印"),
    "printed": (
        "As known at {0}, printed by {1}. Times in {2}. Triage aid, not a diagnosis.",
        "截至 {0}，打印人 {1}，时区 {2}。辅助筛查，非诊断。",
    ),
    "search": ("Search", "搜索"),
    "show_all": ("Show all", "全部显示"),
    "station": ("Station", "站点"),
    "stations": ("Stations", "站点状态"),
    "any": ("any", "不限"),
    "case_number": ("Case no.", "个案号"),
    "day": ("Date", "日期"),
    "state": ("State", "状态"),
    "text": ("Text", "关键字"),
    "hide_drills": ("Hide drills", "隐藏演练"),
    "nothing": ("No case fits.", "没有符合的个案。"),
    "nothing_yet": ("No alert has come yet.", "尚未收到预警。"),
    "more": (
        "Only the newest cases are shown: narrow the search.",
        "仅显示最新个案：请缩小搜索范围。",
    ),
    "bad_number": ("The case number must be a number.", "个案号必须是数字。"),
    "bad_day": ("The date must look like 2026-11-24.", "日期格式应为 2026-11-24。"),
    "bad_state": ("There is no such state.", "没有此状态。"),
    "only_waiting": ("waiting for an answer", "待处置"),
    "car": ("carriage", "车厢"),
    "seat": ("ticket seat", "票面座位"),
    "seat_actual": ("seat taken", "实际座位"),
    "journey": ("Journey", "行程"),
    "symptoms": ("Symptoms", "症状"),
    "medicine": ("Fever medicine within {0} hours", "{0} 小时内服退热药"),
    "exposure": ("Contact within two weeks", "两周内接触史"),
    "nothing_of_it": ("none", "无"),
    "not_known": ("not known", "不详"),
    "finding": ("The clinic found", "就诊结果"),
    "identity": ("Identity", "身份信息"),
    "identity_sealed": ("sealed", "已加密封存"),
    "identity_opened": ("Sealed identity opened", "查看封存的身份信息"),
    "deleted_at": ("to be deleted {0}", "{0} 删除"),
    "handed": ("Hand-over", "移交"),
    "clock_jumped": ("the station's clock is in doubt", "站点时钟存疑"),
    "unknown": ("state not known", "状态未知"),
    "since": ("since", "自"),
    "since_before": ("since before this page looked", "早于本页面启动"),
    "lane_blocked": ("does not measure", "未在测量"),
    "ledger": ("cannot write to its disk", "无法写入磁盘"),
    "gap": ("missing messages", "缺失消息"),
    "went_back_unknown": (
        "went back to an older count: its disk has lost messages, an old copy was put back, or two "
        "stations run on one: call a technician",
        "计数回退：磁盘丢失了消息，或账本由旧副本恢复，或两台站点共用同一身份：请联系技术员",
    ),
    "went_back_noticed": (
        "lost messages, noticed it and counts anew: its disk is damaged, or a backup was put back: "
        "call a technician",
        "站点发现消息丢失并已重新计数：磁盘损坏，或曾由备份恢复：请联系技术员",
    ),
    "went_back_unnoticed": (
        "goes on in an old count: it was restored from an old copy as a whole, or two stations run "
        "on one: call a technician",
        "站点沿用旧计数：整机由旧副本恢复，或两台站点共用同一身份：请联系技术员",
    ),
    "counts": (
        "has begun a new count: messages of the one before may be missing",
        "已开始新的计数：之前的消息可能缺失",
    ),
    "last_alert": ("last alert", "最近预警"),
    "no_broker": (
        "The broker does not answer: whether stations are there is not known.",
        "消息服务器无应答：站点是否在线未知。",
    ),
    "no_watch": (
        "Started without --broker: whether stations are there is not known.",
        "启动时未指定 --broker：站点是否在线未知。",
    ),
    "overdue_here": ("figures of {0} not come", "{0} 日报未到"),
    "stations_sum": ("{0} in all, to look at: {1}", "共 {0} 个，需查看 {1} 个"),
    "unlisted": ("{0} more: search by name", "另有 {0} 个未列出：请按名称搜索"),
    "no_stations": ("No station is known yet.", "尚无已知站点。"),
    "not_live": (
        "NOT LIVE: new alerts do not appear. Call a technician if this stays.",
        "页面未更新：新预警不会显示。若持续如此，请联系技术员。",
    ),
    "lost_server": ("The page has lost its server.", "与服务器的连接已断开。"),
    "unsent": (
        "Not acknowledged: the page has lost its server.",
        "接警未成功：与服务器的连接已断开。",
    ),
    "moved": ("The list has just moved: press again.", "列表刚刚更新，请再按一次。"),
    "answered": ("{0}, case {1}: acknowledged by {2}", "{0} 个案 {1}：{2} 已接警"),
    "answered_before": (
        "{0}, case {1}: {2} had acknowledged it already",
        "{0} 个案 {1}：此前已由 {2} 接警",
    ),
    "session_over": (
        "You are signed out: the session is over, or was ended in another tab. No alert is shown "
        "until somebody signs in.",
        "您已退出登录：登录已到期，或已在其他标签页退出。重新登录前不会显示任何预警。",
    ),
    "ends": (
        "You will be signed out at {0}, and no alert is shown then.",
        "您的登录将于 {0} 到期，届时不再显示预警。",
    ),
    "sign_in_again": ("Sign in again now", "立即重新登录"),
    "sound_off": ("Sound is off: new alerts are not heard.", "声音已关闭：新预警不会发声。"),
    "sound_on": ("Turn sound on", "打开声音"),
    "reached": ("nobody answered, level reached", "无人接警，升至级别"),
    "called": ("to be called", "应联系"),
    "time": ("Time", "时间"),
    "what": ("What", "事件"),
    "who": ("Who", "人员"),
    "role": ("Role", "权限"),
    "empty_log": (
        "Nothing has been acknowledged, escalated or opened yet.",
        "尚无接警、升级或查看记录。",
    ),
    "time_zone": ("Times in", "时区"),
    "language": ("Language", "语言"),
    "colon": (": ", "："),
    "skip": ("Skip to the alerts", "跳到预警"),
}
"""The page's own words."""


def say(language: Language, key: str) -> str:
    """Return the words for a key of `WORDS`."""
    return WORDS[key][language is Language.ZH]


def say_count(language: Language, key: str, count: int, *others: object) -> str:
    """Return the words around a number, for a key of `COUNTS`."""
    one, several, chinese = COUNTS[key]
    words = chinese if language is Language.ZH else one if count == 1 else several
    return words.format(count, *others)


def say_stored(language: Language, enums: tuple[type[StrEnum], ...], value: str) -> str:
    """Return the words for a stored value, or the value itself if a newer station sent it."""
    for enum in enums:
        if value in STORED[enum]:
            return STORED[enum][value][language is Language.ZH]
    return value
