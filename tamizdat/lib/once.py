"""Reading once what many questions in a row would each read again."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar, cast

Answer = TypeVar("Answer")
_answers: ContextVar[dict[Hashable, object] | None] = ContextVar("answers", default=None)


@contextmanager
def reading_once() -> Iterator[None]:
    """Inside, what `once` was told under a key is not read a second time. Keep it short."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def once(key: Hashable, read: Callable[[], Answer]) -> Answer:
    """What `read` answers; inside `reading_once`, what it answered the first time."""
    answers = _answers.get()
    if answers is None:
        return read()
    if key not in answers:
        answers[key] = read()
    return cast(Answer, answers[key])
