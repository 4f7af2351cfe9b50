package dev.quiver.dashboard;

import dev.quiver.scheduler.server.WorkerLogs;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/// What workers logged, as JSON, of version 1.
final class LogJson {
    /// So many lines are told at once, the last ones.
    private static final int LINES_MAX = 2000;

    private LogJson() {}

    /// @param after the number of a line; those behind it are told
    static byte[] of(WorkerLogs logs, long after, IntPredicate workers) {
        long last = logs.last();
        List<WorkerLogs.Entry> all = logs.after(after, workers);
        List<WorkerLogs.Entry> told = all.subList(Math.max(0, all.size() - LINES_MAX), all.size());
        return BoardJson.bytes(json -> {
            json.writeStartObject();
            json.writeNumberField("version", 1);
            json.writeNumberField("last", told.isEmpty() ? last : told.getLast().number());
            json.writeArrayFieldStart("lines");
            for (WorkerLogs.Entry entry : told) {
                json.writeStartObject();
                json.writeNumberField("number", entry.number());
                json.writeNumberField("millis", entry.line().millis());
                json.writeNumberField("worker", entry.worker());
                json.writeStringField(
                        "level", entry.line().level().name().toLowerCase(Locale.ROOT));
                json.writeStringField("source", entry.line().source());
                json.writeStringField("text", entry.line().text());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}
