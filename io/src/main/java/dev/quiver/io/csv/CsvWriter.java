package dev.quiver.io.csv;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.QuiverException;
import dev.quiver.io.ChunkWriter;
import dev.quiver.io.FileWritten;
import dev.quiver.io.TextOutput;
import dev.quiver.io.store.Compression;
import dev.quiver.operator.CsvFormat;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Writes chunks as one CSV file, plain or compressed, that [CsvReader] reads back as it was: RFC
/// 4180 with LF, quotes only where they are needed.
///
/// With an escape sign, texts that hold one are quoted too, so that readers which take it as one
/// outside quotes read the same.
///
/// Null is the empty field, or the format's first text for null, and the empty text `""`. Numbers
/// read back exactly (`1.0`, `0.1`, `NaN`), dates and times are ISO 8601 (`2013-01-31`,
/// `2013-01-31T10:00:00.25`, with `Z` where a zone is), decimals have all digits of their scale,
/// and binary is base64.
public final class CsvWriter implements ChunkWriter {
    private final Schema schema;
    private final CsvSigns signs;
    private final MemoryAccount account;
    private final TextOutput output;

    /// Of each column, once rows come.
    private final List<CellTexts> cells = new ArrayList<>();

    private long rows;
    private boolean closed;

    /// Creates `file`, the temporary name of one that is published later, and writes the header.
    ///
    /// @param codec `none`, `gzip` or `zstd`
    /// @param account pays for a block of text
    /// @throws QuiverException UNSUPPORTED for a column of a type that CSV can't hold; IO_FAILED
    public static CsvWriter open(
            Path file, Schema schema, CsvFormat format, String codec, MemoryAccount account) {
        CsvDialect.check(format);
        for (Field field : schema.fields()) checkType(field);
        Compression compression = Compression.written("CSV", codec);
        var signs = new CsvSigns(format);
        account.reserve(TextOutput.BYTES);
        CsvWriter writer;
        try {
            writer = new CsvWriter(schema, signs, account, new TextOutput(file, compression));
        } catch (RuntimeException | Error e) {
            account.release(TextOutput.BYTES);
            throw e;
        }
        try {
            if (format.header()) writer.putHeader();
            return writer;
        } catch (RuntimeException | Error e) {
            writer.close();
            throw e;
        }
    }

    private CsvWriter(Schema schema, CsvSigns signs, MemoryAccount account, TextOutput output) {
        this.schema = schema;
        this.signs = signs;
        this.account = account;
        this.output = output;
    }

    private void makeCells() {
        for (int i = 0; i < schema.size(); i++)
            cells.add(new CellTexts(signs, signBehind(i), account));
    }

    /// What stands behind the fields of a column.
    private byte signBehind(int column) {
        return column == schema.size() - 1 ? (byte) '\n' : signs.delimiter();
    }

    private static void checkType(Field field) {
        if (field.type() instanceof DataType.ListOf || field.type() instanceof DataType.Struct)
            throw CsvTrouble.unsupported(field);
    }

    private void putHeader() {
        for (int i = 0; i < schema.size(); i++) {
            byte[] name = schema.field(i).name().getBytes(StandardCharsets.UTF_8);
            MemorySegment text =
                    MemorySegment.ofArray(
                            Arrays.copyOf(name, name.length + CsvSigns.PADDING_BYTES));
            var field = new byte[Math.toIntExact(CsvSigns.roomFor(name.length))];
            int end = signs.putText(field, 0, text, 0, name.length);
            output.put(field, 0, end);
            output.put(signBehind(i));
        }
    }

    @Override
    public void append(Chunk chunk) {
        if (cells.isEmpty()) makeCells();
        int columns = cells.size();
        var texts = new byte[columns][];
        var ends = new int[columns][];
        int row = 0;
        while (row < chunk.rows()) {
            int count = Math.min(CellTexts.ROWS_MAX, chunk.rows() - row);
            for (int i = 0; i < columns; i++) {
                count = cells.get(i).fill(chunk.column(i), row, count);
                texts[i] = cells.get(i).bytes();
                ends[i] = cells.get(i).ends();
            }
            output.putRows(texts, ends, count);
            row += count;
        }
        rows += chunk.rows();
    }

    @Override
    public FileWritten finish() {
        return new FileWritten(rows, output.finish());
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        cells.forEach(CellTexts::close);
        account.release(TextOutput.BYTES);
        output.close();
    }
}
