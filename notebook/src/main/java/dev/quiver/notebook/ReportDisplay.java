package dev.quiver.notebook;

import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.dataframe.Analysis;
import dev.quiver.dataframe.MemoryReport;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Reports as tables whose largest numbers are seen at a glance: a bar lies under each.
final class ReportDisplay {
    private ReportDisplay() {}

    static Map<String, String> of(Analysis analysis) {
        var table = new ReportTable(List.of("operator"), List.of("rows", "estimated", "time, ms"));
        double longest =
                analysis.steps().stream().mapToDouble(s -> s.time().toNanos()).max().orElse(0);
        for (Analysis.Step step : analysis.steps())
            table.row()
                    .text("  ".repeat(step.depth()) + step.operator())
                    .number(String.format(Locale.ROOT, "%,d", step.rows()))
                    .number(
                            step.estimated() < 0
                                    ? ""
                                    : String.format(Locale.ROOT, "%,d", step.estimated()))
                    .bar(
                            String.format(Locale.ROOT, "%,.1f", step.time().toNanos() / 1e6),
                            longest == 0 ? 0 : step.time().toNanos() / longest);
        return table.ended(
                String.format(
                        Locale.ROOT,
                        "%,d rows in %,.1f ms, peak memory %s",
                        analysis.rows(),
                        analysis.elapsed().toNanos() / 1e6,
                        ByteSize.text(analysis.peakBytes())),
                analysis.toString());
    }

    static Map<String, String> of(MemoryReport memory) {
        var table =
                new ReportTable(List.of("column", "type", "encoding"), List.of("bytes", "saved"));
        double most =
                memory.columns().stream()
                        .mapToDouble(MemoryReport.ColumnMemory::bytes)
                        .max()
                        .orElse(0);
        for (MemoryReport.ColumnMemory column : memory.columns())
            table.row()
                    .text(column.name())
                    .text(column.type().toString())
                    .text(column.encoding())
                    .bar(ByteSize.text(column.bytes()), most == 0 ? 0 : column.bytes() / most)
                    .number(column.savedBytes() == 0 ? "" : ByteSize.text(column.savedBytes()));
        return table.ended(
                String.format(
                        Locale.ROOT,
                        "%,d rows, %s; encoding saved %s of %s",
                        memory.rows(),
                        ByteSize.text(memory.bytes()),
                        ByteSize.text(memory.savedBytes()),
                        ByteSize.text(memory.plainBytes())),
                memory.toString());
    }
}
