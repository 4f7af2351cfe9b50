package dev.quiver.expression;

import dev.quiver.schema.DataType;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Expressions as DuckDB spells them.
final class DuckDbSql {
    private DuckDbSql() {}

    static String of(Expression expression) {
        return switch (expression) {
            case Expression.Column(var name) -> '"' + name + '"';
            case Expression.Literal literal -> literal(literal);
            case Expression.Call(var function, var arguments) -> call(function, arguments);
            case Expression.Cast(var input, var type) ->
                    "cast(%s as %s)".formatted(of(input), type(type));
            case Expression.Case(var branches, var otherwise) ->
                    "case "
                            + branches.stream()
                                    .map(b ->
                                            "when %s then %s "
                                                    .formatted(of(b.condition()), of(b.value())))
                                    .collect(Collectors.joining())
                            + "else "
                            + of(otherwise)
                            + " end";
            case Expression.In(var input, var values) ->
                    "(%s in (%s))"
                            .formatted(
                                    of(input),
                                    values.stream()
                                            .map(DuckDbSql::literal)
                                            .collect(Collectors.joining(", ")));
            case Expression.Aggregate(var function, var input, var filter) -> {
                String argument = input.map(DuckDbSql::of).orElse("*");
                String call =
                        switch (function) {
                            case COUNT_DISTINCT -> "count(distinct " + argument + ")";
                            case MEAN -> "avg(" + argument + ")";
                            case VARIANCE -> "var_samp(" + argument + ")";
                            case STANDARD_DEVIATION -> "stddev_samp(" + argument + ")";
                            default ->
                                    function.name().toLowerCase(Locale.ROOT) + "(" + argument + ")";
                        };
                yield call + filter.map(f -> " filter (where " + of(f) + ")").orElse("");
            }
            case Expression.UserCall _ -> throw new IllegalArgumentException("a user function");
        };
    }

    static String type(DataType type) {
        return switch (type) {
            case DataType.Bool _ -> "BOOLEAN";
            case DataType.Int(int bits, boolean signed) ->
                    (signed ? "" : "U")
                            + switch (bits) {
                                case 8 -> "TINYINT";
                                case 16 -> "SMALLINT";
                                case 32 -> "INTEGER";
                                default -> "BIGINT";
                            };
            case DataType.FloatingPoint(int bits) -> bits == 64 ? "DOUBLE" : "FLOAT";
            case DataType.Decimal(int precision, int scale) ->
                    "DECIMAL(%d,%d)".formatted(precision, scale);
            case DataType.Date _ -> "DATE";
            case DataType.Timestamp(_, var zone) -> zone.isPresent() ? "TIMESTAMPTZ" : "TIMESTAMP";
            case DataType.Time _ -> "TIME";
            case DataType.Duration _ -> "INTERVAL";
            case DataType.Utf8 _, DataType.Categorical _, DataType.Enumeration _ -> "VARCHAR";
            case DataType.Binary _, DataType.ListOf _, DataType.Struct _ ->
                    throw new IllegalArgumentException("no " + type);
        };
    }

    static String literal(Expression.Literal literal) {
        Object value = literal.value();
        DataType type = literal.type();
        if (value == null)
            return type instanceof DataType.Bool ? "null" : "cast(null as " + type(type) + ")";
        String text = TextForm.print(value, type);
        boolean finite = !(value instanceof Double number) || Double.isFinite(number);
        if (type.equals(DataType.INT64) || (type.equals(DataType.FLOAT64) && finite)) return text;
        if (type.equals(DataType.BOOL)) return text;
        String quoted = "'" + text.replace("'", "''") + "'";
        return type.equals(DataType.UTF8) ? quoted : "cast(%s as %s)".formatted(quoted, type(type));
    }

    private static String call(Function function, List<Expression> arguments) {
        List<String> texts = arguments.stream().map(DuckDbSql::of).toList();
        return switch (function) {
            case ADD -> infix("+", texts);
            case SUBTRACT -> infix("-", texts);
            case MULTIPLY -> infix("*", texts);
            case DIVIDE -> infix("/", texts);
            case MODULO -> infix("%", texts);
            case EQUAL -> infix("=", texts);
            case NOT_EQUAL -> infix("<>", texts);
            case LESS -> infix("<", texts);
            case LESS_EQUAL -> infix("<=", texts);
            case GREATER -> infix(">", texts);
            case GREATER_EQUAL -> infix(">=", texts);
            case AND -> infix("and", texts);
            case OR -> infix("or", texts);
            case NOT -> "(not " + texts.getFirst() + ")";
            case NEGATE -> "(-" + texts.getFirst() + ")";
            case IS_NULL -> "(" + texts.getFirst() + " is null)";
            case IS_NOT_NULL -> "(" + texts.getFirst() + " is not null)";
            case IS_NAN -> "isnan(" + texts.getFirst() + ")";
            case DAY_OF_WEEK -> "isodow(" + texts.getFirst() + ")";
            case DAY_OF_YEAR -> "dayofyear(" + texts.getFirst() + ")";
            case MATCHES -> "regexp_matches(" + String.join(", ", texts) + ")";
            case TRUNCATE -> "date_trunc(" + String.join(", ", texts) + ")";
            case TO_DATE -> "cast(%s as date)".formatted(strptime(texts));
            case TO_TIMESTAMP -> strptime(texts);
            default ->
                    function.name().toLowerCase(Locale.ROOT) + "(" + String.join(", ", texts) + ")";
        };
    }

    private static String strptime(List<String> texts) {
        String pattern = texts.get(1);
        String[][] parts = {
            {"yyyy", "%Y"},
            {"yy", "%y"},
            {"MMM", "%b"},
            {"MM", "%m"},
            {"dd", "%d"},
            {"HH", "%H"},
            {"hh", "%I"},
            {"mm", "%M"},
            {"ss", "%S"},
            {" a", " %p"}
        };
        for (String[] part : parts) pattern = pattern.replace(part[0], part[1]);
        return "strptime(%s, %s)".formatted(texts.get(0), pattern);
    }

    private static String infix(String sign, List<String> arguments) {
        return "(" + arguments.get(0) + " " + sign + " " + arguments.get(1) + ")";
    }
}
