package dev.quiver.dataframe;

import static dev.quiver.dataframe.Functions.col;

import dev.quiver.dataframe.chart.Scale;
import dev.quiver.error.TypeMismatch;
import dev.quiver.expression.Values;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.List;

/// A column along an axis: numbers, or dates and times as seconds by the clock of their zone.
record PlotColumn(Field field) {
    /// @param verb for whom it is
    /// @throws TypeMismatch when it is neither
    static PlotColumn of(DataFrame frame, String name, String verb) {
        Field field = frame.schema().field(frame.schema().indexOf(name, "the frame of " + verb));
        DataType type = field.type();
        boolean isTime = type instanceof DataType.Date || type instanceof DataType.Timestamp;
        if (DataType.isNumeric(type) || isTime) return new PlotColumn(field);
        throw new TypeMismatch(
                "%s of column '%s', which is %s".formatted(verb, name, type),
                List.of(),
                DataType.isText(type)
                        ? "use numbers, dates or timestamps; texts are counted by"
                                + " df.groupBy(\"%s\").agg(count().as(\"n\")).plot().bar(\"%s\", \"n\")"
                                        .formatted(name, name)
                        : "use numbers, dates or timestamps");
    }

    /// As [#of], for numbers only.
    static PlotColumn numbers(DataFrame frame, String name, String verb) {
        PlotColumn column = of(frame, name, verb);
        if (!column.isTime()) return column;
        throw new TypeMismatch(
                "%s of column '%s', which is %s".formatted(verb, name, column.field.type()),
                List.of(),
                "use numbers; a time can be along the other axis of a line or a scatter plot");
    }

    boolean isDate() {
        return field.type() instanceof DataType.Date;
    }

    String name() {
        return field.name();
    }

    boolean isTime() {
        return !DataType.isNumeric(field.type());
    }

    Scale.Kind kind() {
        return isTime() ? Scale.Kind.TIME : Scale.Kind.NUMBER;
    }

    boolean isWhole() {
        return field.type() instanceof DataType.Int;
    }

    /// What can be drawn: no nulls, no infinities.
    Expr isDrawable() {
        Expr there = col(name()).isNotNull();
        if (!(field.type() instanceof DataType.FloatingPoint)) return there;
        return there.and(col(name()).isNaN().not())
                .and(col(name()).cast(DataType.FLOAT64).abs().le(Double.MAX_VALUE));
    }

    /// The value as it is along the axis, for times as they are.
    Expr value() {
        return isTime() ? col(name()) : col(name()).cast(DataType.FLOAT64);
    }

    /// A value of this column, under whatever name.
    double read(Row row, String name) {
        if (!isTime()) return row.getDouble(name);
        return seconds(time(row, name));
    }

    /// A time by the clock of its zone.
    LocalDateTime time(Row row, String name) {
        Object value = row.find(name, Values.javaClass(field.type())).orElseThrow();
        return switch (value) {
            case LocalDate date -> date.atStartOfDay();
            case LocalDateTime time -> time;
            case Instant instant -> LocalDateTime.ofInstant(instant, zone());
            default -> throw new IllegalStateException("a time of " + value.getClass());
        };
    }

    private ZoneId zone() {
        return field.type() instanceof DataType.Timestamp(_, var zone) && zone.isPresent()
                ? ZoneId.of(zone.get())
                : ZoneOffset.UTC;
    }

    static double seconds(LocalDateTime time) {
        return time.toEpochSecond(ZoneOffset.UTC) + time.get(ChronoField.NANO_OF_SECOND) / 1e9;
    }
}
