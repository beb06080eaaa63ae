"""Arrays in, arrays out: the mathematics of deals, without names, files or validation.

A negotiation's deals are the product of independent groups of tied issues. Each group is a `Block` of
cells; a deal takes one cell of each block, its utility is the sum over blocks, and a red line is crossed
when any cell crosses it. Utilities are whole numbers, so every comparison here is exact.
"""
