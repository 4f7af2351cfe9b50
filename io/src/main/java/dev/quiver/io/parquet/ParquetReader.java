package dev.quiver.io.parquet;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.ColumnNotFound;
import dev.quiver.error.TypeMismatch;
import dev.quiver.io.ChunkReader;
import dev.quiver.io.DictionarySet;
import dev.quiver.operator.RowGroups;
import dev.quiver.operator.Source;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Reads the row groups of one partition of a Parquet scan.
///
/// Only the columns asked for are read, and only row groups whose statistics leave room for the
/// filter. All columns of a chunk advance together, whatever their pages.
public final class ParquetReader implements ChunkReader {
    private final Source.ScanParquet scan;
    private final RowGroups part;
    private final FileErrors errors;
    private final FileChannel channel;
    private final ParquetFooter footer;
    private final List<FileColumn> columns;
    private final DictionarySet dictionaries;
    private final MemoryAccount account;
    private final Scratch scratch = new Scratch();
    private final List<ColumnReader> readers = new ArrayList<>();
    private int group;
    private long rowsLeft;
    private long bytesRead;

    private ParquetReader(
            Source.ScanParquet scan,
            RowGroups part,
            FileChannel channel,
            FileErrors errors,
            DictionarySet dictionaries,
            MemoryAccount account)
            throws IOException {
        this.scan = scan;
        this.part = part;
        this.errors = errors;
        this.channel = channel;
        this.dictionaries = dictionaries;
        this.account = account;
        this.footer = ParquetFooter.read(Path.of(part.path()), channel, errors);
        if (footer.size() != part.size()
                || part.to() > footer.groups().size()
                || modifiedNanos(footer.path()) != part.modifiedNanos()) throw errors.changed();
        this.group = part.from();
        this.columns = scan.schema().fields().stream().map(this::column).toList();
    }

    /// Opens a partition of a scan.
    ///
    /// @param dictionaries hold the codes of text columns, shared by all partitions
    /// @param account pays for chunks and for what the reader holds
    /// @throws dev.quiver.error.QuiverException when the file is missing, changed or damaged, or
    ///   has other columns
    public static ParquetReader open(
            Source.ScanParquet scan,
            int partition,
            DictionarySet dictionaries,
            MemoryAccount account) {
        RowGroups part = scan.groups().get(partition);
        var errors = new FileErrors(part.path());
        FileChannel channel;
        try {
            channel = FileChannel.open(Path.of(part.path()), StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            throw errors.missing();
        } catch (IOException e) {
            throw errors.failed("opening the file", e);
        }
        try {
            return new ParquetReader(scan, part, channel, errors, dictionaries, account);
        } catch (IOException e) {
            close(channel, errors);
            throw errors.failed("reading the footer", e);
        } catch (RuntimeException | Error e) {
            close(channel, errors);
            throw e;
        }
    }

    private static long modifiedNanos(Path path) throws IOException {
        return Files.getLastModifiedTime(path).to(TimeUnit.NANOSECONDS);
    }

    private FileColumn column(Field wanted) {
        int index =
                footer.schema()
                        .find(wanted.name())
                        .orElseThrow(() ->
                                new ColumnNotFound(
                                        wanted.name(), part.path(), footer.schema().names()));
        FileColumn column = footer.column(index);
        boolean same =
                column.type().equals(wanted.type())
                        || (DataType.isOpenText(column.type())
                                && DataType.isOpenText(wanted.type()));
        if (!same)
            throw new TypeMismatch(
                    "column '%s' is %s in this file, not %s"
                            .formatted(wanted.name(), column.type(), wanted.type()),
                    List.of("file: " + part.path()),
                    "read files of one schema together, the others on their own");
        return column;
    }

    @Override
    public @Nullable Chunk next() {
        while (rowsLeft == 0) {
            closeGroup();
            if (group >= part.to()) return null;
            openGroup(group++);
        }
        int rows = (int) Math.min(rowsLeft, Chunk.ROWS);
        var parts = new ArrayList<Column>(readers.size());
        try {
            for (ColumnReader reader : readers) parts.add(reader.read(rows));
            Chunk chunk = new Chunk(scan.schema(), parts, rows);
            rowsLeft -= rows;
            return chunk;
        } catch (RuntimeException | Error e) {
            parts.forEach(Column::close);
            throw e;
        }
    }

    private void openGroup(int index) {
        ParquetFooter.Group statistics = footer.groups().get(index);
        if (statistics.rows() == 0) return;
        if (scan.filter().isPresent()
                && !RowGroupFilter.mayMatch(scan.filter().get(), footer.schema(), statistics))
            return;
        for (int i = 0; i < columns.size(); i++)
            readers.add(reader(index, columns.get(i), scan.schema().field(i).type()));
        rowsLeft = statistics.rows();
    }

    private ColumnReader reader(int index, FileColumn column, DataType type) {
        ColumnPlace place = footer.place(index, column);
        var pages = new ColumnPages(channel, errors, column, place, account);
        ValueSink sink =
                switch (type) {
                    case DataType.Bool _ -> new BoolSink(column, errors, account);
                    case DataType.Utf8 _, DataType.Categorical _, DataType.Enumeration _ ->
                            array(column, type, place, dictionary(column));
                    case DataType.Binary _ -> array(column, type, place, null);
                    case DataType.Int _,
                            DataType.FloatingPoint _,
                            DataType.Decimal _,
                            DataType.Date _,
                            DataType.Timestamp _,
                            DataType.Time _,
                            DataType.Duration _ ->
                            new FixedSink(column, errors, account, scratch);
                    case DataType.ListOf _, DataType.Struct _ ->
                            throw errors.unsupported(
                                    column.name(), "nested columns can't be read yet");
                };
        return new ColumnReader(pages, sink, account);
    }

    private ArraySink array(
            FileColumn column, DataType type, ColumnPlace place, @Nullable Dictionary shared) {
        return new ArraySink(column, type, place.rows(), shared, errors, account, scratch);
    }

    private Dictionary dictionary(FileColumn column) {
        return dictionaries.dictionary(scan.groups().getFirst().path(), column.name());
    }

    private void closeGroup() {
        for (ColumnReader reader : readers) {
            bytesRead += reader.bytesRead();
            reader.close();
        }
        readers.clear();
    }

    @Override
    public long bytesRead() {
        long bytes = bytesRead;
        for (ColumnReader reader : readers) bytes += reader.bytesRead();
        return bytes;
    }

    @Override
    public void close() {
        closeGroup();
        rowsLeft = 0;
        group = part.to();
        close(channel, errors);
    }

    private static void close(FileChannel channel, FileErrors errors) {
        try {
            channel.close();
        } catch (IOException e) {
            throw errors.failed("closing the file", e);
        }
    }
}
