package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Attachment;
import dev.quiver.operator.Bytes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What workers attached to reports about tasks, until it is passed on or the stage is forgotten.
/// Thread-safe.
final class AttachmentStore {
    private final Map<Integer, Map<Integer, Attachment>> stages = new ConcurrentHashMap<>();

    void put(List<Attachment> attachments) {
        for (Attachment attachment : attachments)
            stages.computeIfAbsent(attachment.stage(), _ -> new ConcurrentHashMap<>())
                    .put(attachment.partition(), attachment);
    }

    /// What came with the report of this attempt; none when nothing did. It isn't kept any longer.
    Bytes take(int stage, int partition, int attempt) {
        Map<Integer, Attachment> partitions = stages.get(stage);
        if (partitions == null) return Bytes.NONE;
        Attachment attachment = partitions.get(partition);
        if (attachment == null || attachment.attempt() != attempt) return Bytes.NONE;
        partitions.remove(partition, attachment);
        return attachment.content();
    }

    /// What came with the last report about a task; none when nothing did.
    Bytes last(int stage, int partition) {
        Attachment attachment = stages.getOrDefault(stage, Map.of()).get(partition);
        return attachment == null ? Bytes.NONE : attachment.content();
    }

    void forget(int stage) {
        stages.remove(stage);
    }
}
