package dev.quiver.dashboard;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quiver.scheduler.server.CatalogEntry;
import dev.quiver.scheduler.server.FirstRows;
import dev.quiver.scheduler.server.FrameHead;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/// What was published, as JSON, of version 1.
final class DataJson {
    /// Of wider frames the first columns are told.
    private static final int COLUMNS_MAX = 500;

    private static final long MICROS_PER_MILLI = 1000;

    /// The client that published the output of a stage; empty when it is this session, or gone.
    private final IntFunction<String> owners;

    /// When names were given, by the board's clock.
    private final Map<String, Long> sinceMicros;

    private final long originMillis;

    /// @param originMillis since 1970, when the board's clock was zero
    DataJson(IntFunction<String> owners, Map<String, Long> sinceMicros, long originMillis) {
        this.owners = owners;
        this.sinceMicros = sinceMicros;
        this.originMillis = originMillis;
    }

    byte[] of(List<CatalogEntry> all) {
        return BoardJson.bytes(json -> {
            json.writeStartObject();
            json.writeNumberField("version", 1);
            json.writeArrayFieldStart("published");
            for (CatalogEntry each : all) write(json, each);
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /// First rows, or why they aren't there.
    static byte[] of(FirstRows first) {
        return BoardJson.bytes(json -> {
            json.writeStartObject();
            json.writeNumberField("version", 1);
            json.writeBooleanField("there", first instanceof FirstRows.There);
            switch (first) {
                case FirstRows.Missing(String why) -> json.writeStringField("why", why);
                case FirstRows.There(FrameHead head) -> write(json, head);
            }
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, FrameHead head) throws IOException {
        json.writeArrayFieldStart("columns");
        for (String column : head.columns()) json.writeString(column);
        json.writeEndArray();
        json.writeArrayFieldStart("rows");
        for (List<Optional<String>> row : head.rows()) {
            json.writeStartArray();
            for (Optional<String> text : row) {
                if (text.isPresent()) json.writeString(text.get());
                else json.writeNull();
            }
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    private void write(JsonGenerator json, CatalogEntry data) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", data.name());
        json.writeStringField("kind", data.schema().isPresent() ? "frame" : "value");
        json.writeNumberField("stage", data.stage());
        json.writeNumberField("partitions", data.partitions());
        json.writeNumberField("missing", data.missing());
        json.writeNumberField("rows", data.rows());
        json.writeNumberField("bytes", data.bytes());
        json.writeStringField("owner", owners.apply(data.stage()));
        Long since = sinceMicros.get(data.name());
        json.writeNumberField(
                "sinceMillis", since == null ? -1 : originMillis + since / MICROS_PER_MILLI);
        json.writeArrayFieldStart("workers");
        for (int worker : data.workers()) json.writeNumber(worker);
        json.writeEndArray();
        json.writeNumberField("width", data.schema().map(Schema::size).orElse(0));
        json.writeArrayFieldStart("columns");
        List<Field> fields = data.schema().map(Schema::fields).orElse(List.of());
        for (Field field : fields.subList(0, Math.min(COLUMNS_MAX, fields.size()))) {
            json.writeStartObject();
            json.writeStringField("name", field.name());
            json.writeStringField("type", field.type().toString());
            json.writeBooleanField("nullable", field.nullable());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
