package dev.quiver.cluster.node;

import dev.quiver.client.TaskCode;
import dev.quiver.cluster.control.TaskCodes;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.CodeBatch;
import dev.quiver.protocol.LogRecord;
import dev.quiver.protocol.SharedCode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/// The code of tasks whose stages aren't forgotten, by stage and partition, and the functions that
/// several of them call. Thread-safe.
final class CodeStore {
    private static final class Codes {
        private final List<Bytes> byPartition = new ArrayList<>();
        private final Map<Integer, Bytes> shared = new HashMap<>();

        private synchronized void append(CodeBatch codes) {
            put(byPartition.size(), codes);
        }

        private synchronized void put(int from, CodeBatch codes) {
            for (SharedCode each : codes.shared()) shared.put(each.number(), each.code());
            List<Bytes> each = codes.each();
            for (int i = 0; i < each.size(); i++) {
                while (byPartition.size() <= from + i) byPartition.add(Bytes.NONE);
                byPartition.set(from + i, each.get(i));
            }
        }

        private synchronized CodeBatch range(int from, int to, BitSet told) {
            var fresh = new ArrayList<SharedCode>();
            List<Bytes> each = byPartition.subList(from, to);
            for (Bytes code : each) {
                OptionalInt referred = TaskCode.shared(code);
                if (referred.isEmpty()) continue;
                int number = referred.getAsInt();
                Bytes function = shared(number);
                if (function.isEmpty() || told.get(number)) continue;
                told.set(number);
                fresh.add(new SharedCode(number, function));
            }
            return new CodeBatch(fresh, each);
        }

        private synchronized Bytes get(int partition) {
            return partition < byPartition.size() ? byPartition.get(partition) : Bytes.NONE;
        }

        private synchronized Bytes shared(int number) {
            return shared.getOrDefault(number, Bytes.NONE);
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
    void append(int stage, CodeBatch codes) {
        stages.computeIfAbsent(stage, _ -> new Codes()).append(codes);
    }

    void put(TaskCodes codes) {
        stages.computeIfAbsent(codes.stage(), _ -> new Codes()).put(codes.from(), codes.codes());
    }

    boolean has(int stage) {
        return stages.containsKey(stage);
    }

    /// The codes of some tasks.
    ///
    /// @param told the numbers of the functions that the receiver has: those that come along are
    ///   added
    TaskCodes range(int stage, int from, int to, BitSet told) {
        Codes known = stages.get(stage);
        if (known == null) throw new IllegalStateException("no code of stage " + stage);
        return new TaskCodes(stage, from, known.range(from, to, told));
    }

    /// None when it isn't known.
    Bytes get(int stage, int partition) {
        Codes known = stages.get(stage);
        return known == null ? Bytes.NONE : known.get(partition);
    }

    /// The function of a number; none when it isn't known.
    Bytes shared(int stage, int number) {
        Codes known = stages.get(stage);
        return known == null ? Bytes.NONE : known.shared(number);
    }

    void forget(int stage) {
        stages.remove(stage);
    }
}
