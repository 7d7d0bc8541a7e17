"""Batches made ahead, in threads and in processes."""

import threading
import time

import torch

from rasr_training.ahead import MadeAhead


def test_no_process_is_forked_while_a_thread_is_at_work():
    at_work = threading.Event()

    def slowly(step: int) -> int:
        at_work.set()
        time.sleep(0.3)
        at_work.clear()
        return step

    MadeAhead(slowly)(0)
    while not at_work.is_set():
        time.sleep(0.01)
    # What the processes see is what was so when they were forked.
    seen = MadeAhead(lambda _: torch.tensor(at_work.is_set()), workers=1)
    assert not seen(0)
