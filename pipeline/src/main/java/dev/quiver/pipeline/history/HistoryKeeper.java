package dev.quiver.pipeline.history;

import dev.quiver.pipeline.PipelineRun.StepRun;
import dev.quiver.pipeline.RunEnd;
import dev.quiver.pipeline.RunObserver;
import dev.quiver.pipeline.RunStart;
import dev.quiver.pipeline.UnfinishedRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Writes down all runs of all pipelines, each beside its ledger. Not for users.
public final class HistoryKeeper implements RunObserver {
    private static final Duration AGE_MAX = Duration.ofDays(400);
    private static final long BYTES_MAX = 32L << 20;

    /// Made by the service loader.
    public HistoryKeeper() {}

    @Override
    public void began(RunStart run) {
        JsonLog log = History.log(run.ledger());
        try {
            log.trim(run.began().minus(AGE_MAX), BYTES_MAX);
            log.append(line(run));
            Optional<LedgerPlaces> places = LedgerPlaces.ofProcess();
            if (places.isPresent()) places.get().add(run.ledger());
        } catch (IOException e) {
            throw failed(run.ledger(), e);
        }
    }

    private static Map<String, Object> line(RunStart run) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "began");
        line.put("at", run.began());
        line.put("run", run.run());
        line.put("pipeline", run.pipeline());
        line.put("trigger", run.trigger());
        if (!run.parameters().isEmpty()) line.put("parameters", run.parameters());
        line.put("resumes", run.resumes());
        Maker maker = Maker.ofProcess();
        line.put("host", maker.host());
        line.put("process", maker.process());
        line.put("processBegan", maker.began());
        return line;
    }

    @Override
    public void ended(RunEnd run) {
        try {
            History.log(run.start().ledger()).append(line(run));
        } catch (IOException e) {
            throw failed(run.start().ledger(), e);
        }
    }

    private static Map<String, Object> line(RunEnd run) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "ended");
        line.put("at", run.ended());
        line.put("run", run.start().run());
        line.put("began", run.start().began());
        line.put("state", run.state());
        line.putAll(run.rows().figures());
        if (!run.drift().isEmpty()) line.put("drift", run.drift());
        line.put("units", run.units());
        line.put("unitsDone", run.unitsDone());
        var steps = new ArrayList<Map<String, Object>>();
        for (StepRun step : run.steps()) steps.add(line(step));
        line.put("steps", steps);
        run.failure().ifPresent(failure -> line.put("failure", line(failure)));
        return line;
    }

    private static Map<String, Object> line(StepRun step) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step.name());
        line.put("units", step.units());
        line.put("rowsRead", step.rowsRead());
        line.put("rows", step.rows());
        line.put("bytes", step.bytes());
        line.putAll(step.counts().figures());
        line.put("retries", step.retries());
        line.put("peakBytes", step.peakBytes());
        line.put("nanos", step.duration().toNanos());
        return line;
    }

    private static Map<String, Object> line(RunEnd.Failure failure) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("code", failure.code());
        line.put("what", failure.what());
        line.put("where", failure.where());
        line.put("fix", failure.fix());
        return line;
    }

    @Override
    public void givenUp(UnfinishedRun run) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "givenUp");
        line.put("at", Instant.now());
        line.put("run", run.run());
        try {
            History.log(run.ledger()).append(line);
        } catch (IOException e) {
            throw failed(run.ledger(), e);
        }
    }

    /// Writes down that an alert was sent, or wasn't.
    public static void alerted(Path ledger, String run, RunRecord.Notice notice) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "alert");
        line.put("at", notice.at());
        line.put("run", run);
        line.put("rule", notice.rule());
        line.put("channel", notice.channel());
        notice.failure().ifPresent(failure -> line.put("failure", failure));
        try {
            History.log(ledger).append(line);
        } catch (IOException e) {
            throw failed(ledger, e);
        }
    }

    private static UncheckedIOException failed(Path ledger, IOException cause) {
        return new UncheckedIOException("can't write the history beside " + ledger, cause);
    }
}
