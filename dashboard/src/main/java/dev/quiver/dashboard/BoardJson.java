package dev.quiver.dashboard;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.quiver.scheduler.state.StageStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// Boards as JSON, of version 1.
final class BoardJson {
    private static final JsonFactory JSON = new JsonFactory();

    private BoardJson() {}

    interface Writing {
        void to(JsonGenerator json) throws IOException;
    }

    static byte[] bytes(Writing writing) {
        var out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            writing.to(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /// All boards, the newest first.
    static byte[] list(List<Board> boards) {
        return bytes(json -> {
            json.writeStartArray();
            for (Board board : boards) {
                json.writeStartObject();
                json.writeNumberField("id", board.id());
                json.writeStringField("name", board.name());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    /// Runs that were kept, in their order.
    static byte[] runs(List<KeptRun> runs) {
        return bytes(json -> {
            json.writeStartArray();
            for (KeptRun run : runs) {
                json.writeStartObject();
                json.writeStringField("id", run.id());
                json.writeStringField("name", run.name());
                json.writeStringField("program", run.program());
                json.writeStringField("began", run.began().toString());
                json.writeNumberField("micros", run.micros());
                json.writeNumberField("queries", run.queries());
                json.writeNumberField("tasksEnded", run.tasksEnded());
                json.writeNumberField("tasksFailed", run.tasksFailed());
                json.writeNumberField("bytes", run.bytes());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    /// One board, whole.
    static byte[] of(Board.View view) {
        return bytes(json -> {
            json.writeStartObject();
            json.writeNumberField("version", 1);
            json.writeNumberField("id", view.id());
            json.writeStringField("name", view.name());
            json.writeBooleanField("open", view.open());
            json.writeNumberField("micros", view.micros());
            json.writeNumberField("tasksEnded", view.tasksEnded());
            json.writeNumberField("tasksFailed", view.tasksFailed());
            json.writeArrayFieldStart("jobs");
            for (JobLine job : view.jobs()) {
                json.writeStartObject();
                head(json, job);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("stages");
            for (StageLine stage : view.stages()) write(json, stage);
            json.writeEndArray();
            json.writeArrayFieldStart("workers");
            for (WorkerNow worker : view.workers()) {
                json.writeStartObject();
                worker.write(json);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("failures");
            for (TaskFeed.News.Failed failed : view.failures()) write(json, failed);
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /// Writes the fields that all answers have of a job.
    static void head(JsonGenerator json, JobLine line) throws IOException {
        json.writeNumberField("job", line.job());
        json.writeStringField("title", line.what().title());
        json.writeStringField("place", line.what().place());
        json.writeNumberField("sinceMicros", line.sinceMicros());
        json.writeNumberField("untilMicros", line.untilMicros());
        json.writeStringField("failure", line.failure());
    }

    private static void write(JsonGenerator json, StageLine line) throws IOException {
        StageStatus status = line.status();
        json.writeStartObject();
        json.writeNumberField("index", line.index());
        json.writeNumberField("id", status.stage());
        json.writeStringField("name", status.name());
        progress(json, status);
        json.writeNumberField("nanos", status.nanos());
        json.writeNumberField("sinceMicros", line.sinceMicros());
        json.writeNumberField("untilMicros", line.untilMicros());
        json.writeEndObject();
    }

    /// Writes the fields that all answers have of how far a stage is.
    static void progress(JsonGenerator json, StageStatus status) throws IOException {
        json.writeNumberField("total", status.total());
        json.writeNumberField("waiting", status.waiting());
        json.writeNumberField("ready", status.ready());
        json.writeNumberField("assigned", status.assigned());
        json.writeNumberField("finished", status.finished());
        json.writeNumberField("dropped", status.dropped());
        json.writeNumberField("failed", status.failed());
        json.writeNumberField("rows", status.rows());
        json.writeNumberField("bytes", status.bytes());
    }

    private static void write(JsonGenerator json, TaskFeed.News.Failed failed) throws IOException {
        json.writeStartObject();
        json.writeNumberField("stage", failed.stage());
        json.writeNumberField("partition", failed.partition());
        json.writeNumberField("attempt", failed.attempt());
        json.writeNumberField("worker", failed.worker());
        json.writeStringField("why", failed.why());
        json.writeEndObject();
    }

    /// Writes the fields that all answers have of an attempt.
    static void attempt(JsonGenerator json, TaskRing.Ended attempt) throws IOException {
        json.writeNumberField("attempt", attempt.attempt());
        json.writeNumberField("worker", attempt.worker());
        json.writeBooleanField("failed", attempt.failed());
        json.writeNumberField("startMicros", attempt.startMicros());
        json.writeNumberField("durationMicros", attempt.durationMicros());
        json.writeNumberField("rows", attempt.rows());
        json.writeNumberField("bytes", attempt.bytes());
        json.writeNumberField("fetchMicros", attempt.delays().fetchMicros());
        json.writeNumberField("memoryMicros", attempt.delays().memoryMicros());
        json.writeNumberField("spillMicros", attempt.delays().spillMicros());
    }
}
