"""Interrupts cells of a notebook at random moments, as people do, and tells how soon they ended.

    python interrupt.py TRIES WARM_UPS SEED FLIGHTS

FLIGHTS is a CSV file. The kernel "quiver-java" must be installed (`quiver kernel install`). A thread
in the kernel looks all the time whether a slot is busy or more bytes are counted than before the
cell; so `free` ends when that was so for the last time, also when it is behind the cell's end.
A line a try: kind, round, free and idle in milliseconds from the interrupt on, bytes left.
"""

import queue
import random
import sys
import time

from jupyter_client.manager import start_new_kernel

BEGUN_SECONDS = 0.2
SETTLE_SECONDS = 0.3
MISSES_MAX = 20
CELL_SECONDS_MAX = 120

KINDS = {
    "join and group-by": 'flights.join(flights.select("carrier", "dest").rename("dest", "other"), How.INNER, "carrier")'
    '.groupBy("tailnum", "other", "flight").agg(count()).collect()',
    "scan": "for (int i = 0; i < 1000; i++) scan.collect().close();",
    "loop that blocks": "q.submit(() -> { Thread.sleep(60_000); return 1; }).result()",
    "loops that ask": "q.gather(q.map(i -> { while (true) Quiver.checkCancelled(); }, List.of(1, 2, 3, 4, 5)))",
}

SET_UP = """
String file = "%s";
var flights = q.read().nulls("NA").csv(file).persist();
var scan = q.read().nulls("NA").csv(file).groupBy("tailnum").agg(count());
class Watch {
    static volatile long bytesBefore = Long.MAX_VALUE;
    static volatile long lastBusyMicros;
    static volatile boolean hasEnded;

    static long micros() {
        return java.time.temporal.ChronoUnit.MICROS.between(java.time.Instant.EPOCH, java.time.Instant.now());
    }

    static void look(Session q) {
        while (!hasEnded) {
            Usage usage = q.usage();
            if (usage.slotsBusy() > 0 || usage.memoryBytes() > bytesBefore) lastBusyMicros = micros();
            java.util.concurrent.locks.LockSupport.parkNanos(100_000);
        }
    }
}
Thread.ofPlatform().daemon().start(() -> Watch.look(q));
"""

BEFORE = "Watch.bytesBefore = q.usage().memoryBytes(); System.out.println(Watch.bytesBefore);"
AFTER = 'System.out.println(Watch.lastBusyMicros + " " + q.usage().memoryBytes());'


class TooSoon(Exception):
    pass


class Kernel:
    def __init__(self):
        self.manager, self.client = start_new_kernel(kernel_name="quiver-java")

    def run(self, code, interrupt_after=None):
        """What a cell printed, and when it was interrupted and idle, in seconds since 1970."""
        message = self.client.execute(code)
        began = time.monotonic()
        interrupted, printed, failed = None, [], None
        while time.monotonic() - began < CELL_SECONDS_MAX:
            if interrupt_after is not None and interrupted is None and time.monotonic() - began > interrupt_after:
                interrupted = time.time()
                self.manager.interrupt_kernel()
            try:
                answer = self.client.get_iopub_msg(timeout=0.005)
            except queue.Empty:
                continue
            if answer["parent_header"].get("msg_id") != message:
                continue
            kind, content = answer["msg_type"], answer["content"]
            if kind == "stream":
                printed.append(content["text"])
            elif kind == "error":
                failed = "\n".join(content["traceback"])
            elif kind == "status" and content["execution_state"] == "idle":
                if failed and interrupt_after is None:
                    raise RuntimeError(failed)
                if interrupt_after is not None and not failed:
                    raise TooSoon("the cell hadn't begun, or was over, when it was interrupted: " + code)
                return "".join(printed).strip(), interrupted, time.time()
        raise RuntimeError("the cell doesn't end: " + code)

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel()


def interrupt(kernel, code, moments):
    """Interrupts a cell while it works: the bytes before it, and when it was interrupted and idle."""
    for _ in range(MISSES_MAX):
        before, _, _ = kernel.run(BEFORE)
        try:
            _, interrupted, idle = kernel.run(code, BEGUN_SECONDS + moments.random())
            return before, interrupted, idle
        except TooSoon as missed:
            print(missed, file=sys.stderr)
    raise RuntimeError("never interrupted while it worked: " + code)


def main(tries, warm_ups, seed, flights):
    moments = random.Random(seed)
    kernel = Kernel()
    try:
        kernel.run(SET_UP % flights)
        for kind, code in KINDS.items():
            for round in range(warm_ups + tries):
                before, interrupted, idle = interrupt(kernel, code, moments)
                time.sleep(SETTLE_SECONDS)
                after, _, _ = kernel.run(AFTER)
                last_busy, bytes_now = after.split()
                free = max(0.0, int(last_busy) / 1e6 - interrupted)
                print(
                    f"kind={kind}\tround={round}\tfree={1e3 * free:.3f}\tidle={1e3 * (idle - interrupted):.3f}"
                    f"\tbytes={int(bytes_now) - int(before.split()[-1])}",
                    flush=True,
                )
        kernel.run("Watch.hasEnded = true;")
    finally:
        kernel.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
