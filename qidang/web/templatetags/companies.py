"""How a company shows: its 统一社会信用代码 said plainly."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from stdnum.cn import uscc as uscc_rules

from qidang.web.templatetags.trade import chip

register = template.Library()


@register.simple_tag
def uscc_chip(company: Any) -> SafeString:
    """有效, 校验不符 (with what papers say) or 缺."""
    if company.uscc:
        return chip("done", _("校验有效")) if uscc_rules.is_valid(company.uscc) else chip("late", _("校验不符"))
    if company.uscc_failed:
        return chip("late", _("来源所写 %(code)s 校验不符") % {"code": company.uscc_failed})
    return chip("soon", _("缺信用代码"))
