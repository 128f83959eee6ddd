"""The short-lived process in which every private-key operation happens, a module for each.

What it opened dies with it, which in the web worker it would not. `process.py` beside this folder starts it;
`answering.py` reads what it is asked, and `room.py` is what every operation works in.
"""
