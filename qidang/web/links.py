"""Where the page of a thing is that the ledger or a notice names by kind and uid.

People are left out: their pages are for who keeps people, and most who read the log do not.
"""

from typing import Any

from django.urls import NoReverseMatch, reverse

PAGES = {
    "contract": "contracts:show",
    "company": "companies:show",
    "customer_sheet": "companies:sheet",
    "batch": "intake:batch",
    "arrival": "intake:review",
    "project": "onboarding:project",
    "sampling": "onboarding:sample",
}


def link_to(kind: str, uid: Any) -> str:
    """Return the address of the thing's page, "" where it has none."""
    try:
        return reverse(PAGES[kind], args=[uid]) if kind in PAGES else ""
    except NoReverseMatch:
        return ""
