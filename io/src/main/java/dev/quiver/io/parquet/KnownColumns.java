package dev.quiver.io.parquet;

import dev.quiver.operator.FolderValue;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What statistics are about: a file's own columns, those that its folders hold, and those that it
/// lacks.
record KnownColumns(Schema schema, List<ColumnPart> parts) {
    KnownColumns {
        parts = List.copyOf(parts);
    }

    /// Where a column's statistics are.
    ///
    /// @param index among the file's columns; -1 where every row holds `value`
    record ColumnPart(int index, Optional<Object> value) {}

    /// @param scanned the columns that are read; nullable ones may be missing
    static KnownColumns of(Schema file, List<FolderValue> folders, Schema scanned) {
        var fields = new ArrayList<Field>();
        var parts = new ArrayList<ColumnPart>();
        for (FolderValue folder : folders) {
            fields.add(new Field(folder.column(), type(folder), true));
            parts.add(new ColumnPart(-1, folder.value()));
        }
        List<String> taken = folders.stream().map(FolderValue::column).toList();
        for (int i = 0; i < file.size(); i++) {
            if (taken.contains(file.field(i).name())) continue;
            fields.add(file.field(i));
            parts.add(new ColumnPart(i, Optional.empty()));
        }
        for (Field field : scanned.fields()) {
            if (file.has(field.name()) || taken.contains(field.name())) continue;
            fields.add(field);
            parts.add(new ColumnPart(-1, Optional.empty()));
        }
        return new KnownColumns(new Schema(fields), parts);
    }

    private static DataType type(FolderValue folder) {
        return switch (folder.value().orElse("")) {
            case Long _ -> DataType.INT64;
            case java.time.LocalDate _ -> DataType.DATE;
            default -> DataType.UTF8;
        };
    }

    /// The statistics of all these columns in a row group of the file.
    ParquetFooter.Group group(ParquetFooter.Group stored) {
        return new ParquetFooter.Group(
                stored.rows(),
                stored.bytes(),
                stored.compressedBytes(),
                parts.stream().map(part -> statistics(part, stored)).toList());
    }

    private static ColumnStatistics statistics(ColumnPart part, ParquetFooter.Group stored) {
        if (part.index >= 0) return stored.columns().get(part.index);
        OptionalLong nulls = OptionalLong.of(part.value.isPresent() ? 0 : stored.rows());
        return new ColumnStatistics(part.value, part.value, nulls);
    }
}
