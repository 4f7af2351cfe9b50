package dev.quiver.dashboard;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quiver.protocol.JobDescription;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/// A job with all its stages as JSON, of version 1.
final class JobJson {
    private JobJson() {}

    static byte[] of(JobView job) {
        return BoardJson.bytes(json -> {
            json.writeStartObject();
            json.writeNumberField("version", 1);
            BoardJson.head(json, job.line());
            json.writeNumberField("micros", job.micros());
            json.writeArrayFieldStart("rules");
            for (String rule : job.line().what().rules()) json.writeString(rule);
            json.writeEndArray();
            json.writeArrayFieldStart("advice");
            for (String sentence : Advice.of(job)) json.writeString(sentence);
            json.writeEndArray();
            json.writeArrayFieldStart("stages");
            for (JobView.StageView stage : job.stages()) write(json, stage);
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, JobView.StageView stage) throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", stage.id());
        if (stage.status().isPresent()) {
            json.writeNumberField("total", stage.status().get().total());
            json.writeNumberField("finished", stage.status().get().finished());
            json.writeNumberField("dropped", stage.status().get().dropped());
            json.writeNumberField("failed", stage.status().get().failed());
            json.writeNumberField("bytes", stage.status().get().bytes());
        }
        json.writeArrayFieldStart("reads");
        for (JobDescription.Read read : stage.steps().reads()) {
            json.writeStartObject();
            json.writeNumberField("stage", read.stage());
            json.writeStringField("way", read.way().name().toLowerCase(Locale.ROOT));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("steps");
        List<JobDescription.Step> steps = stage.steps().steps();
        for (int i = 0; i < steps.size(); i++) {
            json.writeStartObject();
            json.writeStringField("label", steps.get(i).label());
            json.writeNumberField("rowsExpected", steps.get(i).rows());
            json.writeBooleanField("exact", steps.get(i).exact());
            json.writeStringField("place", steps.get(i).place());
            if (stage.isMeasured()) {
                json.writeNumberField("rows", stage.rows(i));
                json.writeNumberField("bytes", stage.bytes(i));
                json.writeNumberField("nanos", stage.nanos(i));
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberField("partitions", stage.spread().partitions());
        write(json, "partitionRows", stage.spread().rows());
        write(json, "partitionMicros", stage.spread().micros());
        json.writeBooleanField("skewed", stage.spread().isSkewed());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, String name, Spread.Range range)
            throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("min", range.min());
        json.writeNumberField("median", range.median());
        json.writeNumberField("max", range.max());
        json.writeEndObject();
    }
}
