"""The certification authority of one CDC: a folder on a machine that no station can reach.

Stations and receivers only read what it hands out; none of them imports it.
"""
