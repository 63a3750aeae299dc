"""Forms of the contract: 登记, 修改, 加文件, 作废."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qidang.accounts.models import Department, User
from qidang.contracts.choices import ContractType, DisputeMode, DocumentKind, Kind, OurRole, Secrecy
from qidang.contracts.models import Contract
from qidang.contracts.values import ContractValues
from qidang.kit.refusal import Refused
from qidang.web.contracts.customs import SUGGEST, Customs
from qidang.web.fields import AmountField, CountField, DayField, PercentField
from qidang.web.forms import QuietForm

CURRENCIES = [(code, code) for code in ("CNY", "USD", "EUR", "HKD", "JPY", "GBP")]
REMEMBERED = ("contract_type", "kind", "our_role", "currency", "secrecy")
SECTIONS = (
    (
        _("合同"),
        ("title", "counterparty_name", "contract_type", "kind", "our_role", "secrecy", "unit", "department", "owner"),
    ),
    (_("编号"), ("number_on_paper", "counterparty_number", "old_reference")),
    (_("金额"), ("amount", "currency", "amount_excl_tax", "vat_rate", "vat_amount", "deposit_amount")),
    (_("日期与地点"), ("signed_on", "sign_place", "in_force_on", "expires_on", "delivery_on")),
    (_("内容"), ("subject_matter", "payment_terms", "term_text", "remarks")),
    (
        pgettext_lazy("纸", "原件"),
        ("originals", "originals_back", "duplicates", "original_holder", "place", "binder"),
    ),
    (_("争议解决"), ("dispute_mode", "dispute_institution", "dispute_court")),
)
WIDE = {"title", "subject_matter", "payment_terms"}


def _lines(rows: int = 3) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


def offer_currency(form: forms.Form, code: str | None) -> None:
    """Offer ``code`` beside the usual currencies, so that a browser does not put the first one in its place."""
    field = form.fields["currency"]
    assert isinstance(field, forms.ChoiceField)
    if code and code not in dict(CURRENCIES):
        field.choices = [*CURRENCIES, (code, code)]


class ContractForm(QuietForm):
    """The fields of a contract that people fill in, in the order of SECTIONS."""

    title = forms.CharField(label=_("合同名称"), max_length=300)
    counterparty_name = forms.CharField(
        label=_("客户"), max_length=200, help_text=_("写合同上的全称"), widget=forms.TextInput(SUGGEST)
    )
    contract_type = forms.ChoiceField(label=_("合同类型"), choices=ContractType)
    kind = forms.ChoiceField(label=_("合同类别"), choices=Kind)
    our_role = forms.ChoiceField(label=_("我方角色"), choices=[("", "—"), *OurRole.choices], required=False)
    secrecy = forms.ChoiceField(label=_("密级"), choices=Secrecy, initial=Secrecy.INTERNAL)
    unit = forms.ModelChoiceField(Department.objects.none(), label=_("我方主体"), to_field_name="uid", empty_label=None)
    department = forms.ModelChoiceField(
        Department.objects.none(), label=_("承办部门"), to_field_name="uid", required=False
    )
    owner = forms.ModelChoiceField(User.objects.none(), label=_("承办人"), to_field_name="uid", required=False)
    number_on_paper = forms.CharField(
        label=_("纸面编号"),
        max_length=128,
        required=False,
        help_text=_("是本单位的编号且未用过就直接采用，否则自动编号"),
    )
    counterparty_number = forms.CharField(label=_("对方编号"), max_length=128, required=False)
    old_reference = forms.CharField(
        label=_("原档号"), max_length=128, required=False, help_text=_("启用本系统以前的档号，照原样保留")
    )
    amount = AmountField(label=_("合同金额（含税）"), words="id_amount_words", help_text=_("可以写 12.5万元"))
    currency = forms.ChoiceField(label=_("币种"), choices=CURRENCIES)
    amount_excl_tax = AmountField(label=_("不含税金额"))
    vat_rate = PercentField(label=_("税率"))
    vat_amount = AmountField(label=_("税额"))
    deposit_amount = AmountField(label=_("定金"))
    signed_on = DayField(label=_("签订日期"), help_text=_("2026.3.5、2026年3月5日 都可以"))
    sign_place = forms.CharField(label=_("签订地点"), max_length=200, required=False)
    in_force_on = DayField(label=_("生效日期"))
    expires_on = DayField(label=_("到期日期"), help_text=_("也可以写 今天+30"))
    delivery_on = DayField(label=_("交付日期"))
    subject_matter = forms.CharField(label=_("标的"), required=False, widget=_lines())
    payment_terms = forms.CharField(label=_("付款方式"), required=False, widget=_lines())
    term_text = forms.CharField(label=_("合同期限"), required=False, widget=_lines(2))
    remarks = forms.CharField(label=_("备注"), required=False, widget=_lines(2))
    originals = CountField(label=_("正本份数"), help_text=_("我方应持有的正本；不填就不催收原件"))
    originals_back = CountField(label=_("已收回份数"))
    duplicates = CountField(label=_("副本份数"))
    original_holder = forms.CharField(label=_("原件保管人"), max_length=64, required=False)
    place = forms.CharField(
        label=_("存放位置"), max_length=200, required=False, help_text=_("库-柜-层-盒，例如 一库-03柜-2层-07盒")
    )
    binder = forms.CharField(label=_("装订卷册"), max_length=128, required=False, help_text=_("装在哪一册、哪一盒"))
    dispute_mode = forms.ChoiceField(label=_("方式"), choices=[("", "—"), *DisputeMode.choices], required=False)
    dispute_institution = forms.CharField(label=_("仲裁机构"), max_length=200, required=False)
    dispute_court = forms.CharField(label=_("管辖法院"), max_length=200, required=False)

    def __init__(self, *args: Any, by: User, contract: Contract | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.customs = Customs(self, by=by, contract=contract)
        offer_currency(self, self.initial.get("currency"))
        departments = Department.objects.visible_to(by).active()
        self.choose("unit", departments.units())
        self.choose("department", departments)
        self.choose("owner", User.objects.visible_to(by).active().select_related("department"))

    def clean(self) -> dict[str, Any]:
        """Refuse that more 正本 came back than there are."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        known, back = given.get("originals"), given.get("originals_back")
        if known is not None and back is not None and back > known:
            self.add_error("originals_back", _("收回的不能多于正本份数"))
        self.customs.check(given)
        return given

    def sections(self) -> list[tuple[Any, list[tuple[forms.BoundField, bool]], str]]:
        """Return (title, [(field, is wide)], type of contract or "") in the order in which people fill them in."""
        usual = [(title, [(self[name], name in WIDE) for name in names], "") for title, names in SECTIONS]
        return usual + self.customs.sections()


class NewContractForm(ContractForm):
    """登记合同, with its first file where there is one."""

    file = forms.FileField(label=_("合同文件"), required=False, help_text=_("可以先登记，以后再加"))
    file_kind = forms.ChoiceField(label=_("文件类别"), choices=DocumentKind)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.choose("department", Department.objects.open_to(by, "contract.create").active())

    def values(self, rows: Mapping[str, Any]) -> ContractValues:
        """Return what is to be registered, with its parties, line items and instalments."""
        customs = self.customs.values()
        aside = {"file", "file_kind", *customs}
        given = {name: value for name, value in self.cleaned_data.items() if name not in aside}
        return ContractValues(**given, **rows, custom=customs)


class EditContractForm(ContractForm):
    """修改合同: with a reason, and the version that the person saw."""

    department = forms.ModelChoiceField(
        Department.objects.none(), label=_("承办部门"), to_field_name="uid", empty_label=None
    )
    owner = forms.ModelChoiceField(User.objects.none(), label=_("承办人"), to_field_name="uid", empty_label=None)
    edit_version = forms.IntegerField(widget=forms.HiddenInput())
    why = forms.CharField(
        label=_("更正原因"), max_length=500, required=False, help_text=_("改动已有内容须写明；只补填空项可以不写")
    )

    def unexplained(self, refusal: Refused) -> Refused | None:
        """Say beside its field that the reason is lacking; return what else is refused."""
        if refusal.code != "contract.correction_unexplained":
            return refusal
        self.add_error("why", refusal.message)
        return None

    def changes(self) -> dict[str, Any]:
        """Return the fields that the person changed, by name."""
        given = self.cleaned_data | self.customs.values()
        return {name: given[name] for name in self.changed_data if name not in ("edit_version", "why")}


def initial_of(contract: Contract) -> dict[str, Any]:
    """Return what the edit form shows of ``contract``."""
    shown = {name: getattr(contract, name) for _title, names in SECTIONS for name in names}
    chosen = {name: getattr(contract, name).uid for name in ("unit", "department", "owner")}
    return shown | chosen | {"edit_version": contract.edit_version}


def remembered(by: User) -> dict[str, Any]:
    """Return the choices of the contract that this person registered last."""
    last = Contract.objects.filter(registered_by=by).select_related("unit", "department").order_by("-id").first()
    if last is None:
        return {"owner": by.uid, "department": by.department.uid if by.department else None, "our_role": "SELLER"}
    chosen = {name: getattr(last, name) for name in REMEMBERED}
    places = {"unit": last.unit, "department": last.department}
    chosen |= {name: place.uid for name, place in places.items() if place.is_active}
    return chosen | {"owner": by.uid}


class PaperForm(QuietForm):
    """加文件, or a new version of one that is there."""

    file = forms.FileField(label=_("文件"))
    kind = forms.ChoiceField(label=_("文件类别"), choices=DocumentKind)
    title = forms.CharField(label=_("标题"), max_length=300, required=False, help_text=_("不填就用文件名"))
    why = forms.CharField(label=_("说明"), max_length=500, required=False)


class VersionForm(QuietForm):
    """新版本 of one document, with the reason."""

    file = forms.FileField(label=_("文件"))
    why = forms.CharField(label=_("为什么换新版本"), max_length=500)


class VoidForm(QuietForm):
    """作废, with the reason."""

    why = forms.CharField(label=_("作废原因"), max_length=500, widget=_lines())
