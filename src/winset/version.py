"""The version of Winset, where every part can read it."""

__all__ = ["__version__"]

__version__ = "0.1.0"
