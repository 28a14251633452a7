"""The Bank of Nowhere: a payment provider of pretend money, a process of its own.

It knows nothing of tamizdat but how to format a sum, so that it shares no mistake with us.
"""
