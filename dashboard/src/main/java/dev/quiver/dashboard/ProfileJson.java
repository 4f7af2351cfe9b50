package dev.quiver.dashboard;

import java.util.Optional;
import java.util.function.UnaryOperator;

/// What tasks were found doing, as JSON, of version 1.
final class ProfileJson {
    private ProfileJson() {}

    /// How finely methods are told apart.
    enum Detail {
        METHODS,
        LINES;

        UnaryOperator<String> naming() {
            return this == LINES ? name -> name : name -> name.replaceFirst(":\\d+$", "");
        }
    }

    /// Which seconds, since 1970.
    ///
    /// @param to excluded
    record Range(long from, long to) {}

    /// Where nothing can be found out.
    static byte[] none(String why) {
        return BoardJson.bytes(json -> {
            json.writeStartObject();
            json.writeNumberField("version", 1);
            json.writeBooleanField("there", false);
            json.writeStringField("why", why);
            json.writeEndObject();
        });
    }

    static byte[] of(TaskProfiler.Profile profile, Optional<Range> range, Detail detail) {
        long now = System.currentTimeMillis();
        Range seconds = range.orElse(new Range(0, Long.MAX_VALUE));
        ProfileNode root = profile.book().between(seconds.from(), seconds.to(), detail.naming());
        return BoardJson.bytes(json -> {
            json.writeStartObject();
            json.writeNumberField("version", 1);
            json.writeBooleanField("there", true);
            json.writeStringField("samplesOf", profile.byTime() ? "processor time" : "time");
            json.writeNumberField("periodMillis", TaskProfiler.PERIOD.toMillis());
            json.writeNumberField("sinceMillis", profile.since());
            json.writeNumberField("nowMillis", now);
            json.writeNumberField("readingMicros", profile.readingNanos() / 1000);
            json.writeArrayFieldStart("seconds");
            for (ProfileBook.Count count : profile.book().counts()) {
                json.writeStartArray();
                json.writeNumber(count.second());
                json.writeNumber(count.samples());
                json.writeEndArray();
            }
            json.writeEndArray();
            json.writeNumberField("samples", root.samples());
            json.writeFieldName("calls");
            root.writeCalls(json);
            json.writeEndObject();
        });
    }
}
