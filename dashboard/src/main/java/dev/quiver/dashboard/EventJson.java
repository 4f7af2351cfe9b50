package dev.quiver.dashboard;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/// What happened, as JSON, of version 1.
final class EventJson {
    private static final long MICROS_PER_MILLI = 1000;

    private EventJson() {}

    /// @param last the number of the last one that happened
    /// @param originMillis since 1970, when the board's clock was zero
    static byte[] of(List<EventLog.Numbered> events, long last, long originMillis) {
        return BoardJson.bytes(json -> {
            json.writeStartObject();
            json.writeNumberField("version", 1);
            json.writeNumberField("last", last);
            json.writeArrayFieldStart("events");
            for (EventLog.Numbered event : events) write(json, event, originMillis);
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, EventLog.Numbered event, long originMillis)
            throws IOException {
        Happening what = event.what();
        json.writeStartObject();
        json.writeNumberField("number", event.number());
        json.writeNumberField("millis", originMillis + what.micros() / MICROS_PER_MILLI);
        json.writeStringField("level", what.level().name().toLowerCase(Locale.ROOT));
        json.writeStringField("text", what.text());
        json.writeNumberField("stage", what.about().stage());
        json.writeNumberField("partition", what.about().partition());
        json.writeNumberField("worker", what.about().worker());
        json.writeNumberField("job", what.about().job());
        json.writeEndObject();
    }
}
