"""Attacks on what Murmur stores, by somebody who knows the truth about each run and all the source code.

a1   match the rows of the SQLite file to the order in which people answered
a2   the same on PostgreSQL, by ctid and xmin
a3   read the raw bytes of the database and its logs after the close, with the operator's secret
a4   dump the database in mid-round, with the operator's secret but without the key directory
a5   dump it before and after each single submission, and see what moved
a7   look for ids, counts, fine times or sequences in the schema after the close
a13  change the answers, but not who gave any: the same must be shown and withheld
a18  kill the process at each step of closing, then carry a3 out again
"""
