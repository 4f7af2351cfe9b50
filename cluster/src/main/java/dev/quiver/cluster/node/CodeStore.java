package dev.quiver.cluster.node;

import dev.quiver.cluster.control.TaskCodes;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.LogRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The code of tasks whose stages aren't forgotten, by stage and partition. Thread-safe.
final class CodeStore {
    private static final class Codes {
        private final List<Bytes> byPartition = new ArrayList<>();

        private synchronized void put(int from, List<Bytes> codes) {
            for (int i = 0; i < codes.size(); i++) {
                while (byPartition.size() <= from + i) byPartition.add(Bytes.NONE);
                byPartition.set(from + i, codes.get(i));
            }
        }

        private synchronized int size() {
            return byPartition.size();
        }

        private synchronized List<Bytes> range(int from, int to) {
            return List.copyOf(byPartition.subList(from, to));
        }

        private synchronized Bytes get(int partition) {
            return partition < byPartition.size() ? byPartition.get(partition) : Bytes.NONE;
        }
    }

    private final Map<Integer, Codes> stages = new ConcurrentHashMap<>();

    /// The stage whose tasks a record appends.
    static int stage(LogRecord appending) {
        if (appending instanceof LogRecord.Said(_, _, ClientMessage.TasksAppended(int stage, _, _)))
            return stage;
        throw new IllegalArgumentException("code with " + appending);
    }

    /// Keeps the codes of the next tasks of a stage.
    void append(int stage, List<Bytes> codes) {
        Codes known = stages.computeIfAbsent(stage, _ -> new Codes());
        known.put(known.size(), codes);
    }

    void put(TaskCodes codes) {
        stages.computeIfAbsent(codes.stage(), _ -> new Codes()).put(codes.from(), codes.codes());
    }

    boolean has(int stage) {
        return stages.containsKey(stage);
    }

    TaskCodes range(int stage, int from, int to) {
        Codes known = stages.get(stage);
        if (known == null) throw new IllegalStateException("no code of stage " + stage);
        return new TaskCodes(stage, from, known.range(from, to));
    }

    /// None when it isn't known.
    Bytes get(int stage, int partition) {
        Codes known = stages.get(stage);
        return known == null ? Bytes.NONE : known.get(partition);
    }

    void forget(int stage) {
        stages.remove(stage);
    }
}
