package dev.quiver.client;

import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.util.List;
import java.util.Optional;

/// How a local session is set up. Immutable: each method gives another one.
///
/// ```java
/// var q = Quiver.local(Options.defaults().slots(4).memory("8GB").strict());
/// ```
public final class Options {
    private static final int SLOTS_MAX = 1024;
    private static final long MEMORY_BYTES_MIN = 1 << 20;

    /// Whether and where the progress of long runs is shown.
    enum Progress {
        /// On standard error: redrawn on a terminal, else a line now and then.
        AUTO,
        OFF
    }

    private static final Options DEFAULTS =
            new Options(Runtime.getRuntime().availableProcessors(), 0, false, Progress.AUTO, true);

    private final int slots;
    private final long memoryBytes;
    private final boolean strict;
    private final Progress progress;
    private final boolean stealing;

    private Options(
            int slots, long memoryBytes, boolean strict, Progress progress, boolean stealing) {
        this.slots = slots;
        this.memoryBytes = memoryBytes;
        this.strict = strict;
        this.progress = progress;
        this.stealing = stealing;
    }

    /// A slot for each processor, the memory budget that all sessions of the process share, and
    /// progress shown for runs that take long.
    public static Options defaults() {
        return DEFAULTS;
    }

    /// How many tasks run at a time.
    public Options slots(int count) {
        if (count < 1 || count > SLOTS_MAX)
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "slots(%d)".formatted(count),
                    List.of(),
                    "give a number from 1 to %d".formatted(SLOTS_MAX));
        return new Options(count, memoryBytes, strict, progress, stealing);
    }

    /// How much counted memory (chunks, hash tables, buffers) the session may use, such as `"8GB"`:
    /// a budget of its own, apart from that of other sessions.
    public Options memory(String size) {
        long bytes = ByteSize.parse(size);
        if (bytes < MEMORY_BYTES_MIN)
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "memory(\"%s\")".formatted(size),
                    List.of(),
                    "give at least " + ByteSize.text(MEMORY_BYTES_MIN));
        return new Options(slots, bytes, strict, progress, stealing);
    }

    /// Sends closures, their results and what they capture through serialisation, as a cluster
    /// does: what can't travel is an error at the call, and changes to captured objects aren't seen
    /// by tasks.
    public Options strict() {
        return new Options(slots, memoryBytes, true, progress, stealing);
    }

    /// Shows no progress.
    public Options quiet() {
        return new Options(slots, memoryBytes, strict, Progress.OFF, stealing);
    }

    /// Shows progress or doesn't.
    public Options progress(boolean shown) {
        return new Options(
                slots, memoryBytes, strict, shown ? Progress.AUTO : Progress.OFF, stealing);
    }

    /// Whether an idle worker takes over what another was assigned. Results are the same.
    Options stealing(boolean on) {
        return new Options(slots, memoryBytes, strict, progress, on);
    }

    int slots() {
        return slots;
    }

    /// Empty when the session shares the process's budget.
    Optional<Long> memoryBytes() {
        return memoryBytes == 0 ? Optional.empty() : Optional.of(memoryBytes);
    }

    boolean isStrict() {
        return strict;
    }

    Progress progress() {
        return progress;
    }

    boolean isStealing() {
        return stealing;
    }
}
