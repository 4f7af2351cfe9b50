package dev.quiver.dashboard;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quiver.protocol.TaskSamples;
import dev.quiver.scheduler.server.ProfileBook;
import dev.quiver.scheduler.server.TaskProfile;
import dev.quiver.scheduler.server.TaskSampler;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
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

    /// @param remote whether the tasks run on workers in other processes
    static byte[] of(TaskProfile profile, boolean remote, Optional<Range> range, Detail detail) {
        Optional<String> trouble = trouble(profile, remote);
        return BoardJson.bytes(json -> {
            json.writeStartObject();
            json.writeNumberField("version", 1);
            json.writeBooleanField("remote", remote);
            json.writeBooleanField("there", trouble.isEmpty());
            if (trouble.isPresent()) json.writeStringField("why", trouble.get());
            else write(json, profile, range.orElse(new Range(0, Long.MAX_VALUE)), detail);
            json.writeEndObject();
        });
    }

    /// Why nothing can be found out; empty when it can.
    private static Optional<String> trouble(TaskProfile profile, boolean remote) {
        if (profile.workers().isEmpty())
            return Optional.of(
                    profile.of() == 0
                            ? "No worker is there now. As soon as one has joined, its tasks are"
                                    + " sampled."
                            : "That worker isn’t there any more, and what it did wasn’t sampled."
                                    + " Choose another one.");
        if (profile.means().filter(means -> means == TaskSamples.Means.NONE).isEmpty())
            return Optional.empty();
        return Optional.of(
                remote
                        ? "The Java of these workers has no Flight Recorder that starts: run them"
                                + " on an OpenJDK. Their logs say more."
                        : "This Java has no Flight Recorder that starts: run it on an OpenJDK. Its"
                                + " log says more.");
    }

    private static void write(JsonGenerator json, TaskProfile profile, Range seconds, Detail detail)
            throws IOException {
        Set<Integer> workers = Set.copyOf(profile.workers());
        var root = new ProfileNode();
        profile.book()
                .between(
                        seconds.from(),
                        seconds.to(),
                        workers::contains,
                        (stack, samples) -> root.add(stack, detail.naming(), samples));
        boolean byTime = profile.means().filter(m -> m == TaskSamples.Means.TIME).isPresent();
        json.writeStringField("samplesOf", byTime ? "time" : "processor time");
        json.writeNumberField("periodMillis", TaskSampler.PERIOD.toMillis());
        json.writeNumberField("sinceMillis", profile.sinceMillis());
        json.writeNumberField("nowMillis", System.currentTimeMillis());
        json.writeNumberField("readingMicros", profile.readingMicros());
        json.writeNumberField("sampled", workers.size());
        json.writeNumberField("workers", profile.of());
        json.writeArrayFieldStart("seconds");
        for (ProfileBook.Count count : profile.book().counts(workers::contains)) {
            json.writeStartArray();
            json.writeNumber(count.second());
            json.writeNumber(count.samples());
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeNumberField("samples", root.samples());
        json.writeFieldName("calls");
        root.writeCalls(json);
    }
}
