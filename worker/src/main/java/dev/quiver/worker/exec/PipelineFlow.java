package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.memory.Checkpoint;
import dev.quiver.io.ChunkReader;
import dev.quiver.worker.store.FileNote;
import dev.quiver.worker.store.TaskOutput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A pipeline that runs over one partition: pushes each chunk through all steps before the next is
/// read, and counts what each part does.
final class PipelineFlow implements AutoCloseable {
    private final Checkpoint checkpoint;
    private final PipelineCounts counts;
    private final List<Step> steps = new ArrayList<>();
    private final List<GateStep> gates = new ArrayList<>();
    private final Map<String, FileNote> notes = new LinkedHashMap<>();
    private boolean readsAll;
    private @Nullable ChunkReader reader;
    private @Nullable SinkRun sink;

    /// When the part that runs now began to, for its own time.
    private long mark;

    private int part;

    PipelineFlow(Checkpoint checkpoint, PipelineCounts counts) {
        this.checkpoint = checkpoint;
        this.counts = counts;
    }

    /// The part that runs or is opened now, or was when it threw: 0 the source, then the steps,
    /// then the sink.
    int part() {
        return part;
    }

    /// Says which part is opened next.
    void opens(int next) {
        part = next;
    }

    void source(ChunkReader opened) {
        reader = opened;
    }

    /// Adds a step, and gives its number.
    int step(Step step) {
        steps.add(step);
        if (step instanceof GateStep gate) gates.add(gate);
        return steps.size() - 1;
    }

    /// Says that no step may end the reading early.
    void readAll() {
        readsAll = true;
    }

    /// What gates before this task kept. Outputs that were read twice say the same twice.
    void notes(List<FileNote> earlier) {
        for (FileNote note : earlier) notes.putIfAbsent(note.path(), note);
    }

    /// What gates kept up to here.
    List<FileNote> notes() {
        return List.copyOf(notes.values());
    }

    void sink(SinkRun last) {
        sink = last;
    }

    /// Runs all; the caller owns the output.
    TaskOutput run() {
        ChunkReader source = Objects.requireNonNull(reader);
        SinkRun last = Objects.requireNonNull(sink);
        mark = System.nanoTime();
        long bytesBefore = 0;
        while (!isSatisfied()) {
            part = 0;
            checkpoint.check();
            try (Chunk chunk = source.next()) {
                if (chunk == null) break;
                long bytes = source.bytesRead();
                counts.add(0, chunk.rows(), bytes - bytesBefore, lap());
                bytesBefore = bytes;
                push(0, chunk);
            }
        }
        for (int i = 0; i < steps.size(); i++) {
            part = i + 1;
            steps.get(i).finish(behind(i));
        }
        for (GateStep gate : gates) notes(gate.notes());
        part = steps.size() + 1;
        TaskOutput output = last.finish().withNotes(notes());
        counts.add(steps.size() + 1, output.rows(), output.bytes(), lap());
        return output;
    }

    private boolean isSatisfied() {
        if (readsAll) return false;
        for (Step step : steps) if (step.isSatisfied()) return true;
        return false;
    }

    /// Nanoseconds since the last lap.
    private long lap() {
        long now = System.nanoTime();
        long nanos = now - mark;
        mark = now;
        return nanos;
    }

    /// @param chunk stays the caller's
    private void push(int index, Chunk chunk) {
        part = index + 1;
        if (index == steps.size()) {
            Objects.requireNonNull(sink).accept(chunk);
            counts.add(index + 1, 0, 0, lap());
            return;
        }
        steps.get(index).accept(chunk, behind(index));
        counts.add(index + 1, 0, 0, lap());
    }

    /// Takes what a step makes, for the steps behind it.
    Consumer<Chunk> behind(int index) {
        return made -> {
            try (made) {
                counts.add(index + 1, made.rows(), made.bytes(), lap());
                if (made.rows() > 0) push(index + 1, made);
            }
            part = index + 1;
        };
    }

    @Override
    public void close() {
        if (reader != null) reader.close();
        steps.forEach(Step::close);
        if (sink != null) sink.close();
    }
}
