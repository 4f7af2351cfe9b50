package dev.quiver.expression;

import dev.quiver.expression.Expression.Aggregate;
import dev.quiver.expression.Expression.Branch;
import dev.quiver.expression.Expression.Call;
import dev.quiver.expression.Expression.Case;
import dev.quiver.expression.Expression.Cast;
import dev.quiver.expression.Expression.Column;
import dev.quiver.expression.Expression.In;
import dev.quiver.expression.Expression.Literal;
import dev.quiver.expression.Expression.UserCall;
import dev.quiver.schema.DataType;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Expressions as text.
public final class ExpressionPrinter {
    private static final int OR = 1;
    private static final int AND = 2;
    private static final int NOT = 3;
    private static final int COMPARISON = 4;
    private static final int SUM = 5;
    private static final int PRODUCT = 6;
    private static final int UNARY = 7;
    private static final int PRIMARY = 8;
    private static final int IN_VALUES_SHOWN_MAX = 8;

    private final boolean exact;

    private ExpressionPrinter(boolean exact) {
        this.exact = exact;
    }

    /// The text that [ExpressionParser] reads back as an equal expression (but for user functions
    /// and constants of nested types, which have no text).
    public static String print(Expression expression) {
        return new ExpressionPrinter(true).text(expression, 0);
    }

    /// The text for people: constants without their types, long lists cut.
    public static String brief(Expression expression) {
        return new ExpressionPrinter(false).text(expression, 0);
    }

    static String name(AggregateFunction function) {
        return switch (function) {
            case COUNT_DISTINCT -> "n_unique";
            case STANDARD_DEVIATION -> "std";
            case VARIANCE -> "var";
            default -> function.name().toLowerCase(Locale.ROOT);
        };
    }

    private String text(Expression expression, int surrounding) {
        int own = precedence(expression);
        String text =
                switch (expression) {
                    case Column(var name) -> name(name);
                    case Literal literal -> literal(literal);
                    case Call(var function, var arguments) -> call(function, arguments);
                    case Cast(var input, var type) ->
                            "cast(%s as %s)".formatted(text(input, 0), type);
                    case Case(var branches, var otherwise) -> choice(branches, otherwise);
                    case In(var input, var values) ->
                            text(input, SUM) + " in (" + values(values) + ")";
                    case Aggregate aggregate -> aggregate(aggregate);
                    case UserCall(var input, _, _, _) -> "map(" + text(input, 0) + ")";
                };
        return own < surrounding ? "(" + text + ")" : text;
    }

    private static int precedence(Expression expression) {
        return switch (expression) {
            case In _ -> COMPARISON;
            case Call(var function, _) ->
                    switch (function) {
                        case OR -> OR;
                        case AND -> AND;
                        case NOT -> NOT;
                        case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL ->
                                COMPARISON;
                        case IS_NULL, IS_NOT_NULL -> COMPARISON;
                        case ADD, SUBTRACT -> SUM;
                        case MULTIPLY, DIVIDE, MODULO -> PRODUCT;
                        case NEGATE -> UNARY;
                        default -> PRIMARY;
                    };
            default -> PRIMARY;
        };
    }

    private String call(Function function, List<Expression> arguments) {
        return switch (function) {
            case OR -> infix(arguments, "or", OR, OR + 1);
            case AND -> infix(arguments, "and", AND, AND + 1);
            case NOT -> "not " + text(arguments.get(0), NOT);
            case EQUAL -> infix(arguments, "=", SUM, SUM);
            case NOT_EQUAL -> infix(arguments, "<>", SUM, SUM);
            case LESS -> infix(arguments, "<", SUM, SUM);
            case LESS_EQUAL -> infix(arguments, "<=", SUM, SUM);
            case GREATER -> infix(arguments, ">", SUM, SUM);
            case GREATER_EQUAL -> infix(arguments, ">=", SUM, SUM);
            case IS_NULL -> text(arguments.get(0), SUM) + " is null";
            case IS_NOT_NULL -> text(arguments.get(0), SUM) + " is not null";
            case ADD -> infix(arguments, "+", SUM, SUM + 1);
            case SUBTRACT -> infix(arguments, "-", SUM, SUM + 1);
            case MULTIPLY -> infix(arguments, "*", PRODUCT, PRODUCT + 1);
            case DIVIDE -> infix(arguments, "/", PRODUCT, PRODUCT + 1);
            case MODULO -> infix(arguments, "%", PRODUCT, PRODUCT + 1);
            case NEGATE -> negative(arguments.get(0));
            default ->
                    arguments.stream()
                            .map(argument -> text(argument, 0))
                            .collect(
                                    Collectors.joining(
                                            ", ",
                                            function.name().toLowerCase(Locale.ROOT) + "(",
                                            ")"));
        };
    }

    /// The minus of a function never touches a digit: `-5` is a constant.
    private String negative(Expression input) {
        String operand = text(input, UNARY);
        boolean number = Character.isDigit(operand.charAt(0)) || operand.charAt(0) == '.';
        return number ? "-(" + operand + ")" : "-" + operand;
    }

    private String infix(List<Expression> arguments, String sign, int left, int right) {
        if (arguments.size() != 2)
            return sign
                    + arguments.stream()
                            .map(argument -> text(argument, 0))
                            .collect(Collectors.joining(", ", "(", ")"));
        return text(arguments.get(0), left) + " " + sign + " " + text(arguments.get(1), right);
    }

    private String choice(List<Branch> branches, Expression otherwise) {
        var text = new StringBuilder("case");
        for (Branch branch : branches) {
            text.append(" when ").append(text(branch.condition(), 0));
            text.append(" then ").append(text(branch.value(), 0));
        }
        return text.append(" else ").append(text(otherwise, 0)).append(" end").toString();
    }

    private String values(List<Literal> values) {
        int shown = exact ? values.size() : Math.min(values.size(), IN_VALUES_SHOWN_MAX);
        String text =
                values.stream().limit(shown).map(this::literal).collect(Collectors.joining(", "));
        return shown == values.size()
                ? text
                : text + ", and %d more".formatted(values.size() - shown);
    }

    private String aggregate(Aggregate aggregate) {
        String call =
                name(aggregate.function())
                        + "("
                        + aggregate.input().map(input -> text(input, 0)).orElse("")
                        + ")";
        return aggregate
                .filter()
                .map(filter -> call + " filter (where " + text(filter, 0) + ")")
                .orElse(call);
    }

    private String name(String name) {
        boolean plain =
                !name.isEmpty()
                        && name.chars().allMatch(ExpressionPrinter::plain)
                        && !Character.isDigit(name.charAt(0))
                        && !ExpressionParser.RESERVED.contains(name.toLowerCase(Locale.ROOT));
        return plain ? name : "\"" + name.replace("\"", "\"\"") + "\"";
    }

    private static boolean plain(int letter) {
        return letter == '_' || (letter < 128 && Character.isLetterOrDigit(letter));
    }

    private String literal(Literal literal) {
        Object value = literal.value();
        DataType type = literal.type();
        if (value == null) return type instanceof DataType.Bool || !exact ? "null" : type + " null";
        String text = TextForm.print(value, type);
        boolean bare =
                type.equals(DataType.BOOL)
                        || type.equals(DataType.INT64)
                        || (type.equals(DataType.FLOAT64) && Double.isFinite((Double) value));
        if (bare) return text;
        String quoted = "'" + text.replace("'", "''") + "'";
        if (type.equals(DataType.UTF8)) return quoted;
        if (exact) return type + " " + quoted;
        if (DataType.isNumeric(type)) return text;
        return DataType.isText(type) ? quoted : simpleName(type) + " " + quoted;
    }

    private static String simpleName(DataType type) {
        return type instanceof DataType.Timestamp ? "timestamp" : type.toString();
    }
}
