package dev.quiver.dashboard;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quiver.scheduler.state.AssignedTask;
import dev.quiver.scheduler.state.HeldOutputs;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/// Workers as JSON, of version 1.
final class WorkerJson {
    /// The name of a stage; empty when it isn't known any more.
    private final IntFunction<String> names;

    WorkerJson(IntFunction<String> names) {
        this.names = names;
    }

    byte[] of(Crew.All all) {
        return BoardJson.bytes(json -> {
            json.writeStartObject();
            json.writeNumberField("version", 1);
            json.writeNumberField("micros", all.micros());
            json.writeBooleanField("whole", all.isWhole());
            json.writeArrayFieldStart("workers");
            for (Crew.Present worker : all.present()) {
                json.writeStartObject();
                write(json, worker);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("gone");
            for (Crew.Gone worker : all.gone()) {
                json.writeStartObject();
                write(json, worker);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    byte[] of(Crew.One one) {
        return BoardJson.bytes(json -> {
            json.writeStartObject();
            json.writeNumberField("version", 1);
            json.writeNumberField("micros", one.micros());
            json.writeBooleanField("present", one.present().isPresent());
            if (one.present().isPresent()) write(json, one.present().get());
            else if (one.gone().isPresent()) write(json, one.gone().get());
            json.writeArrayFieldStart("tasks");
            for (AssignedTask task : one.assigned()) write(json, task);
            json.writeEndArray();
            json.writeArrayFieldStart("held");
            if (one.present().isPresent())
                for (HeldOutputs held : one.present().get().held()) write(json, held);
            json.writeEndArray();
            json.writeArrayFieldStart("recent");
            for (TaskRing.Ended task : one.recent()) write(json, task);
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, Crew.Present worker) throws IOException {
        worker.now().write(json);
        worker.now().writeMoved(json);
        json.writeStringField("place", worker.now().usage().place());
        json.writeNumberField("sinceMicros", worker.line().sinceMicros());
        json.writeNumberField("given", worker.status().attempts());
        json.writeNumberField("yielded", worker.status().yielded());
        json.writeBooleanField("leaving", worker.status().retiring());
        json.writeNumberField("quietMicros", micros(worker.status().quietNanos()));
        json.writeNumberField("tasksEnded", worker.did().finished());
        json.writeNumberField("tasksFailed", worker.did().failed());
        json.writeNumberField("tasksPerSecond", worker.perSecond());
        List<HeldOutputs> held = worker.held();
        json.writeNumberField("outputs", held.stream().mapToLong(HeldOutputs::outputs).sum());
        json.writeNumberField("outputBytes", held.stream().mapToLong(HeldOutputs::bytes).sum());
    }

    /// Minus one stays.
    private static long micros(long nanos) {
        return nanos < 0 ? -1 : TimeUnit.NANOSECONDS.toMicros(nanos);
    }

    private static void write(JsonGenerator json, Crew.Gone worker) throws IOException {
        json.writeNumberField("id", worker.line().worker());
        json.writeStringField("name", worker.how().name());
        json.writeStringField("why", worker.how().why());
        json.writeNumberField("sinceMicros", worker.line().sinceMicros());
        json.writeNumberField("untilMicros", worker.line().untilMicros());
        json.writeNumberField("tasksEnded", worker.line().finished());
        json.writeNumberField("tasksFailed", worker.line().failed());
    }

    private static void write(JsonGenerator json, AssignedTask task) throws IOException {
        json.writeStartObject();
        json.writeNumberField("stage", task.stage());
        json.writeNumberField("partition", task.partition());
        json.writeStringField("name", task.name());
        json.writeNumberField("attempt", task.attempt());
        json.writeNumberField("givenMicros", micros(task.nanos()));
        json.writeBooleanField("started", task.started());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, HeldOutputs held) throws IOException {
        json.writeStartObject();
        json.writeNumberField("stage", held.stage());
        json.writeStringField("name", held.name());
        json.writeNumberField("job", held.job());
        json.writeNumberField("outputs", held.outputs());
        json.writeNumberField("bytes", held.bytes());
        json.writeEndObject();
    }

    private void write(JsonGenerator json, TaskRing.Ended task) throws IOException {
        json.writeStartObject();
        json.writeNumberField("stage", task.stage());
        json.writeNumberField("partition", task.partition());
        json.writeStringField("name", names.apply(task.stage()));
        BoardJson.attempt(json, task);
        json.writeEndObject();
    }
}
