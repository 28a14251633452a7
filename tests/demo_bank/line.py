"""A bad line to a bank that is really elsewhere: what is said on it is lost, doubled, or late."""

import threading

import httpx

FAULTS = ("lose_question", "lose_answer", "twice", "late")


class Line(httpx.BaseTransport):
    """Real sockets. A fault is turned on for the next so many questions."""

    def __init__(self) -> None:
        self._wire = httpx.HTTPTransport()
        self._lock = threading.Lock()
        self._left = dict.fromkeys(FAULTS, 0)
        self._late: list[httpx.Request] = []

    def turn(self, **faults: int) -> None:
        with self._lock:
            self._left |= faults

    def calm(self) -> None:
        self.turn(**dict.fromkeys(FAULTS, 0))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        question = _again(request)
        if self._strikes("lose_question"):
            raise httpx.ConnectTimeout("the question was lost", request=request)
        if self._strikes("late"):
            with self._lock:
                self._late.append(question)
            raise httpx.ReadTimeout("the question is still on its way", request=request)
        if self._strikes("twice"):
            self._ask(question)
        answer = self._wire.handle_request(request)
        if self._strikes("lose_answer"):
            answer.read()
            answer.close()
            raise httpx.ReadTimeout("the answer was lost", request=request)
        return answer

    def arrive(self) -> int:
        """What was late reaches the bank now, the last first; nobody waits for the answers."""
        with self._lock:
            late, self._late = self._late[::-1], []
        for question in late:
            self._ask(question)
        return len(late)

    def drop(self) -> None:
        """What is late never comes."""
        with self._lock:
            self._late.clear()

    def close(self) -> None:
        self._wire.close()

    def _ask(self, question: httpx.Request) -> None:
        answer = self._wire.handle_request(_again(question))
        answer.read()
        answer.close()

    def _strikes(self, fault: str) -> bool:
        with self._lock:
            left = self._left[fault]
            self._left[fault] = max(0, left - 1)
        return left > 0


def _again(request: httpx.Request) -> httpx.Request:
    """The same question, to be asked once more."""
    body = request.read()
    return httpx.Request(request.method, request.url, headers=request.headers, content=body)
