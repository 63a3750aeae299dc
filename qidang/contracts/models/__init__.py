"""The tables of the contracts room, by noun."""

from qidang.contracts.models.clashes import NumberClash
from qidang.contracts.models.companies import Company
from qidang.contracts.models.contacts import Contact, Note
from qidang.contracts.models.contract import Contract, Voiding
from qidang.contracts.models.custom_fields import CustomField, CustomValue
from qidang.contracts.models.customer_sheets import CustomerRow, CustomerSheet
from qidang.contracts.models.handovers import OriginalsHandover
from qidang.contracts.models.histories import HistoryEntry
from qidang.contracts.models.holds import Hold
from qidang.contracts.models.joinings import Joining
from qidang.contracts.models.merges import Distinction, Merge, MergeUndoing, MovedBatch, Twins
from qidang.contracts.models.names import CompanyAlias, CompanyCode
from qidang.contracts.models.numbers import IssuedNumber, NumberCounter, NumberRule
from qidang.contracts.models.papers import Document, Version
from qidang.contracts.models.removals import Removal
from qidang.contracts.models.revisions import Revision
from qidang.contracts.models.sources import FieldSource
from qidang.contracts.models.terms import Instalment, LineItem, Party
from qidang.contracts.models.withdrawals import Withdrawal

__all__ = [
    "Company",
    "CompanyAlias",
    "CompanyCode",
    "Contact",
    "Contract",
    "CustomField",
    "CustomValue",
    "CustomerRow",
    "CustomerSheet",
    "Distinction",
    "Document",
    "FieldSource",
    "HistoryEntry",
    "Hold",
    "Instalment",
    "IssuedNumber",
    "Joining",
    "LineItem",
    "Merge",
    "MergeUndoing",
    "MovedBatch",
    "Note",
    "NumberClash",
    "NumberCounter",
    "NumberRule",
    "OriginalsHandover",
    "Party",
    "Removal",
    "Revision",
    "Twins",
    "Version",
    "Voiding",
    "Withdrawal",
]
