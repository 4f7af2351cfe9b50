package dev.quiver.planner;

import dev.quiver.dataframe.plan.InputFile;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.ParquetInput;
import dev.quiver.dataframe.plan.TableInput;
import dev.quiver.expression.Named;
import dev.quiver.graph.Dependency;
import dev.quiver.io.parquet.RowGroupFilter;
import dev.quiver.operator.FileRange;
import dev.quiver.operator.Operator;
import dev.quiver.operator.RowGroups;
import dev.quiver.operator.Source;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;

/// Leaves of plans as flows: which partition reads what.
final class ScanLowering {
    private ScanLowering() {}

    static Flow csv(LogicalPlan.ScanCsv scan, Estimate estimate) {
        List<FileRange> ranges = ranges(scan.input().files(), scan.input().partitionBytes());
        var source =
                new Source.ScanCsv(
                        scan.input().format(), scan.input().schema(), scan.schema(), ranges);
        return Flow.from(source, ranges.size(), estimate, "scan " + scan.input().label());
    }

    static Flow files(LogicalPlan.ScanFiles scan, Estimate estimate) {
        List<FileRange> ranges = ranges(scan.input().files(), scan.input().partitionBytes());
        var source =
                new Source.ScanFiles(
                        scan.input().format(), scan.input().schema(), scan.schema(), ranges);
        return Flow.from(source, ranges.size(), estimate, "scan " + scan.input().label());
    }

    private static List<FileRange> ranges(List<InputFile> files, long partitionBytes) {
        long total = files.stream().mapToLong(InputFile::size).sum();
        long bytes = partitionBytes;
        if (bytes == 0) {
            boolean large = total >= Sizes.CSV_LARGE_BYTES;
            bytes = large ? 2 * Sizes.CSV_PARTITION_BYTES : Sizes.CSV_PARTITION_BYTES;
        }
        var ranges = new ArrayList<FileRange>();
        for (InputFile file : files) addRanges(file, bytes, ranges);
        return ranges;
    }

    /// Ranges of about equal size.
    private static void addRanges(InputFile file, long bytes, List<FileRange> ranges) {
        long size = file.size();
        long count = file.splittable() ? Math.max(1, Math.round((double) size / bytes)) : 1;
        for (long i = 0; i < count; i++) {
            long from = size / count * i;
            long to = i + 1 == count ? size : size / count * (i + 1);
            ranges.add(new FileRange(file.path(), from, to, size, file.modifiedNanos()));
        }
    }

    static Flow parquet(LogicalPlan.ScanParquet scan, Estimate estimate) {
        long bytes = scan.input().partitionBytes();
        if (bytes == 0) bytes = Sizes.PARQUET_PARTITION_BYTES;
        var groups = new ArrayList<RowGroups>();
        for (ParquetInput.ParquetFile file : scan.input().files())
            if (mayMatch(scan, file)) addGroups(file, bytes, groups);
        if (groups.isEmpty()) {
            ParquetInput.ParquetFile first = scan.input().files().getFirst();
            groups.add(part(first, 0, 0, 0));
        }
        var source =
                new Source.ScanParquet(
                        scan.schema(), scan.filter(), groups, scan.input().verifyChecksums());
        return Flow.from(source, groups.size(), estimate, "scan " + scan.input().label());
    }

    /// Whether the file's folders leave room for the filter.
    private static boolean mayMatch(LogicalPlan.ScanParquet scan, ParquetInput.ParquetFile file) {
        return scan.filter().isEmpty()
                || file.folders().isEmpty()
                || RowGroupFilter.mayMatch(scan.filter().get(), file.folders(), file.file().rows());
    }

    private static void addGroups(
            ParquetInput.ParquetFile file, long bytes, List<RowGroups> groups) {
        int from = 0;
        long size = 0;
        long rows = 0;
        for (int i = 0; i < file.groups().size(); i++) {
            ParquetInput.RowGroup group = file.groups().get(i);
            if (i > from && size + group.bytes() > bytes) {
                groups.add(part(file, from, i, rows));
                from = i;
                size = 0;
                rows = 0;
            }
            size += group.bytes();
            rows += group.rows();
        }
        groups.add(part(file, from, file.groups().size(), rows));
    }

    private static RowGroups part(ParquetInput.ParquetFile parquet, int from, int to, long rows) {
        InputFile file = parquet.file();
        return new RowGroups(
                file.path(), from, to, rows, file.size(), file.modifiedNanos(), parquet.folders());
    }

    static Flow table(LogicalPlan.ScanTable scan, Estimate estimate) {
        TableInput input = scan.input();
        var source =
                new Source.ScanTable(
                        input.database(), input.query(), scan.schema(), input.conditions());
        String label = "scan " + input.query().label();
        return Flow.from(source, input.conditions().size(), estimate, label);
    }

    static Flow held(LogicalPlan.Held held, SourceCatalog catalog, Estimate estimate) {
        return switch (catalog.held(held.id())) {
            case SourceCatalog.StageOutput kept -> {
                int width = width(kept);
                Flow flow =
                        Flow.from(
                                new Source.Input(0, held.schema()),
                                kept.parts().size() * width,
                                estimate,
                                held.label());
                flow.inputs.add(
                        width == 1
                                ? new Dependency.Narrow(kept.stage())
                                : new Dependency.FanOut(kept.stage(), width, kept.slices()));
                yield flow;
            }
            case SourceCatalog.SessionChunks chunks -> {
                int partitions =
                        Sizes.parts(
                                chunks.rows(),
                                Sizes.HELD_PARTITION_ROWS,
                                Sizes.HELD_PARTITIONS_MAX);
                yield Flow.from(
                        new Source.Held(held.id(), held.schema(), partitions),
                        partitions,
                        estimate,
                        held.label());
            }
        };
    }

    /// In how many parts each partition of a kept output is read.
    private static int width(SourceCatalog.StageOutput kept) {
        long most = kept.parts().stream().mapToLong(SourceCatalog.Part::rows).max().orElse(0);
        int wanted = Sizes.parts(most, Sizes.KEPT_PARTITION_ROWS, kept.slices());
        int room = Sizes.HELD_PARTITIONS_MAX / kept.parts().size();
        return Math.max(1, Math.min(wanted, room));
    }

    /// Takes other columns away.
    static Flow only(Flow flow, Schema schema) {
        if (flow.schema().names().equals(schema.names())) return flow;
        List<Named> columns = schema.names().stream().map(Named::column).toList();
        return flow.then(
                new Operator.Project(columns, schema),
                schema,
                Estimate.of(flow.estimate().rows(), Widths.ofRow(schema), flow.estimate().exact()),
                "select " + String.join(", ", schema.names()));
    }
}
