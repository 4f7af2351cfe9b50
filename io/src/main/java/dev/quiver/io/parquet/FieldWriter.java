package dev.quiver.io.parquet;

import dev.quiver.columnar.Column;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;

/// Writes one column of the chunks, which a file keeps as one or several leaf columns.
sealed interface FieldWriter extends AutoCloseable permits ColumnWriter, NestedWriter {
    /// Bytes that wait for the row group's end.
    long bytes();

    /// Adds all rows of a column.
    void append(Column column);

    /// Writes the row group's leaf columns at the channel's position, in the schema's order.
    List<WrittenColumn> endGroup(FileChannel channel) throws IOException;

    @Override
    void close();
}
