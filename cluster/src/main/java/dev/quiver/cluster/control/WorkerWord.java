package dev.quiver.cluster.control;

import dev.quiver.protocol.WorkerMessage;
import java.util.List;

/// What a worker tells the scheduler's process.
public sealed interface WorkerWord {
    /// Comes first.
    ///
    /// @param name for people
    /// @param slots how many tasks it runs at a time
    /// @param memoryBytes its budget of counted memory
    /// @param host where others fetch its outputs
    record Hello(String name, int slots, long memoryBytes, String host, int port)
            implements WorkerWord {}

    /// @param attachments about some of the tasks that have finished or failed
    record Reports(List<WorkerMessage> messages, List<Attachment> attachments)
            implements WorkerWord {
        public Reports {
            messages = List.copyOf(messages);
            attachments = List.copyOf(attachments);
        }
    }

    /// What tasks did of stages whose client wants to know; comes before the reports about them.
    record Counted(List<StageCounts> stages) implements WorkerWord {
        public Counted {
            stages = List.copyOf(stages);
        }
    }

    /// How much of it is in use now.
    ///
    /// @param memoryBytes of counted memory
    /// @param spilledBytes of what is in files, as it was in memory
    record Load(int slotsBusy, long memoryBytes, long spilledBytes) implements WorkerWord {}

    /// It leaves: what it holds goes with it.
    record Goodbye() implements WorkerWord {}
}
