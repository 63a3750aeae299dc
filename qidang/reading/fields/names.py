"""名称: does a stretch of text look like the name of an organisation, a person, a place?"""

import re

from qidang.reading.fields.vocabulary import words

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷"
    "罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐"
    "邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷"
    "车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍郤璩桑桂"
    "濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜"
    "养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓肖闫付代覃兰佟仝苑邸岳帅亓楚涂揭肇"
)
DOUBLE_SURNAMES = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "宇文",
    "长孙",
    "司徒",
    "夏侯",
    "端木",
    "南宫",
)
ORGANISATION = (
    "公司|集团|厂|商店|商场|商行|商社|门市部|经营部|营业部|分部|服务部|百货|超市|酒店|宾馆|饭店|医院|诊所|药房|药店|研究院|研究所|设计院|勘察院|勘测院|科学院|学院|大学|中学|小学|学校|幼儿园|"
    "事务所|合作社|合作联社|联社|供销社|信用社|出版社|杂志社|报社|旅行社|农场|林场|牧场|渔场|养殖场|茶场|果园|基地|中心|工作室|工厂|加工坊|作坊|车队|船队|工程队|施工队|建筑队|剧团|乐团|"
    "歌舞团|艺术团|剧院|电视台|电台|银行|支行|分行|基金会|协会|学会|商会|联合会|工会|管委会|委员会|村委会|居委会|居民委员会|政府|管理局|管理处|管理所|供电局|水务局|邮政局|"
    "粮库|仓库|粮站|粮管所|收购站|加油站|电站|水厂|电厂|矿|煤矿|矿业|社|局|院|所|站|处|部|会|场|馆|店|铺|坊|园|队|行|城|台|个体工商户|商贸行|株式会社|合伙\\)|合伙企业|大队|蔬菜队|办事处|指挥部|项目部|署|中队|学校"
)
ENDING = re.compile(rf"(?:{ORGANISATION})(?:\([^()]{{1,12}}\))?$")
LATIN = re.compile(r"[A-Z][A-Za-z0-9&.,'()\-/ ]{2,60}$")
LATIN_FORM = re.compile(
    r"\b(?:Ltd|Limited|Inc|Corp|Corporation|Co|Company|LLC|L\.L\.C|GmbH|SARL|S\.?A|S\.?R\.?L|AG|B\.?V|N\.?V|PLC|Plc|LLP|LP|Pte|Pty|KG|OY|AB|SpA|"
    r"S\.p\.A|A/S|ApS|Kft|Oy|SAS|BV|NV|Trading|Group|Holdings|Industries|Enterprises|Partners|Bank|University)\b\.?",
    re.IGNORECASE,
)
ROLE_WORDS = re.compile(
    r"以下|简称|盖章|公章|签字|签章|签名|地址|电话|帐号|账号|开户|传真|邮编|法定代表|代表人|委托代理|日期|单位名称|身份证|[。;:,，、!?《》\"“”=+×_*/…]|以及|双方|本合同|"
    r"执行|按国家|按照国家|标准|另行约定|应当|不得|必须|按照|根据|负责|提供|如果|同意|支付|之日|要求|承担|委托|自行|协商|\d{5}"
)
GENERIC = re.compile(
    r"^(?:某|××|XX|xx|Ｘ|\(|)?(?:中国|全国|我国)?(?:省|市|县|区|乡|镇|国|外国|本|该|总|分|子|各|有关|当地|上级|主管|贵|我|其|对方|任何|第三方|母)?"
    r"(?:有限|股份|有限责任|责任|总|分|进出口|贸易|商贸|保险|运输|合资|合作|食品|蔬菜|外贸|物资|建筑|租赁|工程|广告|国际|进出口总|贷款|合营|联合|集团|旅游|航运|船舶|货运|供电|自来水)?"
    r"(?:公司|株式会社|厂|工厂|商店|店|院|所|社|银行|局|处|部|委员会|会|场|站|中心|单位|集团|学校|队|政府|仓库|部门|收购站|食品站|服务部)$"
)
NOT_PERSON = re.compile(
    r"[盖签号码帐账邮厂址]|传真|电话|日期|银行|公司|单位|代表|合同|协议|金额|数量|规格|品名|价|包装|质量|标准|验收|付款|法定|委托|经办|机关|见证|双方|[甲乙供需买卖]方|时间|"
    r"等级|名称|材料|货物|产品|项目|共计|方式|期限|地点|运输|以上|以下|条款|责任|争议|附则|其他|其它|人民|元整|章$|人$|方$|员$"
)
PERSON = re.compile(r"[\u4e00-\u9fff]{2,4}$")
ETHNIC = re.compile(r"[\u4e00-\u9fff]{2,8}·[\u4e00-\u9fff]{2,8}$")
LATIN_PERSON = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Dr)\.? ?)?(?:[A-Z][a-z]+|[A-Z]\.)(?:[ -]?(?:[A-Z][a-z'’\-]+|[A-Z]\.)){1,3}$"
)
PLACE = re.compile(
    r"[\u4e00-\u9fff]{1,20}(?:省|市|县|区|港|镇|乡|州|盟|旗|新区|开发区|街道|岛|村)(?:[\u4e00-\u9fff\d]{0,14})$"
)
HOUSEHOLD = re.compile(
    r"[\u4e00-\u9fff\d]{2,24}(?:省|市|县|区|乡|镇|村|队|组|街道)(?:村民|农民|居民|个体户|专业户|个体工商户|农户|养殖户|种植户|社员|户主)"
    r"(?P<name>[\u4e00-\u9fff]{2,3})$"
)
CITIES = frozenset(
    words("""
    北京 上海 天津 重庆 石家庄 唐山 秦皇岛 邯郸 保定 太原 大同 呼和浩特 包头 沈阳 大连 鞍山 长春 吉林 哈尔滨
    齐齐哈尔 大庆 南京 无锡 徐州 常州 苏州 南通 连云港 扬州 镇江 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 台州 义乌
    合肥 芜湖 蚌埠 福州 厦门 泉州 漳州 南昌 九江 赣州 济南 青岛 淄博 烟台 潍坊 威海 临沂 郑州 洛阳 开封 武汉
    宜昌 襄阳 长沙 株洲 湘潭 岳阳 广州 深圳 珠海 汕头 佛山 江门 湛江 惠州 东莞 中山 南宁 桂林 柳州 海口 三亚
    成都 绵阳 德阳 宜宾 贵阳 遵义 昆明 曲靖 大理 拉萨 西安 宝鸡 咸阳 兰州 西宁 银川 乌鲁木齐 香港 澳门 台北
    香港特别行政区 苏州工业园区 东京 新加坡 伦敦 纽约 巴黎 汉堡 莫斯科 首尔 曼谷 迪拜 悉尼 墨尔本 多伦多 洛杉矶
    旧金山 芝加哥 大阪 横滨 釜山 马赛 鹿特丹 安特卫普
""")
)


def is_organisation(text: str) -> bool:
    """Tell whether ``text`` is an organisation's name with a stem of its own, not a kind of company or a blank."""
    name = text.strip()
    if not 4 <= len(name) <= 60 or ROLE_WORDS.search(name) or name.count("(") != name.count(")"):
        return False
    if LATIN.match(name):
        return bool(LATIN_FORM.search(name)) or name.isupper()
    if not ENDING.search(name) or name[0] in "()" or GENERIC.match(re.sub(r"\([^()]*\)", "", name)):
        return False
    han = re.sub(r"[^\u4e00-\u9fff]", "", name)
    return len(han) >= 4 and not re.search(r"某|××|XX|[xX]{2}|\d{6}", name)


def is_household(text: str) -> bool:
    """Tell whether ``text`` is a villager or a trader with the place: 练市镇朱家兜村村民朱金龙."""
    match = HOUSEHOLD.match(text.strip())
    return bool(match) and is_person(match["name"]) if match else False


def is_latin_name(text: str) -> bool:
    """Tell whether ``text`` may be a foreign company or person: capitals first, no label."""
    return (
        bool(LATIN.match(text.strip()))
        and len(text.strip()) >= 3
        and not re.search(r"^(?:No|NO|USD|RMB|CNY|Tel|TEL|Fax)\b", text)
    )


def is_person(text: str) -> bool:
    """Tell whether ``text`` is a person's name: a surname and one to three characters, or a Latin or minority name."""
    name = text.strip()
    if ETHNIC.match(name) or LATIN_PERSON.match(name):
        return True
    if not PERSON.match(name):
        return False
    if name.startswith(DOUBLE_SURNAMES):
        return 3 <= len(name) <= 4 and not NOT_PERSON.search(name)
    return len(name) <= 3 and name[0] in SURNAMES and not NOT_PERSON.search(name)


def is_place(text: str) -> bool:
    """Tell whether ``text`` is a place such as stands after 签订地点."""
    name = text.strip()
    return (
        name in CITIES
        or bool(PLACE.match(name))
        or (2 <= len(name) <= 12 and name[:2] in CITIES and "公司" not in name)
    )
