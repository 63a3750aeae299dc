"""核验: hashes the stored bytes again and compares them with the plain columns, the chain and the details."""

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """x"""


def verify(chain: str = "acts") -> Verdict:
    raise NotImplementedError


def verify_all() -> Verdict:
    raise NotImplementedError
