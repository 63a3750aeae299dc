"""The house itself: what belongs to no room (templates of errors, messages, the checks of a production start)."""

from django.apps import AppConfig

from qidang import production

__all__ = ["HouseConfig", "production"]


class HouseConfig(AppConfig):
    """The house itself."""

    name = "qidang"
    label = "qidang"
