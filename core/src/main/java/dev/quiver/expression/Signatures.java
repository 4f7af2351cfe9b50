package dev.quiver.expression;

import dev.quiver.schema.DataType;
import dev.quiver.schema.DataType.TimeUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What each function takes and makes: the type rules.
final class Signatures {
    private final Complaint complaint;

    /// @param complaint makes the errors, knowing the expression and where it stands
    Signatures(Complaint complaint) {
        this.complaint = complaint;
    }

    /// The call with its arguments converted.
    Bound call(Function function, List<Bound> arguments) {
        checkCount(function, arguments.size());
        return switch (function) {
            case NEGATE -> same(function, signed(one(arguments)));
            case ABS -> same(function, List.of(number(one(arguments))));
            case ADD, SUBTRACT, MULTIPLY, MODULO -> arithmetic(function, arguments);
            case DIVIDE -> divide(arguments);
            case ROUND -> round(arguments);
            case FLOOR, CEIL -> {
                Bound input = number(one(arguments));
                yield make(function, List.of(input), whole(input.type()));
            }
            case SQRT ->
                    make(
                            function,
                            List.of(Coercion.to(number(one(arguments)), DataType.FLOAT64)),
                            DataType.FLOAT64);
            case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL ->
                    make(function, comparable(arguments), DataType.BOOL);
            case AND, OR, NOT -> make(function, all(arguments, this::condition), DataType.BOOL);
            case IS_NULL, IS_NOT_NULL -> certain(function, arguments, DataType.BOOL);
            case IS_NAN -> make(function, all(arguments, this::number), DataType.BOOL);
            case COALESCE -> coalesce(arguments);
            case LOWER, UPPER, TRIM -> make(function, all(arguments, this::text), DataType.UTF8);
            case REPLACE -> make(function, all(arguments, this::text), DataType.UTF8);
            case LENGTH -> make(function, all(arguments, this::text), DataType.INT64);
            case CONTAINS, STARTS_WITH, ENDS_WITH ->
                    make(function, all(arguments, this::text), DataType.BOOL);
            case SUBSTRING -> substring(arguments);
            case CONCAT -> concat(arguments);
            case MATCHES -> matches(arguments);
            case YEAR, QUARTER, MONTH, WEEK, DAY, DAY_OF_WEEK, DAY_OF_YEAR ->
                    make(function, all(arguments, a -> moment(a, true)), DataType.INT64);
            case HOUR, MINUTE, SECOND ->
                    make(function, all(arguments, a -> moment(a, false)), DataType.INT64);
            case TRUNCATE -> truncate(arguments);
            case TO_DATE, TO_TIMESTAMP -> read(function, arguments);
        };
    }

    private void checkCount(Function function, int count) {
        int min = 1;
        int max = 1;
        switch (function) {
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO -> min = max = 2;
            case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> min = max = 2;
            case AND, OR, CONTAINS, STARTS_WITH, ENDS_WITH, MATCHES, TRUNCATE -> min = max = 2;
            case TO_DATE, TO_TIMESTAMP -> min = max = 2;
            case REPLACE -> min = max = 3;
            case ROUND -> max = 2;
            case SUBSTRING -> {
                min = 2;
                max = 3;
            }
            case COALESCE, CONCAT -> max = Integer.MAX_VALUE;
            default -> {}
        }
        if (count < min || count > max) throw complaint.count(function, min, max, count);
    }

    private static Bound one(List<Bound> arguments) {
        return arguments.get(0);
    }

    private interface Rule {
        Bound check(Bound argument);
    }

    private static List<Bound> all(List<Bound> arguments, Rule rule) {
        return arguments.stream().map(rule::check).toList();
    }

    private static Bound make(Function function, List<Bound> arguments, DataType type) {
        boolean nullable = arguments.stream().anyMatch(Bound::nullable);
        return new Bound(expression(function, arguments), type, nullable);
    }

    private static Bound certain(Function function, List<Bound> arguments, DataType type) {
        return new Bound(expression(function, arguments), type, false);
    }

    private static Expression expression(Function function, List<Bound> arguments) {
        return new Expression.Call(function, arguments.stream().map(Bound::expression).toList());
    }

    private static Bound same(Function function, List<Bound> arguments) {
        return make(function, arguments, arguments.get(0).type());
    }

    private static boolean isNull(Bound bound) {
        return bound.expression() instanceof Expression.Literal(var value, _) && value == null;
    }

    /// A null of a wrong type is a null of the right one.
    private Bound check(Bound argument, boolean right, DataType typeOfNull, String wanted) {
        if (right) return argument;
        if (isNull(argument)) return Coercion.to(argument, typeOfNull);
        throw complaint.argument(argument, wanted);
    }

    private Bound number(Bound argument) {
        return check(argument, DataType.isNumeric(argument.type()), DataType.INT64, "a number");
    }

    private List<Bound> signed(Bound argument) {
        boolean right =
                DataType.isNumeric(argument.type()) || argument.type() instanceof DataType.Duration;
        return List.of(check(argument, right, DataType.INT64, "a number"));
    }

    Bound condition(Bound argument) {
        return check(argument, argument.type() instanceof DataType.Bool, DataType.BOOL, "a bool");
    }

    private Bound text(Bound argument) {
        return check(argument, DataType.isText(argument.type()), DataType.UTF8, "a text");
    }

    private Bound moment(Bound argument, boolean dateToo) {
        boolean right =
                argument.type() instanceof DataType.Timestamp
                        || (dateToo && argument.type() instanceof DataType.Date)
                        || (!dateToo && argument.type() instanceof DataType.Time);
        return check(
                argument,
                right,
                DataType.TIMESTAMP,
                dateToo ? "a date or timestamp" : "a timestamp or time");
    }

    private static DataType whole(DataType type) {
        return type instanceof DataType.Decimal(int precision, _)
                ? new DataType.Decimal(precision, 0)
                : type;
    }

    // Arithmetic

    private Bound arithmetic(Function function, List<Bound> arguments) {
        Bound a = complaint.adapt(arguments.get(0), arguments.get(1));
        Bound b = complaint.adapt(arguments.get(1), arguments.get(0));
        boolean temporal = DataType.isTemporal(a.type()) || DataType.isTemporal(b.type());
        if (temporal && (function == Function.ADD || function == Function.SUBTRACT))
            return temporal(function, a, b);
        if (!DataType.isNumeric(a.type()) || !DataType.isNumeric(b.type())) {
            if (!isNull(a) || !isNull(b)) throw complaint.pair(function, a, b);
            a = Coercion.to(a, DataType.INT64);
            b = Coercion.to(b, DataType.INT64);
        }
        DataType type = Coercion.common(a.type(), b.type()).orElseThrow();
        if (!(type instanceof DataType.Decimal common))
            return make(function, List.of(Coercion.to(a, type), Coercion.to(b, type)), type);
        DataType.Decimal x = Coercion.decimal(a.type());
        DataType.Decimal y = Coercion.decimal(b.type());
        return make(
                function,
                List.of(Coercion.to(a, x), Coercion.to(b, y)),
                decimal(function, x, y, common));
    }

    /// The operands keep their precisions and scales: the one place where operands may differ.
    private DataType decimal(
            Function function, DataType.Decimal x, DataType.Decimal y, DataType.Decimal common) {
        int max = DataType.Decimal.PRECISION_MAX;
        return switch (function) {
            case ADD, SUBTRACT ->
                    new DataType.Decimal(Math.min(max, common.precision() + 1), common.scale());
            case MULTIPLY -> {
                int scale = x.scale() + y.scale();
                if (scale > max) throw complaint.scale(x, y);
                int precision = x.precision() + y.precision();
                int fast = DataType.Decimal.PRECISION_64_MAX;
                boolean staysFast = x.precision() <= fast && y.precision() <= fast && scale < fast;
                yield new DataType.Decimal(Math.min(staysFast ? fast : max, precision), scale);
            }
            default -> common;
        };
    }

    private Bound divide(List<Bound> arguments) {
        Bound a = complaint.adapt(arguments.get(0), arguments.get(1));
        Bound b = complaint.adapt(arguments.get(1), arguments.get(0));
        boolean numbers =
                (DataType.isNumeric(a.type()) || isNull(a))
                        && (DataType.isNumeric(b.type()) || isNull(b));
        if (!numbers) throw complaint.pair(Function.DIVIDE, a, b);
        DataType type =
                a.type().equals(DataType.FLOAT32) && b.type().equals(DataType.FLOAT32)
                        ? DataType.FLOAT32
                        : DataType.FLOAT64;
        return make(Function.DIVIDE, List.of(Coercion.to(a, type), Coercion.to(b, type)), type);
    }

    private Bound temporal(Function function, Bound a, Bound b) {
        boolean add = function == Function.ADD;
        if (a.type() instanceof DataType.Date && b.type() instanceof DataType.Int)
            return make(function, List.of(a, Coercion.to(b, DataType.INT64)), DataType.DATE);
        if (add && b.type() instanceof DataType.Date && a.type() instanceof DataType.Int)
            return make(function, List.of(b, Coercion.to(a, DataType.INT64)), DataType.DATE);
        if (!add && a.type() instanceof DataType.Date && b.type() instanceof DataType.Date)
            return make(function, List.of(a, b), DataType.INT64);
        if (a.type() instanceof DataType.Duration(var x)
                && b.type() instanceof DataType.Duration(var y)) {
            DataType type = new DataType.Duration(Coercion.finer(x, y));
            return make(function, List.of(Coercion.to(a, type), Coercion.to(b, type)), type);
        }
        if (b.type() instanceof DataType.Duration(var unit)) return shift(function, a, b, unit);
        if (add && a.type() instanceof DataType.Duration(var unit))
            return shift(function, b, a, unit);
        if (add) throw complaint.pair(function, a, b);
        Optional<DataType> common = Coercion.common(a.type(), b.type());
        if (common.isEmpty() || !(common.get() instanceof DataType.Timestamp(var unit, _)))
            throw complaint.pair(function, a, b);
        List<Bound> moments = List.of(Coercion.to(a, common.get()), Coercion.to(b, common.get()));
        return make(function, moments, new DataType.Duration(unit));
    }

    private Bound shift(Function function, Bound moment, Bound by, TimeUnit unit) {
        Optional<String> zone = Optional.empty();
        TimeUnit finest = unit;
        if (moment.type() instanceof DataType.Timestamp(var own, var ownZone)) {
            finest = Coercion.finer(unit, own);
            zone = ownZone;
        } else if (!(moment.type() instanceof DataType.Date)) {
            throw complaint.pair(function, moment, by);
        }
        DataType type = new DataType.Timestamp(finest, zone);
        List<Bound> operands =
                List.of(Coercion.to(moment, type), Coercion.to(by, new DataType.Duration(finest)));
        return make(function, operands, type);
    }

    private Bound round(List<Bound> arguments) {
        Bound input = number(one(arguments));
        if (arguments.size() == 1) return make(Function.ROUND, List.of(input), whole(input.type()));
        if (!(arguments.get(1).expression() instanceof Expression.Literal(var value, var type))
                || !(type instanceof DataType.Int)
                || !(value instanceof Long digits))
            throw complaint.constant("the digits to round to", "a whole number such as 2");
        DataType result = input.type();
        if (result instanceof DataType.Decimal(int precision, int scale))
            result = new DataType.Decimal(precision, (int) Math.max(0, Math.min(scale, digits)));
        Bound places = Coercion.to(arguments.get(1), DataType.INT64);
        return make(Function.ROUND, List.of(input, places), result);
    }

    // Comparison and choice

    /// Two operands in their common type.
    List<Bound> comparable(List<Bound> arguments) {
        Bound a = complaint.adapt(arguments.get(0), arguments.get(1));
        Bound b = complaint.adapt(arguments.get(1), a);
        Optional<DataType> common = Coercion.common(a.type(), b.type());
        if (common.isEmpty() || !hasOrder(common.get())) throw complaint.pair(Function.EQUAL, a, b);
        return List.of(Coercion.to(a, common.get()), Coercion.to(b, common.get()));
    }

    static boolean hasOrder(DataType type) {
        return !(type instanceof DataType.ListOf || type instanceof DataType.Struct);
    }

    /// The values in the type that all of them have a place in.
    List<Bound> unified(List<Bound> values) {
        Bound first = values.getFirst();
        for (Bound value : values) {
            if (!(value.expression() instanceof Expression.Literal)) {
                first = value;
                break;
            }
            if (isNull(first)) first = value;
        }
        var adapted = new ArrayList<Bound>();
        DataType type = first.type();
        for (Bound value : values) {
            Bound fitting = complaint.adapt(value, first);
            Optional<DataType> common = Coercion.common(type, fitting.type());
            if (common.isEmpty()) throw complaint.branches(first, value);
            type = common.get();
            adapted.add(fitting);
        }
        DataType result = type;
        return adapted.stream().map(value -> Coercion.to(value, result)).toList();
    }

    private Bound coalesce(List<Bound> arguments) {
        List<Bound> values = unified(arguments);
        boolean nullable = values.stream().allMatch(Bound::nullable);
        return new Bound(expression(Function.COALESCE, values), values.getFirst().type(), nullable);
    }

    // Texts and dates

    private Bound substring(List<Bound> arguments) {
        var bound = new ArrayList<Bound>();
        bound.add(text(arguments.get(0)));
        for (Bound position : arguments.subList(1, arguments.size())) {
            boolean right = position.type() instanceof DataType.Int;
            bound.add(
                    Coercion.to(
                            check(position, right, DataType.INT64, "a whole number"),
                            DataType.INT64));
        }
        return make(Function.SUBSTRING, bound, DataType.UTF8);
    }

    private Bound concat(List<Bound> arguments) {
        List<Bound> texts =
                all(
                        arguments,
                        argument -> {
                            if (DataType.isText(argument.type())) return argument;
                            if (!Casts.exists(argument.type(), DataType.UTF8))
                                throw complaint.argument(argument, "a text");
                            return Coercion.to(argument, DataType.UTF8);
                        });
        return certain(Function.CONCAT, texts, DataType.UTF8);
    }

    private Bound matches(List<Bound> arguments) {
        if (!(arguments.get(1).expression() instanceof Expression.Literal(var value, var type))
                || !DataType.isText(type)
                || !(value instanceof String pattern))
            throw complaint.constant("the pattern", "a text such as '^a.*z$'");
        complaint.checkPattern(pattern);
        return make(Function.MATCHES, all(arguments, this::text), DataType.BOOL);
    }

    private Bound read(Function function, List<Bound> arguments) {
        if (!(arguments.get(1).expression() instanceof Expression.Literal(var value, _))
                || !(value instanceof String text))
            throw complaint.constant("the pattern", "a text such as 'dd.MM.yyyy'");
        DatePattern pattern = complaint.datePattern(text, function == Function.TO_DATE);
        DataType type = function == Function.TO_DATE ? DataType.DATE : pattern.type();
        return make(function, List.of(text(arguments.get(0)), arguments.get(1)), type);
    }

    private Bound truncate(List<Bound> arguments) {
        if (!(arguments.get(0).expression() instanceof Expression.Literal(var value, _))
                || !(value instanceof String name))
            throw complaint.constant("the unit", "a text such as 'month'");
        Moments.Unit unit = Moments.Unit.find(name).orElseThrow(() -> complaint.unit(name));
        boolean dateToo = unit.compareTo(Moments.Unit.DAY) <= 0;
        Bound input = arguments.get(1);
        boolean right =
                input.type() instanceof DataType.Timestamp
                        || (dateToo && input.type() instanceof DataType.Date);
        String wanted = dateToo ? "a date or timestamp" : "a timestamp";
        Bound moment = check(input, right, DataType.TIMESTAMP, wanted);
        return make(Function.TRUNCATE, List.of(arguments.get(0), moment), moment.type());
    }
}
