package dev.quiver.planner;

import dev.quiver.dataframe.Analysis;
import dev.quiver.dataframe.ChunkSize;
import dev.quiver.dataframe.Chunks;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Frames;
import dev.quiver.dataframe.HeldSize;
import dev.quiver.dataframe.MemoryReport;
import dev.quiver.dataframe.PlanGraph;
import dev.quiver.dataframe.QueryRunner;
import dev.quiver.dataframe.Rows;
import dev.quiver.dataframe.Table;
import dev.quiver.dataframe.Written;
import dev.quiver.dataframe.plan.CsvInput;
import dev.quiver.dataframe.plan.InputFile;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.Origin;
import dev.quiver.dataframe.plan.ParquetInput;
import dev.quiver.dataframe.plan.RowOrder;
import dev.quiver.dataframe.plan.SourceFiles;
import dev.quiver.dataframe.plan.TableWrite;
import dev.quiver.dataframe.plan.WriteOptions;
import dev.quiver.expression.ExpressionPrinter;
import dev.quiver.graph.Dependency;
import dev.quiver.graph.Stage;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.Operator;
import dev.quiver.operator.Pipeline;
import dev.quiver.operator.Sink;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Frames over files that need not exist and chunks that nobody holds, and plans as text.
final class Fixtures {
    static final long MB = 1 << 20;

    static final Schema SALES =
            Schema.of(
                    Field.of("region", DataType.UTF8),
                    Field.of("amount", DataType.INT64),
                    Field.of("price", DataType.FLOAT64),
                    Field.of("day", DataType.DATE));

    static final Schema SHOPS =
            Schema.of(
                    Field.of("region", DataType.UTF8),
                    Field.of("manager", DataType.UTF8),
                    Field.of("opened", DataType.DATE));

    /// Holds 40 partitions of stage 7 under "kept", three large ones of it, in slices, under "cut",
    /// 40 of the session under "rows", and few rows under "small".
    static final SourceCatalog CATALOG =
            id ->
                    switch (id) {
                        case "kept" ->
                                new SourceCatalog.StageOutput(7, parts(40, 250_000, 8 * MB), 1);
                        case "cut" ->
                                new SourceCatalog.StageOutput(7, parts(3, 3_500_000, 64 * MB), 16);
                        case "rows" -> new SourceCatalog.SessionChunks(parts(40, 250_000, 8 * MB));
                        default -> new SourceCatalog.SessionChunks(parts(1, 1_000, 100_000));
                    };

    private Fixtures() {}

    private static List<SourceCatalog.Part> parts(int count, long rows, long bytes) {
        var parts = new ArrayList<SourceCatalog.Part>();
        for (int i = 0; i < count; i++) parts.add(new SourceCatalog.Part(rows, bytes));
        return parts;
    }

    static DataFrame csv(Session session, String name, long bytes, Schema schema) {
        var file = new InputFile("/data/" + name, bytes, 0, true, bytes / 50);
        return Frames.frame(
                new LogicalPlan.ScanCsv(
                        new CsvInput(name, List.of(file), CsvFormat.DEFAULT, schema, 0),
                        schema,
                        Origin.UNKNOWN),
                session);
    }

    static DataFrame sales(Session session) {
        return csv(session, "sales.csv", 100 * MB, SALES);
    }

    static DataFrame shops(Session session) {
        return csv(session, "shops.csv", 20_000, SHOPS);
    }

    static DataFrame parquet(Session session) {
        var groups = new ArrayList<ParquetInput.RowGroup>();
        for (int i = 0; i < 10; i++) groups.add(new ParquetInput.RowGroup(100_000, 12 * MB));
        var file = new InputFile("/data/sales.parquet", 60 * MB, 0, true, 1_000_000);
        var input =
                new ParquetInput(
                        "sales.parquet",
                        List.of(new ParquetInput.ParquetFile(file, groups)),
                        SALES,
                        0);
        return Frames.frame(
                new LogicalPlan.ScanParquet(input, SALES, Optional.empty(), Origin.UNKNOWN),
                session);
    }

    static DataFrame held(Session session, String id) {
        return Frames.frame(
                new LogicalPlan.Held(id, "persisted " + id, SALES, RowOrder.SOURCE, Origin.UNKNOWN),
                session);
    }

    /// A plan as text, a line a step.
    static String tree(LogicalPlan plan) {
        var text = new StringBuilder();
        tree(plan, 0, text);
        return text.toString().stripTrailing();
    }

    private static void tree(LogicalPlan plan, int depth, StringBuilder text) {
        text.append("  ".repeat(depth)).append(plan.label());
        switch (plan) {
            case LogicalPlan.ScanCsv scan -> text.append(" ").append(scan.schema().names());
            case LogicalPlan.ScanParquet scan -> {
                text.append(" ").append(scan.schema().names());
                scan.filter()
                        .map(ExpressionPrinter::brief)
                        .ifPresent(f -> text.append(" ").append(f));
            }
            case LogicalPlan.Join join -> text.append(" build ").append(join.build());
            default -> {}
        }
        text.append('\n');
        for (LogicalPlan input : plan.inputs()) tree(input, depth + 1, text);
    }

    /// Stages as text, a line each: partitions, what is read, what is done.
    static String stages(StagePlan plan) {
        var text = new StringBuilder();
        for (Stage stage : plan.graph().stages()) {
            var pipeline = (Pipeline) stage.program();
            text.append("%d x%d".formatted(stage.id(), stage.partitions()));
            for (Dependency input : stage.inputs()) text.append(' ').append(dependency(input));
            text.append(": ").append(pipeline.source().getClass().getSimpleName());
            for (Operator operator : pipeline.operators()) {
                text.append(" > ").append(operator.getClass().getSimpleName());
            }
            text.append(" > ").append(sink(pipeline.sink()));
            if (stage.rowsMax() > 0) text.append(" rowsMax ").append(stage.rowsMax());
            if (stage.wanted()) text.append(" wanted");
            text.append('\n');
        }
        return text.toString().stripTrailing();
    }

    private static String dependency(Dependency input) {
        return switch (input) {
            case Dependency.Narrow(var stage) -> "narrow(%d)".formatted(stage);
            case Dependency.Broadcast(var stage) -> "broadcast(%d)".formatted(stage);
            case Dependency.Shuffle(var stage, var n) -> "shuffle(%d/%d)".formatted(stage, n);
            case Dependency.Regions(var stage, var regions) ->
                    "regions(%d: %d)".formatted(stage, regions.size());
            case Dependency.FanIn(var stage, var width) ->
                    "fanin(%d by %d)".formatted(stage, width);
            case Dependency.FanOut(var stage, var width, var slices) ->
                    "fan-out(%d*%d/%d)".formatted(stage, width, slices);
            case Dependency.Listed(var edges) -> "listed(%d)".formatted(edges.rowCount());
        };
    }

    private static String sink(Sink sink) {
        return switch (sink) {
            case Sink.Aggregate aggregate ->
                    "%s/%d".formatted(aggregate.phase(), aggregate.buckets());
            case Sink.Exchange exchange -> "Exchange/%d".formatted(exchange.buckets());
            case Sink.MergeSorted merge -> "MergeSorted/%d".formatted(merge.parts());
            default -> sink.getClass().getSimpleName();
        };
    }

    /// A runner that runs nothing, since these tests look at plans.
    static final class Session implements QueryRunner {
        private static UnsupportedOperationException nothing() {
            return new UnsupportedOperationException("nothing runs here");
        }

        @Override
        public SourceFiles files() {
            throw nothing();
        }

        @Override
        public Table collect(LogicalPlan plan) {
            throw nothing();
        }

        @Override
        public Rows rows(LogicalPlan plan) {
            throw nothing();
        }

        @Override
        public Chunks chunks(LogicalPlan plan, ChunkSize size) {
            throw nothing();
        }

        @Override
        public long count(LogicalPlan plan) {
            throw nothing();
        }

        @Override
        public String explain(LogicalPlan plan) {
            return new Planner(CATALOG).explain(plan);
        }

        @Override
        public Analysis analyze(LogicalPlan plan) {
            throw nothing();
        }

        @Override
        public LogicalPlan.Held persist(LogicalPlan plan) {
            throw nothing();
        }

        @Override
        public LogicalPlan.Held publish(LogicalPlan plan, String name) {
            throw nothing();
        }

        @Override
        public void release(LogicalPlan.Held held) {
            throw nothing();
        }

        @Override
        public MemoryReport memory(LogicalPlan plan) {
            throw nothing();
        }

        @Override
        public PlanGraph visualize(LogicalPlan plan) {
            throw nothing();
        }

        @Override
        public HeldSize heldSize(LogicalPlan.Held held) {
            throw nothing();
        }

        @Override
        public Written write(LogicalPlan plan, WriteOptions options) {
            throw nothing();
        }

        @Override
        public Written write(LogicalPlan plan, TableWrite options) {
            throw nothing();
        }
    }
}
