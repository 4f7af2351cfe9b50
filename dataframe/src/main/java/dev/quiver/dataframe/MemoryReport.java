package dev.quiver.dataframe;

import dev.quiver.schema.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How much memory a frame takes, by column, as `toString` prints it.
///
/// ```java
/// System.out.println(flights.persist().memory());
/// ```
///
/// @param rows of the frame
/// @param columns in the frame's order
public record MemoryReport(long rows, List<ColumnMemory> columns) {
    private static final int FIRST_NUMBER = 3;

    public MemoryReport {
        columns = List.copyOf(columns);
    }

    /// A column's memory.
    ///
    /// @param encoding how its values are kept, such as `plain` or `dictionary (16 values)`
    /// @param bytes what it takes: values, validity, codes and its share of dictionaries
    /// @param plainBytes what Arrow's layout would take without encoding
    public record ColumnMemory(
            String name, DataType type, String encoding, long bytes, long plainBytes) {
        public long savedBytes() {
            return plainBytes - bytes;
        }
    }

    public long bytes() {
        return columns.stream().mapToLong(ColumnMemory::bytes).sum();
    }

    public long plainBytes() {
        return columns.stream().mapToLong(ColumnMemory::plainBytes).sum();
    }

    public long savedBytes() {
        return plainBytes() - bytes();
    }

    @Override
    public String toString() {
        var lines = new ArrayList<List<String>>();
        lines.add(List.of("column", "type", "encoding", "bytes", "saved"));
        for (ColumnMemory column : columns)
            lines.add(
                    List.of(
                            column.name(),
                            column.type().toString(),
                            column.encoding(),
                            grouped(column.bytes()),
                            grouped(column.savedBytes())));
        var text = new StringBuilder();
        for (List<String> line : lines) {
            for (int i = 0; i < line.size(); i++) {
                String cell = line.get(i);
                String space = " ".repeat(width(lines, i) - cell.length());
                boolean isNumber = i >= FIRST_NUMBER;
                text.append(isNumber ? space + cell : cell + space);
                text.append(i + 1 < line.size() ? "  " : System.lineSeparator());
            }
        }
        return text.append(
                        "%s rows, %s bytes; encoding saved %s of %s bytes"
                                .formatted(
                                        grouped(rows),
                                        grouped(bytes()),
                                        grouped(savedBytes()),
                                        grouped(plainBytes())))
                .toString();
    }

    private static int width(List<List<String>> lines, int cell) {
        return lines.stream().mapToInt(line -> line.get(cell).length()).max().orElse(0);
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
