"""样本量与差错率: how many to look at, and what the errors found in a sample say of the lot. Pure.

The size follows Cochran, Sampling Techniques (3rd edition 1977, §4.4): n₀ = t²·p·(1-p)/d², then n = n₀/(1 + (n₀-1)/N)
for a lot of N. The interval of the rate is Wilson's (Journal of the American Statistical Association 22, 1927,
209-212). Both at 95 %.
"""

import math

NORMAL = 1.959964  # the 97.5th percentile of the normal distribution: 95 % on both sides


def size_for(population: int, *, expected: float, margin: float) -> int:
    """Return how many of ``population`` tell the share of errors to ± ``margin`` where about ``expected`` are wrong.

    Raise ValueError for shares that are none: ``expected`` and ``margin`` stand between 0 and 1.
    """
    if not (0 < expected < 1 and 0 < margin < 1):
        raise ValueError(f"{expected} and {margin} must be between 0 and 1")
    if population <= 0:
        return 0
    endless = NORMAL**2 * expected * (1 - expected) / margin**2
    return min(population, math.ceil(endless / (1 + (endless - 1) / population)))


def interval(wrong: int, looked_at: int) -> tuple[float, float]:
    """Return between which shares the errors of the lot lie with 95 % confidence; (0, 1) where nothing was seen."""
    if not looked_at:
        return 0.0, 1.0
    share, squared = wrong / looked_at, NORMAL**2
    middle = share + squared / (2 * looked_at)
    spread = NORMAL * math.sqrt(share * (1 - share) / looked_at + squared / (4 * looked_at**2))
    whole = 1 + squared / looked_at
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)
