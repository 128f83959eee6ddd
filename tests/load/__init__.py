"""Many people at once, broken lines and restarts, against processes that serve over HTTP."""
