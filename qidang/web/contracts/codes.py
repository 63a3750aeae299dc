"""二维码: a short address as a picture that a phone opens; drawn as SVG in the page, nothing leaves the house."""

import segno
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from qidang.contracts.models import Contract

QUIET = 2  # modules of white around the code; the label's own margin adds the rest


def address_of(request: HttpRequest, contract: Contract) -> str:
    """Return the address that the code of ``contract`` says, by the name under which this page was asked for."""
    return request.build_absolute_uri(reverse("scanned", args=[contract.uid]))


def code_of(request: HttpRequest, contract: Contract) -> SafeString:
    """Return the code of ``contract`` as SVG; a seventh part of it may be soiled (level M) and it still reads."""
    drawn = segno.make(address_of(request, contract), error="m", micro=False)
    return mark_safe(drawn.svg_inline(omitsize=True, border=QUIET, svgclass="qr"))
