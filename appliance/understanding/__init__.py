"""What a sentence asks for where no model is needed: numbers, times, and the requests over them.

`scan` finds what can be computed in a text; the requests decide from the whole sentence who asks
for what. Nothing here reads a clock, a file of the user's or the network: all of it is pure.
"""
