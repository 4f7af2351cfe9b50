package dev.quiver.dataframe;

import dev.quiver.error.ColumnNotFound;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A record class seen as columns: which column each component stands for, and how values get into
/// records and out of them. Not for users, who pass the class. Safe for use by several threads.
public final class RecordShape<R extends Record> {
    private static final ClassValue<RecordShape<?>> SHAPES =
            new ClassValue<>() {
                @Override
                protected RecordShape<?> computeValue(Class<?> type) {
                    return new RecordShape<>(type.asSubclass(Record.class));
                }
            };

    private final Class<R> type;
    private final List<RecordComponent> components;
    private final MethodHandle constructor;
    private final List<MethodHandle> accessors;

    private RecordShape(Class<R> type) {
        this.type = type;
        this.components = List.of(type.getRecordComponents());
        if (components.isEmpty()) {
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "%s has no components".formatted(type.getName()),
                    List.of(),
                    "give the record a component for each column");
        }
        Class<?>[] classes =
                components.stream().map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            var lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
            var canonical = type.getDeclaredConstructor(classes);
            this.constructor =
                    lookup.unreflectConstructor(canonical)
                            .asSpreader(Object[].class, classes.length)
                            .asType(
                                    java.lang.invoke.MethodType.methodType(
                                            Object.class, Object[].class));
            var getters = new ArrayList<MethodHandle>();
            for (RecordComponent component : components) {
                getters.add(
                        lookup.unreflect(component.getAccessor())
                                .asType(
                                        java.lang.invoke.MethodType.methodType(
                                                Object.class, Object.class)));
            }
            this.accessors = List.copyOf(getters);
        } catch (ReflectiveOperationException e) {
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "%s can't be reached: %s".formatted(type.getName(), e.getMessage()),
                    List.of(),
                    "make the record public, or open its package",
                    e);
        }
    }

    /// The shape of a record class.
    ///
    /// @throws QuiverException when the class has no components or can't be reached
    @SuppressWarnings("unchecked") // the value of a class is made from that class
    public static <R extends Record> RecordShape<R> of(Class<R> type) {
        return (RecordShape<R>) SHAPES.get(type);
    }

    /// The type of the column that holds values of a Java class.
    ///
    /// @throws TypeMismatch when there is none
    public static DataType columnType(Class<?> type) {
        return RecordTypes.columnType(type, Optional.empty());
    }

    public Class<R> type() {
        return type;
    }

    /// The columns that records of this class make: named as the components are or as [Column]
    /// says; nullable unless primitive.
    ///
    /// @throws TypeMismatch when a component's class has no column type
    public Schema schema() {
        var fields = new ArrayList<Field>();
        for (RecordComponent component : components) {
            Optional<Column> column = Optional.ofNullable(component.getAnnotation(Column.class));
            String name =
                    column.map(Column::value)
                            .filter(given -> !given.isEmpty())
                            .orElse(component.getName());
            DataType made = RecordTypes.columnType(component.getType(), column);
            fields.add(new Field(name, made, !component.getType().isPrimitive()));
        }
        return new Schema(fields);
    }

    /// The value of a component, of the class that [Values] gives for its column's type; null when
    /// it is null.
    public @Nullable Object value(Record row, int component) {
        try {
            Object value = (Object) accessors.get(component).invokeExact((Object) row);
            return RecordTypes.toColumn(value, components.get(component));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("accessor of " + components.get(component), e);
        }
    }

    /// Finds the column of each component.
    ///
    /// @param place what to say in errors: where the columns are
    /// @throws ColumnNotFound when a component has no column
    /// @throws TypeMismatch when a component's class doesn't fit its column
    public Reading<R> reading(Schema schema, String place) {
        var columns = new int[components.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = find(components.get(i), schema, place);
            RecordTypes.check(type, components.get(i), schema.field(columns[i]));
        }
        return new Reading<>(this, schema, columns);
    }

    private int find(RecordComponent component, Schema schema, String place) {
        Column column = component.getAnnotation(Column.class);
        if (column != null && !column.value().isEmpty()) {
            return schema.indexOf(column.value(), place);
        }
        String name = component.getName();
        if (schema.has(name)) return schema.indexOf(name, place);
        String snake = snakeCase(name);
        if (schema.has(snake)) return schema.indexOf(snake, place);
        throw new ColumnNotFound(
                name, "%s for %s".formatted(place, type.getSimpleName()), schema.names());
    }

    static String snakeCase(String camel) {
        return camel.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    /// The values of one row.
    public interface RowValues {
        /// The value of a column, of the class that [Values] gives for its type, or null.
        @Nullable Object value(int column);

        /// Which row it is, for errors.
        long row();
    }

    /// A record class together with the columns it is read from.
    public static final class Reading<R extends Record> {
        private final RecordShape<R> shape;
        private final Schema schema;
        private final int[] columns;

        private Reading(RecordShape<R> shape, Schema schema, int[] columns) {
            this.shape = shape;
            this.schema = schema;
            this.columns = columns;
        }

        /// The positions of the columns that are read, one for each component.
        public List<Integer> columns() {
            return Arrays.stream(columns).boxed().toList();
        }

        /// A record of the row's values.
        ///
        /// @throws QuiverException when a primitive component meets a null, or the record's own
        ///   constructor throws
        public R read(RowValues row) {
            var arguments = new @Nullable Object[columns.length];
            for (int i = 0; i < columns.length; i++) {
                Object value = row.value(columns[i]);
                arguments[i] =
                        value == null
                                ? absent(i, row.row())
                                : RecordTypes.toComponent(value, shape.components.get(i));
            }
            try {
                return shape.type.cast((Object) shape.constructor.invokeExact(arguments));
            } catch (Throwable e) {
                throw new QuiverException(
                        ErrorCode.BAD_VALUE,
                        "%s refused the values of row %d: %s"
                                .formatted(shape.type.getSimpleName(), row.row(), e),
                        List.of("values: " + Arrays.toString(arguments)),
                        "filter such rows out before, or let the record take them",
                        e);
            }
        }

        private @Nullable Object absent(int component, long row) {
            RecordComponent target = shape.components.get(component);
            if (!target.getType().isPrimitive()) return null;
            String boxed = RecordTypes.boxed(target.getType()).getSimpleName();
            String column = schema.field(columns[component]).name();
            throw new QuiverException(
                    ErrorCode.BAD_VALUE,
                    "column '%s' is null in row %d, and %s.%s is a primitive %s"
                            .formatted(
                                    column,
                                    row,
                                    shape.type.getSimpleName(),
                                    target.getName(),
                                    target.getType()),
                    List.of(),
                    "declare it as %s, or use dropNull(\"%s\") or fillNull(…, \"%s\") before"
                            .formatted(boxed, column, column));
        }
    }
}
