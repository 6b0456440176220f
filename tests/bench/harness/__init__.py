"""Measures Ledgerpost against what one would use instead. See docs/benchmarks.md."""
