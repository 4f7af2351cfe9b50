package dev.quiver.deploy;

import dev.quiver.pipeline.PipelineRun.StepRun;
import dev.quiver.pipeline.history.Json;
import dev.quiver.pipeline.history.RunRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/// Runs of the history as JSON, for programs.
final class RunJson {
    private RunJson() {}

    /// A run in a line.
    static String line(RunRecord run) {
        RunRecord.Attempt last = run.last();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("run", run.run());
        line.put("pipeline", run.pipeline());
        line.put("state", state(run.state()));
        line.put("began", run.began());
        last.ended().ifPresent(ended -> line.put("ended", ended));
        run.givenUp().ifPresent(at -> line.put("givenUp", at));
        line.put("trigger", last.trigger());
        line.put("parameters", last.parameters());
        line.putAll(last.rows().figures());
        line.put("drift", last.drift());
        line.put("units", last.units());
        line.put("unitsDone", last.unitsDone());
        var attempts = new ArrayList<Map<String, Object>>();
        for (RunRecord.Attempt attempt : run.attempts()) attempts.add(attempt(attempt));
        line.put("attempts", attempts);
        last.failure()
                .ifPresent(failure -> {
                    Map<String, Object> error = new LinkedHashMap<>();
                    error.put("code", failure.code());
                    error.put("what", failure.what());
                    error.put("where", failure.where());
                    error.put("fix", failure.fix());
                    line.put("error", error);
                });
        var alerts = new ArrayList<Map<String, Object>>();
        for (RunRecord.Notice notice : run.alerts()) alerts.add(alert(notice));
        line.put("alerts", alerts);
        line.put("ledger", run.ledger());
        return Json.text(line);
    }

    static String state(RunRecord.State state) {
        return switch (state) {
            case RUNNING -> "running";
            case DONE -> "done";
            case FAILED -> "failed";
            case STOPPED -> "stopped";
            case KILLED -> "killed";
            case GIVEN_UP -> "given up";
        };
    }

    private static Map<String, Object> attempt(RunRecord.Attempt attempt) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("began", attempt.began());
        attempt.ended().ifPresent(ended -> line.put("ended", ended));
        line.put("state", state(attempt.state()));
        line.put("host", attempt.host());
        line.put("process", attempt.process());
        var steps = new ArrayList<Map<String, Object>>();
        for (StepRun step : attempt.steps()) steps.add(step(step));
        line.put("steps", steps);
        return line;
    }

    private static Map<String, Object> step(StepRun step) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step.name());
        line.put("units", step.units());
        line.put("rows_in", step.rowsRead());
        line.put("rows_out", step.rows());
        line.put("bytes", step.bytes());
        line.put("quarantined", step.quarantined());
        line.put("dropped", step.dropped());
        line.put("inserted", step.merged().inserted());
        line.put("updated", step.merged().updated());
        line.put("unchanged", step.merged().unchanged());
        line.put("retries", step.retries());
        line.put("seconds", step.duration().toNanos() / 1e9);
        line.put("peak_bytes", step.peakBytes());
        return line;
    }

    private static Map<String, Object> alert(RunRecord.Notice notice) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("at", notice.at());
        line.put("alert", notice.rule());
        line.put("channel", notice.channel());
        line.put("sent", notice.failure().isEmpty());
        notice.failure().ifPresent(failure -> line.put("failure", failure));
        return line;
    }
}
