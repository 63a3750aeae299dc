"""Contracts in English: title, number, parties with their sides, money, days, term and law."""

import pytest

from qidang.reading.tests.extracting import extraction_of, value_of

TEXT = """SUPPLY AGREEMENT
This Supply Agreement (this "Agreement") is made as of March 5, 2024 (the "Effective Date") by and between
Lanwood Instruments, Inc., a Delaware corporation ("Supplier"), and Harbour Optics Ltd., a company of England ("Buyer").
WHEREAS, Supplier makes lenses and Buyer wishes to buy them; NOW, THEREFORE, the parties agree as follows:
1. Supplier shall deliver the goods listed in Schedule A.
2. This Agreement shall be governed by the laws of England.
IN WITNESS WHEREOF, the parties have executed this Agreement in two counterparts.
By: ______________   Name: A. Porter
"""
CONFIRMATION = """SALES CONTRACT
Contract No.: AV-2025-77		Date: March 9, 2025
The Seller: Arden Vale Instruments Ltd., 4 Quay Road, Harbourton
The Buyer: Orrin & Sale Metrology GmbH, Hafenweg 12, Bremen
This Contract is made by and between the Seller and the Buyer, whereby the Seller agrees to sell and the Buyer agrees to
buy the goods below, and both hereby agree as follows:
Commodity	Quantity	Unit Price	Amount
Displacement sensor LD-200	60 pcs	EUR 1,250.00	EUR 75,000.00
Total Contract Value: EUR 75,000.00
SAY EUROS SEVENTY-FIVE THOUSAND ONLY.
Payment: 30% of the total amount as deposit of EUR 22,500.00 within 10 days.
The term of this Contract is twenty-four (24) months from the date of this Contract.
This Contract shall be governed by and construed in accordance with the laws of England and Wales.
IN WITNESS WHEREOF the parties have executed this Contract.
"""
LETTER = """Dear Ms. Porter,
thank you for your letter about the exhibition in March. We shall be glad to welcome your colleagues at our stand and
to show them the new lenses, which our engineers have been testing through the winter with good results on all sizes.
Yours sincerely, K. Brandt, Director of Sales, who looks forward to seeing everybody in the main hall on Monday.
"""
OPENING = "CONSULTING AGREEMENT\nThis Agreement is entered into by and between Lanwood Ltd. and Harbour Optics Ltd. "
CLOSING = "\nIN WITNESS WHEREOF the parties have signed this Agreement with the date that stands beside each name.\n"


def agreement(*sentences: str, closing: str = CLOSING) -> str:
    """Return a short agreement that says this."""
    return OPENING + "\n".join(["and the parties agree as follows:", *sentences]) + closing


def test_an_english_agreement_has_title_parties_and_day() -> None:
    extraction = extraction_of(TEXT)
    fields = {name: found and found.value for name, found in extraction.fields.items()}
    assert extraction.is_contract
    assert fields["title"] == "SUPPLY AGREEMENT"
    assert fields["contract_type"] == "买卖合同"
    assert fields["seller"] == "Lanwood Instruments, Inc."
    assert fields["buyer"] == "Harbour Optics Ltd."
    assert fields["sign_date"] == fields["effective_date"] == "2024-03-05"
    assert fields["governing_law"] == "England"
    assert fields["amount_incl_tax"] is fields["currency"] is fields["prevailing_language"] is None


def test_a_confirmation_with_labels_has_number_money_and_term() -> None:
    extraction = extraction_of(CONFIRMATION)
    fields = {name: found and found.value for name, found in extraction.fields.items()}
    assert fields["contract_no"] == "AV-2025-77"
    assert (fields["seller"], fields["buyer"]) == ("Arden Vale Instruments Ltd.", "Orrin & Sale Metrology GmbH")
    assert (fields["amount_incl_tax"], fields["currency"]) == ("75000.00", "EUR")
    assert fields["amount_in_words"] == "EUROS SEVENTY-FIVE THOUSAND ONLY"
    assert fields["sign_date"] == "2025-03-09"
    assert fields["term"] == {"n": 24, "unit": "月", "anchor": None}
    assert fields["governing_law"] == "England and Wales"


def test_an_english_letter_is_no_contract() -> None:
    extraction = extraction_of(LETTER)
    assert not extraction.is_contract
    assert extraction.fields["seller"] is None


@pytest.mark.parametrize(
    ("sentence", "amount", "currency"),
    [
        ("The total contract price is US$1,200,000.00.", "1200000.00", "USD"),
        ("The aggregate purchase price shall be Two Million Euros (EUR 2,000,000).", "2000000.00", "EUR"),
        ("Total amount: 36,500.00 US Dollars", "36500.00", "USD"),
        ("The total fee of this Agreement is RMB 480,000.", "480000.00", "CNY"),
        ("The total price is $90,000. All amounts are in Canadian Dollars.", "90000.00", "CAD"),
        ("The total project cost is £1.5 million.", "1500000.00", "GBP"),
    ],
)
def test_the_whole_price_is_read_with_its_currency(sentence: str, amount: str, currency: str) -> None:
    text = agreement(sentence)
    assert value_of(text, "amount_incl_tax") == amount
    assert value_of(text, "currency") == currency


@pytest.mark.parametrize(
    "sentence",
    [
        "The total liability of either party shall not exceed US$500,000.",
        "The total price is USD 300 per unit.",
        "The insurance shall have a total amount of USD 1,000,000.",
        "A deposit of EUR 22,500 is due at once.",
        "The estimated total cost is USD 40,000.",
    ],
)
def test_parts_rates_and_limits_are_no_price(sentence: str) -> None:
    assert value_of(agreement(sentence), "amount_incl_tax") is None


def test_the_currency_alone_is_read_where_no_price_is_named() -> None:
    assert value_of(agreement("All invoices are payable in Swiss Francs."), "currency") == "CHF"


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("This Agreement shall come into force on June 1, 2024.", "2024-06-01"),
        ("The term of this Agreement shall commence on July 2, 2024 and shall continue for three years.", "2024-07-02"),
        ("The term of this Agreement will begin on\tFebruary 1, 2024.", "2024-02-01"),
        ("This Agreement, dated May 6, 2024, comes into force on the date first written above.", "2024-05-06"),
    ],
)
def test_the_day_of_effect_is_read(sentence: str, day: str) -> None:
    assert value_of(agreement(sentence), "effective_date") == day


def test_the_last_signature_makes_the_agreement_and_its_effect_where_it_says_so() -> None:
    sentence = '"Effective Date" shall mean the date the last party has signed this Agreement.'
    text = agreement(sentence, closing=f"{CLOSING}Lanwood Ltd. Date: 5/3/2024\nHarbour Optics Ltd. Date: 5/11/2024\n")
    assert value_of(text, "sign_date") == "2024-05-11"
    found = extraction_of(text).fields["effective_date"]
    assert found is not None
    assert found.value == "2024-05-11"
    assert found.derived


def test_the_day_of_another_agreement_is_not_taken() -> None:
    sentence = "This amends that certain Supply Agreement dated as of January 3, 2019 between the parties."
    assert value_of(agreement(sentence), "sign_date") is None


def test_the_last_day_is_read_where_it_is_printed() -> None:
    sentence = "This Agreement shall remain in full force and effect until December 31, 2027."
    assert value_of(agreement(sentence), "end_date") == "2027-12-31"


def test_more_than_two_parties_are_kept_apart() -> None:
    text = TEXT.replace(
        'Harbour Optics Ltd., a company of England ("Buyer")',
        'Harbour Optics Ltd. ("Buyer"), and Thirdvale Trust, a trust of Jersey ("Guarantor")',
    )
    assert value_of(text, "buyer") == "Harbour Optics Ltd."
    assert value_of(text, "other_parties") == ["Thirdvale Trust"]


def test_the_parties_are_taken_from_the_signatures_where_the_head_names_none() -> None:
    text = (
        "JOINT FILING AGREEMENT\nThe undersigned hereby agree as follows: this Agreement is a contract of theirs.\n"
        "IN WITNESS WHEREOF the undersigned have executed this Agreement as of May 2, 2024 in counterparts.\n\n"
        "LANWOOD PARTNERS L.P.\n\nBy: /s/ A. Porter\n\nHARBOUR HOLDINGS LLC\n\nBy: /s/ K. Brandt\n"
    )
    assert value_of(text, "party_a") == "LANWOOD PARTNERS L.P."
    assert value_of(text, "party_b") == "HARBOUR HOLDINGS LLC"


@pytest.mark.parametrize(
    ("sentence", "law"),
    [
        ("This Agreement is governed by New York law.", "New York"),
        ("This Agreement shall be construed under the laws of the PRC.", "People's Republic of China"),
        ("The laws of the State of Delaware shall govern.", "Delaware"),
        ("Each party obeys the export laws of Japan.", None),
    ],
)
def test_the_law_that_governs_is_read(sentence: str, law: str | None) -> None:
    assert value_of(agreement(sentence), "governing_law") == law


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("In case of discrepancy the English version shall prevail.", "英文"),
        ("Conflicts between the two languages shall be subject to the Chinese version.", "中文"),
        ("English law shall govern this Agreement.", None),
    ],
)
def test_the_language_that_prevails_is_read(sentence: str, language: str | None) -> None:
    assert value_of(agreement(sentence), "prevailing_language") == language
