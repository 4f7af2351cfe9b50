package dev.quiver.pipeline;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quiver.client.UnitLoads;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.error.ErrorCode;
import dev.quiver.io.store.Stores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the runs of one pipeline write into an audit log.
final class Auditing {
    private static final String NOTE = "audit log";

    private final Blueprint blueprint;
    private final Surroundings surroundings;
    private final AuditLog log;
    private final Path file;

    /// @param ledger the directory of the pipeline's ledger
    Auditing(Blueprint blueprint, Surroundings surroundings, Path ledger) {
        this.blueprint = blueprint;
        this.surroundings = surroundings;
        String said = blueprint.parameters().in(blueprint.audit());
        this.file = said.isEmpty() ? file(ledger) : Stores.path(said).toAbsolutePath();
        this.log = new AuditLog(surroundings.disk(), file, surroundings.user());
    }

    /// In a store the log isn't in the ledger's folder, all of which is listed in each run, but
    /// beside it.
    private static Path file(Path ledger) {
        if (!Stores.isRemote(ledger)) return ledger.resolve("audit.jsonl");
        if (ledger.getNameCount() == 0) return ledger.resolve("audit");
        return ledger.resolveSibling(ledger.getFileName() + "-audit");
    }

    /// Lets those find the log who know the ledger only.
    void note(Ledger ledger) {
        String place = blueprint.audit().isEmpty() ? "" : file.toString();
        if (!place.isEmpty() || ledger.note(NOTE).isPresent()) ledger.note(NOTE, place);
    }

    /// A pipeline with the log that its last run had, unless it says one.
    static Blueprint found(Blueprint blueprint, Ledger ledger) {
        return blueprint.audit().isEmpty()
                ? blueprint.withAudit(ledger.note(NOTE).orElse(""))
                : blueprint;
    }

    /// This process begins to read for a run.
    void reads(String run, Prepared prepared, Ledger.Run ledger) {
        log.add(
                event("read", run, ledger),
                json -> {
                    json.writeNumberField("unitsDone", ledger.doneCount());
                    json.writeArrayFieldStart("read");
                    for (FileVersion file : prepared.key().inputs()) source(json, file);
                    for (String table : tables(prepared)) {
                        json.writeStartObject();
                        json.writeStringField("table", table);
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                    json.writeArrayFieldStart("personal");
                    for (String column : personal(blueprint.steps()).keySet())
                        json.writeString(column);
                    json.writeEndArray();
                });
    }

    private static void source(JsonGenerator json, FileVersion file) throws IOException {
        json.writeStartObject();
        json.writeStringField("file", file.path());
        json.writeNumberField("bytes", file.size());
        json.writeStringField("changed", file.changed().toString());
        json.writeEndObject();
    }

    /// The run is complete, and its rows appear now.
    void loads(String run, Prepared prepared, Ledger.Run ledger) {
        log.addOnce(
                event("loaded", run, ledger),
                json -> {
                    json.writeArrayFieldStart("written");
                    for (int i = 0; i < prepared.loads().size(); i++)
                        written(json, prepared.loads().get(i), blueprint.outlets().get(i), ledger);
                    json.writeEndArray();
                });
    }

    private static void written(
            JsonGenerator json, Prepared.LoadPlan load, Blueprint.Outlet outlet, Ledger.Run ledger)
            throws IOException {
        List<StagedFile> files = PipelineExecution.files(load, ledger);
        json.writeStartObject();
        json.writeStringField("target", load.destination().toString());
        json.writeNumberField(
                "rows", rows(files.stream().filter(file -> file.kind().isLoaded()).toList()));
        json.writeObjectFieldStart("personal");
        Set<String> columns = columns(load);
        for (Map.Entry<String, String> column : personal(outlet.steps()).entrySet())
            if (columns.contains(column.getKey()))
                json.writeStringField(column.getKey(), column.getValue());
        json.writeEndObject();
        json.writeEndObject();
        for (Bins.Bin bin : load.bins()) {
            if (!bin.keeps()) continue;
            String target = bin.target().toString();
            json.writeStartObject();
            json.writeStringField("quarantine", target);
            json.writeNumberField(
                    "rows",
                    rows(
                            files.stream()
                                    .filter(f ->
                                            f.kind() == StagedFile.Kind.BAD
                                                    && f.target().equals(target))
                                    .toList()));
            json.writeEndObject();
        }
    }

    private static long rows(List<StagedFile> files) {
        return files.stream().mapToLong(StagedFile::rows).sum();
    }

    /// The run stopped for good, and nothing of it appears.
    ///
    /// @param why no message, which may show what it is about
    void stops(String run, Ledger.Run ledger, ErrorCode why) {
        log.addOnce(
                event("stopped", run, ledger), json -> json.writeStringField("why", why.name()));
    }

    /// Somebody gave the run up.
    void givesUp(String run, Ledger.Run ledger) {
        log.addOnce(event("given up", run, ledger), _ -> {});
    }

    private AuditLog.Event event(String word, String run, Ledger.Run ledger) {
        String now = surroundings.clock().instant().toString();
        return new AuditLog.Event(word, "run", run, ledger.key().began(), now);
    }

    /// The personal columns of the gates among the steps, each with what the last gate that knows
    /// it made of it.
    static Map<String, String> personal(List<Blueprint.Step> steps) {
        var columns = new LinkedHashMap<String, String>();
        for (Blueprint.Step step : steps) {
            if (!(step instanceof Blueprint.Step.Gated(var gate))) continue;
            gate.personalColumns()
                    .forEach((column, word) -> {
                        if (!word.equals("clear")) columns.put(column, word);
                        else columns.putIfAbsent(column, word);
                    });
        }
        return columns;
    }

    private static Set<String> columns(Prepared.LoadPlan load) {
        var columns = new LinkedHashSet<String>();
        for (UnitLoads.Streamed source : load.sources())
            columns.addAll(source.load().plan().schema().names());
        return columns;
    }

    private static Set<String> tables(Prepared prepared) {
        var tables = new LinkedHashSet<String>();
        for (Prepared.LoadPlan load : prepared.loads())
            for (UnitLoads.Streamed source : load.sources()) tables(source.load().plan(), tables);
        return tables;
    }

    private static void tables(LogicalPlan plan, Set<String> to) {
        if (plan instanceof LogicalPlan.ScanTable(var input, _, _))
            to.add("%s of %s".formatted(input.query().label(), input.database()));
        for (LogicalPlan input : plan.inputs()) tables(input, to);
    }
}
