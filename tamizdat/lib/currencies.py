"""How many decimals a currency has: ISO 4217's minor units, list one of 2026-01-01.

CLDR is asked elsewhere, and not here: it says how people write a sum today. It knows no cents of
the dinar of Serbia, the lek or a dozen others, in which banks and providers go on counting.
"""

_CODES = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
NOT_TWO = {code: places for places, codes in _CODES.items() for code in codes.split()}


def decimals(currency: str) -> int:
    """Two, where ISO does not say otherwise."""
    return NOT_TWO.get(currency, 2)
