package dev.quiver.notebook;

import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.dataframe.Analysis;
import dev.quiver.dataframe.MemoryReport;
import dev.quiver.dataframe.chart.Markup;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Reports as tables whose largest numbers are seen at a glance: a bar lies under each.
final class ReportDisplay {
    private static final String STYLE =
            """
            <style>
            .quiver-report table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 0; }
            div.quiver-report table th, div.quiver-report table td { padding: 0.2em 0.7em; white-space: pre; text-align: right; }
            div.quiver-report table th.text, div.quiver-report table td.text { text-align: left; }
            .quiver-report thead th { border-bottom: 1px solid var(--jp-border-color1, #8888); font-weight: 600; }
            .quiver-report .about { padding: 0.3em 0.7em; font-size: 0.85em; color: var(--jp-ui-font-color2, #767676); }
            </style>
            """;

    private final StringBuilder html =
            new StringBuilder(STYLE).append("<div class=\"quiver-report\"><table><thead><tr>");

    private ReportDisplay() {}

    static Map<String, String> of(Analysis analysis) {
        var report = new ReportDisplay();
        report.head(List.of("operator"), List.of("rows", "estimated", "time, ms"));
        double longest =
                analysis.steps().stream().mapToDouble(s -> s.time().toNanos()).max().orElse(0);
        for (Analysis.Step step : analysis.steps()) {
            report.html.append("<tr>");
            report.text("  ".repeat(step.depth()) + step.operator());
            report.number(String.format(Locale.ROOT, "%,d", step.rows()));
            report.number(
                    step.estimated() < 0
                            ? ""
                            : String.format(Locale.ROOT, "%,d", step.estimated()));
            report.bar(
                    String.format(Locale.ROOT, "%,.1f", step.time().toNanos() / 1e6),
                    longest == 0 ? 0 : step.time().toNanos() / longest);
            report.html.append("</tr>");
        }
        return report.ended(
                String.format(
                        Locale.ROOT,
                        "%,d rows in %,.1f ms, peak memory %s",
                        analysis.rows(),
                        analysis.elapsed().toNanos() / 1e6,
                        ByteSize.text(analysis.peakBytes())),
                analysis.toString());
    }

    static Map<String, String> of(MemoryReport memory) {
        var report = new ReportDisplay();
        report.head(List.of("column", "type", "encoding"), List.of("bytes", "saved"));
        double most =
                memory.columns().stream()
                        .mapToDouble(MemoryReport.ColumnMemory::bytes)
                        .max()
                        .orElse(0);
        for (MemoryReport.ColumnMemory column : memory.columns()) {
            report.html.append("<tr>");
            report.text(column.name());
            report.text(column.type().toString());
            report.text(column.encoding());
            report.bar(ByteSize.text(column.bytes()), most == 0 ? 0 : column.bytes() / most);
            report.number(column.savedBytes() == 0 ? "" : ByteSize.text(column.savedBytes()));
            report.html.append("</tr>");
        }
        return report.ended(
                String.format(
                        Locale.ROOT,
                        "%,d rows, %s; encoding saved %s of %s",
                        memory.rows(),
                        ByteSize.text(memory.bytes()),
                        ByteSize.text(memory.savedBytes()),
                        ByteSize.text(memory.plainBytes())),
                memory.toString());
    }

    private void head(List<String> texts, List<String> numbers) {
        for (String name : texts) html.append("<th class=\"text\">").append(name).append("</th>");
        for (String name : numbers) html.append("<th>").append(name).append("</th>");
        html.append("</tr></thead><tbody>");
    }

    private void text(String text) {
        html.append("<td class=\"text\">").append(Markup.text(text)).append("</td>");
    }

    private void number(String text) {
        html.append("<td>").append(text).append("</td>");
    }

    /// @param part of the greatest, from 0 to 1
    private void bar(String text, double part) {
        html.append(
                String.format(
                        Locale.ROOT,
                        "<td style=\"background: linear-gradient(to left, #0072b240 %.1f%%,"
                                + " transparent 0)\">%s</td>",
                        100 * part,
                        text));
    }

    private Map<String, String> ended(String about, String text) {
        html.append("</tbody></table><div class=\"about\">").append(about).append("</div></div>");
        return Map.of(MimeBundle.HTML, html.toString(), MimeBundle.TEXT, text);
    }
}
