"""Papers to look at, without a worker."""

from qidang.web.tests.papers import arrive, our_company, quiet_home, registered

__all__ = ["arrive", "our_company", "quiet_home", "registered"]
