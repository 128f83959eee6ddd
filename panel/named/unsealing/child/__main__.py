"""`python -m panel.named.unsealing.child`: the process itself, for one request."""

import sys

from panel.named.unsealing.child.answering import main

sys.exit(main())
