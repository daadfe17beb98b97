"""Parts of screens, and pages that cover one.

A view asks the station nothing: it shows what it is told, and says by a signal what was touched.
"""
