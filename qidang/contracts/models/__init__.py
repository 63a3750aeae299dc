"""The tables of the contracts room, by noun."""

from qidang.contracts.models.companies import Company, CompanyAlias
from qidang.contracts.models.contract import Contract, Voiding
from qidang.contracts.models.holds import Hold
from qidang.contracts.models.numbers import IssuedNumber, NumberCounter, NumberRule
from qidang.contracts.models.papers import Document, Version
from qidang.contracts.models.revisions import Revision
from qidang.contracts.models.terms import Instalment, LineItem, Party

__all__ = [
    "Company",
    "CompanyAlias",
    "Contract",
    "Document",
    "Hold",
    "Instalment",
    "IssuedNumber",
    "LineItem",
    "NumberCounter",
    "NumberRule",
    "Party",
    "Revision",
    "Version",
    "Voiding",
]
