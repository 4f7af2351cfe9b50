package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.kernel.GroupTable;
import dev.quiver.columnar.kernel.Scatter;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows by the values of some columns, which name the folders that the rows are written to, in the
/// manner of Hive: `year=2013/carrier=AA`.
final class PartitionFolders implements AutoCloseable {
    /// The folder's value where a row's is null.
    static final String NULL = "__HIVE_DEFAULT_PARTITION__";

    private static final String ESCAPED = "\"#%'*/:=?\\{[]^";

    /// @param name the path below the target
    /// @param chunks the rows without the partition columns
    record Folder(String name, List<Chunk> chunks) {
        Folder {
            chunks = List.copyOf(chunks);
        }
    }

    private final Schema fileSchema;
    private final List<Folder> folders = new ArrayList<>();

    /// @param rows stays the caller's
    PartitionFolders(Chunk rows, List<String> columns, MemoryAccount account) {
        var kept = new ArrayList<Field>();
        for (Field field : rows.schema().fields())
            if (!columns.contains(field.name())) kept.add(field);
        this.fileSchema = new Schema(kept);
        List<Column> keys = columns.stream().map(rows::column).toList();
        var groups = new int[rows.rows()];
        List<List<Chunk>> slices = new ArrayList<>();
        try (var table = new GroupTable(keys.stream().map(Column::type).toList(), true, account);
                Buffer numbers = account.allocate(rows.rows() * 4L)) {
            table.assign(keys, rows.rows(), groups);
            MemorySegment.copy(groups, 0, numbers.segment(), Layouts.INT, 0, groups.length);
            for (int g = 0; g < table.groupCount(); g++) slices.add(new ArrayList<>());
            try (Chunk rest = without(rows)) {
                Scatter.rows(rest, numbers.segment(), slices, account);
            }
            List<String> names = names(columns, table);
            for (int g = 0; g < slices.size(); g++)
                folders.add(new Folder(names.get(g), slices.get(g)));
        } catch (RuntimeException | Error e) {
            slices.forEach(slice -> slice.forEach(Chunk::close));
            throw e;
        }
    }

    private Chunk without(Chunk rows) {
        var columns = new ArrayList<Column>();
        for (String name : fileSchema.names()) columns.add(rows.column(name).retain());
        return new Chunk(fileSchema, columns, rows.rows());
    }

    private static List<String> names(List<String> columns, GroupTable table) {
        var names = new ArrayList<String>();
        for (int g = 0; g < table.groupCount(); g++) names.add("");
        for (int k = 0; k < columns.size(); k++) {
            try (Column values = table.key(k, 0, table.groupCount())) {
                for (int g = 0; g < names.size(); g++) {
                    String folder =
                            escape(columns.get(k)) + "=" + text(ColumnValues.get(values, g));
                    names.set(g, k == 0 ? folder : names.get(g) + "/" + folder);
                }
            }
        }
        return names;
    }

    private static String text(@Nullable Object value) {
        return value == null ? NULL : escape(value.toString());
    }

    static String escape(String text) {
        var escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            boolean plain = letter > 0x1F && letter != 0x7F && ESCAPED.indexOf(letter) < 0;
            // A name of dots alone would be another folder.
            if (plain && !(letter == '.' && i == 0)) {
                escaped.append(letter);
                continue;
            }
            for (byte b : String.valueOf(letter).getBytes(StandardCharsets.UTF_8))
                escaped.append("%%%02X".formatted(b & 0xFF));
        }
        return escaped.toString();
    }

    Schema fileSchema() {
        return fileSchema;
    }

    /// One folder a combination of values, in the order of first appearance.
    List<Folder> folders() {
        return folders;
    }

    @Override
    public void close() {
        folders.forEach(folder -> folder.chunks().forEach(Chunk::close));
        folders.clear();
    }
}
