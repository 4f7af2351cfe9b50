package dev.quiver.notebook;

import dev.quiver.dataframe.chart.Markup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A table of a report, as HTML: texts to the left, numbers to the right, and bars under numbers
/// that are to be compared.
final class ReportTable {
    private static final String STYLE =
            """
            <style>
            .quiver-report { overflow-x: auto; }
            .quiver-report table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 0; }
            div.quiver-report table th, div.quiver-report table td { padding: 0.2em 0.7em; white-space: pre; text-align: right; }
            div.quiver-report table th.text, div.quiver-report table td.text { text-align: left; }
            .quiver-report thead th { border-bottom: 1px solid var(--jp-border-color1, #8888); font-weight: 600; }
            .quiver-report .about { padding: 0.3em 0.7em; font-size: 0.85em; color: var(--jp-ui-font-color2, #767676); }
            </style>
            """;

    private final StringBuilder html =
            new StringBuilder(STYLE).append("<div class=\"quiver-report\"><table><thead><tr>");

    /// @param texts names of the columns to the left
    /// @param numbers names of the columns to the right of them
    ReportTable(List<String> texts, List<String> numbers) {
        for (String name : texts) html.append("<th class=\"text\">").append(name).append("</th>");
        for (String name : numbers) html.append("<th>").append(name).append("</th>");
        html.append("</tr></thead><tbody>");
    }

    /// Begins a row.
    ReportTable row() {
        html.append("<tr>");
        return this;
    }

    ReportTable text(String text) {
        html.append("<td class=\"text\">").append(Markup.text(text)).append("</td>");
        return this;
    }

    /// A number; an empty cell where there is nothing to tell.
    ReportTable number(String text) {
        html.append("<td>").append(Markup.text(text)).append("</td>");
        return this;
    }

    /// A count; an empty cell for none.
    ReportTable count(long count) {
        return number(count == 0 ? "" : String.format(Locale.ROOT, "%,d", count));
    }

    /// @param part of the greatest, from 0 to 1
    ReportTable bar(String text, double part) {
        html.append(
                String.format(
                        Locale.ROOT,
                        "<td style=\"background: linear-gradient(to left, #0072b240 %.1f%%,"
                                + " transparent 0)\">%s</td>",
                        100 * part,
                        Markup.text(text)));
        return this;
    }

    /// The whole report.
    ///
    /// @param about stands below the table
    /// @param text for front ends that know no HTML
    Map<String, String> ended(String about, String text) {
        html.append("</tbody></table><div class=\"about\">")
                .append(Markup.text(about))
                .append("</div></div>");
        var bundle = new LinkedHashMap<String, String>();
        bundle.put(MimeBundle.HTML, html.toString());
        bundle.put(MimeBundle.TEXT, text);
        return bundle;
    }
}
