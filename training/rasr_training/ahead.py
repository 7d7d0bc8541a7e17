"""Batches made beside the step that uses the one before."""

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Generic, TypeVar
from weakref import WeakSet

import cv2
import torch
from torch.utils.data import DataLoader

Batch = TypeVar("Batch")

_in_threads: WeakSet[Future] = WeakSet()
"""What threads of this process are asked to make."""


def _wait_for_threads() -> None:
    """Nobody may be at work when a process forks: whatever lock a thread holds, its copy is held for ever."""
    while unfinished := [future for future in _in_threads if not future.done()]:
        wait(unfinished)


class _Made(Generic[Batch]):
    """``make`` as a data set whose items are steps."""

    def __init__(self, make: Callable[[int], Batch]):
        self._make = make

    def __getitem__(self, step: int) -> Batch:
        return self._make(step)


class MadeAhead(Generic[Batch]):
    """What ``make(step)`` returns; while one is used, the next are made.

    In a thread, or in as many processes as there are ``workers``: a GPU uses batches faster than one core
    makes them. Processes hand over tensors and ``NamedTuple`` objects of them, and need a system that forks.
    """

    def __init__(self, make: Callable[[int], Batch], workers: int = 0):
        self._make, self._workers = make, workers
        self._thread = ThreadPoolExecutor(1)
        self._next: tuple[int, Future[Batch]] | None = None
        self._running: tuple[int, Iterator[Batch]] | None = None

    def __call__(self, step: int) -> Batch:
        return self._from_workers(step) if self._workers else self._from_thread(step)

    def _from_thread(self, step: int) -> Batch:
        number, future = self._next or (None, None)
        batch = future.result() if future and number == step else self._make(step)
        ahead = self._thread.submit(self._make, step + 1)
        _in_threads.add(ahead)
        self._next = (step + 1, ahead)
        return batch

    def _from_workers(self, step: int) -> Batch:
        number, batches = self._running or (None, None)
        if batches is None or number != step:
            loader = DataLoader(
                _Made(self._make),
                batch_size=None,
                sampler=itertools.count(step),
                num_workers=self._workers,
                multiprocessing_context="fork",
                prefetch_factor=4,
                pin_memory=torch.cuda.is_available(),
                # The parent's pool of threads does not survive the fork.
                worker_init_fn=lambda _: cv2.setNumThreads(0),
            )
            _wait_for_threads()
            batches = iter(loader)
        self._running = (step + 1, batches)
        return next(batches)
