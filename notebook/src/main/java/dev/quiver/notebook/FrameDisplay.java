package dev.quiver.notebook;

import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Frames;
import dev.quiver.dataframe.HeldSize;
import dev.quiver.dataframe.MemoryReport;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Table;
import dev.quiver.dataframe.TableText;
import dev.quiver.dataframe.chart.Markup;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The first rows of a frame or a table, under the names and types of their columns.
final class FrameDisplay {
    private static final int ROWS_SHOWN = 10;
    private static final int COLUMNS_SHOWN_MAX = 30;
    private static final int CELL_WIDTH_MAX = 120;

    private static final String STYLE =
            """
            <style>
            .quiver-frame { overflow-x: auto; }
            .quiver-frame table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 0; }
            div.quiver-frame.quiver-frame table th, div.quiver-frame.quiver-frame table td { padding: 0.2em 0.7em; white-space: nowrap; text-align: left; vertical-align: top; }
            div.quiver-frame.quiver-frame table th.number, div.quiver-frame.quiver-frame table td.number { text-align: right; }
            div.quiver-frame.quiver-frame thead th { border-bottom: 1px solid var(--jp-border-color1, #8888); font-weight: 600; }
            .quiver-frame .type, .quiver-frame .about { font-weight: 400; font-size: 0.85em; color: var(--jp-ui-font-color2, #767676); }
            .quiver-frame .type { display: block; }
            .quiver-frame .coded { border: 1px solid currentColor; border-radius: 0.6em; padding: 0 0.4em; margin-left: 0.3em; font-size: 0.85em; }
            .quiver-frame .null { font-style: italic; color: var(--jp-ui-font-color2, #767676); }
            .quiver-frame .about { padding: 0.3em 0.7em; }
            </style>
            """;

    private final Table head;
    private final String about;

    private FrameDisplay(Table head, String about) {
        this.head = head;
        this.about = about;
    }

    /// Runs the frame as far as its first rows need it.
    static Map<String, String> of(DataFrame frame) {
        Optional<HeldSize> held = Frames.heldSize(frame);
        try (Table head = frame.head(ROWS_SHOWN + 1)) {
            String shape = shape(head.rowCount(), head);
            boolean isAll = head.rowCount() <= ROWS_SHOWN;
            return new FrameDisplay(
                            head,
                            held.map(kept -> inMemory(shape(kept.rows(), head), kept.bytes()))
                                    .orElseGet(() ->
                                            isAll
                                                    ? shape
                                                    : "the first %s; count() counts all"
                                                            .formatted(shape(ROWS_SHOWN, head))))
                    .bundle();
        }
    }

    static Map<String, String> of(Table table) {
        String shape = shape(table.rowCount(), table);
        return new FrameDisplay(table, inMemory(shape, table.memory().bytes())).bundle();
    }

    private static String shape(long rows, Table table) {
        int columns = table.schema().size();
        return String.format(
                Locale.ROOT,
                "%,d %s × %d %s",
                rows,
                rows == 1 ? "row" : "rows",
                columns,
                columns == 1 ? "column" : "columns");
    }

    private static String inMemory(String shape, long bytes) {
        return "%s, %s in memory".formatted(shape, ByteSize.text(bytes));
    }

    private Map<String, String> bundle() {
        var bundle = new LinkedHashMap<String, String>();
        bundle.put(MimeBundle.HTML, html());
        bundle.put(
                MimeBundle.TEXT,
                TableText.of(head, ROWS_SHOWN, TableText.terminalColumns()) + "\n" + about);
        return bundle;
    }

    private String html() {
        List<Field> fields = shown();
        Map<String, String> codes = codes();
        var html =
                new StringBuilder(STYLE).append("<div class=\"quiver-frame\"><table><thead><tr>");
        for (Field field : fields) {
            html.append("<th%s>".formatted(numeric(field))).append(Markup.text(field.name()));
            html.append("<span class=\"type\">").append(Markup.text(field.type().toString()));
            String code = codes.get(field.name());
            if (code != null)
                html.append("<span class=\"coded\" title=\"%s\">codes</span>".formatted(code));
            html.append("</span></th>");
        }
        int hidden = head.schema().size() - fields.size();
        if (hidden > 0) html.append("<th>… %d more</th>".formatted(hidden));
        html.append("</tr></thead><tbody>");
        for (long i = 0; i < Math.min(ROWS_SHOWN, head.rowCount()); i++) {
            Row row = head.row(i);
            html.append("<tr>");
            for (Field field : fields) html.append(cell(row, field));
            html.append(hidden > 0 ? "<td>…</td></tr>" : "</tr>");
        }
        return html.append("</tbody></table><div class=\"about\">")
                .append(Markup.text(about))
                .append("</div></div>")
                .toString();
    }

    private List<Field> shown() {
        List<Field> fields = head.schema().fields();
        return fields.subList(0, Math.min(COLUMNS_SHOWN_MAX, fields.size()));
    }

    /// The columns whose values are kept as codes of a dictionary, with what is said of them.
    private Map<String, String> codes() {
        var codes = new LinkedHashMap<String, String>();
        for (MemoryReport.ColumnMemory column : head.memory().columns())
            if (column.encoding().startsWith("dictionary"))
                codes.put(column.name(), "kept as codes of a " + column.encoding());
        for (Field field : head.schema().fields())
            if (field.type() instanceof DataType.Categorical
                    || field.type() instanceof DataType.Enumeration)
                codes.putIfAbsent(field.name(), "kept as codes of a dictionary");
        return codes;
    }

    private static String cell(Row row, Field field) {
        return TableText.cell(row, field, CELL_WIDTH_MAX)
                .map(text -> "<td%s>%s</td>".formatted(numeric(field), Markup.text(text)))
                .orElse("<td%s><span class=\"null\">null</span></td>".formatted(numeric(field)));
    }

    private static String numeric(Field field) {
        return DataType.isNumeric(field.type()) ? " class=\"number\"" : "";
    }
}
