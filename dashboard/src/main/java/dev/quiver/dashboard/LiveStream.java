package dev.quiver.dashboard;

import dev.quiver.protocol.TaskDelays;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Sends what happens on a board to all pages that are open: every frame is made once, twenty times
/// a second, and nothing is made while no page is open. Who can't take them in as fast gets a fresh
/// snapshot.
///
/// A frame is, in little-endian order: int32 bytes that follow, int32 kind, int32 sequence number,
/// int32 (tasks) how many attempts there were, of which only some may be here, or (boards) 1 if it
/// is whole; then for kinds [#SNAPSHOT] and [#TASKS] float64 the board's time in microseconds and
/// 16 bytes an attempt: uint16 index of its stage (65535: none), uint8 lane, uint8 of bits, 1 if it
/// failed and 2 if it waited for something, int32 worker << 24 | partition (its lower 24 bits),
/// int32 start in microseconds from the frame's time, int32 duration in microseconds; and behind
/// those that waited 6 bytes, uint16 each how long for inputs, for memory, and for files
/// ([#shortened]); for [#BOARD] JSON as of `/api/v1/boards/ID`, in the first frame whole, then of
/// stages and failures only what has changed.
final class LiveStream {
    static final int SNAPSHOT = 0;
    static final int TASKS = 1;
    static final int BOARD = 2;

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /// A board is sent at each such tick.
    private static final int BOARD_TICKS = 4;

    /// Of more tasks in one tick, a part is sent, evenly spread.
    private static final int TASKS_MAX = 1000;

    private static final int SNAPSHOT_TASKS = 100_000;
    private static final int HEADER_BYTES = 16;
    private static final int ATTEMPT_BYTES = 16;
    private static final int DELAYS_BYTES = 6;
    private static final int FAILED = 1;
    private static final int DELAYED = 2;

    /// Microseconds are told with so many bits, and how often they are to be doubled.
    private static final int DELAY_BITS = 11;

    private static final int NO_STAGE = 0xffff;
    private static final int FRAMES_WAITING_MAX = 40;

    /// What a page is told last.
    private static final byte[] END = {};

    private final Board board;
    private final Set<Page> pages = ConcurrentHashMap.newKeySet();
    private boolean ticking;
    private boolean ended;
    private long sent;
    private int sequence;
    private Board.View viewSent = Board.View.NOTHING;

    LiveStream(Board board) {
        this.board = board;
    }

    private static final class Page {
        final ArrayBlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(FRAMES_WAITING_MAX);
    }

    /// Sends to one page until it goes.
    ///
    /// @throws IOException when it has gone
    void serve(OutputStream out) throws IOException, InterruptedException {
        var page = new Page();
        begin(page);
        try {
            while (true) {
                byte[] frame = page.waiting.take();
                while (frame != null && frame != END) {
                    out.write(frame);
                    frame = page.waiting.poll();
                }
                out.flush();
                if (frame == END) return;
            }
        } finally {
            pages.remove(page);
        }
    }

    /// Tells pages how it ended, and lets them go.
    synchronized void end() {
        sendChanges();
        ended = true;
        for (Page page : pages) {
            if (page.waiting.offer(END)) continue;
            page.waiting.clear();
            page.waiting.add(wholeBoard());
            page.waiting.add(END);
        }
    }

    private synchronized void begin(Page page) {
        if (ended) {
            page.waiting.add(END);
            return;
        }
        if (pages.isEmpty()) sent = board.tasks().head();
        sendChanges();
        page.waiting.add(wholeBoard());
        page.waiting.add(snapshot());
        pages.add(page);
        if (ticking) return;
        ticking = true;
        Thread.ofVirtual().name("quiver-dashboard-" + board.id()).start(this::tickOn);
    }

    private void tickOn() {
        long tick = 0;
        try {
            do TimeUnit.NANOSECONDS.sleep(TICK_NANOS);
            while (tick(tick++));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return false when nobody looks any more
    private synchronized boolean tick(long tick) {
        if (ended || pages.isEmpty()) {
            ticking = false;
            return false;
        }
        if (tick % BOARD_TICKS == 0) sendChanges();
        long head = board.tasks().head();
        if (head > sent)
            send(tasks(TASKS, Math.max(sent, board.tasks().oldest()), head, TASKS_MAX));
        sent = head;
        return true;
    }

    /// So that all pages that are open know what [#viewSent] shows.
    private void sendChanges() {
        Board.View now = board.view();
        if (!now.isSame(viewSent)) send(frame(BOARD, 0, BoardJson.of(now.since(viewSent))));
        viewSent = now;
    }

    private byte[] wholeBoard() {
        return frame(BOARD, 1, BoardJson.of(viewSent));
    }

    private byte[] snapshot() {
        long oldest = board.tasks().oldest();
        return tasks(SNAPSHOT, Math.max(oldest, sent - SNAPSHOT_TASKS), sent, SNAPSHOT_TASKS);
    }

    private void send(byte[] frame) {
        for (Page page : pages) {
            if (page.waiting.offer(frame)) continue;
            page.waiting.clear();
            page.waiting.add(wholeBoard());
            page.waiting.add(snapshot());
        }
    }

    private byte[] frame(int kind, int count, byte[] body) {
        var frame = ByteBuffer.allocate(HEADER_BYTES + body.length).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(HEADER_BYTES - 4 + body.length).putInt(kind).putInt(sequence++).putInt(count);
        return frame.put(body).array();
    }

    private byte[] tasks(int kind, long from, long to, int max) {
        board.catchUp();
        long now = board.nowMicros();
        int all = (int) Math.max(0, to - from);
        int shown = Math.min(all, max);
        var body =
                ByteBuffer.allocate(Double.BYTES + shown * (ATTEMPT_BYTES + DELAYS_BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
        body.putDouble((double) now);
        for (int i = 0; i < shown; i++)
            put(board.tasks().get(from + (long) i * all / shown), now, body);
        return frame(kind, all, Arrays.copyOf(body.array(), body.position()));
    }

    private void put(TaskRing.Ended ended, long now, ByteBuffer body) {
        int index = board.index(ended.stage());
        TaskDelays delays = ended.delays();
        boolean isDelayed = !delays.equals(TaskDelays.NONE);
        body.putShort((short) (index < 0 ? NO_STAGE : index % NO_STAGE));
        body.put((byte) ended.lane());
        body.put((byte) ((ended.failed() ? FAILED : 0) | (isDelayed ? DELAYED : 0)));
        body.putInt(ended.worker() << 24 | ended.partition() & 0xffffff);
        body.putInt((int) Math.max(Integer.MIN_VALUE, ended.startMicros() - now));
        body.putInt(ended.durationMicros());
        if (!isDelayed) return;
        body.putShort(shortened(delays.fetchMicros()));
        body.putShort(shortened(delays.memoryMicros()));
        body.putShort(shortened(delays.spillMicros()));
    }

    /// A time in two bytes, less than a thousandth too short: its first bits in the lower ones, and
    /// in the others how often that is to be doubled.
    static short shortened(long micros) {
        int doubled = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(micros) - DELAY_BITS);
        return (short) (doubled << DELAY_BITS | (int) (micros >>> doubled));
    }
}
