package dev.quiver.pipeline;

import dev.quiver.dataframe.plan.CsvInput;
import dev.quiver.dataframe.plan.FilesInput;
import dev.quiver.dataframe.plan.InputFile;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.ParquetInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The files whose rows stream through a plan. Those that it only looks something up in, such as
/// the small table of a join, aren't among them.
final class ScannedFiles {
    private final Predicate<FileVersion> wanted;
    private final List<FileVersion> found = new ArrayList<>();

    private ScannedFiles(Predicate<FileVersion> wanted) {
        this.wanted = wanted;
    }

    /// The files, in the order of the plan.
    static List<FileVersion> of(LogicalPlan plan) {
        var files = new ScannedFiles(_ -> true);
        files.kept(plan);
        return files.found;
    }

    /// The plan over the wanted files alone; empty when all of its files are unwanted.
    static Optional<LogicalPlan> only(LogicalPlan plan, Predicate<FileVersion> wanted) {
        return new ScannedFiles(wanted).kept(plan);
    }

    private Optional<LogicalPlan> kept(LogicalPlan plan) {
        return switch (plan) {
            case LogicalPlan.ScanCsv scan -> csv(scan);
            case LogicalPlan.ScanParquet scan -> parquet(scan);
            case LogicalPlan.ScanFiles scan -> files(scan);
            case LogicalPlan.Leaf leaf -> Optional.of(leaf);
            // Doesn't stream, which is said where units are planned.
            case LogicalPlan.Union union -> Optional.of(union);
            case LogicalPlan.Join join -> over(join, join.build() == LogicalPlan.Side.LEFT ? 1 : 0);
            default -> over(plan, 0);
        };
    }

    private Optional<LogicalPlan> csv(LogicalPlan.ScanCsv scan) {
        CsvInput input = scan.input();
        List<InputFile> files = input.files().stream().filter(this::isKept).toList();
        if (files.isEmpty()) return Optional.empty();
        var kept =
                new CsvInput(
                        input.label(),
                        files,
                        input.format(),
                        input.schema(),
                        input.partitionBytes());
        return Optional.of(new LogicalPlan.ScanCsv(kept, scan.schema(), scan.origin()));
    }

    private Optional<LogicalPlan> parquet(LogicalPlan.ScanParquet scan) {
        ParquetInput input = scan.input();
        List<ParquetInput.ParquetFile> files =
                input.files().stream().filter(file -> isKept(file.file())).toList();
        if (files.isEmpty()) return Optional.empty();
        var kept =
                new ParquetInput(
                        input.label(),
                        files,
                        input.schema(),
                        input.partitionBytes(),
                        input.verifyChecksums());
        return Optional.of(
                new LogicalPlan.ScanParquet(kept, scan.schema(), scan.filter(), scan.origin()));
    }

    private Optional<LogicalPlan> files(LogicalPlan.ScanFiles scan) {
        FilesInput input = scan.input();
        List<InputFile> files = input.files().stream().filter(this::isKept).toList();
        if (files.isEmpty()) return Optional.empty();
        var kept =
                new FilesInput(
                        input.label(),
                        files,
                        input.format(),
                        input.schema(),
                        input.partitionBytes());
        return Optional.of(new LogicalPlan.ScanFiles(kept, scan.schema(), scan.origin()));
    }

    private boolean isKept(InputFile file) {
        FileVersion version = FileVersion.of(file);
        if (!wanted.test(version)) return false;
        found.add(version);
        return true;
    }

    /// @param streamed which input's rows go through the step
    private Optional<LogicalPlan> over(LogicalPlan plan, int streamed) {
        return kept(plan.inputs().get(streamed))
                .map(input -> {
                    var inputs = new ArrayList<>(plan.inputs());
                    inputs.set(streamed, input);
                    return plan.withInputs(inputs);
                });
    }
}
