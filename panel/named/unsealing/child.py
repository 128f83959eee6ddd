"""The short-lived process in which every private-key operation happens."""

from panel.sealed.vault import envelope


def self_test() -> None:
    """The known answers that must hold before anything is sealed or opened here. Raises Misconfigured."""
    envelope.self_test()
