"""表单中的行: who signs, what is sold, when it is paid; some blank rows stand ready, more come by a small script."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qidang.contracts.choices import PartyRole
from qidang.contracts.models import Contract
from qidang.contracts.models.terms import ROWS
from qidang.contracts.values import InstalmentValues, LineItemValues, PartyValues
from qidang.web.fields import AmountField, DayField, NumberField, ShareField
from qidang.web.forms import QuietForm

if TYPE_CHECKING:
    _FormSet = forms.BaseFormSet["RowForm"]
else:  # the stubs know type parameters, Django itself does not
    _FormSet = forms.BaseFormSet

MOST = 300  # rows of one kind in one form; more are left as they are
MARKS = ("place", "DELETE")
SECRET = {"data-sealed": "", "autocomplete": "off"}  # no script keeps what stands in these


def _text(label: Any, most: int, **attrs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=False, widget=forms.TextInput(attrs))


class RowForm(QuietForm):
    """One row. ``place`` is its number among the rows that the person saw, nothing for a new one."""

    use_required_attribute = False
    needed: tuple[str, str | Promise] = ("name", _("请写名称"))
    is_line = True
    place = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if self.is_line:
                field.widget.attrs["aria-label"] = field.label  # the head of the table is not read with the box

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written in the row."""
        return not any(value not in (None, "") for name, value in self.cleaned_data.items() if name not in MARKS)

    def clean(self) -> dict[str, Any]:
        """Ask for the name of a row in which anything is written."""
        name, words = self.needed
        if name and not self.errors and not self.is_blank and not self.cleaned_data.get(name):
            self.add_error(name, str(words))
        return self.cleaned_data

    def shown(self) -> list[forms.BoundField]:
        """Return what people see of the row, without the box that takes it out."""
        return [bound for bound in self.visible_fields() if bound.name not in MARKS]


class PartyForm(RowForm):
    """签约方."""

    needed = ("name", _("请写签约方名称"))
    is_line = False
    role = forms.ChoiceField(
        label=pgettext_lazy("签约方", "角色"), choices=[("", "—"), *PartyRole.choices], required=False
    )
    side = _text(_("称谓"), 16, list="sides")
    name = _text(_("名称"), 200)
    uscc = _text(_("统一社会信用代码"), 18)
    legal_representative = _text(_("法定代表人"), 64)
    signatory = _text(_("签署人"), 64)
    signatory_title = _text(_("签署人职务"), 64)
    address = _text(_("地址"), 300)
    email = _text(_("邮箱"), 128)
    phone = _text(_("电话"), 64, **SECRET)
    bank = _text(_("开户行"), 200)
    account = _text(_("账号"), 64, **SECRET)


class LineItemForm(RowForm):
    """标的明细; what a row holds besides stays as it is."""

    needed = ("name", _("请写标的名称"))
    name = _text(_("名称"), 300)
    spec = _text(_("规格"), 300)
    measure = _text(_("单位"), 32)
    quantity = NumberField(label=_("数量"), places=4)
    unit_price = NumberField(label=_("单价"), places=6)
    amount = AmountField(label=_("金额"))


class InstalmentForm(RowForm):
    """付款节点."""

    needed = ("", "")
    name = _text(_("名称"), 64)
    trigger = _text(_("条件"), 500)
    percent = ShareField(label=_("比例"))
    amount = AmountField(label=_("金额"))
    due_on = DayField(label=_("应付日期"))


class RowSet(_FormSet):
    """All rows of one kind."""

    kind: str
    title: str | Promise
    values_of: type[Any]
    template: str

    @property
    def is_open(self) -> bool:
        """Whether the section stands open: there are rows, or somebody wrote some."""
        return bool(self.initial) or (self.is_bound and self.has_changed())

    def rows(self, kept: Mapping[int, Any]) -> Iterator[Any]:
        """Yield the values of the rows that stay; ``kept`` are the rows that the person saw, by number."""
        for form in self.forms:
            given = dict(form.cleaned_data)
            before = kept.get(given.pop("place", None) or 0)
            if given.pop("DELETE", False) or form.is_blank:
                continue
            yield self.values_of(**_besides(self.values_of, before, given), **_said(given))

    def add_fields(self, form: RowForm, index: int | None) -> None:
        """Add the box that takes the row out, where there is no script."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("去掉")


def _said(given: Mapping[str, Any]) -> dict[str, Any]:
    """Leave the role of a party to its default where nobody chose one."""
    return {name: value for name, value in given.items() if not (name == "role" and not value)}


def _besides(values_of: type[Any], before: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the row ``before`` holds besides what the form shows."""
    if before is None:
        return {}
    hidden = [name for name in values_of.__dataclass_fields__ if name not in given]
    same = getattr(before, "name", "") == given.get("name", "")
    return {name: getattr(before, name) for name in hidden if same or name != "company"}


def _row_set(kind: str, title: Any, form: type[RowForm], values_of: type[Any], blank: int) -> type[RowSet]:
    made: Any = forms.formset_factory(
        form, formset=RowSet, extra=blank, can_delete=True, max_num=MOST, absolute_max=MOST + 100
    )
    made.kind, made.title, made.values_of = kind, title, values_of
    made.template = f"contracts/rows/{'lines' if form.is_line else 'parties'}.html"
    return made  # type: ignore[no-any-return]


KINDS = (
    _row_set("parties", _("签约方"), PartyForm, PartyValues, 2),
    _row_set("line_items", _("标的明细"), LineItemForm, LineItemValues, 3),
    _row_set("instalments", _("付款节点"), InstalmentForm, InstalmentValues, 3),
)


class RowSets:
    """The three kinds of rows beside a contract's form. A kind that the address did not send is left as it is."""

    def __init__(self, sent: QueryDict | None, contract: Contract | None = None) -> None:
        self.kept = {made.kind: _kept(made.kind, contract) for made in KINDS}
        self.beyond = [(made.title, len(self.kept[made.kind])) for made in KINDS if len(self.kept[made.kind]) > MOST]
        self.sets = [self._made(made, sent) for made in KINDS if len(self.kept[made.kind]) <= MOST]

    def _made(self, made: type[RowSet], sent: QueryDict | None) -> RowSet:
        initial = [_shown(row, made.form) for row in self.kept[made.kind].values()]
        bound = sent if sent is not None and f"{made.kind}-TOTAL_FORMS" in sent else None
        return made(bound, initial=initial, prefix=made.kind)

    def __iter__(self) -> Iterator[RowSet]:
        return iter(self.sets)

    def is_valid(self) -> bool:
        """Whether every row that was sent is right."""
        wrong = [rows for rows in self.sets if rows.is_bound and not rows.is_valid()]
        return not wrong

    def values(self) -> dict[str, tuple[Any, ...]]:
        """Return the rows that were sent and changed, by kind, as the contract takes them."""
        changed = [rows for rows in self.sets if rows.is_bound and rows.has_changed()]
        return {rows.kind: tuple(rows.rows(self.kept[rows.kind])) for rows in changed}

    def problems(self) -> list[tuple[str, str, str]]:
        """Return (anchor, label, words) of everything wrong."""
        wrong = [(rows, number, form) for rows in self.sets for number, form in enumerate(rows.forms, start=1)]
        return [
            (bound.id_for_label, f"{rows.title} {number} · {bound.label}", str(error))
            for rows, number, form in wrong
            if form.is_bound
            for bound in form.visible_fields()
            for error in bound.errors
        ]


def _kept(kind: str, contract: Contract | None) -> dict[int, Any]:
    if contract is None:
        return {}
    return {row.no: row for row in ROWS[kind]._default_manager.filter(contract=contract).order_by("no")}


def _shown(row: Any, form: type[RowForm]) -> dict[str, Any]:
    names = [name for name in form.base_fields if name != "place"]
    return {name: getattr(row, name) for name in names} | {"place": row.no}
