package dev.quiver.dataframe;

import dev.quiver.dataframe.plan.CsvInput;
import dev.quiver.dataframe.plan.FilesInput;
import dev.quiver.dataframe.plan.InputFile;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.Origin;
import dev.quiver.dataframe.plan.ParquetInput;
import dev.quiver.dataframe.plan.ReadOptions;
import dev.quiver.dataframe.plan.RowOrder;
import dev.quiver.dataframe.plan.SourceFiles;
import dev.quiver.dataframe.plan.TableInput;
import dev.quiver.dataframe.plan.TableRead;
import dev.quiver.dataframe.plan.TableWrite;
import dev.quiver.dataframe.plan.WriteOptions;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.FileFormat;
import dev.quiver.operator.TableQuery;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Frames over files that need not exist, since nothing runs.
final class Fixtures {
    static final Schema SALES =
            Schema.of(
                    Field.of("region", DataType.UTF8),
                    Field.of("product", DataType.CATEGORICAL),
                    Field.of("amount", DataType.INT64),
                    Field.of("price", DataType.FLOAT64),
                    Field.of("day", DataType.DATE),
                    Field.of("net_total", DataType.decimal(10, 2)));

    private Fixtures() {}

    static DataFrame sales() {
        return sales(new Planless());
    }

    static DataFrame sales(QueryRunner runner) {
        return Frames.frame(scan("sales.csv", SALES), runner);
    }

    static LogicalPlan scan(String name, Schema schema) {
        var file = new InputFile("/data/" + name, 1 << 20, 0, true, 10_000);
        return new LogicalPlan.ScanCsv(
                new CsvInput(name, List.of(file), CsvFormat.DEFAULT, schema, 0),
                schema,
                Origin.UNKNOWN);
    }

    /// A runner that remembers what it was asked and answers nothing.
    static final class Planless implements QueryRunner, SourceFiles {
        final List<Object> asked = new ArrayList<>();

        @Override
        public SourceFiles files() {
            return this;
        }

        @Override
        public LogicalPlan.ScanCsv csv(List<String> paths, ReadOptions options) {
            asked.add(options);
            return (LogicalPlan.ScanCsv) scan(paths.getFirst(), options.schema().orElse(SALES));
        }

        @Override
        public LogicalPlan.ScanFiles json(List<String> paths, ReadOptions options) {
            asked.add(options);
            return new LogicalPlan.ScanFiles(
                    new FilesInput(
                            paths.getFirst(),
                            List.of(),
                            new FileFormat.Json(true, false, FileFormat.TEXT_BYTES_MAX),
                            SALES,
                            0),
                    SALES,
                    Origin.UNKNOWN);
        }

        @Override
        public LogicalPlan.ScanFiles arrow(List<String> paths, ReadOptions options) {
            return json(paths, options);
        }

        @Override
        public LogicalPlan.ScanFiles excel(List<String> paths, ReadOptions options) {
            return json(paths, options);
        }

        @Override
        public LogicalPlan.ScanFiles xml(
                String rowElement, List<String> paths, ReadOptions options) {
            return json(paths, options);
        }

        @Override
        public LogicalPlan.ScanParquet parquet(List<String> paths, ReadOptions options) {
            asked.add(options);
            return new LogicalPlan.ScanParquet(
                    new ParquetInput(paths.getFirst(), List.of(), SALES, 0),
                    SALES,
                    Optional.empty(),
                    Origin.UNKNOWN);
        }

        @Override
        public LogicalPlan.Held persist(LogicalPlan plan) {
            asked.add(plan);
            return new LogicalPlan.Held(
                    "h1", "persisted", plan.schema(), plan.order(), Origin.UNKNOWN);
        }

        @Override
        public LogicalPlan.Held publish(LogicalPlan plan, String name) {
            asked.add(plan);
            return new LogicalPlan.Held(
                    "h1", "persisted", plan.schema(), plan.order(), Origin.UNKNOWN);
        }

        @Override
        public void release(LogicalPlan.Held held) {
            asked.add(held);
        }

        @Override
        public Written write(LogicalPlan plan, WriteOptions options) {
            asked.add(options);
            return new Written(0, 0, List.of());
        }

        @Override
        public LogicalPlan.ScanTable table(TableRead read) {
            asked.add(read);
            var query = new TableQuery(read.text(), read.text(), read.isQuery(), List.of(), "");
            var input = new TableInput(read.database(), query, SALES, List.of(""), 0);
            return new LogicalPlan.ScanTable(input, SALES, Origin.UNKNOWN);
        }

        @Override
        public Written write(LogicalPlan plan, TableWrite options) {
            asked.add(options);
            return new Written(0, 0, List.of());
        }

        @Override
        public Table collect(LogicalPlan plan) {
            throw new UnsupportedOperationException("nothing runs here");
        }

        @Override
        public Rows rows(LogicalPlan plan) {
            throw new UnsupportedOperationException("nothing runs here");
        }

        @Override
        public Chunks chunks(LogicalPlan plan, ChunkSize size) {
            throw new UnsupportedOperationException("nothing runs here");
        }

        @Override
        public long count(LogicalPlan plan) {
            throw new UnsupportedOperationException("nothing runs here");
        }

        @Override
        public String explain(LogicalPlan plan) {
            throw new UnsupportedOperationException("nothing runs here");
        }

        @Override
        public Analysis analyze(LogicalPlan plan) {
            throw new UnsupportedOperationException("nothing runs here");
        }

        @Override
        public MemoryReport memory(LogicalPlan plan) {
            throw new UnsupportedOperationException("nothing runs here");
        }

        @Override
        public PlanGraph visualize(LogicalPlan plan) {
            throw new UnsupportedOperationException("nothing runs here");
        }

        @Override
        public HeldSize heldSize(LogicalPlan.Held held) {
            throw new UnsupportedOperationException("nothing runs here");
        }
    }

    /// A plan as text, a line a step.
    static String tree(DataFrame frame) {
        var text = new StringBuilder();
        tree(Frames.plan(frame), 0, text);
        return text.toString().stripTrailing();
    }

    private static void tree(LogicalPlan plan, int depth, StringBuilder text) {
        text.append("  ".repeat(depth)).append(plan.label());
        if (plan.order() instanceof RowOrder.Unordered) text.append(" ~");
        text.append('\n');
        for (LogicalPlan input : plan.inputs()) tree(input, depth + 1, text);
    }
}
