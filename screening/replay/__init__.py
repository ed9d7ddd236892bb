"""Replay: what another rule set would have made of the cases a clinic has had.

Reading and counting only. Cases are read from the database into columns (`cases`), decided there by their own version
and by the other one (`statement`), and counted (`counting`); DuckDB is loaded when that is done, and not before.
"""
