"""Batches made beside the step that uses the one before."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

Batch = TypeVar("Batch")


class MadeAhead(Generic[Batch]):
    """What ``make(step)`` returns; while one is used, the next is made in a thread."""

    def __init__(self, make: Callable[[int], Batch]):
        self._make = make
        self._thread = ThreadPoolExecutor(1)
        self._next: tuple[int, Future[Batch]] | None = None

    def __call__(self, step: int) -> Batch:
        number, future = self._next or (None, None)
        batch = future.result() if future and number == step else self._make(step)
        self._next = (step + 1, self._thread.submit(self._make, step + 1))
        return batch
