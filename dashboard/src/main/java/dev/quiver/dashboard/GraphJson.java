package dev.quiver.dashboard;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quiver.scheduler.state.StageStatus;
import java.io.IOException;
import java.util.Locale;

/// Stages and what they read, as JSON, of version 1.
final class GraphJson {
    private GraphJson() {}

    static byte[] of(StageGraph graph) {
        return BoardJson.bytes(json -> {
            json.writeStartObject();
            json.writeNumberField("version", 1);
            json.writeNumberField("others", graph.others());
            json.writeArrayFieldStart("groups");
            for (StageGraph.Group group : graph.groups()) write(json, group);
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, StageGraph.Group group) throws IOException {
        json.writeStartObject();
        if (group.job().isPresent()) {
            json.writeNumberField("job", group.job().get().job());
            json.writeStringField("title", group.job().get().what().title());
            json.writeStringField("place", group.job().get().what().place());
        }
        json.writeArrayFieldStart("stages");
        for (StageGraph.Node node : group.nodes()) write(json, node);
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, StageGraph.Node node) throws IOException {
        StageStatus status = node.line().status();
        String state = StageGraph.State.of(node.line()).name().toLowerCase(Locale.ROOT);
        json.writeStartObject();
        json.writeNumberField("id", status.stage());
        json.writeStringField("name", status.name());
        json.writeStringField("state", state);
        BoardJson.progress(json, status);
        json.writeArrayFieldStart("reads");
        for (int read : node.reads()) json.writeNumber(read);
        json.writeEndArray();
        json.writeEndObject();
    }
}
