package dev.quiver.pipeline.alert;

import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is told.
///
/// @param alert its name, such as `failed`
/// @param recovered whether it is over
/// @param run the id of the run that it is about; empty when it is about none
/// @param ledger of the pipeline
/// @param what a sentence for people
/// @param where lines that say more
/// @param fix what to do; may be empty
public record AlertMessage(
        Instant at,
        String pipeline,
        String alert,
        boolean recovered,
        String run,
        Path ledger,
        String what,
        List<String> where,
        String fix) {
    public AlertMessage {
        where = List.copyOf(where);
    }

    /// In a line: `flights: failed`, or `flights: no longer failed`.
    public String title() {
        return "%s: %s%s".formatted(pipeline, recovered ? "no longer " : "", alert);
    }

    /// In several lines, for people.
    public String text() {
        var text = new StringBuilder(title()).append("\n\n").append(what).append('\n');
        for (String line : where) text.append("  ").append(line).append('\n');
        if (!fix.isEmpty()) text.append("  fix: ").append(fix).append('\n');
        if (!run.isEmpty()) text.append("\nquiver runs ").append(run).append('\n');
        return text.toString();
    }

    /// As a JSON object. `text` is what chat programs show of it.
    public Map<String, Object> object() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("text", text());
        object.put("at", at);
        object.put("pipeline", pipeline);
        object.put("alert", alert);
        object.put("state", recovered ? "recovered" : "alert");
        object.put("run", run);
        object.put("what", what);
        object.put("where", where);
        object.put("fix", fix);
        return object;
    }
}
