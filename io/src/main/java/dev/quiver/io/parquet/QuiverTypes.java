package dev.quiver.io.parquet;

import dev.quiver.schema.DataType;
import dev.quiver.schema.DataType.TimeUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.parquet.format.KeyValue;
import org.jspecify.annotations.Nullable;

/// Types that Parquet has no word for, kept in a file's key-value metadata: one entry a column,
/// `quiver.type.NAME` = `categorical` or `duration[us]`.
final class QuiverTypes {
    static final String CATEGORICAL = "categorical";
    private static final String PREFIX = "quiver.type.";

    private QuiverTypes() {}

    /// What the metadata says, by column.
    static Map<String, String> of(@Nullable List<KeyValue> metadata) {
        var types = new HashMap<String, String>();
        if (metadata == null) return types;
        for (KeyValue entry : metadata)
            if (entry.key.startsWith(PREFIX) && entry.value != null)
                types.put(entry.key.substring(PREFIX.length()), entry.value);
        return types;
    }

    static Optional<DataType> duration(String text) {
        for (TimeUnit unit : TimeUnit.values()) {
            var type = new DataType.Duration(unit);
            if (type.toString().equals(text)) return Optional.of(type);
        }
        return Optional.empty();
    }

    /// The entry of a column, where its type needs one.
    static Optional<KeyValue> entry(String column, DataType type) {
        String text =
                switch (type) {
                    case DataType.Categorical _, DataType.Enumeration _ -> CATEGORICAL;
                    case DataType.Duration(var unit) ->
                            new DataType.Duration(unit == TimeUnit.SECOND ? TimeUnit.MILLI : unit)
                                    .toString();
                    default -> "";
                };
        if (text.isEmpty()) return Optional.empty();
        var entry = new KeyValue(PREFIX + column);
        entry.setValue(text);
        return Optional.of(entry);
    }
}
