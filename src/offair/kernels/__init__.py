"""Compiled loops over columns of numbers, each beside a numpy equal that it is tested against.

A kernel takes and gives numpy arrays and knows no noun of ours. The modules import numba, which
takes a moment: whoever needs a kernel imports its module where the work begins, and compiled code
is kept between runs.
"""
