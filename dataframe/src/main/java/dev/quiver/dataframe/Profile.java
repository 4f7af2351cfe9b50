package dev.quiver.dataframe;

import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/// What the values of a frame's columns are like: how many are null, what they range over, which
/// there are.
///
/// ```java
/// Profile profile = Profile.of(flights);
/// Files.writeString(Path.of("gate.yaml"), profile.gate().toYaml());
/// ```
///
/// @param rows of the frame
public record Profile(long rows, List<ColumnProfile> columns) {
    /// A column with at most so many different values has them listed.
    public static final int VALUES_MAX = 20;

    /// A column lists its values when each occurs so often on average.
    private static final int ROWS_PER_VALUE_MIN = 10;

    public Profile {
        columns = List.copyOf(columns);
    }

    /// What the values of one column are like.
    ///
    /// @param nulls how many rows have none
    /// @param different how many different values there are, nulls aside; −1 where nobody counted
    /// @param min,max empty for columns without values or order
    /// @param lengthMin,lengthMax of texts, in code points; −1 for other columns
    /// @param values all of them, when they are few
    public record ColumnProfile(
            String name,
            DataType type,
            long nulls,
            long different,
            Optional<Object> min,
            Optional<Object> max,
            long lengthMin,
            long lengthMax,
            List<Object> values) {
        public ColumnProfile {
            values = List.copyOf(values);
        }
    }

    /// A number of rows that moves by less isn't worth a word.
    private static final double ROWS_SHARE_MIN = 0.1;

    /// Runs the frame and looks at all its values.
    public static Profile of(DataFrame frame) {
        Expr[] questions = questions(frame);
        try (Table table = frame.agg(Functions.count().as("rows"), questions).collect()) {
            Row row = table.row(0);
            long rows = row.getLong("rows");
            var columns = new ArrayList<ColumnProfile>();
            for (int i = 0; i < frame.schema().size(); i++)
                columns.add(column(frame, i, rows, row));
            return new Profile(rows, columns);
        }
    }

    private static Expr[] questions(DataFrame frame) {
        var questions = new ArrayList<Expr>();
        for (int i = 0; i < frame.schema().size(); i++) {
            Field field = frame.schema().field(i);
            Expr column = Functions.col(field.name());
            questions.add(column.count().as("count" + i));
            if (!hasOrder(field.type())) continue;
            questions.add(column.min().as("min" + i));
            questions.add(column.max().as("max" + i));
            questions.add(column.nUnique().as("different" + i));
            if (!DataType.isText(field.type())) continue;
            questions.add(column.str().length().min().as("shortest" + i));
            questions.add(column.str().length().max().as("longest" + i));
        }
        return questions.toArray(Expr[]::new);
    }

    private static boolean hasOrder(DataType type) {
        return !(type instanceof DataType.ListOf)
                && !(type instanceof DataType.Struct)
                && !(type instanceof DataType.Binary);
    }

    private static ColumnProfile column(DataFrame frame, int i, long rows, Row row) {
        Field field = frame.schema().field(i);
        long count = row.getLong("count" + i);
        if (!hasOrder(field.type()))
            return new ColumnProfile(
                    field.name(),
                    field.type(),
                    rows - count,
                    -1,
                    Optional.empty(),
                    Optional.empty(),
                    -1,
                    -1,
                    List.of());
        long different = row.getLong("different" + i);
        boolean text = DataType.isText(field.type());
        boolean few =
                different > 0
                        && different <= VALUES_MAX
                        && different * ROWS_PER_VALUE_MIN <= count
                        && !(field.type() instanceof DataType.FloatingPoint);
        return new ColumnProfile(
                field.name(),
                field.type(),
                rows - count,
                different,
                row.find("min" + i, Object.class),
                row.find("max" + i, Object.class),
                text ? row.find("shortest" + i, Long.class).orElse(-1L) : -1,
                text ? row.find("longest" + i, Long.class).orElse(-1L) : -1,
                few ? values(frame, field.name()) : List.of());
    }

    private static List<Object> values(DataFrame frame, String column) {
        var values = new ArrayList<Object>();
        DataFrame different = frame.select(column).dropNull().distinct().sort(column);
        try (Table table = different.collect()) {
            for (Row row : table.rows()) row.find(column, Object.class).ifPresent(values::add);
        }
        return values;
    }

    /// A gate that lets through what the frame had: its types, no nulls where it had none, its
    /// ranges, lengths and values, and no duplicates in columns of whole numbers and texts that had
    /// none. A proposal: read it before you trust it.
    public Gate gate() {
        Gate gate = Gate.rules();
        for (ColumnProfile column : columns) gate = propose(gate, column);
        return gate;
    }

    private Gate propose(Gate gate, ColumnProfile column) {
        String name = column.name();
        Gate more = gate.type(name, column.type());
        if (column.nulls() == 0 && rows > 0) more = more.notNull(name);
        boolean text = DataType.isText(column.type());
        boolean listed = !column.values().isEmpty() && !isRun(column.values());
        if (listed && (text || column.type() instanceof DataType.Int))
            more = more.oneOf(name, column.values());
        else if (text && column.lengthMax() >= 0)
            more = more.length(name, (int) column.lengthMin(), (int) column.lengthMax());
        else if (!text && !(column.type() instanceof DataType.Bool) && column.min().isPresent())
            more = more.range(name, column.min().get(), column.max().orElseThrow());
        boolean key =
                rows > 1
                        && column.nulls() == 0
                        && column.different() == rows
                        && (text || column.type() instanceof DataType.Int);
        return key ? more.unique(name) : more;
    }

    /// Whether values are several whole numbers, each one more than the one before.
    private static boolean isRun(List<Object> values) {
        if (values.size() < 3) return false;
        for (int i = 1; i < values.size(); i++) {
            boolean follows =
                    values.get(i) instanceof Number now
                            && values.get(i - 1) instanceof Number before
                            && now.longValue() == before.longValue() + 1;
            if (!follows) return false;
        }
        return true;
    }

    /// What is different from an earlier profile, a sentence each: a tenth more rows or fewer,
    /// columns that went or came, types that changed, more nulls, values outside the range of
    /// before, ranges less than half as wide, values that weren't there before.
    public List<String> driftSince(Profile earlier) {
        var drift = new ArrayList<String>();
        double share = (double) (rows - earlier.rows()) / (double) Math.max(1, earlier.rows());
        if (Math.abs(share) >= ROWS_SHARE_MIN)
            drift.add(
                    String.format(
                            Locale.ROOT,
                            "%,d rows, were %,d (%+.1f %%)",
                            rows,
                            earlier.rows(),
                            share * 100));
        var names = new TreeSet<String>();
        for (ColumnProfile column : columns) {
            names.add(column.name());
            Optional<ColumnProfile> before =
                    earlier.columns().stream()
                            .filter(c -> c.name().equals(column.name()))
                            .findFirst();
            if (before.isEmpty()) drift.add("%s is new".formatted(column.name()));
            else new ColumnDrift(column, before.get(), rows, earlier.rows()).addTo(drift);
        }
        for (ColumnProfile column : earlier.columns())
            if (!names.contains(column.name())) drift.add("%s is gone".formatted(column.name()));
        return drift;
    }

    /// This profile as JSON, which [#json] reads back.
    public String toJson() {
        return ProfileJson.text(this);
    }

    /// The profile that [#toJson] gave as JSON.
    ///
    /// @throws QuiverException FILE_CORRUPT when it isn't one
    public static Profile ofJson(String json) {
        return ProfileJson.parse(json, "what was kept");
    }

    /// The profile in a file that holds what [#toJson] gave.
    ///
    /// @throws QuiverException naming the file, when it isn't one
    public static Profile json(Path file) {
        return ProfileJson.read(file);
    }
}
