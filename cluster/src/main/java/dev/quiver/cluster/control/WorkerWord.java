package dev.quiver.cluster.control;

import dev.quiver.protocol.LogLine;
import dev.quiver.protocol.ResourceUsage;
import dev.quiver.protocol.TaskSamples;
import dev.quiver.protocol.WorkerMessage;
import dev.quiver.scheduler.server.FirstRows;
import java.util.ArrayList;
import java.util.List;

/// What a worker tells the scheduler's process.
public sealed interface WorkerWord {
    /// Comes first.
    ///
    /// @param name for people
    /// @param slots how many tasks it runs at a time
    /// @param memoryBytes its budget of counted memory
    /// @param host where others fetch its outputs
    /// @param after why the process ended that was there before it; empty when none was
    record Hello(String name, int slots, long memoryBytes, String host, int port, String after)
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

    /// What tasks of a client's printed; comes before the reports about them.
    ///
    /// @param missing how many lines more there were
    record Printed(int client, List<PrintedLine> lines, long missing) implements WorkerWord {
        public Printed {
            lines = List.copyOf(lines);
        }
    }

    /// What it logged.
    ///
    /// @param missing how many lines more there were
    record Logged(List<LogLine> lines, long missing) implements WorkerWord {
        public Logged {
            lines = List.copyOf(lines);
        }
    }

    /// What its tasks were found doing, which people look at.
    record Sampled(TaskSamples samples) implements WorkerWord {}

    /// The first rows of an output, which people look at.
    ///
    /// @param number the question's: [Inquiry.Head]
    record Head(long number, FirstRows rows) implements WorkerWord {}

    /// How much of it is in use now.
    ///
    /// @param memoryBytes of counted memory
    /// @param spilledBytes of what is in files, as it was in memory
    /// @param resources of its machine
    record Load(int slotsBusy, long memoryBytes, long spilledBytes, ResourceUsage resources)
            implements WorkerWord {
        /// Of one that hasn't said anything yet.
        public static final Load NONE = new Load(0, 0, 0, ResourceUsage.NONE);
    }

    /// It leaves: what it holds goes with it.
    ///
    /// @param why for people
    record Goodbye(String why) implements WorkerWord {}

    /// Fewer words that mean the same as several, in their order: what tasks did and printed comes
    /// before the reports about them.
    static List<WorkerWord> merged(List<WorkerWord> all) {
        var merged = new ArrayList<WorkerWord>();
        var counts = new ArrayList<StageCounts>();
        var messages = new ArrayList<WorkerMessage>();
        var attachments = new ArrayList<Attachment>();
        var others = new ArrayList<WorkerWord>();
        for (WorkerWord word : all) {
            switch (word) {
                case Counted(var stages) -> counts.addAll(stages);
                case Reports(var more, var attached) -> {
                    messages.addAll(more);
                    attachments.addAll(attached);
                }
                case Printed printed -> merged.add(printed);
                case Logged logged -> merged.add(logged);
                case Hello hello -> merged.add(hello);
                case Load load -> others.add(load);
                case Sampled sampled -> others.add(sampled);
                case Head head -> others.add(head);
                case Goodbye goodbye -> others.add(goodbye);
            }
        }
        if (!counts.isEmpty()) merged.add(new Counted(counts));
        if (!messages.isEmpty()) merged.add(new Reports(messages, attachments));
        merged.addAll(others);
        return merged;
    }
}
