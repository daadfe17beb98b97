import threading

from station.runtime.queues import LatestQueue, ReadingQueue


def test_a_full_latest_queue_drops_the_oldest_and_counts_it():
    queue = LatestQueue(2)
    for i in range(5):
        queue.put(i)
    assert [queue.get(0), queue.get(0), queue.get(0)] == [3, 4, None]
    assert queue.dropped == 3


def test_a_reading_queue_gives_everything_in_order():
    queue = ReadingQueue()
    for i in range(100):
        queue.put(i)
    assert [queue.get(0) for _ in range(101)] == [*range(100), None]


def test_a_reading_queue_gives_what_is_wanted_at_its_head_at_once():
    queue = ReadingQueue(capacity=4)
    for i in (1, 3, 4, 5):
        queue.put(i)
    assert queue.get_while(lambda i: i % 2) == [1, 3]
    assert queue.get_while(lambda i: i % 2) == []
    assert [queue.get(0), queue.get(0)] == [4, 5]


def test_a_full_reading_queue_makes_its_writer_wait_and_loses_nothing():
    queue = ReadingQueue(capacity=2, patience_s=0.01)
    done = threading.Event()

    def write():
        for i in range(4):
            queue.put(i)
        done.set()

    threading.Thread(target=write, daemon=True).start()
    while not queue.is_blocked:
        assert not done.is_set()
    assert [queue.get(1) for _ in range(4)] == [0, 1, 2, 3]
    assert done.wait(60)
    assert not queue.is_blocked
