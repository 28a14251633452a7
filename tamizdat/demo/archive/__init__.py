"""An archive of any size, generated: the same stories every time, written in bulk."""
