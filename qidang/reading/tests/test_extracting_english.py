"""Contracts in English: title, parties with their sides, the day of the agreement."""

from qidang.reading.tests.extracting import extraction_of

TEXT = """SUPPLY AGREEMENT
This Supply Agreement (this "Agreement") is made as of March 5, 2024 (the "Effective Date") by and between
Lanwood Instruments, Inc., a Delaware corporation ("Supplier"), and Harbour Optics Ltd., a company of England ("Buyer").
WHEREAS, Supplier makes lenses and Buyer wishes to buy them; NOW, THEREFORE, the parties agree as follows:
1. Supplier shall deliver the goods listed in Schedule A.
2. This Agreement shall be governed by the laws of England.
IN WITNESS WHEREOF, the parties have executed this Agreement in two counterparts.
By: ______________   Name: A. Porter
"""
LETTER = """Dear Ms. Porter,
thank you for your letter about the exhibition in March. We shall be glad to welcome your colleagues at our stand and
to show them the new lenses, which our engineers have been testing through the winter with good results on all sizes.
Yours sincerely, K. Brandt, Director of Sales, who looks forward to seeing everybody in the main hall on Monday.
"""


def test_an_english_agreement_has_title_parties_and_day() -> None:
    extraction = extraction_of(TEXT)
    fields = {name: found and found.value for name, found in extraction.fields.items()}
    assert extraction.is_contract
    assert fields["title"] == "SUPPLY AGREEMENT"
    assert fields["contract_type"] == "买卖合同"
    assert fields["seller"] == "Lanwood Instruments, Inc."
    assert fields["buyer"] == "Harbour Optics Ltd."
    assert fields["sign_date"] == fields["effective_date"] == "2024-03-05"


def test_an_english_letter_is_no_contract() -> None:
    extraction = extraction_of(LETTER)
    assert not extraction.is_contract
    assert extraction.fields["seller"] is None
