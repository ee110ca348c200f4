"""Models outside the product's processes: a small server, and the client that implements the ports.

A request names a task; the server loads what the task needs, once, and ends when nobody has
called for a while, which is how its memory is given back.
"""

from armarium.adapters.inference.client import InferenceClient

__all__ = ["InferenceClient"]
