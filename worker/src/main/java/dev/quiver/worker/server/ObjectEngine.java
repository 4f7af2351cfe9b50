package dev.quiver.worker.server;

import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskKey;
import dev.quiver.operator.Closures;
import dev.quiver.protocol.InputRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Runs user code and holds the objects that it returned.
public final class ObjectEngine implements Engine {
    private final Map<Integer, Closures.Source> sources = new ConcurrentHashMap<>();
    private final Map<Long, Held> outputs = new ConcurrentHashMap<>();

    @Override
    public void open(Stage stage) {
        if (!(stage.program() instanceof Closures(var source)))
            throw new IllegalArgumentException(
                    "stage '%s' doesn't run closures".formatted(stage.name()));
        sources.put(stage.id(), source);
    }

    @Override
    public void close(int stage) {
        sources.remove(stage);
    }

    @Override
    public Output run(Attempt attempt) throws Exception {
        Closures.Source source = sources.get(attempt.stage());
        if (source == null)
            throw new IllegalStateException("stage %d isn't open".formatted(attempt.stage()));
        Object result = source.closure(attempt.partition()).call(inputs(attempt.inputs()));
        outputs.put(
                TaskKey.pack(attempt.stage(), attempt.partition()),
                new Held(attempt.number(), result));
        return Output.OBJECT;
    }

    private List<Object> inputs(List<InputRun> runs) {
        if (runs.isEmpty()) return List.of();
        var values = new ArrayList<>();
        for (InputRun run : runs) {
            for (int partition = run.from(); partition < run.to(); partition++) {
                values.add(value(run.stage(), partition));
            }
        }
        return values;
    }

    /// The object that a task returned.
    ///
    /// @throws IllegalStateException when it isn't held
    public Object value(int stage, int partition) {
        Held held = outputs.get(TaskKey.pack(stage, partition));
        if (held == null)
            throw new IllegalStateException(
                    "the output of task %d/%d isn't here".formatted(stage, partition));
        return held.value();
    }

    /// The object that a task returned; null when it isn't held.
    public @Nullable Object peek(int stage, int partition) {
        Held held = outputs.get(TaskKey.pack(stage, partition));
        return held == null ? null : held.value();
    }

    @Override
    public void drop(int stage, int partition, int attempt) {
        long key = TaskKey.pack(stage, partition);
        Held held = outputs.get(key);
        if (held != null && held.attempt() <= attempt) outputs.remove(key, held);
    }

    /// How many objects are held.
    public int size() {
        return outputs.size();
    }

    private record Held(int attempt, Object value) {}
}
