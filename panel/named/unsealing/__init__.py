"""Whatever keyholders do, from a board's founding to its open names.

Keys: `keyholding` one's own · `founding` what the log says of keys · `service` a board founded, locked, destroyed.
Custody: `reach` which seats can be reached · `drill` and `drilling` practice · `handing_over` seats to successors.
Ceremony: `ceremony` who must be present, what must match · `convening` its verbs · `ending` how else it ends · `reveal`
the names at rest. Early: `sitting` who must be in the room · `early_opening` its verb · `early` what is kept of it.
`child/` is the process with the private keys, `process` starts it, and `asking` asks it for somebody.
"""
