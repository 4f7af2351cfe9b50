package dev.quiver.cluster.log;

import dev.quiver.cluster.log.state.RaftCommand;
import dev.quiver.cluster.log.state.RaftEvent;
import dev.quiver.cluster.log.state.RaftMessage;
import dev.quiver.cluster.log.state.RaftSettings;
import dev.quiver.cluster.log.state.RaftState;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.CodeBatch;
import dev.quiver.scheduler.state.Retained;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This process's copy of the log on which the schedulers of a list agree. One thread does all that
/// changes it; it writes what came while it wrote the last time, and makes it safe together.
public final class Replica implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);
    private static final long TICK_MILLIS = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// A smaller log isn't worth writing anew.
    private static final long COMPACTED_BYTES_MIN = 64L << 20;

    /// A log is written anew that has become so many times as long as it was after the last time.
    private static final int GROWTH = 4;

    /// The way to the others.
    public interface Others {
        /// A list of one.
        Others NONE = (_, _) -> {};

        /// Sends a message, or loses it. Must not block.
        void send(int to, RaftMessage message);
    }

    /// Who is told. Its methods are called by threads of the replica and must not block long.
    public interface Watcher {
        /// This process's scheduler is the active one from now on. All that was safe is in its log.
        void leads(ClusterLog log);

        /// It isn't any more.
        void steppedDown();

        /// Nothing can be written any more.
        void failed(Throwable cause);
    }

    private sealed interface Input {
        record Came(RaftEvent event) implements Input {}

        /// All that was safe when this process's scheduler became the active one has been read.
        record Read(int term, List<LogEntry> entries) implements Input {}

        /// The snapshot of a log that is written anew is there.
        record Rewritten(int term, long last, LogFile.Rewriting rewriting) implements Input {}

        record Failed(Exception cause) implements Input {}

        enum Signal implements Input {
            WAKE,
            END
        }
    }

    /// What the log is to be written anew by, once it is committed up to there.
    private record Compaction(long last, List<LogEntry> head, Retained retained) {}

    private final LogFile file;
    private final RaftState state;
    private final Others others;
    private final Watcher watcher;
    private final LinkedBlockingQueue<Input> inputs = new LinkedBlockingQueue<>();
    private final List<RaftCommand> commands = new ArrayList<>();
    private final Thread thread;
    private volatile int leader = -1;
    private @Nullable ReplicatedLog log;
    private @Nullable Compaction compaction;
    private long openedAt;
    private boolean opening;
    private boolean compacting;
    private boolean grown;
    private long compactedBytes;
    private long tickedNanos;

    private Replica(LogFile file, int self, int members, Others others, Watcher watcher) {
        this.file = file;
        this.state = new RaftState(self, members, RaftSettings.DEFAULTS, file.memory());
        this.others = others;
        this.watcher = watcher;
        this.compactedBytes = file.bytes();
        this.thread = Thread.ofPlatform().daemon().name("quiver-log").unstarted(this::run);
    }

    /// Opens the copy in a directory, or makes both.
    ///
    /// @param version of Quiver, for people
    /// @param members all schedulers of the list, as text
    /// @param self which of them this is
    /// @throws QuiverException when it can't be used or read
    public static Replica open(
            Path directory,
            String version,
            List<String> members,
            int self,
            Others others,
            Watcher watcher) {
        LogFile file = LogFile.open(directory, version, members);
        return new Replica(file, self, members.size(), others, watcher);
    }

    public void start() {
        thread.start();
    }

    /// Takes in what another scheduler says.
    ///
    /// @param from which of the list
    public void receive(int from, RaftMessage message) {
        inputs.add(new Input.Came(new RaftEvent.Received(from, message)));
    }

    /// Which of the list is the active one, as far as is known; -1 when that isn't known.
    public int leader() {
        return leader;
    }

    private void wake() {
        inputs.add(Input.Signal.WAKE);
    }

    private void run() {
        var batch = new ArrayList<Input>();
        try {
            while (true) {
                Input first = inputs.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
                batch.clear();
                if (first != null) batch.add(first);
                inputs.drainTo(batch);
                if (!take(batch)) return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    /// @return false at the end
    private boolean take(List<Input> batch) throws IOException {
        tick();
        boolean goesOn = true;
        for (Input input : batch) {
            switch (input) {
                case Input.Came(var event) -> on(event);
                case Input.Read(int term, var entries) -> open(term, entries);
                case Input.Rewritten rewritten -> settle(rewritten);
                case Input.Failed(var cause) -> throw new IOException(cause);
                case Input.Signal signal -> goesOn &= signal != Input.Signal.END;
            }
        }
        propose();
        obey();
        compact();
        return goesOn;
    }

    private void tick() {
        long now = System.nanoTime();
        if (now - tickedNanos < TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS)) return;
        tickedNanos = now;
        on(new RaftEvent.Ticked(now));
    }

    private void on(RaftEvent event) {
        state.on(event, commands::add);
    }

    /// Writes first, then sends and tells.
    private void obey() throws IOException {
        while (!commands.isEmpty()) {
            var taken = List.copyOf(commands);
            commands.clear();
            var kept = new ArrayList<RaftCommand.Kept>();
            for (RaftCommand command : taken)
                if (command instanceof RaftCommand.Kept each) kept.add(each);
            if (!kept.isEmpty()) file.append(kept);
            for (RaftCommand command : taken) obey(command);
        }
    }

    private void obey(RaftCommand command) throws IOException {
        switch (command) {
            case RaftCommand.Kept _ -> {} // has been written
            case RaftCommand.Send(int to, var message) -> others.send(to, message);
            case RaftCommand.SendEntries entries -> send(entries);
            case RaftCommand.SendPart part -> send(part);
            case RaftCommand.Committed(long index) -> committed(index);
            case RaftCommand.Lead(int term) -> lead(term);
            case RaftCommand.Follow(int term, int whom) -> follow(term, whom);
        }
    }

    private void send(RaftCommand.SendEntries m) throws IOException {
        if (state.term() != m.term() || !state.isLeader()) return; // it was another log
        var entries = file.entries(m.previous(), m.count());
        others.send(
                m.to(),
                new RaftMessage.Append(
                        m.term(), m.previous(), m.previousTerm(), entries, m.committed()));
    }

    private void send(RaftCommand.SendPart m) throws IOException {
        if (state.term() != m.term() || file.base() != m.lastIndex()) return;
        boolean last = m.part() == file.partCount() - 1;
        Bytes content = file.part(m.part());
        others.send(
                m.to(),
                new RaftMessage.Part(
                        m.term(), m.lastIndex(), m.lastTerm(), m.part(), last, content));
    }

    // ---- being the active one

    private void lead(int term) {
        if (!state.isLeader() || state.term() != term) return; // it is over already
        leader = state.leader();
        opening = true;
        grown = false;
        on(new RaftEvent.Proposed(List.of(content(new LogEntry.Opened(term)))));
        openedAt = state.last();
    }

    private static Bytes content(LogEntry entry) {
        return new LogEntries(List.of(entry)).content();
    }

    private void follow(int term, int whom) {
        leader = whom;
        opening = false;
        compaction = null;
        ReplicatedLog ended = log;
        log = null;
        if (ended == null) return;
        LOG.warn("this scheduler isn't the active one any more, term {}", term);
        watcher.steppedDown();
        ended.end(
                new Unavailable(
                        "this scheduler isn't the active one any more",
                        List.of(),
                        "another one of the list goes on in its place"));
    }

    private void committed(long index) throws IOException {
        if (opening && index >= openedAt) {
            opening = false;
            read(state.term(), file.contents(openedAt));
        }
        if (log != null) log.committed(index);
    }

    /// Reads what holds, while the others go on to hear of this one.
    private void read(int term, LogContents contents) {
        aside(() -> {
            var entries = new ArrayList<LogEntry>();
            try (contents) {
                for (var next = contents.next(); next.isPresent(); next = contents.next())
                    entries.addAll(next.get());
            }
            return new Input.Read(term, entries);
        });
    }

    private interface Reading {
        Input read() throws IOException;
    }

    private void aside(Reading reading) {
        Thread.ofPlatform()
                .daemon()
                .name("quiver-log-reader")
                .start(() -> {
                    try {
                        inputs.add(reading.read());
                    } catch (IOException | RuntimeException e) {
                        inputs.add(new Input.Failed(e));
                    }
                });
    }

    private void open(int term, List<LogEntry> entries) {
        if (!state.isLeader() || state.term() != term) return;
        var opened = new ReplicatedLog(term, entries, this::wake);
        log = opened;
        watcher.leads(opened);
    }

    /// Has the others agree on what was left.
    private void propose() {
        ReplicatedLog leading = log;
        if (leading == null || !state.isLeader() || leading.epoch() != state.term()) return;
        var gathering = new LogEntries.Gathering();
        long number = 0;
        for (ReplicatedLog.Order order : leading.takeOrders()) {
            switch (order) {
                case ReplicatedLog.Order.Write(long its, var entry) -> {
                    number = its;
                    if (gathering.add(entry)) propose(leading, gathering.take(), number);
                }
                case ReplicatedLog.Order.Compact(var head, var retained) -> {
                    if (!gathering.isEmpty()) propose(leading, gathering.take(), number);
                    compaction = new Compaction(state.last(), head, retained);
                }
            }
        }
        if (!gathering.isEmpty()) propose(leading, gathering.take(), number);
    }

    private void propose(ReplicatedLog leading, Bytes content, long number) {
        leading.proposed(state.last() + 1, number);
        on(new RaftEvent.Proposed(List.of(content)));
    }

    // ---- writing it anew

    private void compact() throws IOException {
        ReplicatedLog leading = log;
        if (leading == null || compacting) return;
        Compaction wanted = compaction;
        if (wanted != null && state.committed() >= wanted.last()) {
            compaction = null;
            compacting = true;
            rewrite(state.term(), wanted, file.contents(wanted.last()), file.rewriting());
        } else if (!grown
                && file.bytes() >= Math.max(COMPACTED_BYTES_MIN, GROWTH * compactedBytes)) {
            grown = true;
            leading.grow();
        }
    }

    private void rewrite(
            int term, Compaction wanted, LogContents contents, LogFile.Rewriting rewriting) {
        aside(() -> {
            try (contents) {
                var gathering = new LogEntries.Gathering();
                for (LogEntry entry : wanted.head()) add(rewriting, gathering, entry);
                for (var next = contents.next(); next.isPresent(); next = contents.next())
                    for (LogEntry entry : next.get()) {
                        Optional<LogEntry> left = left(entry, wanted.retained());
                        if (left.isPresent()) add(rewriting, gathering, left.get());
                    }
                for (var last : tail(wanted.retained())) add(rewriting, gathering, last);
                rewriting.add(gathering.take());
            }
            return new Input.Rewritten(term, wanted.last(), rewriting);
        });
    }

    private static List<LogEntry> tail(Retained retained) {
        return Stream.concat(retained.heard().stream(), retained.shared().stream())
                .map(entry -> (LogEntry) new LogEntry.Job(entry, CodeBatch.NONE))
                .toList();
    }

    private static void add(
            LogFile.Rewriting rewriting, LogEntries.Gathering gathering, LogEntry entry)
            throws IOException {
        if (gathering.add(entry)) rewriting.add(gathering.take());
    }

    private static Optional<LogEntry> left(LogEntry entry, Retained retained) {
        return switch (entry) {
            case LogEntry.Job(var record, var codes) ->
                    retained.needed(record).map(needed -> new LogEntry.Job(needed, codes));
            case LogEntry.Founded _,
                    LogEntry.Opened _,
                    LogEntry.ClientCame _,
                    LogEntry.ClientGone _,
                    LogEntry.StagesGiven _,
                    LogEntry.WorkerCame _,
                    LogEntry.WorkerGone _,
                    LogEntry.ProgramSubmitted _,
                    LogEntry.Given _ ->
                    Optional.empty();
        };
    }

    private void settle(Input.Rewritten rewritten) throws IOException {
        compacting = false;
        try (var rewriting = rewritten.rewriting()) {
            if (!state.isLeader() || state.term() != rewritten.term()) return;
            obey(); // what was taken in must be written before it is written anew
            long before = file.bytes();
            rewriting.settle(rewritten.last());
            compactedBytes = file.bytes();
            grown = false;
            LOG.info("the log of jobs shrank from {} to {} bytes", before, compactedBytes);
        }
        on(new RaftEvent.Compacted(rewritten.last()));
    }

    // ---- ending

    private void fail(Exception cause) {
        LOG.error("the log of jobs can't be written", cause);
        var failure =
                new QuiverException(
                        ErrorCode.IO_FAILED,
                        "the log of jobs in %s can't be written: %s".formatted(file.path(), cause),
                        List.of(),
                        "make room on its disk and start the scheduler again with the same"
                                + " --dir: its jobs go on",
                        cause);
        if (log != null) log.end(failure);
        watcher.failed(failure);
    }

    /// Writes what was left, then lets the directory go.
    @Override
    public void close() {
        inputs.add(Input.Signal.END);
        try {
            if (thread.isAlive() && !thread.join(PATIENCE))
                LOG.warn("the log of jobs in {} takes long to close", file.path());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (log != null)
            log.end(new Unavailable("the scheduler was stopped", List.of(), "connect again"));
        file.close();
    }
}
