package dev.quiver.dashboard;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quiver.protocol.JobDescription;
import dev.quiver.scheduler.state.OutputStatus;
import dev.quiver.scheduler.state.TaskInput;
import java.io.IOException;
import java.util.List;

/// Tasks as JSON, of version 1.
final class TaskJson {
    private TaskJson() {}

    static byte[] of(TaskView view) {
        return BoardJson.bytes(json -> {
            json.writeStartObject();
            json.writeNumberField("version", 1);
            json.writeNumberField("micros", view.micros());
            json.writeNumberField("stageId", view.task().stage());
            json.writeNumberField("partition", view.task().partition());
            json.writeStringField("stage", view.name());
            if (view.job().isPresent()) {
                json.writeNumberField("job", view.job().get().job());
                json.writeStringField("title", view.job().get().what().title());
            }
            json.writeArrayFieldStart("steps");
            List<JobDescription.Step> steps = view.steps();
            for (int i = 0; i < steps.size(); i++) {
                json.writeStartObject();
                json.writeStringField("label", steps.get(i).label());
                json.writeStringField("place", steps.get(i).place());
                json.writeBooleanField("failed", i == view.failedStep());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeStringField("why", view.why());
            json.writeArrayFieldStart("story");
            for (String line : view.told().story()) json.writeString(line);
            json.writeEndArray();
            json.writeArrayFieldStart("attempts");
            for (TaskRing.Ended attempt : view.attempts()) {
                json.writeStartObject();
                BoardJson.attempt(json, attempt);
                json.writeStringField("why", attempt.failed() ? view.why(attempt) : "");
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("inputs");
            for (TaskInput input : view.inputs()) write(json, input);
            json.writeEndArray();
            if (view.told().output().isPresent()) write(json, view.told().output().get());
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, TaskInput input) throws IOException {
        json.writeStartObject();
        json.writeNumberField("stage", input.stage());
        json.writeStringField("name", input.name());
        json.writeNumberField("partition", input.partition());
        json.writeNumberField("tasks", input.tasks());
        json.writeNumberField("there", input.there());
        json.writeNumberField("worker", input.worker());
        json.writeNumberField("rows", input.rows());
        json.writeNumberField("bytes", input.bytes());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, OutputStatus output) throws IOException {
        json.writeObjectFieldStart("output");
        json.writeNumberField("attempt", output.attempt());
        json.writeNumberField("worker", output.worker());
        if (output.replica().isPresent()) json.writeNumberField("replica", output.replica().get());
        json.writeNumberField("rows", output.rows());
        json.writeNumberField("bytes", output.bytes());
        json.writeEndObject();
    }

    /// Attempts at tasks of a query, in that order.
    static byte[] of(List<TaskRing.Ended> attempts) {
        return BoardJson.bytes(json -> {
            json.writeStartArray();
            for (TaskRing.Ended attempt : attempts) {
                json.writeStartObject();
                json.writeNumberField("stage", attempt.stage());
                json.writeNumberField("partition", attempt.partition());
                BoardJson.attempt(json, attempt);
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }
}
