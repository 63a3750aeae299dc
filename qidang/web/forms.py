"""What all our forms share: how they look."""

from typing import Any

from django import forms


class QuietForm(forms.Form):
    """A form that looks like ours: no colon after labels, our classes on every control."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        for field in self.fields.values():
            dress(field)


def dress(field: forms.Field) -> None:
    """Give a field's widget the class it is styled by."""
    widget = field.widget
    if isinstance(field, forms.ModelChoiceField) and str(field.empty_label).startswith("- "):
        field.empty_label = "—"  # Django's own "- Select an option -" says what everybody sees
    if isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple | forms.RadioSelect | forms.HiddenInput):
        return
    name = "form-select" if isinstance(widget, forms.Select) else "form-control"
    widget.attrs["class"] = f"{name} {widget.attrs.get('class', '')}".strip()
