package dev.quiver.dataframe;

import dev.quiver.schema.DataType;
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
        var text = new StringBuilder();
        text.append(
                String.format(
                        Locale.ROOT,
                        "%-20s %-16s %-22s %14s %14s%n",
                        "column",
                        "type",
                        "encoding",
                        "bytes",
                        "saved"));
        for (ColumnMemory column : columns) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%-20s %-16s %-22s %,14d %,14d%n",
                            column.name(),
                            column.type(),
                            column.encoding(),
                            column.bytes(),
                            column.savedBytes()));
        }
        return text.append(
                        String.format(
                                Locale.ROOT,
                                "%,d rows, %,d bytes; encoding saved %,d of %,d bytes",
                                rows,
                                bytes(),
                                savedBytes(),
                                plainBytes()))
                .toString();
    }
}
