"""Attacks by somebody who knows all the source code, and the truth about each run to judge what was found.

`make attacks` carries each out on a naive variant, where it must succeed, and on Murmur, where it must not. Every
attack says what it does at the top of its file; its `naive` and `murmur` stand in an `Attack` at the foot.

orders       A1, A2    match rows to the order in which people answered, on SQLite and on PostgreSQL
raw_bytes    A3, A4    read all files after the close, and a dump in mid-round, with the operator's secret
dumps        A5, A6    compare copies from before and after each submission, and of every hour
schema       A7        look for a place where a person could be found after the close
logs         A8        read all logs at DEBUG while handlers and the database fail
calls        A9        compare every call to Slack of rounds in which others took part
figures      A10, A11  combine all that is published of a round, on any data and on data that tell most
sequences    A12       combine eight rounds of people who never change, and those before and after somebody left
shown        A13, A14  answer otherwise and see what else changes; replay everything from the ledger alone
tricks       A15       what an admin may try
resending    A16       twice, corrected, too late, together with the close
words        A17       look for what was written in comments
killing      A18       kill the process at each step of closing, and read what is left

Stages: victim (sixty people in one unit), crowd and company (Murmur with its clockwork), publishing (rounds with chosen
answers), ground (databases of one kind). naive holds the naive variants, withheld what protection costs in results.
"""
