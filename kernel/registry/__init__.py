"""The enabled plugins and the way to ask and to tell them.

pluggy keeps the implementations and checks their signatures; it awaits nothing, so the calling is done
here: one implementation after the other, in the operator's order, each in time.
"""

from kernel.registry.chains import Registry

__all__ = ("Registry",)
