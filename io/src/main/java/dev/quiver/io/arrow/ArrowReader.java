package dev.quiver.io.arrow;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.QuiverException;
import dev.quiver.io.ChunkReader;
import dev.quiver.io.DictionarySet;
import dev.quiver.io.csv.ByteSource;
import dev.quiver.io.store.Stores;
import dev.quiver.operator.FileRange;
import dev.quiver.operator.Source;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.RecordBatch;
import org.jspecify.annotations.Nullable;

/// Reads the record batches of an Arrow file or stream that begin in a range of it. Only the
/// columns asked for are read. Text in dictionaries stays encoded.
public final class ArrowReader implements ChunkReader {
    private final FileRange range;
    private final Schema schema;
    private final MemoryAccount account;
    private final ArrowFile file;
    private final ArrowDictionaries dictionaries;
    private final List<ArrowFile.Block> batches;
    private int batch;
    private @Nullable Chunk rest;
    private int restFrom;
    private long bytesRead;

    /// Opens partition `partition` of a scan.
    ///
    /// @throws QuiverException FILE_NOT_FOUND, FILE_CHANGED, FILE_CORRUPT
    public static ArrowReader open(
            Source.ScanFiles scan,
            int partition,
            MemoryAccount account,
            DictionarySet dictionaries) {
        FileRange range = scan.ranges().get(partition);
        ByteSource.checkUnchanged(range);
        ArrowFile file = ArrowFile.open(Stores.path(range.path()));
        return new ArrowReader(scan, range, file, account, dictionaries);
    }

    private ArrowReader(
            Source.ScanFiles scan,
            FileRange range,
            ArrowFile file,
            MemoryAccount account,
            DictionarySet dictionaries) {
        this.range = range;
        this.schema = scan.schema();
        this.account = account;
        this.file = file;
        // Ids of dictionaries are a file's own.
        this.dictionaries = new ArrowDictionaries(file, dictionaries.open(range.path()), account);
        this.batches =
                file.batches().stream()
                        .filter(b -> b.metadata() > range.from() && b.metadata() <= range.to())
                        .toList();
    }

    @Override
    public @Nullable Chunk next() {
        while (true) {
            Chunk part = part();
            if (part != null) return part;
            if (batch == batches.size()) return null;
            try {
                rest = read(batches.get(batch++));
                restFrom = 0;
            } catch (IOException e) {
                throw file.trouble().failed(e);
            } catch (IndexOutOfBoundsException
                    | NullPointerException
                    | ArithmeticException
                    | ClassCastException e) {
                throw file.trouble().corrupt(e);
            }
        }
    }

    /// The next rows of the batch that was read; null when there are none.
    private @Nullable Chunk part() {
        Chunk whole = rest;
        if (whole == null) return null;
        int left = whole.rows() - restFrom;
        if (left > 0 && left <= Chunk.ROWS && restFrom == 0) {
            rest = null;
            return whole;
        }
        if (left > 0) {
            int count = Math.min(left, Chunk.ROWS);
            Chunk part = whole.slice(restFrom, count);
            restFrom += count;
            return part;
        }
        rest = null;
        whole.close();
        return null;
    }

    private Chunk read(ArrowFile.Block block) throws IOException {
        dictionaries.readFor(block);
        RecordBatch from = ArrowFile.batch(file.message(block));
        var body = new ArrowBody(file, block, from, account);
        var columns = new ArrowColumns(body, file.trouble(), dictionaries, account);
        var made = new ArrayList<@Nullable Column>();
        for (int i = 0; i < schema.size(); i++) made.add(null);
        try {
            for (ArrowField field : file.fields().fields()) {
                int index = schema.find(field.field().name()).orElse(-1);
                if (index < 0) columns.skip(field);
                else made.set(index, columns.next(field));
            }
            bytesRead += block.bodyBytes();
            return chunk(made, from.length());
        } catch (IOException | RuntimeException | Error e) {
            for (Column column : made) if (column != null) column.close();
            throw e;
        }
    }

    private Chunk chunk(List<@Nullable Column> made, long rows) {
        var columns = new ArrayList<Column>();
        for (int i = 0; i < made.size(); i++) {
            Column column = made.get(i);
            if (column == null || !column.type().equals(schema.field(i).type()))
                throw file.trouble()
                        .corrupt(
                                "column '%s' is not of the type that the first file has"
                                        .formatted(schema.field(i).name()));
            if (column.rows() != rows)
                throw file.trouble().corrupt("a batch's columns have different numbers of rows");
            columns.add(column);
        }
        return new Chunk(schema, columns, Math.toIntExact(rows));
    }

    @Override
    public long bytesRead() {
        return bytesRead;
    }

    @Override
    public void close() {
        Chunk left = rest;
        rest = null;
        if (left != null) left.close();
        dictionaries.close();
        file.close();
    }

    @Override
    public String toString() {
        return "ArrowReader[%s]".formatted(range.path());
    }
}
