"""Device drivers: a pure codec and a driver each, over a transport; `registry` finds them by name.

`api` tells what a driver is, `errors` what may go wrong. WRITING_A_DRIVER.md leads through one.
"""
