package dev.quiver.worker.exec;

import dev.quiver.operator.Pipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/// What the parts of a pipeline did so far: the source, each operator, the sink. Written by the
/// tasks of a stage, read by anyone at any time.
public final class PipelineCounts {
    /// One part's work.
    ///
    /// @param part `ScanCsv`, `Filter`, … as `explain` names it
    /// @param rows that it gave; for the sink, those of its output
    /// @param bytes of those rows; for a scan, those read of the file
    /// @param nanos spent in it alone
    public record Part(String part, long rows, long bytes, long nanos) {}

    private static final int ROWS = 0;
    private static final int BYTES = 1;
    private static final int NANOS = 2;
    private static final int WIDTH = 3;

    private final List<String> names = new ArrayList<>();
    private final AtomicLongArray cells;

    public PipelineCounts(Pipeline pipeline) {
        names.add(pipeline.source().getClass().getSimpleName());
        pipeline.operators().forEach(o -> names.add(o.getClass().getSimpleName()));
        names.add(pipeline.sink().getClass().getSimpleName());
        cells = new AtomicLongArray(names.size() * WIDTH);
    }

    void add(int part, long rows, long bytes, long nanos) {
        if (rows != 0) cells.addAndGet(part * WIDTH + ROWS, rows);
        if (bytes != 0) cells.addAndGet(part * WIDTH + BYTES, bytes);
        if (nanos != 0) cells.addAndGet(part * WIDTH + NANOS, nanos);
    }

    /// Rows, bytes and nanoseconds of each part, the source first.
    public long[] figures() {
        var figures = new long[cells.length()];
        for (int i = 0; i < figures.length; i++) figures[i] = cells.get(i);
        return figures;
    }

    /// Adds what tasks did somewhere else.
    ///
    /// @param more as [#figures] gives them
    /// @throws IllegalArgumentException when it isn't of such a pipeline
    public void addAll(List<Long> more) {
        if (more.size() != cells.length())
            throw new IllegalArgumentException(
                    "%d figures of %d parts".formatted(more.size(), names.size()));
        for (int i = 0; i < more.size(); i++) cells.addAndGet(i, more.get(i));
    }

    /// The source first, the sink last.
    public List<Part> parts() {
        var parts = new ArrayList<Part>();
        for (int i = 0; i < names.size(); i++)
            parts.add(
                    new Part(
                            names.get(i),
                            cells.get(i * WIDTH + ROWS),
                            cells.get(i * WIDTH + BYTES),
                            cells.get(i * WIDTH + NANOS)));
        return parts;
    }
}
