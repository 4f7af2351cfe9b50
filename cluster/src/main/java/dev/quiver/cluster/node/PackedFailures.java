package dev.quiver.cluster.node;

import dev.quiver.graph.TaskKey;
import dev.quiver.operator.Bytes;
import dev.quiver.worker.user.UserCode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What tasks of a worker threw, as bytes that were made in their threads: an exception of the
/// user's has code of the user's that says what is in it. Thread-safe.
final class PackedFailures {
    private static final Logger LOG = LoggerFactory.getLogger(PackedFailures.class);
    private static final String ROLE = "what the task threw";

    private final UserCode userCode = new UserCode(PackedFailures.class.getClassLoader());
    private final Map<Long, Bytes> byTask = new ConcurrentHashMap<>();

    /// A task has thrown. Only in its thread.
    void put(int stage, int partition, Throwable thrown) {
        byTask.put(TaskKey.pack(stage, partition), packed(thrown));
    }

    /// What was thrown, or what can be said of it when it can't travel.
    private Bytes packed(Throwable thrown) {
        try {
            return Bytes.of(userCode.pack(thrown, ROLE));
        } catch (RuntimeException | StackOverflowError e) {
            LOG.debug("an exception can't travel", e);
            var stand = new IllegalStateException(text(thrown));
            stand.setStackTrace(thrown.getStackTrace());
            return Bytes.of(userCode.pack(stand, ROLE));
        }
    }

    private static String text(Throwable thrown) {
        try {
            return thrown.toString();
        } catch (RuntimeException | StackOverflowError e) { // the user's own
            LOG.debug("an exception can't say what it is", e);
            return thrown.getClass().getName();
        }
    }

    /// What the last attempt of a task threw; none when it didn't.
    Bytes of(int stage, int partition) {
        return byTask.getOrDefault(TaskKey.pack(stage, partition), Bytes.NONE);
    }

    void forget(int stage) {
        byTask.keySet().removeIf(key -> TaskKey.stageOf(key) == stage);
    }
}
