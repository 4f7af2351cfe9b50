package dev.quiver.io.parquet;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.expression.Expression;
import dev.quiver.io.DictionarySet;
import dev.quiver.operator.RowGroups;
import dev.quiver.operator.Source;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The rows of a Parquet file as Java values, read with a pool of their own that must come back
/// empty.
record ParquetFrame(Schema schema, List<List<@Nullable Object>> rows) {
    private static final long POOL_BYTES = 1L << 30;

    /// All columns.
    static ParquetFrame read(Path file) {
        return read(file, POOL_BYTES, true);
    }

    static ParquetFrame read(Path file, long poolBytes, boolean verifyChecksums) {
        ParquetFooter footer = ParquetFooter.read(file);
        var scan = scan(footer, footer.schema(), Optional.empty());
        return read(
                new Source.ScanParquet(
                        scan.schema(), scan.filter(), scan.groups(), verifyChecksums),
                poolBytes);
    }

    static ParquetFrame read(Path file, Schema schema, Optional<Expression> filter) {
        return read(scan(ParquetFooter.read(file), schema, filter), POOL_BYTES);
    }

    static ParquetFrame read(Source.ScanParquet scan, long poolBytes) {
        var rows = new ArrayList<List<@Nullable Object>>();
        try (var pool = new MemoryPool(poolBytes);
                MemoryAccount account = pool.account(new Owner("test", "read", 0));
                var dictionaries = new DictionarySet(account);
                ParquetReader reader = ParquetReader.open(scan, 0, dictionaries, account)) {
            while (true) {
                Chunk chunk = reader.next();
                if (chunk == null) break;
                try (chunk) {
                    for (int row = 0; row < chunk.rows(); row++) {
                        var values = new ArrayList<@Nullable Object>();
                        for (var column : chunk.columns())
                            values.add(ColumnValues.get(column, row));
                        rows.add(values);
                    }
                }
            }
        }
        return new ParquetFrame(scan.schema(), rows);
    }

    static Source.ScanParquet scan(
            ParquetFooter footer, Schema schema, Optional<Expression> filter) {
        return new Source.ScanParquet(
                schema,
                filter,
                List.of(
                        new RowGroups(
                                footer.path().toString(),
                                0,
                                footer.groups().size(),
                                footer.rows(),
                                footer.size(),
                                modifiedNanos(footer.path()))));
    }

    private static long modifiedNanos(Path file) {
        try {
            return Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
