"""What all our forms share: how they look."""

from typing import Any

from django import forms
from django.db.models import QuerySet


class QuietForm(forms.Form):
    """A form that looks like ours: no colon after labels, our classes on every control."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        for field in self.fields.values():
            dress(field)

    def choose(self, name: str, among: QuerySet[Any]) -> None:
        """Let the field ``name`` choose among these rows, and what the thing has, though disabled or out of reach.

        A browser would put another row in the place of one that it cannot choose, and saving would change it.
        """
        chooser, held = self.fields[name], self.initial.get(name)
        assert isinstance(chooser, forms.ModelChoiceField)
        if held is not None:
            among = among | among.model._default_manager.filter(**{chooser.to_field_name or "pk": held})
        chooser.queryset = among


def dress(field: forms.Field) -> None:
    """Give a field's widget the class it is styled by."""
    widget = field.widget
    if isinstance(field, forms.ModelChoiceField) and str(field.empty_label).startswith("- "):
        field.empty_label = "—"  # Django's own "- Select an option -" says what everybody sees
    if isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple | forms.RadioSelect | forms.HiddenInput):
        return
    name = "form-select" if isinstance(widget, forms.Select) else "form-control"
    widget.attrs["class"] = f"{name} {widget.attrs.get('class', '')}".strip()
