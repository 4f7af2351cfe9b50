package dev.quiver.client;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.DictionaryValues;
import dev.quiver.columnar.Validity;
import dev.quiver.dataframe.MemoryReport;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Measures what the columns of chunks take, and what encoding saved against Arrow's plain layout.
final class ColumnMeter {
    private static final long OFFSET_BYTES = Integer.BYTES;

    /// What a dictionary keeps for each value beside its bytes: an offset and a hash.
    private static final long ENTRY_BYTES = Integer.BYTES + Long.BYTES;

    private long bytes;
    private long plainBytes;
    private final Map<Object, Long> dictionaryBytes = new HashMap<>();
    private int dictionarySize;

    private ColumnMeter() {}

    static MemoryReport measure(Schema schema, List<Chunk> chunks) {
        long rows = 0;
        for (Chunk chunk : chunks) rows += chunk.rows();
        var columns = new ArrayList<MemoryReport.ColumnMemory>();
        for (int i = 0; i < schema.size(); i++) {
            var meter = new ColumnMeter();
            for (Chunk chunk : chunks) meter.add(chunk.column(i));
            columns.add(meter.report(schema, i));
        }
        return new MemoryReport(rows, columns);
    }

    private void add(Column column) {
        bytes += column.bytes();
        if (!(column instanceof DictionaryColumn texts)) {
            plainBytes += column.bytes();
            return;
        }
        DictionaryValues values = texts.values();
        long size = 0;
        for (int row = 0; row < texts.rows(); row++) {
            if (texts.isNull(row)) continue;
            int code = texts.code(row);
            size += values.end(code) - values.start(code);
        }
        long validity = texts.validity() == null ? 0 : Validity.bytes(texts.rows());
        plainBytes += size + (texts.rows() + 1) * OFFSET_BYTES + validity;
        long valueBytes = values.size() == 0 ? 0 : values.end(values.size() - 1);
        dictionaryBytes.merge(
                texts.dictionary(), valueBytes + values.size() * ENTRY_BYTES, Math::max);
        dictionarySize = Math.max(dictionarySize, values.size());
    }

    private MemoryReport.ColumnMemory report(Schema schema, int index) {
        long shared = dictionaryBytes.values().stream().mapToLong(Long::longValue).sum();
        String encoding =
                dictionaryBytes.isEmpty()
                        ? "plain"
                        : String.format(Locale.ROOT, "dictionary (%,d values)", dictionarySize);
        return new MemoryReport.ColumnMemory(
                schema.field(index).name(),
                schema.field(index).type(),
                encoding,
                bytes + shared,
                plainBytes);
    }
}
