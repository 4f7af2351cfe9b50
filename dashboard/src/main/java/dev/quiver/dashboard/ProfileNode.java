package dev.quiver.dashboard;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// What was found running, and what that had called. For one thread.
final class ProfileNode {
    /// What is a smaller part of all samples isn't told.
    private static final double SHARE_MIN = 0.0005;

    private final Map<String, ProfileNode> calls = new TreeMap<>();
    private int samples;

    void add(List<String> stack, UnaryOperator<String> naming, int count) {
        samples += count;
        ProfileNode at = this;
        for (String name : stack) {
            at = at.calls.computeIfAbsent(naming.apply(name), _ -> new ProfileNode());
            at.samples += count;
        }
    }

    int samples() {
        return samples;
    }

    Map<String, ProfileNode> calls() {
        return calls;
    }

    /// As an array of objects with name `n`, samples `v` and calls `c`, and so on.
    void writeCalls(JsonGenerator json) throws IOException {
        writeCalls(json, samples * SHARE_MIN);
    }

    private void writeCalls(JsonGenerator json, double least) throws IOException {
        json.writeStartArray();
        for (Map.Entry<String, ProfileNode> call : calls.entrySet()) {
            ProfileNode node = call.getValue();
            if (node.samples < least) continue;
            json.writeStartObject();
            json.writeStringField("n", call.getKey());
            json.writeNumberField("v", node.samples);
            json.writeFieldName("c");
            node.writeCalls(json, least);
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
