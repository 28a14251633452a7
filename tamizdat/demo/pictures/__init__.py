"""The drawings of the demo newsroom: cut paper, made by code, the same every time."""
